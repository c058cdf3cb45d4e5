// Least squares: the x for which a·x is closest to b.
import { attach, give, needs, type Rule, tracks } from "../autograd/graph.ts";
import { add, sub } from "../ops/arithmetic.ts";
import { square } from "../ops/elementwise.ts";
import { batchStarts, matmul } from "../ops/matmul.ts";
import { checkTensor, toCommonFloat } from "../ops/operand.ts";
import { sum } from "../ops/reduce.ts";
import { tensor } from "../tensor/create.ts";
import { broadcastShapes, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromNumbers, matrixAt, matrixTranspose, readMatrices } from "./batch.ts";
import { reflectRows } from "./householder.ts";
import { triangularize, upperTriangle } from "./qr.ts";
import { countAbove, pinv, readTolerance, type ToleranceOptions } from "./rank.ts";
import { decompose, type Singular } from "./singular.ts";
import { readRightSide } from "./solve.ts";

/** What {@link lstsq} gives. */
export interface LstsqResult {
  /** `[…, n, k]`, or `[…, n]` for a vector b. */
  solution: Tensor;
  /** The sum of squared differences between a · solution and b for each right-hand side: `[…, k]`, or `[…]`. */
  residuals: Tensor;
  /** The rank of a, int32 `[…]`. */
  rank: Tensor;
  /** The singular values of a, the largest first; no gradient flows through them, as in PyTorch (`linalg.svd` has it). */
  singularValues: Tensor;
}

interface Memory {
  x: Tensor;
  rtol: number;
}

const lstsqRule: Rule = {
  name: "linalg.lstsq",
  backward(gradient, node) {
    // x = P·b with the pseudo-inverse P of a; its differential is that of pinv, applied to b.
    const [a, b] = node.inputs as readonly [Tensor, Tensor];
    const { x, rtol } = node.saved as Memory;
    const p = pinv(a, { rtol });
    const pt = matrixTranspose(p);
    const y = matmul(pt, gradient);
    if (needs(b)) give(b, y);
    if (!needs(a)) return;
    const xt = matrixTranspose(x);
    const differences = sub(b, matmul(a, x));
    const fromResidual = matmul(differences, matrixTranspose(matmul(p, y)));
    const outside = sub(gradient, matmul(p, matmul(a, gradient)));
    const fromOutside = matmul(matmul(pt, x), matrixTranspose(outside));
    give(a, sub(add(fromResidual, fromOutside), matmul(y, xt)));
  },
};

/**
 * The x that makes the squared differences between a · x and b smallest, by singular values; of several the shortest one
 * (Golub & Van Loan, 5.5). The rank tells whether there were several: it is less than the number of columns of a.
 * Gradients flow through solution and residuals, not through the singular values.
 *
 * Shapes: a `[…, m, n]`, b `[…, m, k]` or a vector `[m]`; leading axes broadcast.
 *
 * @throws when the shapes do not fit, or when a number is not finite.
 * @example
 * const line = tensor([[0, 1], [1, 1], [2, 1]]);
 * linalg.lstsq(line, tensor([1, 3, 5])).solution // → tensor([2, 1])
 */
export function lstsq(a: Tensor, b: Tensor, options: ToleranceOptions = {}): LstsqResult {
  const operation = "linalg.lstsq";
  checkTensor(operation, a);
  checkTensor(operation, b);
  const [left, right] = toCommonFloat(a, b);
  const matrices = readMatrices(operation, left);
  const { rows, columns, dtype } = matrices;
  const { columns: b2, finish } = readRightSide(operation, matrices, right);
  const sides = readMatrices(operation, b2);
  const rtol = readTolerance(operation, matrices, options.rtol);
  const batch = broadcastShapes(operation, matrices.batch, sides.batch);
  const parts = Array.from({ length: matrices.count }, (_, i) =>
    reduceAndDecompose(operation, matrixAt(matrices, i), rows, columns),
  );
  const ranks = Int32Array.from(parts, ({ values }) => countAbove(values, rtol));
  const fromA = batchStarts(matrices.batch, batch, 1);
  const fromB = batchStarts(sides.batch, batch, 1);
  const size = columns * sides.columns;
  const numbers = new Float64Array(sizeOf(batch) * size);
  for (let i = 0; i < sizeOf(batch); i++) {
    const k = fromA[i]!;
    const target = numbers.subarray(i * size, (i + 1) * size);
    const part = parts[k]!;
    const b = matrixAt(sides, fromB[i]!).slice();
    turnIntoTriangle(part, b, rows, columns, sides.columns);
    applyInverse(part, columns, ranks[k]!, b, sides.columns, target);
  }
  const x = fromNumbers(numbers, [...batch, columns, sides.columns], dtype);
  const memory: Memory = { x, rtol };
  if (tracks(left, b2)) attach(x, lstsqRule, [left, b2], memory);
  const values = new Float64Array(matrices.count * Math.min(rows, columns));
  parts.forEach((part, i) => {
    values.set(part.values, i * part.values.length);
  });
  const residuals = sum(square(sub(b2, matmul(left, x))), -2);
  return {
    solution: finish(x),
    residuals: finish(residuals),
    rank: tensor(ranks, { shape: matrices.batch }),
    singularValues: fromNumbers(values, [...matrices.batch, Math.min(rows, columns)], dtype),
  };
}

/** A decomposed matrix; of a tall one, its triangle R and the reflections of Q·R = A. */
interface Decomposed extends Singular {
  readonly reflections: { readonly vectors: Float64Array; readonly taus: Float64Array } | null;
}

/** With more equations than unknowns, only the small triangle needs singular values. */
function reduceAndDecompose(operation: string, a: Float64Array, rows: number, columns: number): Decomposed {
  if (rows <= columns) return { ...decompose(operation, a, rows, columns), reflections: null };
  const taus = triangularize(a, rows, columns);
  const triangle = upperTriangle(a, columns);
  return { ...decompose(operation, triangle, columns, columns), reflections: { vectors: a, taus } };
}

/** Qᵀ·B in place, whose first rows are the right-hand sides of the triangle. */
function turnIntoTriangle(
  { reflections }: Decomposed,
  b: Float64Array,
  rows: number,
  columns: number,
  count: number,
): void {
  if (reflections === null) return;
  const { vectors, taus } = reflections;
  const work = new Float64Array(count);
  taus.forEach((tau, k) => {
    reflectRows(b, k * count, rows - k, count, count, vectors, k * columns + k, columns, tau, work);
  });
}

/** V·Σ⁻¹·Uᵀ·B of the first `rank` singular values, into `target` (zeros): `[columns, count]`. */
function applyInverse(
  { u, values, vh }: Singular,
  columns: number,
  rank: number,
  b: Float64Array,
  count: number,
  target: Float64Array,
): void {
  const k = values.length;
  const coefficients = new Float64Array(count);
  for (let r = 0; r < rank; r++) {
    coefficients.fill(0);
    // u is square: k × k.
    for (let i = 0; i < k; i++) {
      const factor = u[i * k + r]!;
      for (let j = 0; j < count; j++) coefficients[j] = coefficients[j]! + factor * b[i * count + j]!;
    }
    for (let i = 0; i < columns; i++) {
      const factor = vh[r * columns + i]! / values[r]!;
      for (let j = 0, p = i * count; j < count; j++, p++) target[p] = target[p]! + factor * coefficients[j]!;
    }
  }
}
