// Do the wide matrix kernels give the same results as the narrow ones on this machine, and are they faster?
import type { Flag, Pointer } from "./core.ts";
import type { BlockMemory } from "./memory.ts";
import type { Kernels } from "./wasm.ts";

const ROWS = 48;
const COLUMNS = 64;
const DEPTH = 96;
const CALLS = 4;
// A kernel starts in V8's baseline code at 3–5 GFLOP/s; above this rate its optimised code has taken over.
const OPTIMISED_MS = (CALLS * 2 * ROWS * COLUMNS * DEPTH) / 12e6;
const ROUNDS = 5;
const TIME_LIMIT_MS = 12;

/** What the comparison says of the wide kernel; "unsure" when V8 had not optimised both in time. */
export type Verdict = "faster" | "slower" | "wrong" | "unsure";

/** Compares both kernels on one product (about 5 ms, most of it V8 optimising them). */
export function compareWidths(kernels: Kernels, memory: BlockMemory): Verdict {
  const pointers = [ROWS * DEPTH, DEPTH * COLUMNS, ROWS * COLUMNS].map((n) => memory.allocate(4 * n));
  const [a, b, c] = pointers as [Pointer, Pointer, Pointer];
  kernels.randomUniform(a, ROWS * DEPTH, -1, 1, 1, 1);
  kernels.randomUniform(b, DEPTH * COLUMNS, -1, 1, 1, 2);
  const multiply = (wide: Flag) => {
    kernels.setWide(wide);
    kernels.gemm(0, 0, a, DEPTH, b, COLUMNS, c, COLUMNS, ROWS, COLUMNS, DEPTH, 0, 0, 0);
    return memory.float32(c, ROWS * COLUMNS);
  };
  const best: Record<Flag, number> = { 0: Number.POSITIVE_INFINITY, 1: Number.POSITIVE_INFINITY };
  const start = performance.now();
  let rounds = 0;
  while (rounds < ROUNDS && performance.now() - start < TIME_LIMIT_MS) {
    for (const wide of [0, 1] as const) {
      const before = performance.now();
      for (let i = 0; i < CALLS; i++) multiply(wide);
      best[wide] = Math.min(best[wide], performance.now() - before);
    }
    if (Math.max(best[0], best[1]) < OPTIMISED_MS) rounds++;
  }
  const narrow = Float32Array.from(multiply(0));
  const wide = multiply(1);
  const agree = narrow.every((value, i) => Math.abs(value - wide[i]!) < 1e-4);
  for (const pointer of pointers) memory.free(pointer);
  if (!agree) return "wrong";
  if (rounds === 0) return "unsure";
  return best[1] < best[0] ? "faster" : "slower";
}
