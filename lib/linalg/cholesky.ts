// Cholesky decomposition: a symmetric positive definite matrix as L·Lᵀ.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { matmul } from "../ops/matmul.ts";
import { toFloat } from "../ops/operand.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromNumbers, matrixAt, matrixName, matrixTranspose, readSymmetric, short } from "./batch.ts";
import { diagonal, embed, tril } from "./diagonal.ts";
import { solveTriangular } from "./solve.ts";

/** Writes L over a symmetric matrix. Returns −1, or the row at which it turned out not to be positive definite. */
function factorizeSymmetric(a: Float64Array, n: number): number {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let sum = a[row + j]!;
      for (let k = 0; k < j; k++) sum -= a[row + k]! * a[other + k]!;
      if (j < i) {
        a[row + j] = sum / a[other + j]!;
      } else {
        a[row + i] = sum;
        if (!(sum > 0)) return i;
        a[row + i] = Math.sqrt(sum);
      }
    }
    a.fill(0, row + i + 1, row + n);
  }
  return -1;
}

const choleskyRule: Rule = {
  name: "linalg.cholesky",
  backward(gradient, node) {
    // With P the lower triangle of Lᵀ·G, its diagonal halved: the symmetric part of L⁻ᵀ·P·L⁻¹ (Murray, 2016,
    // "Differentiation of the Cholesky decomposition", section 5.1).
    const l = node.saved as Tensor;
    const lt = matrixTranspose(l);
    const product = tril(matmul(lt, gradient));
    const n = l.shape[l.rank - 1]!;
    const halves = mul(embed(diagonal(product), { rows: n, columns: n, offset: 0 }), 0.5);
    const left = solveTriangular(lt, sub(product, halves));
    const both = matrixTranspose(solveTriangular(lt, matrixTranspose(left)));
    give(node.inputs[0] as Tensor, mul(add(both, matrixTranspose(both)), 0.5));
  },
};

/**
 * The lower triangular L with L · Lᵀ = A of symmetric positive definite matrices `[…, n, n]` (Golub & Van Loan, 4.2).
 *
 * @throws when a matrix is not square, not symmetric or not positive definite, or when a number is not finite.
 * @example
 * linalg.cholesky(tensor([[4, 2], [2, 10]])).toArray() // → [ [ 2, 0 ], [ 1, 3 ] ]
 */
export function cholesky(a: Tensor): Tensor {
  const matrices = readSymmetric("linalg.cholesky", a);
  const n = matrices.rows;
  for (let index = 0; index < matrices.count; index++) {
    const l = matrixAt(matrices, index);
    const row = factorizeSymmetric(l, n);
    if (row < 0) continue;
    throw new Error(
      `linalg.cholesky: ${matrixName(matrices, index)} is not positive definite — its leading minor of order ${row + 1} is not ` +
        `positive (the square of the pivot would be ${short(l[row * n + row]!)}); adding a small multiple of eye(${n}) often helps`,
    );
  }
  const result = fromNumbers(matrices.numbers, a.shape, matrices.dtype);
  const x = toFloat(a);
  return tracks(x) ? attach(result, choleskyRule, [x], result) : result;
}
