// The plain core: elementwise operations on float64, as loops. Signatures and meaning are those of Core (../core.ts).
import type { BinaryCode, Flag, Pointer, UnaryCode } from "../core.ts";
import { broadcastStrides } from "../layout.ts";
import { float32, float64, int32 } from "./memory.ts";
import { binaryFunctions, isComparison, unaryFunctions } from "./numbers.ts";

export function unary(op: UnaryCode, x: Pointer, y: Pointer, n: number): void {
  const apply = unaryFunctions[op]!;
  const source = float64(x, n);
  const target = float64(y, n);
  for (let i = 0; i < n; i++) target[i] = apply(source[i]!);
}

function results(op: BinaryCode, out: Pointer, n: number): Float64Array | Float32Array {
  return isComparison(op) ? float32(out, n) : float64(out, n);
}

export function binary(op: BinaryCode, a: Pointer, b: Pointer, out: Pointer, n: number): void {
  const apply = binaryFunctions[op]!;
  const p = float64(a, n);
  const q = float64(b, n);
  const target = results(op, out, n);
  for (let i = 0; i < n; i++) target[i] = apply(p[i]!, q[i]!);
}

export function binaryScalar(op: BinaryCode, a: Pointer, scalar: number, out: Pointer, n: number): void {
  const apply = binaryFunctions[op]!;
  const p = float64(a, n);
  const target = results(op, out, n);
  for (let i = 0; i < n; i++) target[i] = apply(p[i]!, scalar);
}

export function scalarBinary(op: BinaryCode, scalar: number, b: Pointer, out: Pointer, n: number): void {
  const apply = binaryFunctions[op]!;
  const q = float64(b, n);
  const target = results(op, out, n);
  for (let i = 0; i < n; i++) target[i] = apply(scalar, q[i]!);
}

export function binaryRow(
  op: BinaryCode,
  a: Pointer,
  b: Pointer,
  out: Pointer,
  rows: number,
  columns: number,
  swapped: Flag,
): void {
  const apply = binaryFunctions[op]!;
  const p = float64(a, rows * columns);
  const q = float64(b, columns);
  const target = results(op, out, rows * columns);
  for (let i = 0; i < rows * columns; i++) {
    const row = q[i % columns]!;
    target[i] = swapped ? apply(row, p[i]!) : apply(p[i]!, row);
  }
}

/** See {@link Core.binaryStrided}. */
export function binaryStrided(
  op: BinaryCode,
  a: Pointer,
  b: Pointer,
  out: Pointer,
  rank: number,
  layout: Pointer,
): void {
  const numbers = Array.from(int32(layout, 3 * rank));
  stridedBinary(
    op,
    a,
    b,
    out,
    numbers.slice(0, rank),
    numbers.slice(rank, 2 * rank),
    numbers.slice(2 * rank),
  );
}

/** See {@link Engine.binary}. */
export function broadcastBinary(
  op: BinaryCode,
  a: Pointer,
  aShape: readonly number[],
  b: Pointer,
  bShape: readonly number[],
  out: Pointer,
  outShape: readonly number[],
): void {
  const [aStrides, bStrides] = [broadcastStrides(aShape, outShape), broadcastStrides(bShape, outShape)];
  stridedBinary(op, a, b, out, outShape, aStrides, bStrides);
}

function stridedBinary(
  op: BinaryCode,
  a: Pointer,
  b: Pointer,
  out: Pointer,
  shape: readonly number[],
  aStrides: readonly number[],
  bStrides: readonly number[],
): void {
  const apply = binaryFunctions[op]!;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count === 0) return;
  const p = float64(a, reach(shape, aStrides));
  const q = float64(b, reach(shape, bStrides));
  const target = results(op, out, count);
  walk(shape, aStrides, bStrides, (i, j, k) => {
    target[k] = apply(p[i]!, q[j]!);
  });
}

/** How many elements lie from the first to the last that strides from 0 up lead to. */
function reach(shape: readonly number[], strides: readonly number[]): number {
  return strides.reduce((last, stride, axis) => last + stride * (shape[axis]! - 1), 1);
}

/** Visits the positions of two strided layouts together, in row-major order; k counts them. */
export function walk(
  shape: readonly number[],
  aStrides: readonly number[],
  bStrides: readonly number[],
  visit: (i: number, j: number, k: number) => void,
): void {
  const count = shape.reduce((product, size) => product * size, 1);
  const index = new Array<number>(shape.length).fill(0);
  let i = 0;
  let j = 0;
  for (let k = 0; k < count; k++) {
    visit(i, j, k);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      i += aStrides[axis]!;
      j += bStrides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      i -= aStrides[axis]! * shape[axis]!;
      j -= bStrides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
}

export function axpy(alpha: number, x: Pointer, y: Pointer, n: number): void {
  const source = float64(x, n);
  const target = float64(y, n);
  for (let i = 0; i < n; i++) target[i]! += alpha * source[i]!;
}

export function scale(alpha: number, x: Pointer, y: Pointer, n: number): void {
  const source = float64(x, n);
  const target = float64(y, n);
  for (let i = 0; i < n; i++) target[i] = alpha * source[i]!;
}

export function clip(x: Pointer, y: Pointer, n: number, low: number, high: number): void {
  const source = float64(x, n);
  const target = float64(y, n);
  for (let i = 0; i < n; i++) target[i] = Math.min(Math.max(source[i]!, low), high);
}

export function clipGradient(
  dy: Pointer,
  x: Pointer,
  dx: Pointer,
  n: number,
  low: number,
  high: number,
): void {
  const gradient = float64(dy, n);
  const source = float64(x, n);
  const target = float64(dx, n);
  for (let i = 0; i < n; i++) {
    const v = source[i]!;
    target[i] = v >= low && v <= high ? gradient[i]! : 0;
  }
}

/** The condition is bool (float32 inside), a and b are float64. */
export function select(condition: Pointer, a: Pointer, b: Pointer, out: Pointer, n: number): void {
  const holds = float32(condition, n);
  const p = float64(a, n);
  const q = float64(b, n);
  const target = float64(out, n);
  for (let i = 0; i < n; i++) target[i] = holds[i] !== 0 ? p[i]! : q[i]!;
}
