// Singular values of a bidiagonal matrix by the implicitly shifted QR method, with the rotations applied to the vectors.
import { hypot, rotateRows } from "./householder.ts";

/** A bidiagonal matrix: its diagonal, and the elements above it. */
export interface Bidiagonal {
  readonly d: Float64Array;
  readonly e: Float64Array;
  /** Uᵀ and Vᵀ as rows of n numbers, which turn with the matrix; null when only the values are wanted. */
  readonly left: Float64Array | null;
  readonly right: Float64Array | null;
}

/** Rounds of the QR method for each singular value; two or three are usual. */
const ROUNDS = 60;

/**
 * Makes the elements above the diagonal vanish (Golub & Van Loan, algorithm 8.6.2). The diagonal becomes the singular
 * values, up to order and sign. Returns false if it did not converge.
 */
export function diagonalize(b: Bidiagonal): boolean {
  const { d, e } = b;
  const n = d.length;
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]!) + Math.abs(e[i] ?? 0));
  // Also against the norm: among values that are all rounding errors the neighbours say nothing.
  const negligible = Number.EPSILON * norm * 1e-3;
  let high = n - 1;
  for (let round = 0; high > 0; round++) {
    if (round > ROUNDS * n) return false;
    const low = splitOff(d, e, high, negligible);
    if (low === high) {
      high--;
      continue;
    }
    const zero = findZero(d, low, high, negligible);
    if (zero === high) clearColumn(b, low, high);
    else if (zero >= 0) clearRow(b, zero, high);
    else step(b, low, high);
  }
  return true;
}

/** The first row of the block that ends at `high`: above it the matrix falls apart. */
function splitOff(d: Float64Array, e: Float64Array, high: number, negligible: number): number {
  for (let i = high - 1; i >= 0; i--) {
    const size = Math.abs(e[i]!);
    if (size > negligible && size > Number.EPSILON * (Math.abs(d[i]!) + Math.abs(d[i + 1]!))) continue;
    e[i] = 0;
    return i + 1;
  }
  return 0;
}

function findZero(d: Float64Array, low: number, high: number, negligible: number): number {
  for (let i = high; i >= low; i--) {
    if (Math.abs(d[i]!) > negligible) continue;
    d[i] = 0;
    return i;
  }
  return -1;
}

/** With d[row] = 0, rotations with the rows below clear the rest of the row. */
function clearRow({ d, e, left }: Bidiagonal, row: number, high: number): void {
  let f = e[row]!;
  e[row] = 0;
  for (let k = row + 1; k <= high && f !== 0; k++) {
    const length = hypot(d[k]!, f);
    const c = d[k]! / length;
    const s = f / length;
    d[k] = length;
    if (k < high) {
      f = -s * e[k]!;
      e[k] = c * e[k]!;
    }
    if (left !== null) rotateRows(left, k * d.length, row * d.length, d.length, c, s);
  }
}

/** With d[high] = 0, rotations with the columns before clear the rest of the last column. */
function clearColumn({ d, e, right }: Bidiagonal, low: number, high: number): void {
  let f = e[high - 1]!;
  e[high - 1] = 0;
  for (let k = high - 1; k >= low && f !== 0; k--) {
    const length = hypot(d[k]!, f);
    const c = d[k]! / length;
    const s = f / length;
    d[k] = length;
    if (k > low) {
      f = -s * e[k - 1]!;
      e[k - 1] = c * e[k - 1]!;
    }
    if (right !== null) rotateRows(right, k * d.length, high * d.length, d.length, c, s);
  }
}

/** One implicit QR step on the block from `low` to `high`. */
function step({ d, e, left, right }: Bidiagonal, low: number, high: number): void {
  const n = d.length;
  let [f, g] = firstRotation(d, e, low, high);
  for (let k = low; k < high; k++) {
    let length = hypot(f, g);
    let c = length === 0 ? 1 : f / length;
    let s = length === 0 ? 0 : g / length;
    if (k > low) e[k - 1] = length;
    f = c * d[k]! + s * e[k]!;
    e[k] = c * e[k]! - s * d[k]!;
    g = s * d[k + 1]!;
    d[k + 1] = c * d[k + 1]!;
    if (right !== null) rotateRows(right, k * n, (k + 1) * n, n, c, s);
    length = hypot(f, g);
    c = length === 0 ? 1 : f / length;
    s = length === 0 ? 0 : g / length;
    d[k] = length;
    f = c * e[k]! + s * d[k + 1]!;
    d[k + 1] = c * d[k + 1]! - s * e[k]!;
    if (k + 1 < high) {
      g = s * e[k + 1]!;
      e[k + 1] = c * e[k + 1]!;
    }
    if (left !== null) rotateRows(left, k * n, (k + 1) * n, n, c, s);
  }
  e[high - 1] = f;
}

/**
 * The first column of BᵀB − μ, up to a factor; μ is the eigenvalue of its last 2 × 2 block that is closer to the last
 * element. All is relative to the largest element of the block, so that squares cannot overflow.
 */
function firstRotation(d: Float64Array, e: Float64Array, low: number, high: number): [number, number] {
  let scale = 0;
  for (let k = low; k <= high; k++) scale = Math.max(scale, Math.abs(d[k]!));
  for (let k = low; k < high; k++) scale = Math.max(scale, Math.abs(e[k]!));
  const last = d[high]! / scale;
  const previous = d[high - 1]! / scale;
  const between = e[high - 1]! / scale;
  const above = high - 1 > low ? e[high - 2]! / scale : 0;
  const p = previous * previous + above * above;
  const q = previous * between;
  const r = last * last + between * between;
  const half = (p - r) / 2;
  const root = hypot(half, q);
  const distance = half >= 0 ? half + root : half - root;
  const shift = distance === 0 ? r : r - (q * q) / distance;
  const first = d[low]! / scale;
  const second = e[low]! / scale;
  return [first * first - shift, first * second];
}
