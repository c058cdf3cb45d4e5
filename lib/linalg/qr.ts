// QR decomposition with Householder reflections: orthonormal columns times an upper triangle.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { add } from "../ops/arithmetic.ts";
import { neg } from "../ops/elementwise.ts";
import { slice } from "../ops/indexing.ts";
import { concat } from "../ops/join.ts";
import { matmul } from "../ops/matmul.ts";
import { toFloat } from "../ops/operand.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { zeros } from "../tensor/create.ts";
import { describe } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromNumbers, matrixAt, matrixTranspose, readMatrices } from "./batch.ts";
import { tril } from "./diagonal.ts";
import { makeReflection, productOfReflections, reflectRows } from "./householder.ts";
import { solveTriangular } from "./solve.ts";

/** Writes R over a matrix `[rows, columns]`, and the vectors of the reflections below it; returns their τ. */
export function triangularize(a: Float64Array, rows: number, columns: number): Float64Array {
  const taus = new Float64Array(Math.min(rows, columns));
  const work = new Float64Array(columns);
  for (let k = 0; k < taus.length; k++) {
    const start = k * columns + k;
    const tau = makeReflection(a, start, rows - k, columns);
    taus[k] = tau;
    reflectRows(a, start + 1, rows - k, columns - k - 1, columns, a, start, columns, tau, work);
  }
  return taus;
}

/** The square upper triangle that `triangularize` left in a matrix with `n` columns, without what stands below it. */
export function upperTriangle(a: Float64Array, n: number): Float64Array {
  const r = a.slice(0, n * n);
  for (let i = 1; i < n; i++) r.fill(0, i * n, i * n + i);
  return r;
}

/** What {@link qr} gives. */
export interface QrResult {
  /** Orthonormal columns. */
  q: Tensor;
  /** Upper triangular. */
  r: Tensor;
}

/** Options of {@link qr}. */
export interface QrOptions {
  /** "reduced" (default): q `[…, m, k]`, r `[…, k, n]` with k the smaller of m and n; "complete": q `[…, m, m]`, r `[…, m, n]`. */
  mode?: "reduced" | "complete";
}

/** The gradient of A from those of Q and R, one of which is null (each result sends its own back). */
function backward(a: Tensor, { q, r }: QrResult, gq: Tensor | null, gr: Tensor | null): void {
  const [m, n] = a.shape.slice(-2) as [number, number];
  if (q.shape[q.rank - 1]! > n) {
    throw new Error(
      `linalg.qr: with more rows (${m}) than columns (${n}) there is a gradient for mode "reduced" only`,
    );
  }
  if (m >= n) {
    give(a, squareGradient(q, r, gq, gr));
    return;
  }
  // A = [X Y] with square X: R = [U V], where Q·U = X and V = Qᵀ·Y.
  const axis = a.rank - 1;
  const y = slice(a, m, n, { axis });
  const u = slice(r, 0, m, { axis });
  const gv = gr === null ? null : slice(gr, m, n, { axis });
  const towardsQ = gv === null ? gq : matmul(y, matrixTranspose(gv));
  const gx = squareGradient(q, u, towardsQ, gr === null ? null : slice(gr, 0, m, { axis }));
  const gy = gv === null ? zeros(y.shape, { dtype: y.dtype }) : matmul(q, gv);
  give(a, concat([gx, gy], axis));
}

/**
 * (G_Q + Q·S)·R⁻ᵀ, with S the symmetric matrix that has the lower triangle of R·G_Rᵀ − G_Qᵀ·Q (Walter & Lehmann, 2010,
 * "Algorithmic differentiation of linear algebra functions").
 */
function squareGradient(q: Tensor, r: Tensor, gq: Tensor | null, gr: Tensor | null): Tensor {
  const fromR = gr === null ? null : matmul(r, matrixTranspose(gr));
  const fromQ = gq === null ? null : neg(matmul(matrixTranspose(gq), q));
  const m = fromR !== null && fromQ !== null ? add(fromR, fromQ) : (fromR ?? fromQ)!;
  const symmetric = add(tril(m), matrixTranspose(tril(m, -1)));
  const inner = matmul(q, symmetric);
  const sum = gq === null ? inner : add(gq, inner);
  return matrixTranspose(solveTriangular(r, matrixTranspose(sum)));
}

const qRule: Rule = {
  name: "linalg.qr",
  backward(gradient, node) {
    backward(node.inputs[0] as Tensor, node.saved as QrResult, gradient, null);
  },
};

const rRule: Rule = {
  name: "linalg.qr",
  backward(gradient, node) {
    backward(node.inputs[0] as Tensor, node.saved as QrResult, null, gradient);
  },
};

/**
 * The QR decomposition q · r of matrices `[…, m, n]` with Householder reflections (Golub & Van Loan, 5.2), signs as in NumPy.
 *
 * @throws when a number is not finite; going back, when the first columns depend on each other.
 * @example
 * const { q, r } = linalg.qr(tensor([[0, -2], [-3, 1]]));
 * q.toArray() // → [ [ 0, 1 ], [ 1, 0 ] ]
 * r.toArray() // → [ [ -3, 1 ], [ 0, -2 ] ]
 */
export function qr(a: Tensor, options: QrOptions = {}): QrResult {
  checkOptions("linalg.qr", options, '{ mode: "complete" }');
  const { mode = "reduced" } = options;
  if (mode !== "reduced" && mode !== "complete") {
    throw new TypeError(`linalg.qr: mode is "reduced" or "complete", got ${describe(mode)}`);
  }
  const matrices = readMatrices("linalg.qr", a);
  const { batch, count, rows, columns, dtype } = matrices;
  const k = mode === "complete" ? rows : Math.min(rows, columns);
  const q = new Float64Array(count * rows * k);
  const r = new Float64Array(count * k * columns);
  for (let index = 0; index < count; index++) {
    const matrix = matrixAt(matrices, index);
    const taus = triangularize(matrix, rows, columns);
    q.set(productOfReflections(matrix, taus, rows, columns, k, 0), index * rows * k);
    for (let i = 0; i < Math.min(k, columns); i++) {
      const row = matrix.subarray(i * columns + i, (i + 1) * columns);
      r.set(row, (index * k + i) * columns + i);
    }
  }
  const result: QrResult = {
    q: fromNumbers(q, [...batch, rows, k], dtype),
    r: fromNumbers(r, [...batch, k, columns], dtype),
  };
  const x = toFloat(a);
  if (tracks(x)) {
    attach(result.q, qRule, [x], result);
    attach(result.r, rRule, [x], result);
  }
  return result;
}
