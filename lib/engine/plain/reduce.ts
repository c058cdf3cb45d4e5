// The plain core: reductions of float64. Signatures and meaning are those of Core (../core.ts).
import { type Pointer, Reduce, type ReduceCode } from "../core.ts";
import { float64, int32 } from "./memory.ts";

export function reduce(
  op: ReduceCode,
  x: Pointer,
  y: Pointer,
  outer: number,
  axis: number,
  inner: number,
): void {
  const source = float64(x, outer * axis * inner);
  const seeks = op === Reduce.argMax || op === Reduce.argMin;
  const target = seeks ? int32(y, outer * inner) : float64(y, outer * inner);
  for (let i = 0; i < outer; i++) {
    for (let k = 0; k < inner; k++) {
      target[i * inner + k] = reduceOne(op, source, i * axis * inner + k, axis, inner);
    }
  }
}

function reduceOne(op: ReduceCode, source: Float64Array, start: number, count: number, step: number): number {
  if (op === Reduce.sum || op === Reduce.mean) {
    let total = 0;
    for (let j = 0; j < count; j++) total += source[start + j * step]!;
    return op === Reduce.sum ? total : total / count;
  }
  const largest = op === Reduce.max || op === Reduce.argMax;
  let value = largest ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  let position = 0;
  for (let j = 0; j < count; j++) {
    const v = source[start + j * step]!;
    // The first NaN wins, as in NumPy.
    if (Number.isNaN(v)) return op === Reduce.argMax || op === Reduce.argMin ? j : v;
    if (largest ? v > value : v < value) {
      value = v;
      position = j;
    }
  }
  return op === Reduce.argMax || op === Reduce.argMin ? position : value;
}

export function sum(x: Pointer, n: number): number {
  let total = 0;
  for (const v of float64(x, n)) total += v;
  return total;
}

export function squaredNorm(x: Pointer, n: number): number {
  let total = 0;
  for (const v of float64(x, n)) total += v * v;
  return total;
}
