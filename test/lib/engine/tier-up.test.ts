// Operations used long enough that V8 compiles them anew with its 256-bit pass, which is experimental: it must not crash.
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { Binary, type BinaryCode, Unary } from "../../../lib/engine/core.ts";
import { engine } from "../../../lib/engine/engine.ts";

// Not a multiple of eight, so that the ends of the loops are compiled, too.
const count = 101;

test("every elementwise operation survives thousands of calls, and still computes the same", async () => {
  const { core, memory } = engine;
  const [a, b, out] = [0, 1, 2].map(() => memory.allocate(count * 4));
  memory.float32(a, count).forEach((_, i, view) => {
    view[i] = 0.5 + i / count;
  });
  memory.float32(b, count).fill(1.25);
  const results = (): number[][] =>
    [
      ...Object.values(Binary).flatMap((op: BinaryCode) => [
        () => core.binary(op, a, b, out, count),
        () => core.binaryScalar(op, a, 1.25, out, count),
        () => core.scalarBinary(op, 0.75, b, out, count),
      ]),
      ...Object.values(Unary).map((op) => () => core.unary(op, a, out, count)),
    ].map((compute) => {
      compute();
      return Array.from(memory.float32(out, count));
    });
  const first = results();
  for (let round = 0; round < 4000; round++) {
    for (const op of Object.values(Binary)) {
      core.binary(op, a, b, out, count);
      core.binaryScalar(op, a, 1.25, out, count);
      core.scalarBinary(op, 0.75, b, out, count);
    }
    for (const op of Object.values(Unary)) core.unary(op, a, out, count);
    if (round % 1000 === 999) await setTimeout(50);
  }
  const last = results();
  for (const [index, values] of first.entries()) {
    for (const [i, value] of values.entries()) expect(last[index][i]).toBeCloseTo(value, 5);
  }
});
