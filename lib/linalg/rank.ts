// What singular values tell of a matrix: rank, condition number, null space, pseudo-inverse.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { add, div, sub } from "../ops/arithmetic.ts";
import { matmul } from "../ops/matmul.ts";
import { toFloat } from "../ops/operand.ts";
import { max, min } from "../ops/reduce.ts";
import { tensor } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromNumbers, type Matrices, matrixAt, matrixTranspose, readMatrices } from "./batch.ts";
import { norm } from "./norm.ts";
import { decompose, type Singular } from "./singular.ts";
import { inv } from "./solve.ts";
import { svd } from "./svd.ts";

/** Options of what has to decide which singular values count as zero. */
export interface ToleranceOptions {
  /** Singular values up to this part of the largest count as zero; by default max(m, n) · ε of the dtype. */
  rtol?: number;
}

/** The distance from 1 to the next number. */
const epsilon: Partial<Record<DType, number>> = { float32: 2 ** -23, float64: 2 ** -52 };

/** The relative size up to which singular values count as zero, as in NumPy. */
export function readTolerance(operation: string, matrices: Matrices, rtol: number | undefined): number {
  if (rtol === undefined) return Math.max(matrices.rows, matrices.columns) * epsilon[matrices.dtype]!;
  if (typeof rtol === "number" && rtol >= 0) return rtol;
  throw new RangeError(
    `${operation}: rtol is a part of the largest singular value from 0 up, got ${describe(rtol)}`,
  );
}

/** How many singular values (the largest first) are more than the tolerance. */
export function countAbove(values: Float64Array, tolerance: number): number {
  const limit = (values[0] ?? 0) * tolerance;
  let count = 0;
  while (count < values.length && values[count]! > limit) count++;
  return count;
}

/**
 * The rank of matrices `[…, m, n]` → `[…]`, int32: how many singular values are not zero up to rounding.
 *
 * @throws when a number is not finite.
 * @example
 * linalg.matrixRank(tensor([[1, 2], [2, 4]])).item() // → 1
 */
export function matrixRank(a: Tensor, options: ToleranceOptions = {}): Tensor {
  const operation = "linalg.matrixRank";
  const matrices = readMatrices(operation, a);
  const tolerance = readTolerance(operation, matrices, options.rtol);
  const ranks = Int32Array.from({ length: matrices.count }, (_, index) => {
    const matrix = matrixAt(matrices, index);
    return countAbove(decompose(operation, matrix, matrices.rows, matrices.columns, false).values, tolerance);
  });
  return tensor(ranks, { shape: matrices.batch });
}

/**
 * The condition number of matrices `[…, m, n]` → `[…]`: by how much relative errors may grow when a system is solved with
 * the matrix. With `p` 2 (default) the largest singular value by the smallest, otherwise ‖A‖ · ‖A⁻¹‖ in the norm named by `p`
 * (see {@link norm}). Infinite for singular matrices with p 2.
 *
 * @throws when a number is not finite; with another p, when a matrix is not square or singular.
 * @example
 * linalg.cond(tensor([[2, 0], [0, 0.5]])).item() // → 4
 */
export function cond(a: Tensor, p: 1 | 2 | number | "fro" | "nuc" = 2): Tensor {
  readMatrices("linalg.cond", a);
  if (![1, 2, -1, -2, Infinity, -Infinity, "fro", "nuc"].includes(p)) {
    throw new TypeError(
      `linalg.cond: p is 1, 2, Infinity or one of their negatives, "fro" or "nuc", got ${describe(p)}`,
    );
  }
  if (p === 2) {
    const { s } = svd(a);
    if (s.shape[s.rank - 1] === 0) throw new Error(`linalg.cond: ${formatShape(a.shape)} is empty`);
    return div(max(s, -1), min(s, -1));
  }
  const axis = [-2, -1];
  return norm(a, { ord: p, axis }).mul(norm(inv(a), { ord: p, axis }));
}

