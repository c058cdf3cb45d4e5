// Trigonometric and hyperbolic functions and their inverses: forward and gradient of each side by side.
import { Unary } from "../engine/core.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { compute, neg, smooth, square } from "./elementwise.ts";
import { rsqrt } from "./exponential.ts";

const sinRule = smooth("sin", (g, x) => mul(g, cos(x)));

/**
 * The sine, element by element, of angles in radians.
 *
 * @example
 * sin(tensor([0, Math.PI / 2])) // → tensor([0, 1])
 */
export function sin(x: Tensor): Tensor {
  return compute("sin", Unary.sin, x, sinRule);
}

const cosRule = smooth("cos", (g, x) => neg(mul(g, sin(x))));

/**
 * The cosine, element by element, of angles in radians.
 *
 * @example
 * cos(tensor([0, Math.PI])) // → tensor([ 1, -1])
 */
export function cos(x: Tensor): Tensor {
  return compute("cos", Unary.cos, x, cosRule);
}

const tanRule = smooth("tan", (g, _x, y) => mul(g, add(square(y), 1)));

/**
 * The tangent, element by element, of angles in radians.
 *
 * @example
 * tan(tensor([0, Math.PI / 4])) // → tensor([0, 1])
 */
export function tan(x: Tensor): Tensor {
  return compute("tan", Unary.tan, x, tanRule);
}

const asinRule = smooth("asin", (g, x) => mul(g, rsqrt(sub(1, square(x)))));

/**
 * The angle whose sine is x, from −π/2 to π/2; nan outside [−1, 1].
 *
 * @example
 * asin(tensor([0, 1])) // → tensor([0.0000, 1.5708])
 */
export function asin(x: Tensor): Tensor {
  return compute("asin", Unary.asin, x, asinRule);
}

const acosRule = smooth("acos", (g, x) => neg(mul(g, rsqrt(sub(1, square(x))))));

/**
 * The angle whose cosine is x, from 0 to π; nan outside [−1, 1].
 *
 * @example
 * acos(tensor([1, 0])) // → tensor([0.0000, 1.5708])
 */
export function acos(x: Tensor): Tensor {
  return compute("acos", Unary.acos, x, acosRule);
}

const atanRule = smooth("atan", (g, x) => div(g, add(square(x), 1)));

/**
 * The angle whose tangent is x, from −π/2 to π/2.
 *
 * @example
 * atan(tensor([0, 1])) // → tensor([0.0000, 0.7854])
 */
export function atan(x: Tensor): Tensor {
  return compute("atan", Unary.atan, x, atanRule);
}

const sinhRule = smooth("sinh", (g, x) => mul(g, cosh(x)));

/**
 * The hyperbolic sine, (eˣ − e⁻ˣ) / 2.
 *
 * @example
 * sinh(tensor([0, 1])) // → tensor([0.0000, 1.1752])
 */
export function sinh(x: Tensor): Tensor {
  return compute("sinh", Unary.sinh, x, sinhRule);
}

const coshRule = smooth("cosh", (g, x) => mul(g, sinh(x)));

/**
 * The hyperbolic cosine, (eˣ + e⁻ˣ) / 2.
 *
 * @example
 * cosh(tensor([0, 1])) // → tensor([1.0000, 1.5431])
 */
export function cosh(x: Tensor): Tensor {
  return compute("cosh", Unary.cosh, x, coshRule);
}

const asinhRule = smooth("asinh", (g, x) => mul(g, rsqrt(add(square(x), 1))));

/**
 * The number whose hyperbolic sine is x.
 *
 * @example
 * asinh(tensor([0, 1])) // → tensor([0.0000, 0.8814])
 */
export function asinh(x: Tensor): Tensor {
  return compute("asinh", Unary.asinh, x, asinhRule);
}

const acoshRule = smooth("acosh", (g, x) => mul(g, mul(rsqrt(sub(x, 1)), rsqrt(add(x, 1)))));

/**
 * The number from 0 up whose hyperbolic cosine is x; nan below 1.
 *
 * @example
 * acosh(tensor([1, 2])) // → tensor([0.000, 1.317])
 */
export function acosh(x: Tensor): Tensor {
  return compute("acosh", Unary.acosh, x, acoshRule);
}

const atanhRule = smooth("atanh", (g, x) => div(g, sub(1, square(x))));

/**
 * The number whose hyperbolic tangent is x; ±inf at ±1, nan beyond.
 *
 * @example
 * atanh(tensor([0, 0.5])) // → tensor([0.0000, 0.5493])
 */
export function atanh(x: Tensor): Tensor {
  return compute("atanh", Unary.atanh, x, atanhRule);
}
