// The exponential distribution, and two of them back to back: Laplace's.
import { checkRange, finite, positive } from "../random/parameters.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { ContinuousDistribution } from "./continuous.ts";

/**
 * The exponential distribution with mean `scale` (1): density exp(−x / scale) / scale. The rate is the inverse of the
 * scale.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.exponential({ scale: 3 });
 * d.cdf(3).toFixed(6) // → '0.632121'
 * d.median.toFixed(6) // → '2.079442'
 */
export function exponential(parameters: { scale?: number } = {}): ContinuousDistribution {
  checkOptions("exponential", parameters, "{ scale: 1 }");
  const { scale = 1 } = parameters;
  checkRange("exponential", "scale", scale, positive);
  return new ContinuousDistribution({
    name: "exponential",
    parameters: { scale },
    support: [0, Number.POSITIVE_INFINITY],
    logWeight: (x) => -x / scale - Math.log(scale),
    weight: (x) => Math.exp(-x / scale) / scale,
    cdf: (x) => -Math.expm1(-x / scale),
    survival: (x) => Math.exp(-x / scale),
    quantile: ({ p, q }) => -scale * (p < q ? Math.log1p(-p) : Math.log(q)),
    mean: scale,
    variance: scale * scale,
    mode: 0,
    entropy: () => 1 + Math.log(scale),
    draw: (draws) => scale * draws.exponential(),
  });
}

/**
 * The Laplace distribution with a mean (0) and a `scale` (1): density exp(−|x − mean| / scale) / (2·scale).
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * distributions.laplace({ scale: 2 }).variance // → 8
 */
export function laplace(parameters: { mean?: number; scale?: number } = {}): ContinuousDistribution {
  checkOptions("laplace", parameters, "{ mean: 0, scale: 1 }");
  const { mean = 0, scale = 1 } = parameters;
  checkRange("laplace", "mean", mean, finite);
  checkRange("laplace", "scale", scale, positive);
  const lower = (z: number): number => (z < 0 ? Math.exp(z) / 2 : 1 - Math.exp(-z) / 2);
  return new ContinuousDistribution({
    name: "laplace",
    parameters: { mean, scale },
    support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    logWeight: (x) => -Math.abs(x - mean) / scale - Math.log(2 * scale),
    cdf: (x) => lower((x - mean) / scale),
    survival: (x) => lower((mean - x) / scale),
    quantile: ({ p, q }) => mean + scale * (p < q ? Math.log(2 * p) : -Math.log(2 * q)),
    mean,
    variance: 2 * scale * scale,
    mode: mean,
    entropy: () => 1 + Math.log(2 * scale),
    draw: (draws) => mean + scale * (draws.exponential() - draws.exponential()),
  });
}
