// Engines and blocks of numbers for the tests of the compute core.
import { ComputeEngine } from "../../../lib/engine/engine.ts";

/** Reproducible numbers in [-1, 1), independent of the core's own generator. */
export function numbers(count: number, seed = 1): Float32Array {
  let state = seed * 2654435761;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
}

export function put(engine: ComputeEngine, values: ArrayLike<number>): number {
  const pointer = engine.memory.allocate(4 * values.length);
  engine.memory.float32(pointer, values.length).set(values);
  return pointer;
}

export function putInts(engine: ComputeEngine, values: ArrayLike<number>): number {
  const pointer = engine.memory.allocate(4 * values.length);
  engine.memory.int32(pointer, values.length).set(values);
  return pointer;
}

/** Room for a result, filled with NaN so that an element left out shows. */
export function room(engine: ComputeEngine, length: number): number {
  const pointer = engine.memory.allocate(4 * length);
  engine.memory.float32(pointer, length).fill(Number.NaN);
  return pointer;
}

export function get(engine: ComputeEngine, pointer: number, length: number): number[] {
  return Array.from(engine.memory.float32(pointer, length));
}

export function freeAll(engine: ComputeEngine, ...pointers: number[]): void {
  for (const pointer of pointers) engine.memory.free(pointer);
}

/** The largest absolute difference; NaN counts as infinitely far. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    worst = Number.isNaN(d) ? Number.POSITIVE_INFINITY : Math.max(worst, d);
  }
  return worst;
}

/** Engines of every kind on which the kernels must agree: both vector widths, one and two threads, memory not shared. */
export async function engines(): Promise<{ name: string; engine: ComputeEngine }[]> {
  const list = [
    { name: "256 bit, one thread", engine: new ComputeEngine({ simd: 256, threads: 1 }) },
    { name: "128 bit, one thread", engine: new ComputeEngine({ simd: 128, threads: 1 }) },
    { name: "256 bit, two threads", engine: new ComputeEngine({ simd: 256, threads: 2 }) },
    { name: "128 bit, two threads", engine: new ComputeEngine({ simd: 128, threads: 2 }) },
    { name: "memory of its own", engine: new ComputeEngine({ shared: false }) },
  ];
  for (const { engine } of list) await engine.threadsReady();
  return list;
}
