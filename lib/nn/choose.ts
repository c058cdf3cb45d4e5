// Things chosen by name ("relu", "adam"): looks the name up, and suggests the nearest known one for a misspelt one.

import { describe } from "../tensor/shape.ts";

/**
 * The entry called `name`.
 * @param what what is being chosen, for the message: "activation"
 * @throws Error with a suggestion and the known names when there is no such entry
 */
export function choose<T>(what: string, name: string, known: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(known, name)) return known[name];
  const names = Object.keys(known);
  if (typeof name !== "string") {
    throw new TypeError(`the ${what} is chosen by name, got ${describe(name)}; known: ${names.join(", ")}`);
  }
  const meant = nearest(name, names);
  const hint = meant ? ` — did you mean "${meant}"?` : ";";
  throw new Error(`unknown ${what} "${name}"${hint} known: ${names.join(", ")}`);
}

/** The name nearest in spelling, if one is near enough to be meant. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = simplify(name);
  let best: string | undefined;
  let bestDistance = Math.max(2, plain.length / 3);
  for (const candidate of names) {
    const distance = editDistance(plain, simplify(candidate));
    if (distance <= bestDistance && (best === undefined || distance < bestDistance)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Case and underscores do not count: `sparse_categorical_crossentropy` is Python's spelling of the same name. */
function simplify(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Levenshtein's distance: insertions, deletions and replacements from `a` to `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
