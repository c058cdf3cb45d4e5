// Eigenvalues and eigenvectors of general real matrices; both may be complex.
import { toFloat } from "../ops/operand.ts";
import type { Complex } from "../tensor/complex.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromNumbers, largest, matrixAt, matrixName, readSquare } from "./batch.ts";
import { recordEig } from "./eigGradient.ts";
import { hypot } from "./householder.ts";
import { schur } from "./schur.ts";

/** What {@link eig} gives. */
export interface EigResult {
  /** `[…, n]`, in no particular order; complex ones come in conjugate pairs, the one with positive imaginary part first. */
  eigenvalues: Complex;
  /** `[…, n, n]`: column j belongs to eigenvalue j and has length 1. */
  eigenvectors: Complex;
}

/** One eigenvalue and its eigenvector. */
interface Pair {
  real: number;
  imaginary: number;
  x: Float64Array;
  y: Float64Array;
}

/**
 * Scales rows and columns by powers of two so that they are of similar size, in place (Parlett & Reinsch, 1969): eigenvalues of
 * badly scaled matrices come out more exact. Returns the factors.
 */
function balance(a: Float64Array, n: number): Float64Array {
  const factors = new Float64Array(n).fill(1);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < n; i++) {
      let row = 0;
      let column = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        row += Math.abs(a[i * n + j]!);
        column += Math.abs(a[j * n + i]!);
      }
      if (row === 0 || column === 0) continue;
      const factor = 2 ** Math.round(Math.log2(row / column) / 2);
      if (column * factor + row / factor > 0.95 * (column + row)) continue;
      changed = true;
      factors[i] = factors[i]! * factor;
      for (let j = 0; j < n; j++) {
        a[i * n + j] = a[i * n + j]! / factor;
        a[j * n + i] = a[j * n + i]! * factor;
      }
    }
  }
  return factors;
}

/**
 * The eigenvector of a Schur form for the eigenvalue that ends at row `last` (of a complex pair, its second row), by
 * substitution in complex numbers from there upwards. Rows after `last` are zero.
 */
function substituteUp(t: Float64Array, n: number, last: number, value: Pair, smallest: number): void {
  const { x, y } = value;
  let row = last - 1;
  if (value.imaginary === 0) {
    x[last] = 1;
  } else {
    // (b, λ − a) is an eigenvector of the block [a b; c d].
    x[last - 1] = t[(last - 1) * n + last]!;
    x[last] = value.real - t[(last - 1) * n + last - 1]!;
    y[last] = value.imaginary;
    row--;
  }
  while (row >= 0) {
    const paired = row > 0 && t[row * n + row - 1] !== 0;
    const size = paired
      ? solvePair(t, n, row, last, value, smallest)
      : solveRow(t, n, row, last, value, smallest);
    row -= paired ? 2 : 1;
    if (size < 1e100) continue;
    for (let i = row + 1; i <= last; i++) {
      x[i] = x[i]! / size;
      y[i] = y[i]! / size;
    }
  }
}

/** −Σ t[row, k]·x[k] over the rows that are known. */
function rightSide(t: Float64Array, n: number, row: number, from: number, last: number, { x, y }: Pair) {
  let re = 0;
  let im = 0;
  for (let k = from, p = row * n + from; k <= last; k++, p++) {
    re -= t[p]! * x[k]!;
    im -= t[p]! * y[k]!;
  }
  return [re, im] as const;
}

function solveRow(
  t: Float64Array,
  n: number,
  row: number,
  last: number,
  value: Pair,
  smallest: number,
): number {
  const [re, im] = rightSide(t, n, row, row + 1, last, value);
  let a = t[row * n + row]! - value.real;
  // Of equal eigenvalues without further eigenvectors this gives the same one again, as it must be.
  if (hypot(a, value.imaginary) < smallest) a = smallest;
  [value.x[row], value.y[row]] = quotient(re, im, a, -value.imaginary);
  return hypot(value.x[row]!, value.y[row]!);
}

/** Two rows at once: those of a complex pair, by Cramer's rule. */
function solvePair(
  t: Float64Array,
  n: number,
  row: number,
  last: number,
  value: Pair,
  smallest: number,
): number {
  const above = row - 1;
  const [re1, im1] = rightSide(t, n, above, row + 1, last, value);
  const [re2, im2] = rightSide(t, n, row, row + 1, last, value);
  const a = t[above * n + above]! - value.real;
  const b = t[above * n + row]!;
  const c = t[row * n + above]!;
  const d = t[row * n + row]! - value.real;
  const w = -value.imaginary;
  // (a + wi)(d + wi) − bc
  let real = a * d - w * w - b * c;
  const imaginary = w * (a + d);
  const least = smallest * (Math.abs(a) + Math.abs(b) + Math.abs(c) + Math.abs(d) + Math.abs(w));
  if (hypot(real, imaginary) < least) real = least;
  [value.x[above], value.y[above]] = quotient(
    re1 * d - im1 * w - b * re2,
    re1 * w + im1 * d - b * im2,
    real,
    imaginary,
  );
  [value.x[row], value.y[row]] = quotient(
    re2 * a - im2 * w - c * re1,
    re2 * w + im2 * a - c * im1,
    real,
    imaginary,
  );
  return Math.max(hypot(value.x[above]!, value.y[above]!), hypot(value.x[row]!, value.y[row]!));
}

