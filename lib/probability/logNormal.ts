// The log-normal distribution.
import type { Operand } from "../autograd/graph.ts";
import { add, div, mul, sub, where } from "../ops/arithmetic.ts";
import { greater } from "../ops/compare.ts";
import { log, neg, square } from "../ops/elementwise.ts";
import { checkRange, finite, positive } from "../random/parameters.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { ContinuousDistribution } from "./continuous.ts";
import type { Description } from "./description.ts";
import { type ContinuousFamily, continuous } from "./family.ts";
import { lowerTail, normalQuantile } from "./normal.ts";
import type { Slopes, Values } from "./slopes.ts";

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

const z = ({ x, mean, std }: Values) => div(sub(log(x), mean), std);

const slopes: Slopes = {
  logWeight: {
    x: (v) => neg(div(add(div(z(v), v.std), 1), v.x)),
    mean: (v) => div(z(v), v.std),
    std: (v) => div(sub(square(z(v)), 1), v.std),
  },
  cdf: {
    mean: ({ x }, of) => neg(mul(x, of.weight(x))),
    std: (v, of) => neg(mul(mul(v.x, z({ ...v, x: where(greater(v.x, 0), v.x, 1) })), of.weight(v.x))),
  },
  inside: 1,
};

/**
 * The distribution of x whose logarithm is normal with the given mean (0) and standard deviation (1).
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.logNormal();
 * d.median // → 1
 * d.mean.toFixed(6) // → '1.648721'
 * d.mode.toFixed(6) // → '0.367879'
 */
export function logNormal(parameters?: { mean?: number; std?: number }): ContinuousDistribution;
export function logNormal(parameters: { mean?: Operand; std?: Operand }): ContinuousFamily;
export function logNormal(
  parameters: { mean?: Operand; std?: Operand } = {},
): ContinuousDistribution | ContinuousFamily {
  checkOptions("logNormal", parameters, "{ mean: 0, std: 1 }");
  const { mean = 0, std = 1 } = parameters;
  return continuous("logNormal", { mean, std }, described, slopes);
}

function described({ mean, std }: { mean: number; std: number }): Description {
  checkRange("logNormal", "mean", mean, finite);
  checkRange("logNormal", "std", std, positive);
  const standard = (x: number): number => (Math.log(x) - mean) / std;
  const variance = std * std;
  return {
    name: "logNormal",
    parameters: { mean, std },
    support: [0, Number.POSITIVE_INFINITY],
    logWeight: (x) =>
      x === 0
        ? Number.NEGATIVE_INFINITY
        : (-standard(x) * standard(x)) / 2 - HALF_LOG_TWO_PI - Math.log(std) - Math.log(x),
    cdf: (x) => lowerTail(standard(x)),
    survival: (x) => lowerTail(-standard(x)),
    quantile: (levels) => Math.exp(mean + std * normalQuantile(levels)),
    mean: Math.exp(mean + variance / 2),
    mode: Math.exp(mean - variance),
    variance: Math.expm1(variance) * Math.exp(2 * mean + variance),
    entropy: () => mean + HALF_LOG_TWO_PI + 0.5 + Math.log(std),
    draw: (draws) => Math.exp(mean + std * draws.normal()),
  };
}
