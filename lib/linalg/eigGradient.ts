// The gradient of eigenvalues and eigenvectors of general matrices, in real arithmetic: x + iy is the matrix [[x, −y], [y, x]].
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { add, div, mul, sub, where } from "../ops/arithmetic.ts";
import { equal } from "../ops/compare.ts";
import { abs, neg, square } from "../ops/elementwise.ts";
import { slice } from "../ops/indexing.ts";
import { concat } from "../ops/join.ts";
import { matmul } from "../ops/matmul.ts";
import { argMax, sum } from "../ops/reduce.ts";
import { expandDims } from "../ops/shape.ts";
import type { Complex } from "../tensor/complex.ts";
import { eye, oneHot } from "../tensor/create.ts";
import { zerosLike } from "../tensor/patterns.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { matrixTranspose } from "./batch.ts";
import type { EigResult } from "./eig.ts";
import { inv } from "./solve.ts";

/** The real matrix of twice the size that multiplies as the complex one does; its transpose is the conjugate transpose. */
function asReal({ real, imaginary }: Complex): Tensor {
  const upper = concat([real, neg(imaginary)], -1);
  return concat([upper, concat([imaginary, real], -1)], -2);
}

function asComplex(x: Tensor): Complex {
  const n = x.shape[x.rank - 1]! / 2;
  const left = slice(x, 0, n, { axis: x.rank - 1 });
  const axis = x.rank - 2;
  return { real: slice(left, 0, n, { axis }), imaginary: slice(left, n, 2 * n, { axis }) };
}

/** V⁻ᴴ · inner · Vᴴ, of which a real matrix gets the real part. */
function backward(a: Tensor, { eigenvectors }: EigResult, inner: Complex): void {
  const v = asReal(eigenvectors);
  const left = matmul(matrixTranspose(inv(v)), asReal(inner));
  give(a, asComplex(matmul(left, matrixTranspose(v))).real);
}

/** A part of a complex number, the other part of which is 0. */
function alone(part: Tensor, which: keyof Complex): Complex {
  const none = zerosLike(part);
  return which === "real" ? { real: part, imaginary: none } : { real: none, imaginary: part };
}

function valuesRule(which: keyof Complex): Rule {
  return {
    name: "linalg.eig",
    backward(gradient, node) {
      const identity = eye(gradient.shape[gradient.rank - 1]!, { dtype: gradient.dtype });
      const inner = alone(mul(expandDims(gradient, -2), identity), which);
      backward(node.inputs[0] as Tensor, node.saved as EigResult, inner);
    },
  };
}

/** Columns turned so that their largest number is real: with it, the gradient's part along such a turn vanishes. */
function withoutTurn({ real: x, imaginary: y }: Complex, g: Complex): Complex {
  const n = x.shape[x.rank - 1]!;
  const size = where(equal(y, 0), abs(x), 0).detach();
  const largest = matrixTranspose(oneHot(argMax(size, -2), n)).cast(x.dtype);
  const turn = sum(sub(mul(x, g.imaginary), mul(y, g.real)), -2, { keepDims: true });
  const height = sum(mul(x, largest), -2, { keepDims: true });
  return { real: g.real, imaginary: sub(g.imaginary, mul(largest, div(turn, height))) };
}

function vectorsRule(which: keyof Complex): Rule {
  return {
    name: "linalg.eig",
    backward(gradient, node) {
      const { eigenvalues, eigenvectors } = node.saved as EigResult;
      const v = asReal(eigenvectors);
      const adjoint = matrixTranspose(v);
      const towards = asComplex(matmul(adjoint, asReal(withoutTurn(eigenvectors, alone(gradient, which)))));
      const products = asComplex(matmul(adjoint, v));
      // Columns keep their length of 1; then divided by the conjugates of λⱼ − λᵢ.
      const identity = eye(gradient.shape[gradient.rank - 1]!, { dtype: gradient.dtype });
      const along = sum(mul(towards.real, identity), -2, { keepDims: true });
      const [p, q] = [
        sub(towards.real, mul(products.real, along)),
        sub(towards.imaginary, mul(products.imaginary, along)),
      ];
      const [s, t] = [eigenvalues.real, eigenvalues.imaginary].map((part) =>
        sub(expandDims(part, -2), expandDims(part, -1)),
      );
      const others = sub(1, identity);
      const distance = add(add(square(s!), square(t!)), identity);
      backward(node.inputs[0] as Tensor, node.saved as EigResult, {
        real: div(mul(others, sub(mul(p, s!), mul(q, t!))), distance),
        imaginary: div(mul(others, add(mul(p, t!), mul(q, s!))), distance),
      });
    },
  };
}

const rules = {
  eigenvalues: { real: valuesRule("real"), imaginary: valuesRule("imaginary") },
  eigenvectors: { real: vectorsRule("real"), imaginary: vectorsRule("imaginary") },
};

/**
 * Records the decomposition of a matrix (Boeddeker et al., 2017, "On the computation of complex-valued gradients with
 * application to statistically optimum beamforming"). Each of the four results sends its own part of the gradient back.
 */
export function recordEig(a: Tensor, result: EigResult): EigResult {
  if (!tracks(a)) return result;
  for (const part of ["eigenvalues", "eigenvectors"] as const) {
    for (const which of ["real", "imaginary"] as const)
      attach(result[part][which], rules[part][which], [a], result);
  }
  return result;
}