/** (a + bi) / (c + di), without overflow on the way (Smith, 1962). */
function quotient(a: number, b: number, c: number, d: number): [number, number] {
  if (Math.abs(c) >= Math.abs(d)) {
    const ratio = d / c;
    const divisor = c + d * ratio;
    return [(a + b * ratio) / divisor, (b - a * ratio) / divisor];
  }
  const ratio = c / d;
  const divisor = c * ratio + d;
  return [(a * ratio + b) / divisor, (b * ratio - a) / divisor];
}

/** Eigenvalues and vectors of one matrix, which is overwritten. Null if the iteration did not converge. */
function decompose(a: Float64Array, n: number): Pair[] | null {
  // To a size near 1, so that products of elements neither overflow nor vanish.
  const scale = 2 ** Math.floor(Math.log2(largest(a) || 1));
  for (let i = 0; i < a.length; i++) a[i] = a[i]! / scale;
  const factors = balance(a, n);
  const q = schur(a, n);
  if (q === null) return null;
  const smallest = Number.EPSILON * (largest(a) || 1);
  const pairs: Pair[] = [];
  for (let k = 0; k < n; k++) {
    const at = k * n + k;
    const isPair = k + 1 < n && a[at + n] !== 0;
    let pair: Pair = { real: a[at]!, imaginary: 0, x: new Float64Array(n), y: new Float64Array(n) };
    if (isPair) {
      const half = (a[at]! - a[at + n + 1]!) / 2;
      const root = Math.sqrt(-(half * half + a[at + 1]! * a[at + n]!));
      pair = { ...pair, real: a[at + n + 1]! + half, imaginary: root };
      k++;
    }
    substituteUp(a, n, k, pair, smallest);
    const vector: Pair = {
      real: pair.real * scale,
      imaginary: pair.imaginary * scale,
      x: turnBack(q, n, pair.x, factors),
      y: turnBack(q, n, pair.y, factors),
    };
    normalize(vector);
    pairs.push(vector);
    if (isPair) pairs.push({ ...vector, imaginary: -vector.imaginary, y: vector.y.map((v) => -v) });
  }
  return pairs;
}

/** Q·x, from Qᵀ, in the scale of the matrix before it was balanced. */
function turnBack(q: Float64Array, n: number, x: Float64Array, factors: Float64Array): Float64Array {
  const result = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const factor = x[k]!;
    if (factor === 0) continue;
    for (let i = 0, p = k * n; i < n; i++, p++) result[i] = result[i]! + factor * q[p]!;
  }
  for (let i = 0; i < n; i++) result[i] = result[i]! * factors[i]!;
  return result;
}

/** To length 1, the largest element real. */
function normalize({ x, y }: Pair): void {
  let length = 0;
  let best = 0;
  for (let i = 0; i < x.length; i++) {
    length = hypot(length, hypot(x[i]!, y[i]!));
    if (hypot(x[i]!, y[i]!) > hypot(x[best]!, y[best]!)) best = i;
  }
  const size = hypot(x[best]!, y[best]!);
  const isReal = y.every((v) => v === 0);
  const c = isReal ? 1 : x[best]! / size;
  const s = isReal ? 0 : y[best]! / size;
  for (let i = 0; i < x.length; i++) {
    const [p, q] = [x[i]!, y[i]!];
    x[i] = (p * c + q * s) / length;
    y[i] = (q * c - p * s) / length;
  }
  if (!isReal) y[best] = 0;
}

/**
 * Eigenvalues and eigenvectors of square matrices `[…, n, n]`: A · v = λ · v (Hessenberg form and Francis' QR method, Golub &
 * Van Loan, 7.4 to 7.6). For symmetric matrices {@link eigh} is faster and more exact. Gradients flow through eigenvalues and,
 * where no two eigenvalues are the same, eigenvectors.
 *
 * @throws when a matrix is not square, when a number is not finite, or (very rarely) when the iteration does not converge;
 *   going back, when the eigenvectors depend on each other.
 * @example
 * const { eigenvalues } = linalg.eig(tensor([[0, -1], [1, 0]]));
 * eigenvalues.real // → tensor([0, 0])
 * eigenvalues.imaginary // → tensor([ 1, -1])
 */
export function eig(a: Tensor): EigResult {
  const matrices = readSquare("linalg.eig", a);
  const { batch, count, rows: n, dtype } = matrices;
  const values = [new Float64Array(count * n), new Float64Array(count * n)] as const;
  const vectors = [new Float64Array(count * n * n), new Float64Array(count * n * n)] as const;
  for (let index = 0; index < count; index++) {
    const pairs = decompose(matrixAt(matrices, index), n);
    if (pairs === null) {
      throw new Error(`linalg.eig: the eigenvalues of ${matrixName(matrices, index)} did not converge`);
    }
    pairs.forEach(({ real, imaginary, x, y }, j) => {
      values[0][index * n + j] = real;
      values[1][index * n + j] = imaginary;
      for (let i = 0; i < n; i++) {
        vectors[0][(index * n + i) * n + j] = x[i]!;
        vectors[1][(index * n + i) * n + j] = y[i]!;
      }
    });
  }
  const complex = ([real, imaginary]: readonly [Float64Array, Float64Array], shape: readonly number[]) => ({
    real: fromNumbers(real, shape, dtype),
    imaginary: fromNumbers(imaginary, shape, dtype),
  });
  return recordEig(toFloat(a), {
    eigenvalues: complex(values, [...batch, n]),
    eigenvectors: complex(vectors, [...batch, n, n]),
  });
}
