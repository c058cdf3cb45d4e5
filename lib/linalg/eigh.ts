// Eigenvalues and eigenvectors of symmetric matrices: tridiagonal form, then the implicitly shifted QR method.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { add, div, mul, sub } from "../ops/arithmetic.ts";
import { matmul } from "../ops/matmul.ts";
import { toFloat } from "../ops/operand.ts";
import { expandDims } from "../ops/shape.ts";
import { eye } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromNumbers, matrixAt, matrixTranspose, readSymmetric, transposed } from "./batch.ts";
import { hypot, makeReflection, productOfReflections, rotateRows } from "./householder.ts";

/** To a diagonal d with the elements e beside it (Golub & Van Loan, algorithm 8.3.1); leaves the vectors in the matrix. */
function tridiagonalize(a: Float64Array, n: number) {
  const d = new Float64Array(n);
  const e = new Float64Array(Math.max(0, n - 1));
  const taus = new Float64Array(Math.max(0, n - 1));
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    const start = (k + 1) * n + k;
    const tau = makeReflection(a, start, n - k - 1, n);
    taus[k] = tau;
    d[k] = a[k * n + k]!;
    e[k] = a[start]!;
    if (tau === 0) continue;
    // The rest becomes H·A·H = A − v·wᵀ − w·vᵀ with w = τ·A·v − (τ²/2·vᵀ·A·v)·v.
    for (let i = k + 1; i < n; i++) v[i] = i === k + 1 ? 1 : a[i * n + k]!;
    let product = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1, p = i * n + k + 1; j < n; j++, p++) sum += a[p]! * v[j]!;
      w[i] = tau * sum;
      product += w[i]! * v[i]!;
    }
    const half = (tau * product) / 2;
    for (let i = k + 1; i < n; i++) w[i] = w[i]! - half * v[i]!;
    for (let i = k + 1; i < n; i++) {
      const p = v[i]!;
      const q = w[i]!;
      for (let j = k + 1, to = i * n + k + 1; j < n; j++, to++) a[to] = a[to]! - p * w[j]! - q * v[j]!;
    }
  }
  if (n > 0) d[n - 1] = a[n * n - 1]!;
  return { d, e, taus };
}

/** Rounds of the QR method for each eigenvalue; two are usual. */
const ROUNDS = 60;

/** Makes e vanish; d becomes the eigenvalues. The rows of `vectors` turn with it. Returns false if it did not converge. */
function diagonalize(d: Float64Array, e: Float64Array, vectors: Float64Array): boolean {
  const n = d.length;
  let high = n - 1;
  for (let round = 0; high > 0; round++) {
    if (round > ROUNDS * n) return false;
    let low = high;
    while (low > 0) {
      const size = Math.abs(e[low - 1]!);
      if (size <= Number.EPSILON * (Math.abs(d[low - 1]!) + Math.abs(d[low]!)) || size < 1e-300) break;
      low--;
    }
    if (low > 0) e[low - 1] = 0;
    if (low === high) high--;
    else step(d, e, vectors, low, high);
  }
  return true;
}

/** One implicit QR step with Wilkinson's shift on the block from `low` to `high` (Golub & Van Loan, algorithm 8.3.2). */
function step(d: Float64Array, e: Float64Array, vectors: Float64Array, low: number, high: number): void {
  const n = d.length;
  const last = e[high - 1]!;
  const half = (d[high - 1]! - d[high]!) / 2;
  const root = hypot(half, last);
  const shift = d[high]! - last * (last / (half >= 0 ? half + root : half - root));
  let x = d[low]! - shift;
  let z = e[low]!;
  for (let k = low; k < high; k++) {
    const length = hypot(x, z);
    const c = length === 0 ? 1 : x / length;
    const s = length === 0 ? 0 : z / length;
    if (k > low) e[k - 1] = length;
    const p = d[k]!;
    const q = d[k + 1]!;
    const r = e[k]!;
    // Differences and not squares of c and s: the trace then stays exact to the last digit.
    const change = s * (s * (q - p) + 2 * c * r);
    d[k] = p + change;
    d[k + 1] = q - change;
    x = c * s * (q - p) + (c * c - s * s) * r;
    e[k] = x;
    if (k + 1 < high) {
      z = s * e[k + 1]!;
      e[k + 1] = c * e[k + 1]!;
    }
    rotateRows(vectors, k * n, (k + 1) * n, n, c, s);
  }
}

