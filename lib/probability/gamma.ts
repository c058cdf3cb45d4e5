// The gamma distribution, and with it chi-squared.
import type { Operand } from "../autograd/graph.ts";
import { div, mul, sub } from "../ops/arithmetic.ts";
import { log, neg } from "../ops/elementwise.ts";
import { digamma as psi } from "../ops/special.ts";
import { checkRange, positive } from "../random/parameters.ts";
import { drawGamma } from "../random/samplers.ts";
import { digamma, digammaTail, logGamma, stirlingTail } from "../special/gamma.ts";
import { gammaP, gammaPInv, gammaQ, gammaQInv } from "../special/incompleteGamma.ts";
import { logPoissonWeight } from "../special/weights.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { ContinuousDistribution } from "./continuous.ts";
import type { Description } from "./description.ts";
import { type ContinuousFamily, continuous } from "./family.ts";
import { ratio, type Slopes } from "./slopes.ts";

const gammaSlopes: Slopes = {
  logWeight: {
    x: ({ x, alpha, scale }) => sub(ratio(sub(alpha, 1), x), div(1, scale)),
    alpha: ({ x, alpha, scale }) => sub(log(div(x, scale)), psi(alpha)),
    scale: ({ x, alpha, scale }) => div(sub(div(x, scale), alpha), scale),
  },
  cdf: {
    scale: ({ x, scale }, of) => neg(mul(x, div(of.weight(x), scale))),
  },
  inside: 1,
};

/**
 * The gamma distribution with shape parameter `alpha` and `scale` (1): density x^(alpha − 1)·exp(−x / scale) /
 * (Γ(alpha)·scale^alpha).
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.gamma({ alpha: 2, scale: 3 });
 * d.mean // → 6
 * d.cdf(6).toFixed(6) // → '0.593994'
 */
export function gamma(parameters: { alpha: number; scale?: number }): ContinuousDistribution;
export function gamma(parameters: { alpha: Operand; scale?: Operand }): ContinuousFamily;
export function gamma(parameters: {
  alpha: Operand;
  scale?: Operand;
}): ContinuousDistribution | ContinuousFamily {
  checkOptions("gamma", parameters, "{ alpha: 2, scale: 1 }");
  const { alpha, scale = 1 } = parameters;
  return continuous("gamma", { alpha, scale }, gammaDescribed, gammaSlopes);
}

function gammaDescribed({ alpha, scale }: { alpha: number; scale: number }): Description {
  checkRange("gamma", "alpha", alpha, positive);
  checkRange("gamma", "scale", scale, positive);
  return describedAs("gamma", { alpha, scale }, alpha, scale);
}

const chiSquaredSlopes: Slopes = {
  logWeight: {
    x: ({ x, df }) => sub(ratio(sub(div(df, 2), 1), x), 0.5),
    df: ({ x, df }) => div(sub(log(div(x, 2)), psi(div(df, 2))), 2),
  },
  cdf: {},
  inside: 1,
};

/**
 * The chi-squared distribution with `df` degrees of freedom: the sum of the squares of so many standard normal numbers.
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * distributions.chiSquared({ df: 3 }).quantile(0.95).toFixed(4) // → '7.8147'
 */
export function chiSquared(parameters: { df: number }): ContinuousDistribution;
export function chiSquared(parameters: { df: Operand }): ContinuousFamily;
export function chiSquared(parameters: { df: Operand }): ContinuousDistribution | ContinuousFamily {
  checkOptions("chiSquared", parameters, "{ df: 3 }");
  const { df } = parameters;
  return continuous("chiSquared", { df }, chiSquaredDescribed, chiSquaredSlopes);
}

function chiSquaredDescribed({ df }: { df: number }): Description {
  checkRange("chiSquared", "df", df, positive);
  return describedAs("chiSquared", { df }, df / 2, 2);
}

function describedAs(
  name: string,
  parameters: Record<string, number>,
  alpha: number,
  scale: number,
): Description {
  const atZero =
    alpha < 1 ? Number.POSITIVE_INFINITY : alpha === 1 ? -Math.log(scale) : Number.NEGATIVE_INFINITY;
  return {
    name,
    parameters,
    support: [0, Number.POSITIVE_INFINITY],
    logWeight: (x) => (x === 0 ? atZero : logPoissonWeight(alpha, x / scale) + logRatio(alpha, x)),
    cdf: (x) => gammaP(alpha, x / scale),
    survival: (x) => gammaQ(alpha, x / scale),
    quantile: ({ p, q }) => scale * (p < q ? gammaPInv(alpha, p) : gammaQInv(alpha, q)),
    mean: alpha * scale,
    mode: Math.max(0, alpha - 1) * scale,
    variance: alpha * scale * scale,
    entropy: () => entropyOf(alpha) + Math.log(scale),
    draw: (draws) => scale * drawGamma(draws, alpha),
  };
}

/** log(a / b), also where the ratio is beyond doubles. */
function logRatio(a: number, b: number): number {
  const ratio = a / b;
  return ratio > 0 && ratio < Infinity ? Math.log(ratio) : Math.log(a) - Math.log(b);
}

/** alpha + log Γ(alpha) + (1 − alpha)·ψ(alpha). */
function entropyOf(alpha: number): number {
  if (alpha < 10) return alpha + logGamma(alpha) + (1 - alpha) * digamma(alpha);
  // With Stirling's series in place of log Γ and ψ, whose large terms cancel.
  const tails = stirlingTail(alpha) + (alpha - 1) * digammaTail(alpha);
  return Math.log(2 * Math.PI * alpha) / 2 + (alpha - 1) / (2 * alpha) + tails;
}
