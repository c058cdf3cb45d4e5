// The singular value decomposition of one matrix: Householder reflections to bidiagonal form, then the QR method.
import { transposed } from "./batch.ts";
import { diagonalize } from "./bidiagonal.ts";
import { makeReflection, productOfReflections, reflectColumns, reflectRows } from "./householder.ts";
import { triangularize, upperTriangle } from "./qr.ts";

/** A = u · diag(values) · vh with k = min(rows, columns) singular values, the largest first. */
export interface Singular {
  /** Orthonormal columns `[rows, k]`; empty when only the values were wanted. */
  u: Float64Array;
  values: Float64Array;
  /** Orthonormal rows `[k, columns]`; empty when only the values were wanted. */
  vh: Float64Array;
}

/** Decomposes a matrix; overwrites it. @throws when the iteration does not converge. */
export function decompose(
  operation: string,
  a: Float64Array,
  rows: number,
  columns: number,
  vectors = true,
): Singular {
  if (rows < columns) {
    const { u, values, vh } = decompose(operation, transposed(a, rows, columns), columns, rows, vectors);
    if (!vectors) return { u, values, vh };
    return { u: transposed(vh, rows, rows), values, vh: transposed(u, columns, rows) };
  }
  if (rows === columns) return decomposeSquare(operation, a, columns, vectors);
  // Of a tall matrix, first to a square triangle: the rest then does not depend on the number of rows.
  const n = columns;
  const taus = triangularize(a, rows, n);
  const inner = decomposeSquare(operation, upperTriangle(a, n), n, vectors);
  if (!vectors) return inner;
  const u = new Float64Array(rows * n);
  u.set(inner.u);
  const work = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    reflectRows(u, k * n, rows - k, n, n, a, k * n + k, n, taus[k]!, work);
  }
  return { ...inner, u };
}

function decomposeSquare(operation: string, a: Float64Array, n: number, vectors: boolean): Singular {
  const { d, e, leftTaus, rightTaus } = bidiagonalize(a, n);
  let left: Float64Array | null = null;
  let right: Float64Array | null = null;
  if (vectors) {
    left = transposed(productOfReflections(a, leftTaus, n, n, n, 0), n, n);
    right = transposed(productOfReflections(transposed(a, n, n), rightTaus, n, n, n, 1), n, n);
  }
  if (!diagonalize({ d, e, left, right })) {
    throw new Error(`${operation}: the singular values of a ${n} × ${n} matrix did not converge`);
  }
  const order = Array.from(d.keys()).sort((i, j) => Math.abs(d[j]!) - Math.abs(d[i]!));
  const values = Float64Array.from(order, (i) => Math.abs(d[i]!));
  if (left === null || right === null) return { u: new Float64Array(), values, vh: new Float64Array() };
  const u = new Float64Array(n * n);
  const vh = new Float64Array(n * n);
  order.forEach((from, to) => {
    const sign = d[from]! < 0 ? -1 : 1;
    for (let j = 0; j < n; j++) {
      u[j * n + to] = left[from * n + j]!;
      vh[to * n + j] = sign * right[from * n + j]!;
    }
  });
  return { u, values, vh };
}

/** To a diagonal d with the elements e above it (Golub & Van Loan, algorithm 5.4.2); leaves the vectors in the matrix. */
function bidiagonalize(a: Float64Array, n: number) {
  const d = new Float64Array(n);
  const e = new Float64Array(Math.max(0, n - 1));
  const leftTaus = new Float64Array(n);
  const rightTaus = new Float64Array(Math.max(0, n - 1));
  const work = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const start = k * n + k;
    const tau = makeReflection(a, start, n - k, n);
    leftTaus[k] = tau;
    reflectRows(a, start + 1, n - k, n - k - 1, n, a, start, n, tau, work);
    d[k] = a[start]!;
    if (k === n - 1) break;
    const tauRight = makeReflection(a, start + 1, n - k - 1, 1);
    rightTaus[k] = tauRight;
    reflectColumns(a, start + n + 1, n - k - 1, n - k - 1, n, a, start + 1, tauRight);
    e[k] = a[start + 1]!;
  }
  return { d, e, leftTaus, rightTaus };
}
