// The gamma distribution, and with it chi-squared.
import { checkRange, positive } from "../random/parameters.ts";
import { drawGamma } from "../random/samplers.ts";
import { digamma, digammaTail, logGamma, stirlingTail } from "../special/gamma.ts";
import { gammaP, gammaPInv, gammaQ, gammaQInv } from "../special/incompleteGamma.ts";
import { logPoissonWeight } from "../special/weights.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { ContinuousDistribution } from "./continuous.ts";

/**
 * The gamma distribution with shape parameter `alpha` and `scale` (1): density x^(alpha − 1)·exp(−x / scale) /
 * (Γ(alpha)·scale^alpha).
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.gamma({ alpha: 2, scale: 3 });
 * d.mean // → 6
 * d.cdf(6).toFixed(6) // → '0.593994'
 */
export function gamma(parameters: { alpha: number; scale?: number }): ContinuousDistribution {
  checkOptions("gamma", parameters, "{ alpha: 2, scale: 1 }");
  const { alpha, scale = 1 } = parameters;
  checkRange("gamma", "alpha", alpha, positive);
  checkRange("gamma", "scale", scale, positive);
  return gammaNamed("gamma", { alpha, scale }, alpha, scale);
}

/**
 * The chi-squared distribution with `df` degrees of freedom: the sum of the squares of so many standard normal numbers.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * distributions.chiSquared({ df: 3 }).quantile(0.95).toFixed(4) // → '7.8147'
 */
export function chiSquared(parameters: { df: number }): ContinuousDistribution {
  checkOptions("chiSquared", parameters, "{ df: 3 }");
  const { df } = parameters;
  checkRange("chiSquared", "df", df, positive);
  return gammaNamed("chiSquared", { df }, df / 2, 2);
}

function gammaNamed(
  name: string,
  parameters: Record<string, number>,
  alpha: number,
  scale: number,
): ContinuousDistribution {
  const atZero =
    alpha < 1 ? Number.POSITIVE_INFINITY : alpha === 1 ? -Math.log(scale) : Number.NEGATIVE_INFINITY;
  return new ContinuousDistribution({
    name,
    parameters,
    support: [0, Number.POSITIVE_INFINITY],
    logWeight: (x) => (x === 0 ? atZero : logPoissonWeight(alpha, x / scale) + Math.log(alpha / x)),
    cdf: (x) => gammaP(alpha, x / scale),
    survival: (x) => gammaQ(alpha, x / scale),
    quantile: ({ p, q }) => scale * (p < q ? gammaPInv(alpha, p) : gammaQInv(alpha, q)),
    mean: alpha * scale,
    mode: Math.max(0, alpha - 1) * scale,
    variance: alpha * scale * scale,
    entropy: () => entropyOf(alpha) + Math.log(scale),
    draw: (draws) => scale * drawGamma(draws, alpha),
  });
}

/** alpha + log Γ(alpha) + (1 − alpha)·ψ(alpha). */
function entropyOf(alpha: number): number {
  if (alpha < 10) return alpha + logGamma(alpha) + (1 - alpha) * digamma(alpha);
  // With Stirling's series in place of log Γ and ψ, whose large terms cancel.
  const tails = stirlingTail(alpha) + (alpha - 1) * digammaTail(alpha);
  return Math.log(2 * Math.PI * alpha) / 2 + (alpha - 1) / (2 * alpha) + tails;
}
