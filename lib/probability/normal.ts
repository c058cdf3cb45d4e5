// The normal distribution.
import type { Operand } from "../autograd/graph.ts";
import { div, mul, sub } from "../ops/arithmetic.ts";
import { neg, square } from "../ops/elementwise.ts";
import { checkRange, finite, positive } from "../random/parameters.ts";
import { erfc, erfcInv } from "../special/erf.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { ContinuousDistribution } from "./continuous.ts";
import type { Description } from "./description.ts";
import { type ContinuousFamily, continuous } from "./family.ts";
import type { Slopes, Values } from "./slopes.ts";

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

const z = ({ x, mean, std }: Values) => div(sub(x, mean), std);

const slopes: Slopes = {
  logWeight: {
    x: (v) => neg(div(z(v), v.std)),
    mean: (v) => div(z(v), v.std),
    std: (v) => div(sub(square(z(v)), 1), v.std),
  },
  cdf: {
    mean: ({ x }, of) => neg(of.weight(x)),
    std: (v, of) => neg(mul(z(v), of.weight(v.x))),
  },
  inside: 0,
};

/**
 * The normal distribution with a mean (0) and a standard deviation (1).
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.normal({ mean: 10, std: 2 });
 * d.cdf(10) // → 0.5
 * d.quantile(0.975).toFixed(4) // → '13.9199'
 * d.pdf([8, 10]).map((v) => v.toFixed(4)) // → [ '0.1210', '0.1995' ]
 * const mean = variable(10);
 * distributions.normal({ mean, std: 2 }).logPdf([8, 14]).sum().backward();
 * mean.grad // → tensor(0.5)
 */
export function normal(parameters?: { mean?: number; std?: number }): ContinuousDistribution;
export function normal(parameters: { mean?: Operand; std?: Operand }): ContinuousFamily;
export function normal(
  parameters: { mean?: Operand; std?: Operand } = {},
): ContinuousDistribution | ContinuousFamily {
  checkOptions("normal", parameters, "{ mean: 0, std: 1 }");
  const { mean = 0, std = 1 } = parameters;
  return continuous("normal", { mean, std }, described, slopes);
}

function described({ mean, std }: { mean: number; std: number }): Description {
  checkRange("normal", "mean", mean, finite);
  checkRange("normal", "std", std, positive);
  const standard = (x: number): number => (x - mean) / std;
  return {
    name: "normal",
    parameters: { mean, std },
    support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    logWeight: (x) => (-standard(x) * standard(x)) / 2 - HALF_LOG_TWO_PI - Math.log(std),
    cdf: (x) => lowerTail(standard(x)),
    survival: (x) => lowerTail(-standard(x)),
    quantile: (levels) => mean + std * normalQuantile(levels),
    mean,
    mode: mean,
    variance: std * std,
    entropy: () => HALF_LOG_TWO_PI + 0.5 + Math.log(std),
    draw: (draws) => mean + std * draws.normal(),
  };
}

/** P(Z ≤ z) of the standard normal distribution. */
export function lowerTail(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** The z with P(Z ≤ z) = p, where q = 1 − p. */
export function normalQuantile({ p, q }: { p: number; q: number }): number {
  return p < q ? -Math.SQRT2 * erfcInv(2 * p) : Math.SQRT2 * erfcInv(2 * q);
}
