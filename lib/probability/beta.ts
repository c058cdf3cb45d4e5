// The beta distribution.
import type { Operand } from "../autograd/graph.ts";
import { add, sub } from "../ops/arithmetic.ts";
import { log, log1p, neg } from "../ops/elementwise.ts";
import { digamma as psi } from "../ops/special.ts";
import { checkRange, positive } from "../random/parameters.ts";
import { drawBeta } from "../random/samplers.ts";
import { digamma, logBeta } from "../special/gamma.ts";
import { betaI, betaIInv, logDensityFactor } from "../special/incompleteBeta.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { ContinuousDistribution } from "./continuous.ts";
import type { Description } from "./description.ts";
import { type ContinuousFamily, continuous } from "./family.ts";
import { ratio, type Slopes } from "./slopes.ts";

const slopes: Slopes = {
  logWeight: {
    x: ({ x, alpha, beta }) => sub(ratio(sub(alpha, 1), x), ratio(sub(beta, 1), sub(1, x))),
    alpha: ({ x, alpha, beta }) => add(log(x), sub(psi(add(alpha, beta)), psi(alpha))),
    beta: ({ x, alpha, beta }) => add(log1p(neg(x)), sub(psi(add(alpha, beta)), psi(beta))),
  },
  cdf: {},
  inside: 0.5,
};

/**
 * The beta distribution over [0, 1]: density x^(alpha − 1)·(1 − x)^(beta − 1) / B(alpha, beta).
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * const d = distributions.beta({ alpha: 2, beta: 3 });
 * d.mean // → 0.4
 * d.pdf(0.5).toFixed(6) // → '1.500000'
 */
export function beta(parameters: { alpha: number; beta: number }): ContinuousDistribution;
export function beta(parameters: { alpha: Operand; beta: Operand }): ContinuousFamily;
export function beta(parameters: {
  alpha: Operand;
  beta: Operand;
}): ContinuousDistribution | ContinuousFamily {
  checkOptions("beta", parameters, "{ alpha: 2, beta: 3 }");
  const { alpha, beta: b } = parameters;
  return continuous("beta", { alpha, beta: b }, described, slopes);
}

function described({ alpha, beta: b }: { alpha: number; beta: number }): Description {
  checkRange("beta", "alpha", alpha, positive);
  checkRange("beta", "beta", b, positive);
  const sum = alpha + b;
  // The density at an end is decided by the exponent there alone.
  const atEnd = (exponent: number, other: number): number =>
    exponent < 1 ? Number.POSITIVE_INFINITY : exponent === 1 ? Math.log(other) : Number.NEGATIVE_INFINITY;
  return {
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
  };
}
