// Gaussian elimination with partial pivoting: rows exchanged so that P·L·U = A, and systems solved with that.
import { type Matrices, matrixAt, matrixName, short } from "./batch.ts";

/** A decomposed matrix: L below the diagonal (its ones not stored), U on it and above. */
export interface Factors {
  readonly lu: Float64Array;
  /** Row i of L·U is row order[i] of the matrix. */
  readonly order: Int32Array;
  /** 1, or −1 when the number of exchanges is odd. */
  readonly sign: number;
}

/** Decomposes a matrix `[rows, columns]` in place. */
export function factorize(a: Float64Array, rows: number, columns: number): Factors {
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  let sign = 1;
  for (let k = 0; k < Math.min(rows, columns); k++) {
    let best = k;
    for (let i = k + 1; i < rows; i++) {
      if (Math.abs(a[i * columns + k]!) > Math.abs(a[best * columns + k]!)) best = i;
    }
    if (best !== k) {
      exchangeRows(a, k, best, columns);
      [order[k], order[best]] = [order[best]!, order[k]!];
      sign = -sign;
    }
    const pivot = a[k * columns + k]!;
    if (pivot === 0) continue;
    for (let i = k + 1; i < rows; i++) {
      const row = i * columns;
      const factor = a[row + k]! / pivot;
      a[row + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1, p = k * columns + k + 1; j < columns; j++, p++) {
        a[row + j] = a[row + j]! - factor * a[p]!;
      }
    }
  }
  return { lu: a, order, sign };
}

function exchangeRows(a: Float64Array, i: number, k: number, columns: number): void {
  for (let p = i * columns, q = k * columns, end = p + columns; p < end; p++, q++) {
    const kept = a[p]!;
    a[p] = a[q]!;
    a[q] = kept;
  }
}

/** Decomposes every square matrix, and refuses those that are singular. */
export function factorizeRegular(operation: string, matrices: Matrices): Factors[] {
  const n = matrices.rows;
  return Array.from({ length: matrices.count }, (_, index) => {
    const a = matrixAt(matrices, index);
    const factors = factorize(a.slice(), n, n);
    const k = vanishingPivot(factors, a, n);
    if (k < 0) return factors;
    const pivot = factors.lu[k * n + k]!;
    const value = pivot === 0 ? "0" : `${short(pivot)}, which is 0 up to rounding`;
    throw new Error(
      `${operation}: ${matrixName(matrices, index)} is singular (pivot ${k + 1} is ${value}), its rows depend on each other — ` +
        "use linalg.lstsq or linalg.pinv",
    );
  });
}

/**
 * The first pivot that is zero, or nothing but the rounding error of the subtractions it came from; −1 if there is none.
 * That is no question of size: a matrix with rows of 1e−20 may be perfectly regular.
 */
function vanishingPivot({ lu, order }: Factors, original: Float64Array, n: number): number {
  for (let k = 0; k < n; k++) {
    const pivot = Math.abs(lu[k * n + k]!);
    if (pivot === 0) return k;
    let terms = Math.abs(original[order[k]! * n + k]!);
    for (let i = 0; i < k; i++) terms += Math.abs(lu[k * n + i]! * lu[i * n + k]!);
    if (pivot <= Number.EPSILON * terms) return k;
  }
  return -1;
}

/** Solves A·X = B for a decomposed A; B has `columns` columns. */
export function solveFactored(
  { lu, order }: Factors,
  b: Float64Array,
  n: number,
  columns: number,
): Float64Array {
  const x = new Float64Array(n * columns);
  for (let i = 0; i < n; i++) {
    const from = order[i]! * columns;
    for (let j = 0; j < columns; j++) x[i * columns + j] = b[from + j]!;
  }
  substitute(lu, x, n, columns, { upper: false, unit: true });
  substitute(lu, x, n, columns, { upper: true, unit: false });
  return x;
}

/** Solves T·X = B in place for the upper or lower triangle of a matrix, `unit`: with ones on its diagonal. */
export function substitute(
  t: Float64Array,
  x: Float64Array,
  n: number,
  columns: number,
  { upper, unit }: { upper: boolean; unit: boolean },
): void {
  for (let step = 0; step < n; step++) {
    const i = upper ? n - 1 - step : step;
    const row = i * columns;
    const first = upper ? i + 1 : 0;
    const end = upper ? n : i;
    for (let k = first; k < end; k++) {
      const factor = t[i * n + k]!;
      if (factor === 0) continue;
      for (let j = 0, p = k * columns; j < columns; j++, p++) x[row + j] = x[row + j]! - factor * x[p]!;
    }
    if (unit) continue;
    const diagonal = t[i * n + i]!;
    for (let j = 0; j < columns; j++) x[row + j] = x[row + j]! / diagonal;
  }
}