/**
 * An orthonormal basis of the null space of a matrix `[m, n]`: the vectors it maps to zero, as columns `[n, n − rank]`. No
 * gradient flows through it.
 *
 * @throws when the tensor is no single matrix, or when a number is not finite.
 * @example
 * linalg.nullSpace(tensor([[1, 0, 0], [0, 1, 0]])).toArray() // → [ [ 0 ], [ 0 ], [ 1 ] ]
 */
export function nullSpace(a: Tensor, options: ToleranceOptions = {}): Tensor {
  const operation = "linalg.nullSpace";
  const matrices = readMatrices(operation, a);
  if (a.rank !== 2) throw new Error(`${operation}: needs one matrix [m, n], got ${formatShape(a.shape)}`);
  const { s, vh } = svd(a.detach(), { fullMatrices: true });
  const tolerance = readTolerance(operation, matrices, options.rtol);
  const rank = countAbove(Float64Array.from(s.view()), tolerance);
  return matrixTranspose(vh.slice(rank));
}

const inverseRule: Rule = {
  name: "linalg.pinv",
  backward(gradient, node) {
    // Golub & Pereyra, 1973: dP = −P·dA·P + P·Pᵀ·dAᵀ·(1 − A·P) + (1 − P·A)·dAᵀ·Pᵀ·P.
    const a = node.inputs[0] as Tensor;
    const p = node.saved as Tensor;
    const pt = matrixTranspose(p);
    const gt = matrixTranspose(gradient);
    const first = matmul(pt, matmul(gradient, pt));
    const gpp = matmul(gt, matmul(p, pt));
    const second = sub(gpp, matmul(a, matmul(p, gpp)));
    const ppg = matmul(pt, matmul(p, gt));
    const third = sub(ppg, matmul(matmul(ppg, p), a));
    give(a, sub(add(second, third), first));
  },
};

/**
 * The pseudo-inverse (Moore–Penrose) of matrices `[…, m, n]` → `[…, n, m]`, by singular values: the inverse where there is one,
 * otherwise what gives the shortest least-squares solution.
 *
 * @throws when a number is not finite.
 * @example
 * linalg.pinv(tensor([[2, 0], [0, 0]])).toArray() // → [ [ 0.5, 0 ], [ 0, 0 ] ]
 */
export function pinv(a: Tensor, options: ToleranceOptions = {}): Tensor {
  const operation = "linalg.pinv";
  const matrices = readMatrices(operation, a);
  const { rows, columns } = matrices;
  const tolerance = readTolerance(operation, matrices, options.rtol);
  const numbers = new Float64Array(matrices.numbers.length);
  for (let index = 0; index < matrices.count; index++) {
    const parts = decompose(operation, matrixAt(matrices, index), rows, columns);
    const target = numbers.subarray(index * rows * columns, (index + 1) * rows * columns);
    addInverse(parts, rows, columns, countAbove(parts.values, tolerance), target);
  }
  const result = fromNumbers(numbers, [...matrices.batch, columns, rows], matrices.dtype);
  const x = toFloat(a);
  return tracks(x) ? attach(result, inverseRule, [x], result) : result;
}

/** Adds V·Σ⁻¹·Uᵀ, of the first `rank` singular values, to a matrix `[columns, rows]`. */
function addInverse(
  { u, values, vh }: Singular,
  rows: number,
  columns: number,
  rank: number,
  target: Float64Array,
): void {
  const k = values.length;
  const scaled = new Float64Array(rows);
  for (let r = 0; r < rank; r++) {
    for (let i = 0; i < rows; i++) scaled[i] = u[i * k + r]! / values[r]!;
    for (let j = 0; j < columns; j++) {
      const factor = vh[r * columns + j]!;
      for (let i = 0, p = j * rows; i < rows; i++, p++) target[p] = target[p]! + factor * scaled[i]!;
    }
  }
}
