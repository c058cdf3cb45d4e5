// How fast matrix products run here and now.
import type { ComputeEngine } from "./engine.ts";

const SIZE = 512;
const START_LIMIT_MS = 500;
const LEAST_ROUNDS = 3;

/**
 * Billions of multiplications and additions a second (GFLOP/s) in products of 512 × 512 matrices: the best of all that fit
 * into the time. Threads that are still starting, and V8, which optimises the kernels, are given half a second before.
 */
export function measureGigaflops(engine: ComputeEngine, milliseconds: number): number {
  const { core, memory } = engine;
  const [a, b, c] = [0, 1, 2].map(() => memory.allocate(4 * SIZE * SIZE)) as [number, number, number];
  core.randomUniform(a, SIZE * SIZE, -1, 1, 1, 1);
  core.randomUniform(b, SIZE * SIZE, -1, 1, 1, 2);
  const multiply = () => {
    const before = performance.now();
    core.gemm(0, 0, a, SIZE, b, SIZE, c, SIZE, SIZE, SIZE, SIZE, 0, 0, 0);
    return performance.now() - before;
  };
  const isStarting = () => {
    const { threads, threadsWanted } = engine.info();
    return threads < threadsWanted;
  };
  const called = performance.now();
  while (isStarting() && performance.now() - called < START_LIMIT_MS) multiply();
  let best = Number.POSITIVE_INFINITY;
  const started = performance.now();
  for (let round = 0; round < LEAST_ROUNDS || performance.now() - started < milliseconds; round++) {
    best = Math.min(best, multiply());
  }
  for (const pointer of [a, b, c]) memory.free(pointer);
  return (2 * SIZE ** 3) / best / 1e6;
}
