// Special functions of each element: error function, gamma function. Gradients are written with one another.
import { Unary } from "../engine/core.ts";
import { erfc as complement } from "../special/erf.ts";
import { logGamma, digamma as psi } from "../special/gamma.ts";
import { polygamma as derivative } from "../special/polygamma.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mul } from "./arithmetic.ts";
import { compute, exp, mapped, neg, smooth, square } from "./elementwise.ts";

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** The derivative of erf. */
function bell(x: Tensor): Tensor {
  return mul(exp(neg(square(x))), TWO_OVER_SQRT_PI);
}

const erfRule = smooth("erf", (g, x) => mul(g, bell(x)));

/**
 * The error function 2/√π ∫₀ˣ e^(−t²) dt, element by element.
 *
 * @example
 * erf(tensor([0, 1])) // → tensor([0.0000, 0.8427])
 */
export function erf(x: Tensor): Tensor {
  return compute("erf", Unary.erf, x, erfRule);
}

const erfcRule = smooth("erfc", (g, x) => neg(mul(g, bell(x))));

/**
 * 1 − erf(x), element by element, exact also where erf(x) rounds to 1.
 *
 * @example
 * erfc(tensor([0, 1])) // → tensor([1.0000, 0.1573])
 */
export function erfc(x: Tensor): Tensor {
  return mapped("erfc", complement, x, erfcRule);
}

const lgammaRule = smooth("lgamma", (g, x) => mul(g, digamma(x)));

/**
 * ln |Γ(x)|, element by element; infinity at 0, −1, −2 … For whole n, lgamma(n + 1) = ln n!.
 *
 * @example
 * lgamma(tensor([1, 6])) // → tensor([0.0000, 4.7875])
 */
export function lgamma(x: Tensor): Tensor {
  return mapped("lgamma", logGamma, x, lgammaRule);
}

const digammaRule = smooth("digamma", (g, x) => mul(g, polygamma(1, x)));

/**
 * ψ(x), the derivative of ln Γ(x), element by element.
 *
 * @example
 * digamma(tensor([1, 2])) // → tensor([-0.5772,  0.4228])
 */
export function digamma(x: Tensor): Tensor {
  return mapped("digamma", psi, x, digammaRule);
}

/** The derivative of digamma of the given order: of the first, trigamma. */
function polygamma(order: number, x: Tensor): Tensor {
  const rule = smooth("polygamma", (g, place) => mul(g, polygamma(order + 1, place)));
  return mapped("polygamma", (v) => derivative(order, v), x, rule);
}
