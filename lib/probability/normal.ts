// The normal distribution.
import { checkRange, finite, positive } from "../random/parameters.ts";
import { erfc, erfcInv } from "../special/erf.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { ContinuousDistribution } from "./continuous.ts";

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/**
 * The normal distribution with a mean (0) and a standard deviation (1).
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.normal({ mean: 10, std: 2 });
 * d.cdf(10) // → 0.5
 * d.quantile(0.975).toFixed(4) // → '13.9199'
 * d.pdf([8, 10]).map((v) => v.toFixed(4)) // → [ '0.1210', '0.1995' ]
 */
export function normal(parameters: { mean?: number; std?: number } = {}): ContinuousDistribution {
  checkOptions("normal", parameters, "{ mean: 0, std: 1 }");
  const { mean = 0, std = 1 } = parameters;
  checkRange("normal", "mean", mean, finite);
  checkRange("normal", "std", std, positive);
  const z = (x: number): number => (x - mean) / std;
  return new ContinuousDistribution({
    name: "normal",
    parameters: { mean, std },
    support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    logWeight: (x) => (-z(x) * z(x)) / 2 - HALF_LOG_TWO_PI - Math.log(std),
    cdf: (x) => lowerTail(z(x)),
    survival: (x) => lowerTail(-z(x)),
    quantile: (levels) => mean + std * normalQuantile(levels),
    mean,
    mode: mean,
    variance: std * std,
    entropy: () => HALF_LOG_TWO_PI + 0.5 + Math.log(std),
    draw: (draws) => mean + std * draws.normal(),
  });
}

/** P(Z ≤ z) of the standard normal distribution. */
export function lowerTail(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** The z with P(Z ≤ z) = p, where q = 1 − p. */
export function normalQuantile({ p, q }: { p: number; q: number }): number {
  return p < q ? -Math.SQRT2 * erfcInv(2 * p) : Math.SQRT2 * erfcInv(2 * q);
}
