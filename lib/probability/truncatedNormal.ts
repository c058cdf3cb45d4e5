// The normal distribution cut off at two limits.
import { checkRange, finite, positive } from "../random/parameters.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { describe } from "../tensor/shape.ts";
import { ContinuousDistribution } from "./continuous.ts";
import { lowerTail, normalQuantile } from "./normal.ts";

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/** The mean and the deviation before the cut, and where it is cut. */
export interface TruncatedNormalParameters {
  mean?: number;
  std?: number;
  /** The least value; by default two deviations below the mean. May be −Infinity. */
  low?: number;
  /** The greatest value; by default two deviations above the mean. May be Infinity. */
  high?: number;
}

/**
 * A normal distribution without what lies outside of low … high, by default two deviations around the mean: what
 * `random.truncatedNormal` draws, and weights start with. `mean` and `std` of the result are those after the cut.
 *
 * @throws RangeError when high is not above low, or nothing of the distribution is left between them.
 * @example
 * const d = distributions.truncatedNormal({ std: 10 });
 * d.support // → [ -20, 20 ]
 * d.std.toFixed(4) // → '8.7963'
 * d.cdf(0) // → 0.5
 */
export function truncatedNormal(parameters: TruncatedNormalParameters = {}): ContinuousDistribution {
  checkOptions("truncatedNormal", parameters, "{ low: -1, high: 1 }");
  const { mean = 0, std = 1 } = parameters;
  checkRange("truncatedNormal", "mean", mean, finite);
  checkRange("truncatedNormal", "std", std, positive);
  const { low = mean - 2 * std, high = mean + 2 * std } = parameters;
  for (const [name, end] of Object.entries({ low, high })) {
    if (typeof end !== "number")
      throw new RangeError(`truncatedNormal: ${name} must be a number, got ${describe(end)}`);
  }
  if (!(high > low)) throw new RangeError(`truncatedNormal: high must be above low, got ${low} and ${high}`);
  const z = (x: number): number => (x - mean) / std;
  const [a, b] = [z(low), z(high)];
  const mass = between(a, b);
  if (!(mass > 1e-300)) {
    throw new RangeError(
      `truncatedNormal: a normal distribution of mean ${mean} and std ${std} has nothing between ${low} and ${high}`,
    );
  }
  // What the densities at the two ends leave of the first two moments.
  const first = (density(a) - density(b)) / mass;
  const second = (momentAt(a) - momentAt(b)) / mass;
  const quantile = ({ p, q }: { p: number; q: number }): number => {
    const x = mean + std * normalQuantile({ p: lowerTail(a) + p * mass, q: lowerTail(-b) + q * mass });
    return Math.min(Math.max(x, low), high);
  };
  return new ContinuousDistribution({
    name: "truncatedNormal",
    parameters: { mean, std, low, high },
    support: [low, high],
    logWeight: (x) => (-z(x) * z(x)) / 2 - HALF_LOG_TWO_PI - Math.log(std) - Math.log(mass),
    cdf: (x) => between(a, z(x)) / mass,
    survival: (x) => between(z(x), b) / mass,
    quantile,
    mean: mean + std * first,
    mode: Math.min(Math.max(mean, low), high),
    variance: std * std * (1 + second - first * first),
    entropy: () => HALF_LOG_TWO_PI + 0.5 + Math.log(std) + Math.log(mass) + second / 2,
    draw: (draws) => {
      const p = draws.unit();
      return quantile({ p, q: 1 - p });
    },
  });
}

/** P(a < Z < b), as a difference of the smaller tails. */
function between(a: number, b: number): number {
  return a > 0 ? lowerTail(-a) - lowerTail(-b) : lowerTail(b) - lowerTail(a);
}

function density(z: number): number {
  return Math.exp((-z * z) / 2 - HALF_LOG_TWO_PI);
}

/** z times the density, which wins at infinity. */
function momentAt(z: number): number {
  return Number.isFinite(z) ? z * density(z) : 0;
}
