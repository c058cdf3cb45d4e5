// Powers, roots and logarithms to fixed bases: forward and gradient of each side by side.
import { Unary } from "../engine/core.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { div, mul, sub } from "./arithmetic.ts";
import { compute, neg, smooth, square, trunc } from "./elementwise.ts";
import { checkTensor } from "./operand.ts";

const reciprocalRule = smooth("reciprocal", (g, _x, y) => neg(mul(g, square(y))));

/**
 * 1 / x, element by element.
 *
 * @example
 * reciprocal(tensor([2, 4])) // → tensor([0.50, 0.25])
 */
export function reciprocal(x: Tensor): Tensor {
  return compute("reciprocal", Unary.reciprocal, x, reciprocalRule);
}

const rsqrtRule = smooth("rsqrt", (g, _x, y) => mul(g, mul(mul(y, square(y)), -0.5)));

/**
 * 1 / √x, element by element.
 *
 * @example
 * rsqrt(tensor([4, 16])) // → tensor([0.50, 0.25])
 */
export function rsqrt(x: Tensor): Tensor {
  return compute("rsqrt", Unary.rsqrt, x, rsqrtRule);
}

const cbrtRule = smooth("cbrt", (g, _x, y) => div(g, mul(square(y), 3)));

/**
 * The cube root, element by element, also of negative numbers.
 *
 * @example
 * cbrt(tensor([8, -27])) // → tensor([ 2, -3])
 */
export function cbrt(x: Tensor): Tensor {
  return compute("cbrt", Unary.cbrt, x, cbrtRule);
}

const exp2Rule = smooth("exp2", (g, _x, y) => mul(g, mul(y, Math.LN2)));

/**
 * 2ˣ, element by element.
 *
 * @example
 * exp2(tensor([0, 3])) // → tensor([1, 8])
 */
export function exp2(x: Tensor): Tensor {
  return compute("exp2", Unary.exp2, x, exp2Rule);
}

const log2Rule = smooth("log2", (g, x) => div(g, mul(x, Math.LN2)));

/**
 * The logarithm to base 2, element by element.
 *
 * @example
 * log2(tensor([1, 8])) // → tensor([0, 3])
 */
export function log2(x: Tensor): Tensor {
  return compute("log2", Unary.log2, x, log2Rule);
}

const log10Rule = smooth("log10", (g, x) => div(g, mul(x, Math.LN10)));

/**
 * The logarithm to base 10, element by element.
 *
 * @example
 * log10(tensor([1, 1000])) // → tensor([0, 3])
 */
export function log10(x: Tensor): Tensor {
  return compute("log10", Unary.log10, x, log10Rule);
}

/**
 * What `trunc` takes off: the fraction, with the sign of x.
 *
 * @example
 * frac(tensor([1.75, -1.75])) // → tensor([ 0.75, -0.75])
 */
export function frac(x: Tensor): Tensor {
  checkTensor("frac", x);
  return sub(x, trunc(x));
}
