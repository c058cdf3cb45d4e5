// The geometric distribution.
import { checkRange } from "../random/parameters.ts";
import { drawGeometric } from "../random/samplers.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { DiscreteDistribution, searchQuantile } from "./discrete.ts";

/**
 * The number of trials up to and with the first success, each with probability p: P(k) = p·(1 − p)^(k − 1), k = 1, 2, …
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * distributions.geometric({ p: 0.5 }).pmf([1, 2, 2.5]) // → [ 0.5, 0.25, 0 ]
 */
export function geometric(parameters: { p: number }): DiscreteDistribution {
  checkOptions("geometric", parameters, "{ p: 0.5 }");
  const { p } = parameters;
  checkRange("geometric", "p", p, { holds: (v) => v > 0 && v <= 1, text: "a probability above 0" });
  const logFailure = Math.log1p(-p);
  // The failures before k; none at k = 1, also where p is 1 and the logarithm infinite.
  const failures = (k: number): number => (k === 0 ? 0 : k * logFailure);
  const cdf = (k: number): number => (k < 1 ? 0 : -Math.expm1(failures(k)));
  const survival = (k: number): number => (k < 1 ? 1 : Math.exp(failures(k)));
  return new DiscreteDistribution({
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
  });
}
