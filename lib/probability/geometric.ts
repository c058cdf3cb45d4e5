// The geometric distribution.
import type { Operand } from "../autograd/graph.ts";
import { div, mul, sub } from "../ops/arithmetic.ts";
import { floor } from "../ops/elementwise.ts";
import { checkRange } from "../random/parameters.ts";
import { drawGeometric } from "../random/samplers.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { Description } from "./description.ts";
import { type DiscreteDistribution, searchQuantile } from "./discrete.ts";
import { type DiscreteFamily, discrete } from "./family.ts";
import { ratio, type Slopes } from "./slopes.ts";

const slopes: Slopes = {
  logWeight: {
    p: ({ x, p }) => sub(div(1, p), ratio(sub(x, 1), sub(1, p))),
  },
  weight: {
    p: ({ x, p }) => sub(div(geometric({ p }).pmf(x), p), mul(sub(x, 1), geometric({ p }).pmf(sub(x, 1)))),
  },
  cdf: {
    p: ({ x, p }) => div(mul(floor(x), geometric({ p }).pmf(floor(x))), p),
  },
  inside: 1,
};

/**
 * The number of trials up to and with the first success, each with probability p: P(k) = p·(1 − p)^(k − 1), k = 1, 2, …
 *
 * Tensors as parameters give a {@link DiscreteFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * distributions.geometric({ p: 0.5 }).pmf([1, 2, 2.5]) // → [ 0.5, 0.25, 0 ]
 */
export function geometric(parameters: { p: number }): DiscreteDistribution;
export function geometric(parameters: { p: Operand }): DiscreteFamily;
export function geometric(parameters: { p: Operand }): DiscreteDistribution | DiscreteFamily {
  checkOptions("geometric", parameters, "{ p: 0.5 }");
  const { p } = parameters;
  return discrete("geometric", { p }, described, slopes);
}

function described({ p }: { p: number }): Description {
  checkRange("geometric", "p", p, { holds: (v) => v > 0 && v <= 1, text: "a probability above 0" });
  const logFailure = Math.log1p(-p);
  // The failures before k; none at k = 1, also where p is 1 and the logarithm infinite.
  const failures = (k: number): number => (k === 0 ? 0 : k * logFailure);
  const cdf = (k: number): number => (k < 1 ? 0 : -Math.expm1(failures(k)));
  const survival = (k: number): number => (k < 1 ? 1 : Math.exp(failures(k)));
  return {
    name: "geometric",
    parameters: { p },
    support: [1, Number.POSITIVE_INFINITY],
    logWeight: (k) => Math.log(p) + failures(k - 1),
    cdf,
    survival,
    quantile: (levels) => {
      const guess = (levels.q < 0.5 ? Math.log(levels.q) : Math.log1p(-levels.p)) / logFailure;
      return searchQuantile(levels, guess, [1, Number.POSITIVE_INFINITY], { cdf, survival });
    },
    mean: 1 / p,
    mode: 1,
    variance: (1 - p) / (p * p),
    entropy: () => -Math.log(p) - (p === 1 ? 0 : ((1 - p) / p) * logFailure),
    draw: (draws) => drawGeometric(draws, p),
  };
}
