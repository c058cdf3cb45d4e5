// The Bernoulli and the binomial distribution: one trial, and how many of n succeed.
import type { Operand } from "../autograd/graph.ts";
import { maximum, mul, sub } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { less } from "../ops/compare.ts";
import { floor, neg } from "../ops/elementwise.ts";
import { checkRange, count, probability } from "../random/parameters.ts";
import { drawBinomial } from "../random/samplers.ts";
import { betaI } from "../special/incompleteBeta.ts";
import { logBinomialWeight } from "../special/weights.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Description } from "./description.ts";
import { type DiscreteDistribution, searchQuantile, sumEntropy } from "./discrete.ts";
import { type DiscreteFamily, discrete } from "./family.ts";
import { normalQuantile } from "./normal.ts";
import { ratio, type Slopes } from "./slopes.ts";

const bernoulliSlopes: Slopes = {
  logWeight: {
    p: ({ x, p }) => sub(ratio(x, p), ratio(sub(1, x), sub(1, p))),
  },
  weight: {
    p: ({ x }) => sub(mul(x, 2), 1),
  },
  cdf: {
    p: ({ x }) => neg(cast(less(x, 1), "float64")),
  },
  inside: 0,
};

/**
 * 1 with probability p, 0 with 1 − p.
 *
 * Tensors as parameters give a {@link DiscreteFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const coin = distributions.bernoulli({ p: 0.6 });
 * coin.pmf([0, 1]) // → [ 0.4, 0.6 ]
 * coin.variance // → 0.24
 */
export function bernoulli(parameters: { p: number }): DiscreteDistribution;
export function bernoulli(parameters: { p: Operand }): DiscreteFamily;
export function bernoulli(parameters: { p: Operand }): DiscreteDistribution | DiscreteFamily {
  checkOptions("bernoulli", parameters, "{ p: 0.5 }");
  const { p } = parameters;
  return discrete("bernoulli", { p }, bernoulliDescribed, bernoulliSlopes);
}

function bernoulliDescribed({ p }: { p: number }): Description {
  checkRange("bernoulli", "p", p, probability);
  const part = (v: number): number => (v === 0 ? 0 : -v * Math.log(v));
  return {
    name: "bernoulli",
    parameters: { p },
    support: [0, 1],
    logWeight: (k) => (k === 1 ? Math.log(p) : Math.log1p(-p)),
    weight: (k) => (k === 1 ? p : 1 - p),
    cdf: () => 1 - p,
    survival: () => p,
    quantile: ({ p: level, q, asked }) => ((asked === "p" ? level <= 1 - p : q >= p) ? 0 : 1),
    mean: p,
    variance: p * (1 - p),
    mode: p > 0.5 ? 1 : 0,
    entropy: () => part(p) + part(1 - p),
    draw: (draws) => (draws.unit() < p ? 1 : 0),
  };
}

const binomialSlopes: Slopes = {
  logWeight: {
    p: ({ x, n, p }) => sub(ratio(x, p), ratio(sub(n, x), sub(1, p))),
  },
  weight: {
    p: ({ x, n, p }) => mul(n, sub(oneTrialLess(n, p).pmf(sub(x, 1)), oneTrialLess(n, p).pmf(x))),
  },
  cdf: {
    p: ({ x, n, p }) => neg(mul(n, oneTrialLess(n, p).pmf(floor(x)))),
  },
  inside: 0,
};

function oneTrialLess(n: Tensor, p: Tensor): DiscreteFamily {
  return binomial({ n: maximum(sub(n, 1), 0), p });
}

/**
 * How many of n independent trials succeed, each with probability p: P(k) = C(n, k)·p^k·(1 − p)^(n − k).
 *
 * Tensors for n and p give a {@link DiscreteFamily}: gradients flow to p.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.binomial({ n: 5, p: 0.4 });
 * d.pmf([0, 1, 2]).map((v) => v.toFixed(5)) // → [ '0.07776', '0.25920', '0.34560' ]
 * d.mean // → 2
 */
export function binomial(parameters: { n: number; p: number }): DiscreteDistribution;
export function binomial(parameters: { n: Operand; p: Operand }): DiscreteFamily;
export function binomial(parameters: { n: Operand; p: Operand }): DiscreteDistribution | DiscreteFamily {
  checkOptions("binomial", parameters, "{ n: 10, p: 0.5 }");
  const { n, p } = parameters;
  return discrete("binomial", { n, p }, binomialDescribed, binomialSlopes);
}

function binomialDescribed({ n, p }: { n: number; p: number }): Description {
  checkRange("binomial", "n", n, count);
  checkRange("binomial", "p", p, probability);
  const logWeight = (k: number): number => logBinomialWeight(k, n - k, p, 1 - p);
  const shape = { mean: n * p, variance: n * p * (1 - p), support: [0, n] as const };
  const cdf = (k: number): number => (k < 0 ? 0 : k >= n ? 1 : betaI(n - k, k + 1, 1 - p, p));
  const survival = (k: number): number => (k < 0 ? 1 : k >= n ? 0 : betaI(k + 1, n - k, p, 1 - p));
  return {
    name: "binomial",
    parameters: { n, p },
    ...shape,
    mode: Math.max(0, Math.ceil((n + 1) * p) - 1),
    logWeight,
    cdf,
    survival,
    quantile: (levels) => {
      const guess = shape.mean + normalQuantile(levels) * Math.sqrt(shape.variance);
      return searchQuantile(levels, guess, [0, n], { cdf, survival });
    },
    entropy: () => sumEntropy(logWeight, shape),
    draw: (draws) => drawBinomial(draws, n, p),
  };
}
