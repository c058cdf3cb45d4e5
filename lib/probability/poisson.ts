// The Poisson distribution.
import { checkRange, notNegative } from "../random/parameters.ts";
import { drawPoisson } from "../random/samplers.ts";
import { gammaP, gammaQ } from "../special/incompleteGamma.ts";
import { logPoissonWeight } from "../special/weights.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { DiscreteDistribution, searchQuantile, sumEntropy } from "./discrete.ts";
import { normalQuantile } from "./normal.ts";

/**
 * How many independent events happen where `rate` (λ) are expected: P(k) = λ^k·exp(−λ) / k!.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.poisson({ rate: 5 });
 * d.pmf(4).toFixed(6) // → '0.175467'
 * d.variance // → 5
 */
export function poisson(parameters: { rate: number }): DiscreteDistribution {
  checkOptions("poisson", parameters, "{ rate: 3 }");
  const { rate } = parameters;
  checkRange("poisson", "rate", rate, notNegative);
  const logWeight = (k: number): number => logPoissonWeight(k, rate);
  const shape = { mean: rate, variance: rate, support: [0, Number.POSITIVE_INFINITY] as const };
  const cdf = (k: number): number => (k < 0 ? 0 : gammaQ(k + 1, rate));
  const survival = (k: number): number => (k < 0 ? 1 : gammaP(k + 1, rate));
  return new DiscreteDistribution({
    name: "poisson",
    parameters: { rate },
    ...shape,
    mode: Math.max(0, Math.ceil(rate) - 1),
    logWeight,
    cdf,
    survival,
    quantile: (levels) => {
      const guess = rate + normalQuantile(levels) * Math.sqrt(rate);
      return searchQuantile(levels, guess, shape.support, { cdf, survival });
    },
    entropy: () => sumEntropy(logWeight, shape),
    draw: (draws) => drawPoisson(draws, rate),
  });
}
