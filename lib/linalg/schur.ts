// The real Schur form of a square matrix: Q·T·Qᵀ with T upper triangular but for 2 × 2 blocks of complex pairs.

import { transposed } from "./batch.ts";
import {
  hypot,
  makeReflection,
  productOfReflections,
  reflectColumns,
  reflectRows,
  rotateRows,
} from "./householder.ts";

/** Rounds of the QR method for each eigenvalue; two or three are usual. */
const ROUNDS = 60;

/** Writes T over the matrix and returns Qᵀ, or null if it did not converge. */
export function schur(a: Float64Array, n: number): Float64Array | null {
  const q = hessenberg(a, n);
  let high = n - 1;
  let rounds = 0;
  while (high > 0) {
    const low = splitOff(a, n, high);
    if (low === high) {
      high--;
    } else if (low === high - 1) {
      separate(a, q, n, low);
      high -= 2;
    } else {
      if (++rounds > ROUNDS) return null;
      // Every tenth round with other shifts: a few matrices (permutations) stand still under the usual ones.
      step(a, q, n, low, high, rounds % 10 === 0);
      continue;
    }
    rounds = 0;
  }
  return q;
}

/** To Hessenberg form (Golub & Van Loan, algorithm 7.4.2): zeros below the subdiagonal. Returns Qᵀ. */
function hessenberg(a: Float64Array, n: number): Float64Array {
  const taus = new Float64Array(Math.max(0, n - 2));
  const vectors = new Float64Array(n * n);
  const work = new Float64Array(n);
  const v = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const start = (k + 1) * n + k;
    const count = n - k - 1;
    const tau = makeReflection(a, start, count, n);
    taus[k] = tau;
    for (let i = 1; i < count; i++) {
      v[i] = a[start + i * n]!;
      vectors[start + i * n] = v[i]!;
      a[start + i * n] = 0;
    }
    reflectRows(a, start + 1, count, count, n, v, 0, 1, tau, work);
    reflectColumns(a, k + 1, n, count, n, v, 0, tau);
  }
  return transposed(productOfReflections(vectors, taus, n, n, n, 1), n, n);
}

/** The first row of the block that ends at `high`: left of it there is a zero. */
function splitOff(h: Float64Array, n: number, high: number): number {
  for (let i = high; i > 0; i--) {
    const at = i * n + i;
    let size = Math.abs(h[at]!) + Math.abs(h[at - n - 1]!);
    if (size === 0) size = rowSum(h, n, high);
    if (Math.abs(h[at - 1]!) > Number.EPSILON * size && Math.abs(h[at - 1]!) > 1e-300) continue;
    h[at - 1] = 0;
    return i;
  }
  return 0;
}

function rowSum(h: Float64Array, n: number, last: number): number {
  let sum = 0;
  for (let i = 0; i <= last; i++)
    for (let j = Math.max(0, i - 1); j <= last; j++) sum += Math.abs(h[i * n + j]!);
  return sum;
}

/** Francis' double step on the block from `low` to `high` (Golub & Van Loan, algorithm 7.5.1). */
function step(h: Float64Array, q: Float64Array, n: number, low: number, high: number, other: boolean): void {
  const end = high * n + high;
  let sum = h[end - n - 1]! + h[end]!;
  let product = h[end - n - 1]! * h[end]! - h[end - n]! * h[end - 1]!;
  if (other) {
    const size = Math.abs(h[end - 1]!) + Math.abs(h[end - n - 2]!);
    sum = 1.5 * size;
    product = size * size;
  }
  const at = low * n + low;
  const first = h[at]!;
  const below = h[at + n]!;
  // The first column of (H − λ₁)(H − λ₂), divided by `below`.
  const v = Float64Array.of(
    (first * (first - sum) + product) / below + h[at + 1]!,
    first + h[at + n + 1]! - sum,
    h[at + 2 * n + 1]!,
  );
  const work = new Float64Array(n);
  for (let k = low; k < high; k++) {
    const count = Math.min(3, high - k + 1);
    if (k > low) for (let i = 0; i < count; i++) v[i] = h[(k + i) * n + k - 1]!;
    const tau = makeReflection(v, 0, count, 1);
    if (k > low) {
      h[k * n + k - 1] = v[0]!;
      for (let i = 1; i < count; i++) h[(k + i) * n + k - 1] = 0;
    }
    reflectRows(h, k * n + k, count, n - k, n, v, 0, 1, tau, work);
    reflectColumns(h, k, Math.min(k + 3, high) + 1, count, n, v, 0, tau);
    reflectRows(q, k * n, count, n, n, v, 0, 1, tau, work);
  }
}

/** A 2 × 2 block with real eigenvalues is rotated to a triangle. */
function separate(h: Float64Array, q: Float64Array, n: number, k: number): void {
  const at = k * n + k;
  const a = h[at]!;
  const b = h[at + 1]!;
  const c = h[at + n]!;
  const d = h[at + n + 1]!;
  const half = (a - d) / 2;
  const discriminant = half * half + b * c;
  if (discriminant < 0) return;
  // (λ − d, c) is an eigenvector for λ = d + half ± root; the sign without cancellation.
  const x = half + (half >= 0 ? Math.sqrt(discriminant) : -Math.sqrt(discriminant));
  const length = hypot(x, c);
  if (length === 0) return;
  const cosine = x / length;
  const sine = c / length;
  rotateRows(h, k * n + k, (k + 1) * n + k, n - k, cosine, sine);
  for (let i = 0; i <= k + 1; i++) {
    const p = h[i * n + k]!;
    const r = h[i * n + k + 1]!;
    h[i * n + k] = cosine * p + sine * r;
    h[i * n + k + 1] = cosine * r - sine * p;
  }
  rotateRows(q, k * n, (k + 1) * n, n, cosine, sine);
  h[at + n] = 0;
}
