// The log-normal distribution.
import { checkRange, finite, positive } from "../random/parameters.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { ContinuousDistribution } from "./continuous.ts";
import { lowerTail, normalQuantile } from "./normal.ts";

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/**
 * The distribution of x whose logarithm is normal with the given mean (0) and standard deviation (1).
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.logNormal();
 * d.median // → 1
 * d.mean.toFixed(6) // → '1.648721'
 * d.mode.toFixed(6) // → '0.367879'
 */
export function logNormal(parameters: { mean?: number; std?: number } = {}): ContinuousDistribution {
  checkOptions("logNormal", parameters, "{ mean: 0, std: 1 }");
  const { mean = 0, std = 1 } = parameters;
  checkRange("logNormal", "mean", mean, finite);
  checkRange("logNormal", "std", std, positive);
  const z = (x: number): number => (Math.log(x) - mean) / std;
  const variance = std * std;
  return new ContinuousDistribution({
    name: "logNormal",
    parameters: { mean, std },
    support: [0, Number.POSITIVE_INFINITY],
    logWeight: (x) =>
      x === 0 ? Number.NEGATIVE_INFINITY : (-z(x) * z(x)) / 2 - HALF_LOG_TWO_PI - Math.log(std) - Math.log(x),
    cdf: (x) => lowerTail(z(x)),
    survival: (x) => lowerTail(-z(x)),
    quantile: (levels) => Math.exp(mean + std * normalQuantile(levels)),
    mean: Math.exp(mean + variance / 2),
    mode: Math.exp(mean - variance),
    variance: Math.expm1(variance) * Math.exp(2 * mean + variance),
    entropy: () => mean + HALF_LOG_TWO_PI + 0.5 + Math.log(std),
    draw: (draws) => Math.exp(mean + std * draws.normal()),
  });
}
