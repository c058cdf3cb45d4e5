// Do the wide matrix kernels give the same results as the narrow ones on this machine, and are they faster?
import type { Flag, Pointer } from "./core.ts";
import type { BlockMemory } from "./memory.ts";
import type { Kernels } from "./wasm.ts";

const ROWS = 48;
const COLUMNS = 64;
const DEPTH = 96;
// A kernel starts in V8's quick baseline code; it is measured once its optimised code has taken over.
const TIME_LIMIT_MS = 12;

/** Compares both kernels on one product; true when the wide one agrees and is faster. */
export function widerIsBetter(kernels: Kernels, memory: BlockMemory): boolean {
  const pointers = [ROWS * DEPTH, DEPTH * COLUMNS, ROWS * COLUMNS].map((n) => memory.allocate(4 * n));
  const [a, b, c] = pointers as [Pointer, Pointer, Pointer];
  try {
    kernels.randomUniform(a, ROWS * DEPTH, -1, 1, 1, 1);
    kernels.randomUniform(b, DEPTH * COLUMNS, -1, 1, 1, 2);
    const multiply = (wide: Flag) => {
      kernels.setWide(wide);
      kernels.gemm(0, 0, a, DEPTH, b, COLUMNS, c, COLUMNS, ROWS, COLUMNS, DEPTH, 0, 0, 0);
      return memory.float32(c, ROWS * COLUMNS);
    };
    const best: Record<Flag, number> = { 0: Number.POSITIVE_INFINITY, 1: Number.POSITIVE_INFINITY };
    const start = performance.now();
    let settled = 0;
    while (settled < 20 && performance.now() - start < TIME_LIMIT_MS) {
      settled++;
      for (const wide of [0, 1] as const) {
        const before = performance.now();
        for (let i = 0; i < 4; i++) multiply(wide);
        const time = performance.now() - before;
        if (time < best[wide] * 0.9) settled = 0;
        best[wide] = Math.min(best[wide], time);
      }
    }
    const narrow = Float32Array.from(multiply(0));
    const wide = multiply(1);
    return narrow.every((value, i) => Math.abs(value - wide[i]!) < 1e-4) && best[1] < best[0];
  } finally {
    for (const pointer of pointers) memory.free(pointer);
  }
}