/** What {@link eigh} gives. */
export interface EighResult {
  /** The eigenvalues, the smallest first: `[…, n]`. */
  eigenvalues: Tensor;
  /** The eigenvectors as orthonormal columns: `[…, n, n]`. */
  eigenvectors: Tensor;
}

/** The gradient counts for the symmetric part: the two elements that mirror each other are one number. */
function giveSymmetric(a: Tensor, inner: Tensor, v: Tensor): void {
  const g = matmul(v, matmul(inner, matrixTranspose(v)));
  give(a, mul(add(g, matrixTranspose(g)), 0.5));
}

const valuesRule: Rule = {
  name: "linalg.eigh",
  backward(gradient, node) {
    const v = (node.saved as EighResult).eigenvectors;
    const g = matmul(mul(v, expandDims(gradient, -2)), matrixTranspose(v));
    give(node.inputs[0] as Tensor, g);
  },
};

const vectorsRule: Rule = {
  name: "linalg.eigh",
  backward(gradient, node) {
    // V·((Vᵀ·G) / (λ_j − λ_i))·Vᵀ, nothing from the diagonal (Giles, 2008, section 3.1).
    const { eigenvalues: values, eigenvectors: v } = node.saved as EighResult;
    const n = values.shape[values.rank - 1]!;
    const one = eye(n);
    const differences = add(sub(expandDims(values, -2), expandDims(values, -1)), one);
    const product = matmul(matrixTranspose(v), gradient);
    giveSymmetric(node.inputs[0] as Tensor, mul(div(product, differences), sub(1, one)), v);
  },
};

/**
 * Eigenvalues and eigenvectors of symmetric matrices `[…, n, n]` (Golub & Van Loan, 8.3): A = V · diag(λ) · Vᵀ.
 * The signs of the vectors are arbitrary, and vectors of equal eigenvalues are any basis of their space, so gradients of
 * them exist only for eigenvalues that differ; those of the eigenvalues always do.
 *
 * @throws when a matrix is not square or not symmetric, or when a number is not finite.
 * @example
 * linalg.eigh(tensor([[2, 1], [1, 2]])).eigenvalues // → tensor([1, 3])
 */
export function eigh(a: Tensor): EighResult {
  const matrices = readSymmetric("linalg.eigh", a);
  const n = matrices.rows;
  const values = new Float64Array(matrices.count * n);
  const vectors = new Float64Array(matrices.numbers.length);
  for (let index = 0; index < matrices.count; index++) {
    const matrix = matrixAt(matrices, index);
    const { d, e, taus } = tridiagonalize(matrix, n);
    const rows = transposed(productOfReflections(matrix, taus, n, n, n, 1), n, n);
    if (!diagonalize(d, e, rows)) {
      throw new Error(`linalg.eigh: the eigenvalues of a ${n} × ${n} matrix did not converge`);
    }
    Array.from(d.keys())
      .sort((i, j) => d[i]! - d[j]!)
      .forEach((from, to) => {
        values[index * n + to] = d[from]!;
        for (let i = 0; i < n; i++) vectors[(index * n + i) * n + to] = rows[from * n + i]!;
      });
  }
  const result: EighResult = {
    eigenvalues: fromNumbers(values, [...matrices.batch, n], matrices.dtype),
    eigenvectors: fromNumbers(vectors, a.shape, matrices.dtype),
  };
  const x = toFloat(a);
  if (tracks(x)) {
    attach(result.eigenvalues, valuesRule, [x], result);
    attach(result.eigenvectors, vectorsRule, [x], result);
  }
  return result;
}
