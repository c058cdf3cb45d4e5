// Batches of matrices: linear algebra works on the last two axes, one matrix after the other, in float64 inside.
import { checkTensor, toFloat } from "../ops/operand.ts";
import { transpose } from "../ops/shape.ts";
import { empty } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The matrices of a tensor `[…, rows, columns]`, copied to float64: decompositions work in place. */
export interface Matrices {
  readonly numbers: Float64Array;
  readonly batch: Shape;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** The dtype that results get. */
  readonly dtype: DType;
}

/** Reads the matrices of a tensor. @throws when it has fewer than two axes, or a number in it is not finite. */
export function readMatrices(operation: string, x: Tensor): Matrices {
  checkTensor(operation, x);
  if (x.rank < 2) {
    const what = x.rank === 0 ? "a scalar" : `a vector ${formatShape(x.shape)}`;
    throw new Error(`${operation}: needs a matrix [rows, columns] or a batch of them, got ${what}`);
  }
  const numbers = Float64Array.from(x.view());
  const bad = numbers.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) {
    throw new RangeError(
      `${operation}: all numbers must be finite, found ${numbers[bad]} at ${formatShape(indexOf(bad, x.shape))}`,
    );
  }
  const batch = x.shape.slice(0, -2);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  return { numbers, batch, count: sizeOf(batch), rows, columns, dtype: toFloat(x).dtype };
}

/** Reads square matrices. @throws when they are not square. */
export function readSquare(operation: string, x: Tensor): Matrices {
  const matrices = readMatrices(operation, x);
  if (matrices.rows === matrices.columns) return matrices;
  const lstsq = operation === "linalg.solve" ? "; for more equations than unknowns use linalg.lstsq" : "";
  const pinv = operation === "linalg.inv" ? "; the inverse of others is linalg.pinv" : "";
  throw new Error(
    `${operation}: the matrix must be square, got ${matrices.rows} rows and ${matrices.columns} columns ` +
      `(shape ${formatShape(x.shape)})${lstsq}${pinv}`,
  );
}

/**
 * How far an element may be from its mirror image, relative to the largest element: wide enough for what float32 products
 * such as xᵀ·x round to, narrow enough for mistakes.
 */
const ASYMMETRY = 1e-4;

/** Reads symmetric matrices; their lower triangles count. @throws when they are not square, or not symmetric. */
export function readSymmetric(operation: string, x: Tensor): Matrices {
  const matrices = readSquare(operation, x);
  const n = matrices.rows;
  for (let index = 0; index < matrices.count; index++) {
    const a = matrixAt(matrices, index);
    const allowed = ASYMMETRY * largest(a);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        if (Math.abs(a[i * n + j]! - a[j * n + i]!) <= allowed) {
          a[j * n + i] = a[i * n + j]!;
          continue;
        }
        throw new Error(
          `${operation}: ${matrixName(matrices, index)} is not symmetric — element [${i}, ${j}] is ${short(a[i * n + j]!)}, ` +
            `[${j}, ${i}] is ${short(a[j * n + i]!)}; the symmetric part is a.add(linalg.matrixTranspose(a)).div(2)`,
        );
      }
    }
  }
  return matrices;
}

/** The numbers of one matrix of a batch, not copied. */
export function matrixAt({ numbers, rows, columns }: Matrices, index: number): Float64Array {
  const size = rows * columns;
  return numbers.subarray(index * size, (index + 1) * size);
}

/** How messages call one matrix: with its place if there are several. */
export function matrixName(matrices: Matrices, index: number): string {
  if (matrices.batch.length === 0) return "the matrix";
  return `matrix ${formatShape(indexOf(index, matrices.batch))} of the batch`;
}

/** A tensor of computed numbers. */
export function fromNumbers(numbers: Float64Array, shape: Shape, dtype: DType): Tensor {
  const result = empty(shape, dtype);
  result.view().set(numbers);
  return result;
}

/**
 * The matrices transposed: the last two axes swapped, `[…, m, n]` → `[…, n, m]`.
 *
 * @throws when the tensor has fewer than two axes.
 * @example
 * matrixTranspose(zeros([5, 2, 3])).shape // → [ 5, 3, 2 ]
 */
export function matrixTranspose(x: Tensor): Tensor {
  checkTensor("linalg.matrixTranspose", x);
  if (x.rank < 2) {
    throw new Error(`linalg.matrixTranspose: needs at least two axes, got ${formatShape(x.shape)}`);
  }
  const axes = x.shape.map((_, i) => i);
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** The largest absolute value. */
export function largest(numbers: Float64Array): number {
  let result = 0;
  for (let i = 0; i < numbers.length; i++) result = Math.max(result, Math.abs(numbers[i]!));
  return result;
}

/** The matrix `[rows, columns]` transposed. */
export function transposed(a: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = a[i * columns + j]!;
  }
  return result;
}

/** Numbers as messages show them. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function indexOf(position: number, shape: Shape): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}
