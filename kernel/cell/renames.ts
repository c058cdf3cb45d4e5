// esbuild renames names that shadow others (`x` → `x2`, at the top level too); its source map knows what they were.
import { decodedMappings, type TraceMap } from "@jridgewell/trace-mapping";
import type { Analysis, Scope } from "./scope.ts";

/** Gives identifiers, their nodes and the top scope the names that the user wrote. */
export function restoreNames({ identifiers, top }: Analysis, code: string, map: TraceMap): void {
  if (map.names.length === 0) return;
  const originals = originalNames(code, map);
  const renamed = new Map<Scope, Map<string, string>>();
  for (const { node, name, binding } of identifiers) {
    const original = originals.get(node.start);
    if (!binding || !original || !isRenamed(name, original)) continue;
    const names = renamed.get(binding) ?? new Map<string, string>();
    renamed.set(binding, names.set(name, original));
  }
  if (renamed.size === 0) return;
  for (const identifier of identifiers) {
    const original = identifier.binding && renamed.get(identifier.binding)?.get(identifier.name);
    if (!original) continue;
    identifier.name = original;
    identifier.node.name = original;
  }
  const topNames = renamed.get(top);
  if (topNames) top.names = new Map([...top.names].map(([name, kind]) => [topNames.get(name) ?? name, kind]));
}

/** Offset in the code → the name that stood there before. */
function originalNames(code: string, map: TraceMap): Map<number, string> {
  const lineStarts = [0];
  for (let end = code.indexOf("\n"); end >= 0; end = code.indexOf("\n", end + 1)) lineStarts.push(end + 1);
  const names = new Map<number, string>();
  decodedMappings(map).forEach((segments, line) => {
    for (const segment of segments)
      if (segment.length === 5) names.set(lineStarts[line]! + segment[0], map.names[segment[4]]!);
  });
  return names;
}

function isRenamed(name: string, original: string): boolean {
  return name.startsWith(original) && /^\d+$/.test(name.slice(original.length));
}
