// The beta distribution.
import { checkRange, positive } from "../random/parameters.ts";
import { drawBeta } from "../random/samplers.ts";
import { digamma, logBeta } from "../special/gamma.ts";
import { betaI, betaIInv, logDensityFactor } from "../special/incompleteBeta.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { ContinuousDistribution } from "./continuous.ts";

/**
 * The beta distribution over [0, 1]: density x^(alpha − 1)·(1 − x)^(beta − 1) / B(alpha, beta).
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.beta({ alpha: 2, beta: 3 });
 * d.mean // → 0.4
 * d.pdf(0.5).toFixed(6) // → '1.500000'
 */
export function beta(parameters: { alpha: number; beta: number }): ContinuousDistribution {
  checkOptions("beta", parameters, "{ alpha: 2, beta: 3 }");
  const { alpha, beta: b } = parameters;
  checkRange("beta", "alpha", alpha, positive);
  checkRange("beta", "beta", b, positive);
  const sum = alpha + b;
  // The density at an end is decided by the exponent there alone.
  const atEnd = (exponent: number, other: number): number =>
    exponent < 1 ? Number.POSITIVE_INFINITY : exponent === 1 ? Math.log(other) : Number.NEGATIVE_INFINITY;
  return new ContinuousDistribution({
    name: "beta",
    parameters: { alpha, beta: b },
    support: [0, 1],
    logWeight: (x) => {
      if (x === 0) return atEnd(alpha, b);
      if (x === 1) return atEnd(b, alpha);
      return logDensityFactor(alpha, b, x, 1 - x) - Math.log(x) - Math.log1p(-x);
    },
    cdf: (x) => betaI(alpha, b, x),
    survival: (x) => betaI(b, alpha, 1 - x, x),
    quantile: ({ p, q }) => betaIInv(alpha, b, p, q),
    mean: alpha / sum,
    mode: alpha > 1 && b > 1 ? (alpha - 1) / (sum - 2) : alpha > 1 || (alpha === 1 && b < 1) ? 1 : 0,
    variance: (alpha / sum) * (b / sum) * (1 / (sum + 1)),
    entropy: () =>
      logBeta(alpha, b) - (alpha - 1) * digamma(alpha) - (b - 1) * digamma(b) + (sum - 2) * digamma(sum),
    draw: (draws) => drawBeta(draws, alpha, b),
  });
}
