// Singular value decomposition of batches of matrices, and its gradient.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { add, div, mul, sub } from "../ops/arithmetic.ts";
import { matmul } from "../ops/matmul.ts";
import { toFloat } from "../ops/operand.ts";
import { expandDims } from "../ops/shape.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { eye } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromNumbers, matrixAt, matrixTranspose, readMatrices, transposed } from "./batch.ts";
import { productOfReflections } from "./householder.ts";
import { triangularize } from "./qr.ts";
import { decompose } from "./singular.ts";

/** What {@link svd} gives; k is the smaller of m and n. */
export interface SvdResult {
  /** Orthonormal columns, the left singular vectors: `[…, m, k]`. */
  u: Tensor;
  /** The singular values, the largest first: `[…, k]`. */
  s: Tensor;
  /** Orthonormal rows, the right singular vectors: `[…, k, n]`. */
  vh: Tensor;
}

/** Options of {@link svd}. */
export interface SvdOptions {
  /** Completes u to `[…, m, m]` and vh to `[…, n, n]`. */
  fullMatrices?: boolean;
}

const valuesRule: Rule = {
  name: "linalg.svd",
  backward(gradient, node) {
    const { u, vh } = node.saved as SvdResult;
    give(node.inputs[0] as Tensor, matmul(mul(u, expandDims(gradient, -2)), vh));
  },
};

/** The antisymmetric part of Uᵀ·G over s_j² − s_i², 0 on the diagonal: how the vectors turn into each other. */
function turning(vectors: Tensor, gradient: Tensor, s: Tensor): Tensor {
  const product = matmul(matrixTranspose(vectors), gradient);
  const squares = mul(s, s);
  const n = s.shape[s.rank - 1]!;
  const differences = add(sub(expandDims(squares, -2), expandDims(squares, -1)), eye(n));
  return div(sub(product, matrixTranspose(product)), differences);
}

/** What of the gradient points out of the space that the vectors span, over the singular values. */
function outside(vectors: Tensor, gradient: Tensor, s: Tensor): Tensor {
  const inside = matmul(vectors, matmul(matrixTranspose(vectors), gradient));
  return div(sub(gradient, inside), expandDims(s, -2));
}

function checkReduced(a: Tensor, { u, vh, s }: SvdResult): void {
  const k = s.shape[s.rank - 1]!;
  if (u.shape[u.rank - 1] === k && vh.shape[vh.rank - 2] === k) return;
  throw new Error(
    `linalg.svd: with fullMatrices only the singular values of ${formatShape(a.shape)} have a gradient — the added vectors ` +
      "are not determined by the matrix",
  );
}

// Townsend, 2016, "Differentiating the singular value decomposition".
const leftRule: Rule = {
  name: "linalg.svd",
  backward(gradient, node) {
    const a = node.inputs[0] as Tensor;
    const result = node.saved as SvdResult;
    checkReduced(a, result);
    const { u, s, vh } = result;
    const within = matmul(u, mul(turning(u, gradient, s), expandDims(s, -2)));
    const square = u.shape[u.rank - 1] === u.shape[u.rank - 2];
    give(a, matmul(square ? within : add(within, outside(u, gradient, s)), vh));
  },
};

const rightRule: Rule = {
  name: "linalg.svd",
  backward(gradient, node) {
    const a = node.inputs[0] as Tensor;
    const result = node.saved as SvdResult;
    checkReduced(a, result);
    const { u, s, vh } = result;
    const v = matrixTranspose(vh);
    const g = matrixTranspose(gradient);
    // s·turning, transposed so that V stands left.
    const within = matmul(v, matrixTranspose(mul(expandDims(s, -1), turning(v, g, s))));
    const square = v.shape[v.rank - 1] === v.shape[v.rank - 2];
    const sum = square ? within : add(within, outside(v, g, s));
    give(a, matmul(u, matrixTranspose(sum)));
  },
};

/** Orthonormal columns `[rows, k]` completed to a square orthogonal matrix. */
function complete(q: Float64Array, rows: number, k: number): Float64Array {
  if (rows === k) return q;
  const copy = q.slice();
  const taus = triangularize(copy, rows, k);
  const all = productOfReflections(copy, taus, rows, k, rows, 0);
  // The first columns of the product are those of q up to sign.
  for (let i = 0; i < rows; i++) for (let j = 0; j < k; j++) all[i * rows + j] = q[i * k + j]!;
  return all;
}

/**
 * The singular value decomposition u · diag(s) · vh of matrices `[…, m, n]`, by bidiagonalization and the QR method (Golub &
 * Van Loan, 8.6). The signs of the vectors are arbitrary, and vectors of equal singular values are any basis of their space,
 * so gradients of them exist only for singular values that differ; those of `s` always do.
 *
 * @throws when a number is not finite, or (never seen) when the iteration does not converge.
 * @example
 * linalg.svd(tensor([[3, 0], [0, -4]])).s // → tensor([4, 3])
 */
export function svd(a: Tensor, options: SvdOptions = {}): SvdResult {
  checkOptions("linalg.svd", options, "{ fullMatrices: true }");
  const { fullMatrices = false } = options;
  const matrices = readMatrices("linalg.svd", a);
  const { batch, count, rows, columns, dtype } = matrices;
  const k = Math.min(rows, columns);
  const [left, right] = fullMatrices ? [rows, columns] : [k, k];
  const u = new Float64Array(count * rows * left);
  const s = new Float64Array(count * k);
  const vh = new Float64Array(count * right * columns);
  for (let index = 0; index < count; index++) {
    const found = decompose("linalg.svd", matrixAt(matrices, index), rows, columns);
    s.set(found.values, index * k);
    u.set(fullMatrices ? complete(found.u, rows, k) : found.u, index * rows * left);
    const v = fullMatrices
      ? transposed(complete(transposed(found.vh, k, columns), columns, k), columns, columns)
      : found.vh;
    vh.set(v, index * right * columns);
  }
  const result: SvdResult = {
    u: fromNumbers(u, [...batch, rows, left], dtype),
    s: fromNumbers(s, [...batch, k], dtype),
    vh: fromNumbers(vh, [...batch, right, columns], dtype),
  };
  const x = toFloat(a);
  if (!tracks(x)) return result;
  attach(result.u, leftRule, [x], result);
  attach(result.vh, rightRule, [x], result);
  // The rule of the values takes k vectors of each side, and needs their rules for second derivatives.
  if (fullMatrices) return { ...result, s: svd(x).s };
  attach(result.s, valuesRule, [x], result);
  return result;
}
