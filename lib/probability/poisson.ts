// The Poisson distribution.
import type { Operand } from "../autograd/graph.ts";
import { sub } from "../ops/arithmetic.ts";
import { floor, neg } from "../ops/elementwise.ts";
import { checkRange, notNegative } from "../random/parameters.ts";
import { drawPoisson } from "../random/samplers.ts";
import { gammaP, gammaQ } from "../special/incompleteGamma.ts";
import { logPoissonWeight } from "../special/weights.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { Description } from "./description.ts";
import { type DiscreteDistribution, searchQuantile, sumEntropy } from "./discrete.ts";
import { type DiscreteFamily, discrete } from "./family.ts";
import { normalQuantile } from "./normal.ts";
import { ratio, type Slopes } from "./slopes.ts";

const slopes: Slopes = {
  logWeight: {
    rate: ({ x, rate }) => sub(ratio(x, rate), 1),
  },
  weight: {
    rate: ({ x, rate }) => sub(poisson({ rate }).pmf(sub(x, 1)), poisson({ rate }).pmf(x)),
  },
  cdf: {
    rate: ({ x, rate }) => neg(poisson({ rate }).pmf(floor(x))),
  },
  inside: 0,
};

/**
 * How many independent events happen where `rate` (λ) are expected: P(k) = λ^k·exp(−λ) / k!.
 *
 * Tensors as parameters give a {@link DiscreteFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.poisson({ rate: 5 });
 * d.pmf(4).toFixed(6) // → '0.175467'
 * d.variance // → 5
 */
export function poisson(parameters: { rate: number }): DiscreteDistribution;
export function poisson(parameters: { rate: Operand }): DiscreteFamily;
export function poisson(parameters: { rate: Operand }): DiscreteDistribution | DiscreteFamily {
  checkOptions("poisson", parameters, "{ rate: 3 }");
  const { rate } = parameters;
  return discrete("poisson", { rate }, described, slopes);
}

function described({ rate }: { rate: number }): Description {
  checkRange("poisson", "rate", rate, notNegative);
  const logWeight = (k: number): number => logPoissonWeight(k, rate);
  const shape = { mean: rate, variance: rate, support: [0, Number.POSITIVE_INFINITY] as const };
  const cdf = (k: number): number => (k < 0 ? 0 : gammaQ(k + 1, rate));
  const survival = (k: number): number => (k < 0 ? 1 : gammaP(k + 1, rate));
  return {
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
  };
}
