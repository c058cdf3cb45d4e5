// The uniform distributions: over an interval, and over consecutive whole numbers.
import type { Operand } from "../autograd/graph.ts";
import { div, mul, sub } from "../ops/arithmetic.ts";
import { neg } from "../ops/elementwise.ts";
import { checkRange, finite, whole } from "../random/parameters.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { zerosLike } from "../tensor/patterns.ts";
import type { ContinuousDistribution } from "./continuous.ts";
import type { Description } from "./description.ts";
import { DiscreteDistribution } from "./discrete.ts";
import { type ContinuousFamily, continuous } from "./family.ts";
import type { Slopes } from "./slopes.ts";

const slopes: Slopes = {
  logWeight: {
    x: ({ x }) => zerosLike(x),
    low: ({ low, high }) => div(1, sub(high, low)),
    high: ({ low, high }) => div(-1, sub(high, low)),
  },
  cdf: {
    low: ({ x }, of) => neg(mul(of.survival(x), of.weight(x))),
    high: ({ x }, of) => neg(mul(of.cdf(x), of.weight(x))),
  },
  inside: 0,
};

/**
 * The uniform distribution over [low, high], by default [0, 1]: density 1 / (high − low).
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when high is not above low.
 * @example
 * distributions.uniform({ low: 0, high: 0.5 }).pdf([0.2, 0.7]) // → [ 2, 0 ]
 */
export function uniform(parameters?: { low?: number; high?: number }): ContinuousDistribution;
export function uniform(parameters: { low?: Operand; high?: Operand }): ContinuousFamily;
export function uniform(
  parameters: { low?: Operand; high?: Operand } = {},
): ContinuousDistribution | ContinuousFamily {
  checkOptions("uniform", parameters, "{ low: 0, high: 1 }");
  const { low = 0, high = 1 } = parameters;
  return continuous("uniform", { low, high }, described, slopes);
}

function described({ low, high }: { low: number; high: number }): Description {
  checkRange("uniform", "low", low, finite);
  checkRange("uniform", "high", high, finite);
  if (!(high > low)) throw new RangeError(`uniform: high must be above low, got ${low} and ${high}`);
  const width = high - low;
  return {
    name: "uniform",
    parameters: { low, high },
    support: [low, high],
    logWeight: () => -Math.log(width),
    weight: () => 1 / width,
    cdf: (x) => (x - low) / width,
    survival: (x) => (high - x) / width,
    quantile: ({ p, q }) => (p < q ? low + p * width : high - q * width),
    mean: (low + high) / 2,
    mode: low,
    variance: (width * width) / 12,
    entropy: () => Math.log(width),
    draw: (draws) => low + width * draws.unit(),
  };
}

/**
 * The uniform distribution over the whole numbers from `low` to `high`, both included: a die has 1 and 6.
 *
 * @throws RangeError when high is below low.
 * @example
 * distributions.discreteUniform({ low: 1, high: 6 }).mean // → 3.5
 */
export function discreteUniform(parameters: { low: number; high: number }): DiscreteDistribution {
  checkOptions("discreteUniform", parameters, "{ low: 1, high: 6 }");
  const { low, high } = parameters;
  checkRange("discreteUniform", "low", low, whole);
  checkRange("discreteUniform", "high", high, whole);
  const count = high - low + 1;
  if (!(count >= 1 && count <= 2 ** 32)) {
    throw new RangeError(`discreteUniform: there are no numbers, or more than 2³², from ${low} to ${high}`);
  }
  return new DiscreteDistribution({
    name: "discreteUniform",
    parameters: { low, high },
    support: [low, high],
    logWeight: () => -Math.log(count),
    weight: () => 1 / count,
    cdf: (k) => (k - low + 1) / count,
    survival: (k) => (high - k) / count,
    // The subtraction keeps quantile(cdf(k)) = k whatever the rounding.
    quantile: ({ p }) => low + Math.max(0, Math.ceil(p * count * (1 - 4 * Number.EPSILON)) - 1),
    mean: (low + high) / 2,
    mode: low,
    variance: (count * count - 1) / 12,
    entropy: () => Math.log(count),
    draw: (draws) => low + draws.below(count),
  });
}
