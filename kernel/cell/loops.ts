// Loops at the top level work on local copies of the slots they write, which makes them as fast as in a function.
//
// It is done for an outermost loop that runs no code but its own (no calls, functions, await), and for slots which no
// function mentions, so nobody can see a stale value. The copies go back to the slots at the end of the loop, also
// on an error. A script that is terminated runs no `finally`; so every 2^20 rounds the values also go to an array
// that the user process copies back after an interrupt (a call in that place would make the loop four times slower).
import type MagicString from "magic-string";
import type { Analysis, Loop } from "./scope.ts";
import type { Session } from "./session.ts";
import type { Slots } from "./slots.ts";

const ROUNDS_MASK = "0xfffff";

/** Rewrites the loops; gives the code for the beginning of the body: the functions that copy the values back. */
export function localiseLoops(
  analysis: Analysis,
  slots: Slots,
  session: Session,
  script: MagicString,
  own: { readonly context: string; readonly loop: string },
): string {
  if (session.callsEval || analysis.callsEval) return "";
  const captured = capturedNames(analysis, slots);
  const isFree = (name: string) => !captured.has(name) && !session.isCaptured(name);
  let savers = "";
  analysis.loops.forEach((loop, index) => {
    if (loop.blocked || loop.math.some(({ binding }) => binding !== null) || slots.isSlot("Math")) return;
    const written = loop.writes.filter((write) => slots.isTop(write) && slots.isSlot(write.name));
    const names = [...new Set(written.map(({ name }) => name))].filter(isFree);
    if (names.length > 0)
      savers += localise(loop, names, analysis, slots, script, own.context, `${own.loop}${index}_`);
  });
  return savers;
}

/** Top-level names that functions mention. */
export function capturedNames({ identifiers }: Analysis, slots: Slots): Set<string> {
  const captured = identifiers.filter((identifier) => identifier.inFunction && slots.isTop(identifier));
  return new Set(captured.map(({ name }) => name));
}

function localise(
  loop: Loop,
  names: string[],
  { top }: Analysis,
  slots: Slots,
  script: MagicString,
  context: string,
  save: string,
): string {
  const places = names.map((name) => slots.of(name));
  const copies = places.map((_, i) => `${save}${i}`);
  const array = `${save}a`;
  const rounds = `${save}n`;
  const assignments = places.map((place, i) => `${place} = ${copies[i]}`);
  const open = [
    `{ const ${copies.map((copy, i) => `${copy} = ${places[i]}`).join(", ")},`,
    `${array} = ${context}.loop(${save}, [${copies.join(", ")}]);`,
    `let ${rounds} = 0;`,
    `{ let ${assignments.join(", ")}; try { `,
  ];
  script.appendRight(loop.node.start, open.join(" "));
  const store = places.map((place, i) => `${array}[${i}] = ${place};`).join(" ");
  for (const { node, scope } of loop.bodies.toReversed()) {
    // Where an inner name hides one of ours, its value must not be stored.
    if (names.some((name) => (scope.resolve(name) ?? top) !== top)) continue;
    script.appendRight(node.start, `{ if (!(++${rounds} & ${ROUNDS_MASK})) { ${store} } `);
    script.appendLeft(node.end, " }");
  }
  script.appendLeft(
    loop.node.end,
    ` } finally { ${save}(${places.join(", ")}); ${context}.loop(null); } } }`,
  );
  return `const ${save} = (${copies.join(", ")}) => { ${assignments.join("; ")}; }; `;
}
