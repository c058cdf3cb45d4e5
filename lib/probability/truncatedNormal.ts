// The normal distribution cut off at two limits.
import type { Operand } from "../autograd/graph.ts";
import { add, div, mul, sub, where } from "../ops/arithmetic.ts";
import { neg, square } from "../ops/elementwise.ts";
import { finitePlaces } from "../ops/logic.ts";
import { checkOperand, commonShape } from "../ops/operand.ts";
import { checkRange, finite, positive } from "../random/parameters.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { describe } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { ContinuousDistribution } from "./continuous.ts";
import type { Description } from "./description.ts";
import { type ContinuousFamily, continuous } from "./family.ts";
import { lowerTail, normalQuantile } from "./normal.ts";
import type { Functions, Slopes, Values } from "./slopes.ts";

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/** The mean and the deviation before the cut, and where it is cut. */
export interface TruncatedNormalParameters<Value extends Operand = number> {
  mean?: Value;
  std?: Value;
  /** The least value; by default two deviations below the mean. May be −Infinity. */
  low?: Value;
  /** The greatest value; by default two deviations above the mean. May be Infinity. */
  high?: Value;
}

const z = (x: Tensor, { mean, std }: Values) => div(sub(x, mean), std);

/** The density at an end times how far it is from the mean, in deviations: 0 for an end at infinity. */
function reach(end: Tensor, values: Values, of: Functions): Tensor {
  return mul(z(where(finitePlaces(end), end, values.mean), values), of.weight(end));
}

// Moving the ends or the bell changes the mass between the ends by the densities there.
const slopes: Slopes = {
  logWeight: {
    x: (v) => neg(div(z(v.x, v), v.std)),
    mean: (v, of) => add(div(z(v.x, v), v.std), sub(of.weight(v.high), of.weight(v.low))),
    std: (v, of) =>
      add(div(sub(square(z(v.x, v)), 1), v.std), sub(reach(v.high, v, of), reach(v.low, v, of))),
    low: ({ low }, of) => of.weight(low),
    high: ({ high }, of) => neg(of.weight(high)),
  },
  cdf: {
    mean: ({ x, low, high }, of) =>
      sub(add(mul(of.weight(low), of.survival(x)), mul(of.weight(high), of.cdf(x))), of.weight(x)),
    std: (v, of) =>
      sub(
        add(mul(reach(v.low, v, of), of.survival(v.x)), mul(reach(v.high, v, of), of.cdf(v.x))),
        mul(z(v.x, v), of.weight(v.x)),
      ),
    low: ({ x, low }, of) => neg(mul(of.weight(low), of.survival(x))),
    high: ({ x, high }, of) => neg(mul(of.weight(high), of.cdf(x))),
  },
  inside: 0,
};

/**
 * A normal distribution without what lies outside of low … high, by default two deviations around the mean: what
 * `random.truncatedNormal` draws, and weights start with. `mean` and `std` of the result are those after the cut.
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when high is not above low, or nothing of the distribution is left between them.
 * @example
 * const d = distributions.truncatedNormal({ std: 10 });
 * d.support // → [ -20, 20 ]
 * d.std.toFixed(4) // → '8.7963'
 * d.cdf(0) // → 0.5
 */
export function truncatedNormal(parameters?: TruncatedNormalParameters): ContinuousDistribution;
export function truncatedNormal(parameters: TruncatedNormalParameters<Operand>): ContinuousFamily;
export function truncatedNormal(
  parameters: TruncatedNormalParameters<Operand> = {},
): ContinuousDistribution | ContinuousFamily {
  checkOptions("truncatedNormal", parameters, "{ low: -1, high: 1 }");
  const { mean = 0, std = 1 } = parameters;
  const { low = away(mean, std, -2), high = away(mean, std, 2) } = parameters;
  return continuous("truncatedNormal", { mean, std, low, high }, described, slopes);
}

/** So many deviations away from the mean. */
function away(mean: Operand, std: Operand, times: number): Operand {
  if (!(mean instanceof Tensor || std instanceof Tensor)) return mean + times * std;
  for (const parameter of [mean, std]) checkOperand("truncatedNormal", parameter);
  commonShape("truncatedNormal", mean, std);
  return add(mean, mul(std, times));
}

function described({ mean, std, low, high }: Required<TruncatedNormalParameters>): Description {
  checkRange("truncatedNormal", "mean", mean, finite);
  checkRange("truncatedNormal", "std", std, positive);
  for (const [name, end] of Object.entries({ low, high })) {
    if (typeof end !== "number")
      throw new RangeError(`truncatedNormal: ${name} must be a number, got ${describe(end)}`);
  }
  if (!(high > low)) throw new RangeError(`truncatedNormal: high must be above low, got ${low} and ${high}`);
  const standard = (x: number): number => (x - mean) / std;
  const [a, b] = [standard(low), standard(high)];
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
  return {
    name: "truncatedNormal",
    parameters: { mean, std, low, high },
    support: [low, high],
    logWeight: (x) => (-standard(x) * standard(x)) / 2 - HALF_LOG_TWO_PI - Math.log(std) - Math.log(mass),
    cdf: (x) => between(a, standard(x)) / mass,
    survival: (x) => between(standard(x), b) / mass,
    quantile,
    mean: mean + std * first,
    mode: Math.min(Math.max(mean, low), high),
    variance: std * std * (1 + second - first * first),
    entropy: () => HALF_LOG_TWO_PI + 0.5 + Math.log(std) + Math.log(mass) + second / 2,
    draw: (draws) => {
      const p = draws.unit();
      return quantile({ p, q: 1 - p });
    },
  };
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
