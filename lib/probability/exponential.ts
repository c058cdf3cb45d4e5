// The exponential distribution, and two of them back to back: Laplace's.
import type { Operand } from "../autograd/graph.ts";
import { div, mul, sub } from "../ops/arithmetic.ts";
import { abs, neg, sign } from "../ops/elementwise.ts";
import { checkRange, finite, positive } from "../random/parameters.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { ContinuousDistribution } from "./continuous.ts";
import type { Description } from "./description.ts";
import { type ContinuousFamily, continuous } from "./family.ts";
import type { Slopes } from "./slopes.ts";

const exponentialSlopes: Slopes = {
  logWeight: {
    x: ({ scale }) => div(-1, scale),
    scale: ({ x, scale }) => div(sub(div(x, scale), 1), scale),
  },
  cdf: {
    scale: ({ x, scale }, of) => neg(mul(div(x, scale), of.weight(x))),
  },
  inside: 1,
};

/**
 * The exponential distribution with mean `scale` (1): density exp(−x / scale) / scale. The rate is the inverse of the
 * scale.
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.exponential({ scale: 3 });
 * d.cdf(3).toFixed(6) // → '0.632121'
 * d.median.toFixed(6) // → '2.079442'
 */
export function exponential(parameters?: { scale?: number }): ContinuousDistribution;
export function exponential(parameters: { scale?: Operand }): ContinuousFamily;
export function exponential(parameters: { scale?: Operand } = {}): ContinuousDistribution | ContinuousFamily {
  checkOptions("exponential", parameters, "{ scale: 1 }");
  const { scale = 1 } = parameters;
  return continuous("exponential", { scale }, exponentialDescribed, exponentialSlopes);
}

function exponentialDescribed({ scale }: { scale: number }): Description {
  checkRange("exponential", "scale", scale, positive);
  return {
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
  };
}

const laplaceSlopes: Slopes = {
  logWeight: {
    x: ({ x, mean, scale }) => neg(div(sign(sub(x, mean)), scale)),
    mean: ({ x, mean, scale }) => div(sign(sub(x, mean)), scale),
    scale: ({ x, mean, scale }) => div(sub(div(abs(sub(x, mean)), scale), 1), scale),
  },
  cdf: {
    mean: ({ x }, of) => neg(of.weight(x)),
    scale: ({ x, mean, scale }, of) => neg(mul(div(sub(x, mean), scale), of.weight(x))),
  },
  inside: 0,
};

/**
 * The Laplace distribution with a mean (0) and a `scale` (1): density exp(−|x − mean| / scale) / (2·scale).
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * distributions.laplace({ scale: 2 }).variance // → 8
 */
export function laplace(parameters?: { mean?: number; scale?: number }): ContinuousDistribution;
export function laplace(parameters: { mean?: Operand; scale?: Operand }): ContinuousFamily;
export function laplace(
  parameters: { mean?: Operand; scale?: Operand } = {},
): ContinuousDistribution | ContinuousFamily {
  checkOptions("laplace", parameters, "{ mean: 0, scale: 1 }");
  const { mean = 0, scale = 1 } = parameters;
  return continuous("laplace", { mean, scale }, laplaceDescribed, laplaceSlopes);
}

function laplaceDescribed({ mean, scale }: { mean: number; scale: number }): Description {
  checkRange("laplace", "mean", mean, finite);
  checkRange("laplace", "scale", scale, positive);
  const lower = (z: number): number => (z < 0 ? Math.exp(z) / 2 : 1 - Math.exp(-z) / 2);
  return {
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
  };
}
