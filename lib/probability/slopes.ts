// What a distribution knows of its derivatives: formulas written with operations, so that they can be differentiated again.
import { div, mul, where } from "../ops/arithmetic.ts";
import { equal } from "../ops/compare.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The place `x` and the parameters by their names, all float64 and ready to broadcast. */
export type Values = Readonly<Record<string, Tensor>>;

/** The functions of the distribution itself, through which gradients flow. */
export interface Functions {
  /** The density or the probability. */
  weight(x: Tensor): Tensor;
  cdf(x: Tensor): Tensor;
  survival(x: Tensor): Tensor;
}

/** The derivative of a function by one of its arguments. */
export type Slope = (values: Values, of: Functions) => Tensor;

/** The derivatives of a distribution's functions, by the name of the argument. */
export interface Slopes {
  /** Of the logarithm of the weight: by `x`, which only densities have, and by the parameters. */
  logWeight: Readonly<Record<string, Slope>>;
  /** Of the weight, where weight · slope of the logarithm is 0 · ∞ at an end of a parameter's range. */
  weight?: Readonly<Record<string, Slope>>;
  /** Of the distribution function by the parameters; one that is missing has no closed form. By `x` it is the density. */
  cdf: Readonly<Record<string, Slope>>;
  /** A place at which all of these are finite: it stands in for places outside the support, whose slopes are 0. */
  inside: number;
}

/** n / d, and 0 for 0 / 0: exponents of 0 remove what they stand at. */
export function ratio(n: Tensor, d: Tensor): Tensor {
  return div(n, where(mul(equal(n, 0), equal(d, 0)), 1, d));
}
