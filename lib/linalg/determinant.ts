// Determinants of square matrices.
import { attach, give, mode, type Rule, tracks } from "../autograd/graph.ts";
import { mul } from "../ops/arithmetic.ts";
import { toFloat } from "../ops/operand.ts";
import { reshape } from "../ops/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { fromNumbers, matrixAt, matrixTranspose, readSquare } from "./batch.ts";
import { factorize } from "./lu.ts";
import { decompose } from "./singular.ts";
import { inv } from "./solve.ts";

/** A number for each matrix, to multiply with matrices. */
function asMatrices(x: Tensor): Tensor {
  return reshape(x, [...x.shape, 1, 1]);
}

const determinantRule: Rule = {
  name: "linalg.det",
  backward(gradient, node) {
    const a = node.inputs[0] as Tensor;
    const determinant = node.saved as Tensor;
    // The gradient is the matrix of cofactors, det(A)·A⁻ᵀ. A singular matrix has cofactors too, but no inverse to write them with.
    const factors = mode.recording
      ? mul(asMatrices(determinant), matrixTranspose(inv(a)))
      : cofactors(a.detach());
    give(a, mul(asMatrices(gradient), factors));
  },
};

/** From A = U·Σ·Vᵀ: det(U)·det(V) · U·Σ'·Vᵀ, where σ'ᵢ is the product of the other singular values. */
function cofactors(a: Tensor): Tensor {
  const matrices = readSquare("linalg.det", a);
  const n = matrices.rows;
  const result = new Float64Array(matrices.numbers.length);
  for (let index = 0; index < matrices.count; index++) {
    const { u, values, vh } = decompose("linalg.det", matrixAt(matrices, index), n, n);
    const sign = determinantOf(u.slice(), n) * determinantOf(vh.slice(), n) > 0 ? 1 : -1;
    const others = values.map((_, i) =>
      values.reduce((product, v, j) => (j === i ? product : product * v), sign),
    );
    const target = result.subarray(index * n * n, (index + 1) * n * n);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) {
        const factor = u[i * n + k]! * others[k]!;
        for (let j = 0; j < n; j++) target[i * n + j] = target[i * n + j]! + factor * vh[k * n + j]!;
      }
    }
  }
  return fromNumbers(result, a.shape, a.dtype);
}

function determinantOf(a: Float64Array, n: number): number {
  const { lu, sign } = factorize(a, n, n);
  let product = sign;
  for (let i = 0; i < n; i++) product *= lu[i * n + i]!;
  return product;
}

/**
 * The determinant of square matrices: `[…, n, n]` → `[…]`, by LU decomposition. It easily overflows for large matrices:
 * see {@link slogdet}. Second derivatives exist here for regular matrices only.
 *
 * @throws when a matrix is not square, or when a number is not finite.
 * @example
 * linalg.det(tensor([[1, 2], [3, 4]])).item() // → -2
 */
export function det(a: Tensor): Tensor {
  const matrices = readSquare("linalg.det", a);
  const n = matrices.rows;
  const numbers = Float64Array.from({ length: matrices.count }, (_, index) =>
    determinantOf(matrixAt(matrices, index), n),
  );
  const result = fromNumbers(numbers, matrices.batch, matrices.dtype);
  const x = toFloat(a);
  return tracks(x) ? attach(result, determinantRule, [x], result) : result;
}

/** What {@link slogdet} gives, each of shape `[…]`. */
export interface SlogdetResult {
  /** −1, 1, or 0 for a singular matrix. */
  sign: Tensor;
  /** The natural logarithm of the absolute determinant; −∞ for a singular matrix. */
  logAbsDet: Tensor;
}

const logarithmRule: Rule = {
  name: "linalg.slogdet",
  backward(gradient, node) {
    const a = node.inputs[0] as Tensor;
    give(a, mul(asMatrices(gradient), matrixTranspose(inv(a))));
  },
};

/**
 * Sign and logarithm of the determinant of square matrices, where the determinant itself would overflow.
 *
 * @throws when a matrix is not square, or when a number is not finite; going back, when it is singular.
 * @example
 * const { sign, logAbsDet } = linalg.slogdet(tensor([[0, 1], [1, 0]]));
 * [sign.item(), logAbsDet.item()] // → [ -1, 0 ]
 */
export function slogdet(a: Tensor): SlogdetResult {
  const matrices = readSquare("linalg.slogdet", a);
  const n = matrices.rows;
  const signs = new Float64Array(matrices.count);
  const logarithms = new Float64Array(matrices.count);
  for (let index = 0; index < matrices.count; index++) {
    const { lu, sign } = factorize(matrixAt(matrices, index), n, n);
    signs[index] = sign;
    for (let i = 0; i < n; i++) {
      const pivot = lu[i * n + i]!;
      signs[index] = signs[index]! * Math.sign(pivot);
      logarithms[index] = logarithms[index]! + Math.log(Math.abs(pivot));
    }
  }
  const logAbsDet = fromNumbers(logarithms, matrices.batch, matrices.dtype);
  const x = toFloat(a);
  return {
    sign: fromNumbers(signs, matrices.batch, matrices.dtype),
    logAbsDet: tracks(x) ? attach(logAbsDet, logarithmRule, [x]) : logAbsDet,
  };
}
