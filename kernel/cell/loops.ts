// Loops at the top level work on local copies of the slots they use, which makes them as fast as in a function.
//
// A name that the loop writes is copied if no function mentions it, so that nobody can see a stale value; a name that it
// only reads, if no function assigns to it. The copies go back to the slots at the end of the loop, also on an error. A
// script that is terminated runs no `finally`: then the sidecar stops the loop as a debugger does and writes them back
// (loop-stopper.ts). Nothing in the loop itself helps with that: any branch or store there would cost up to three times.
import type MagicString from "magic-string";
import type { Analysis, Identifier, Loop } from "./scope.ts";
import type { Session } from "./session.ts";
import type { Slots } from "./slots.ts";

export interface LocalLoops {
  /** Code for the beginning of the body: the functions that copy the values back. */
  readonly savers: string;
  /** For each loop an expression that calls its saver, to be evaluated where the loop is. */
  readonly saves: readonly string[];
}

export function localiseLoops(
  analysis: Analysis,
  slots: Slots,
  session: Session,
  script: MagicString,
  own: { readonly context: string; readonly loop: string },
): LocalLoops {
  const saves: string[] = [];
  let savers = "";
  if (session.callsEval || analysis.callsEval) return { savers, saves };
  const { captured, assigned } = functionNames(analysis, slots);
  for (const [index, loop] of analysis.loops.entries()) {
    if (loop.isAsync) continue;
    const { written, read } = usedNames(loop, analysis, slots);
    const writes = written.filter((name) => !captured.has(name) && !session.isCaptured(name));
    const reads = read.filter((name) => !assigned.has(name) && !session.isAssigned(name));
    const copy = `${own.loop}${index}_`;
    if (writes.length === 0) {
      if (reads.length > 0) copyForReading(loop, reads, slots, script, copy);
      continue;
    }
    const places = writes.map((name) => slots.of(name));
    const copies = places.map((_, i) => `${copy}${i}`);
    const back = places.map((place, i) => `${place} = ${copies[i]}`).join("; ");
    savers += `const ${copy} = (${copies.join(", ")}) => { ${back}; }; `;
    saves.push(`${copy}(${places.join(", ")})`);
    const end = `finally { ${saves.at(-1)}; ${own.context}.loop(0); }`;
    script.appendRight(
      loop.node.start,
      `{ const ${copies.map((name, i) => `${name} = ${places[i]}`).join(", ")}; ${own.context}.loop(${saves.length}); ` +
        `{ let ${places.map((place, i) => `${place} = ${copies[i]}`).join(", ")}; try { `,
    );
    if (reads.length > 0) copyForReading(loop, reads, slots, script, `${copy}r`);
    script.appendLeft(loop.node.end, ` } ${end} } }`);
  }
  return { savers, saves };
}

/** Top-level names that functions mention, and those to which they assign. */
export function functionNames({ identifiers }: Analysis, slots: Slots) {
  const inFunctions = identifiers.filter((identifier) => identifier.inFunction && slots.isTop(identifier));
  const assigned = inFunctions.filter(({ role }) => role === "write");
  return { captured: namesIn(inFunctions), assigned: namesIn(assigned) };
}

/** The slots of a loop, without those that a function or an inner variable of the loop has to do with. */
function usedNames({ from, to }: Loop, { identifiers }: Analysis, slots: Slots) {
  const inside = identifiers.slice(from, to);
  const excluded = namesIn(inside.filter((one) => one.inFunction || !slots.isTop(one)));
  const used = inside.filter((one) => !excluded.has(one.name) && slots.isSlot(one.name));
  const written = namesIn(used.filter(({ role }) => role === "write"));
  const read = namesIn(used.filter(({ name }) => !written.has(name)));
  return { written: [...written], read: [...read] };
}

function copyForReading(loop: Loop, names: string[], slots: Slots, script: MagicString, copy: string): void {
  const places = names.map((name) => slots.of(name));
  script.appendRight(
    loop.node.start,
    `{ const ${places.map((place, i) => `${copy}${i} = ${place}`).join(", ")}; ` +
      `{ const ${places.map((place, i) => `${place} = ${copy}${i}`).join(", ")}; `,
  );
  script.appendLeft(loop.node.end, " } }");
}

function namesIn(identifiers: readonly Identifier[]): Set<string> {
  return new Set(identifiers.map(({ name }) => name));
}
