// Householder reflections I − τ·v·vᵀ, the building block of QR, of the bidiagonal, tridiagonal and Hessenberg forms.
// Golub & Van Loan, Matrix Computations, 5.1; the sign of τ and of the remaining element is that of LAPACK's dlarfg.

/** The Euclidean length of `count` numbers at a distance of `step`, without overflow. */
export function lengthOf(a: Float64Array, start: number, count: number, step: number): number {
  let scale = 0;
  for (let i = 0, p = start; i < count; i++, p += step) scale = Math.max(scale, Math.abs(a[p]!));
  if (scale === 0) return 0;
  let sum = 0;
  for (let i = 0, p = start; i < count; i++, p += step) {
    const v = a[p]! / scale;
    sum += v * v;
  }
  return scale * Math.sqrt(sum);
}

/**
 * The reflection that maps the `count` numbers x at `start` (at a distance of `step`) to (β, 0, …, 0). Writes β over the
 * first, v over the others (its first element is 1 and not stored) and returns τ; 0 when there is nothing to do.
 */
export function makeReflection(a: Float64Array, start: number, count: number, step: number): number {
  const rest = lengthOf(a, start + step, count - 1, step);
  if (rest === 0) return 0;
  const alpha = a[start]!;
  const beta = alpha >= 0 ? -hypot(alpha, rest) : hypot(alpha, rest);
  const divisor = alpha - beta;
  for (let i = 1, p = start + step; i < count; i++, p += step) a[p] = a[p]! / divisor;
  a[start] = beta;
  return (beta - alpha) / beta;
}

/**
 * Applies a reflection from the left to the block of `rows` × `columns` at `start` of a matrix with `width` columns. The
 * vector v is in `vectors`, from `vectorStart` on at a distance of `step`; `work` has room for `columns` numbers.
 */
export function reflectRows(
  a: Float64Array,
  start: number,
  rows: number,
  columns: number,
  width: number,
  vectors: Float64Array,
  vectorStart: number,
  step: number,
  tau: number,
  work: Float64Array,
): void {
  if (tau === 0) return;
  for (let j = 0; j < columns; j++) work[j] = a[start + j]!;
  for (let i = 1; i < rows; i++) {
    const v = vectors[vectorStart + i * step]!;
    if (v === 0) continue;
    const row = start + i * width;
    for (let j = 0; j < columns; j++) work[j] = work[j]! + v * a[row + j]!;
  }
  for (let j = 0; j < columns; j++) {
    work[j] = work[j]! * tau;
    a[start + j] = a[start + j]! - work[j]!;
  }
  for (let i = 1; i < rows; i++) {
    const v = vectors[vectorStart + i * step]!;
    if (v === 0) continue;
    const row = start + i * width;
    for (let j = 0; j < columns; j++) a[row + j] = a[row + j]! - v * work[j]!;
  }
}

/** The same from the right: the vector lies along the columns, contiguous. */
export function reflectColumns(
  a: Float64Array,
  start: number,
  rows: number,
  columns: number,
  width: number,
  vectors: Float64Array,
  vectorStart: number,
  tau: number,
): void {
  if (tau === 0) return;
  for (let i = 0; i < rows; i++) {
    const row = start + i * width;
    let sum = a[row]!;
    for (let j = 1; j < columns; j++) sum += a[row + j]! * vectors[vectorStart + j]!;
    sum *= tau;
    a[row] = a[row]! - sum;
    for (let j = 1; j < columns; j++) a[row + j] = a[row + j]! - sum * vectors[vectorStart + j]!;
  }
}

/**
 * The product of reflections H₀·H₁·… as a matrix `[rows, wanted]` (its first `wanted` columns). Reflection k is stored in
 * column k of `vectors` (`width` columns) and begins at row k + shift.
 */
export function productOfReflections(
  vectors: Float64Array,
  taus: Float64Array,
  rows: number,
  width: number,
  wanted: number,
  shift: number,
): Float64Array {
  const q = new Float64Array(rows * wanted);
  const work = new Float64Array(wanted);
  for (let i = 0; i < Math.min(rows, wanted); i++) q[i * wanted + i] = 1;
  for (let k = taus.length - 1; k >= 0; k--) {
    const first = k + shift;
    if (first >= wanted) continue;
    // Rows above and columns left of `first` are still those of the identity.
    const start = first * wanted + first;
    const v = first * width + k;
    reflectRows(q, start, rows - first, wanted - first, wanted, vectors, v, width, taus[k]!, work);
  }
  return q;
}

/** √(x² + y²) without overflow; much faster than Math.hypot. */
export function hypot(x: number, y: number): number {
  const p = Math.abs(x);
  const q = Math.abs(y);
  const larger = Math.max(p, q);
  if (larger === 0) return 0;
  const ratio = Math.min(p, q) / larger;
  return larger * Math.sqrt(1 + ratio * ratio);
}

/** Rotates two rows of `count` numbers: x, y → c·x + s·y, c·y − s·x. */
export function rotateRows(a: Float64Array, x: number, y: number, count: number, c: number, s: number): void {
  for (let j = 0; j < count; j++) {
    const p = a[x + j]!;
    const q = a[y + j]!;
    a[x + j] = c * p + s * q;
    a[y + j] = c * q - s * p;
  }
}
