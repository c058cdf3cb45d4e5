// The distributions of test statistics of normal samples: Student's t and Fisher's F.
import type { Operand } from "../autograd/graph.ts";
import { add, div, mul, sub, where } from "../ops/arithmetic.ts";
import { greater } from "../ops/compare.ts";
import { abs, log, log1p, neg, square } from "../ops/elementwise.ts";
import { digamma as psi } from "../ops/special.ts";
import { checkRange, positive } from "../random/parameters.ts";
import { drawGamma } from "../random/samplers.ts";
import { digamma, logBeta } from "../special/gamma.ts";
import { betaI, betaQuantile, logDensityFactor } from "../special/incompleteBeta.ts";
import { checkOptions } from "../tensor/arguments.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ContinuousDistribution } from "./continuous.ts";
import type { Description } from "./description.ts";
import { type ContinuousFamily, continuous } from "./family.ts";
import { ratio, type Slopes } from "./slopes.ts";

/** How far out x² would leave doubles: there df beside it counts nothing. */
const FAR = 1e150;

const studentTSlopes: Slopes = {
  logWeight: {
    x: ({ x, df }) => {
      const [far, near, distant] = parted(x);
      const slope = where(far, div(1, distant), div(near, add(df, square(near))));
      return neg(mul(add(df, 1), slope));
    },
    df: ({ x, df }) => {
      const [far, near, distant] = parted(x);
      const normalizer = sub(sub(psi(div(add(df, 1), 2)), psi(div(df, 2))), div(1, df));
      const logarithm = where(far, sub(mul(log(abs(distant)), 2), log(df)), log1p(div(square(near), df)));
      const part = where(far, 1, div(square(near), add(df, square(near))));
      return div(add(sub(normalizer, logarithm), mul(add(div(1, df), 1), part)), 2);
    },
  },
  cdf: {},
  inside: 0,
};

/** Where x is far out, and x with harmless numbers in place of those that are, and of those that are not. */
function parted(x: Tensor): [far: Tensor, near: Tensor, distant: Tensor] {
  const far = greater(abs(x), FAR);
  return [far, where(far, 0, x), where(far, x, FAR)];
}

/**
 * Student's t distribution with `df` degrees of freedom: a standard normal number over the root of a mean of `df` squares
 * of such.
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * distributions.studentT({ df: 9 }).quantile(0.975).toFixed(4) // → '2.2622'
 */
export function studentT(parameters: { df: number }): ContinuousDistribution;
export function studentT(parameters: { df: Operand }): ContinuousFamily;
export function studentT(parameters: { df: Operand }): ContinuousDistribution | ContinuousFamily {
  checkOptions("studentT", parameters, "{ df: 3 }");
  const { df } = parameters;
  return continuous("studentT", { df }, studentTDescribed, studentTSlopes);
}

function studentTDescribed({ df }: { df: number }): Description {
  checkRange("studentT", "df", df, positive);
  const half = df / 2;
  const upper = (t: number): number => {
    const square = t * t;
    const [part, rest] = square > 1e300 ? [df / t / t, 1] : [df / (df + square), square / (df + square)];
    const tail = betaI(half, 0.5, part, rest) / 2;
    return t < 0 ? 1 - tail : tail;
  };
  const normalizer = -Math.log(df) / 2 - logBeta(half, 0.5);
  const positiveQuantile = (q: number): number => {
    const { x, y } = betaQuantile(half, 0.5, 2 * q, 1 - 2 * q);
    return Math.sqrt(df) * Math.sqrt(y / x);
  };
  return {
    name: "studentT",
    parameters: { df },
    support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    logWeight: (t) =>
      normalizer -
      ((df + 1) / 2) *
        (Math.abs(t) > FAR ? 2 * Math.log(Math.abs(t)) - Math.log(df) : Math.log1p((t * t) / df)),
    cdf: (t) => upper(-t),
    survival: upper,
    quantile: ({ p, q }) => (p < q ? -positiveQuantile(p) : positiveQuantile(q)),
    mean: df > 1 ? 0 : Number.NaN,
    mode: 0,
    variance: df > 2 ? df / (df - 2) : df > 1 ? Number.POSITIVE_INFINITY : Number.NaN,
    entropy: () =>
      ((df + 1) / 2) * (digamma((df + 1) / 2) - digamma(half)) + Math.log(df) / 2 + logBeta(half, 0.5),
    draw: (draws) => draws.normal() / Math.sqrt(drawGamma(draws, half) / half),
  };
}

const fisherFSlopes: Slopes = {
  logWeight: {
    x: ({ x, df1, df2 }) => {
      const slope = div(mul(df1, add(df1, df2)), mul(add(mul(df1, x), df2), 2));
      return sub(ratio(sub(div(df1, 2), 1), x), slope);
    },
    df1: ({ x, df1, df2 }) => byDegrees(mul(df1, x), df2, df1, df2),
    df2: ({ x, df1, df2 }) => byDegrees(df2, mul(df1, x), df2, df1),
  },
  cdf: {},
  inside: 1,
};

/** Half of log(part / (part + rest)) + ψ((own + other) / 2) − ψ(own / 2) + 1 − (own + other) · part / (part + rest) / own. */
function byDegrees(part: Tensor, rest: Tensor, own: Tensor, other: Tensor): Tensor {
  const [share, degrees] = [div(part, add(part, rest)), add(own, other)];
  const fromNormalizer = sub(psi(div(degrees, 2)), psi(div(own, 2)));
  return div(add(add(log(share), fromNormalizer), sub(1, div(mul(degrees, share), own))), 2);
}

/**
 * Fisher's F distribution with `df1` and `df2` degrees of freedom: the ratio of two means of squares of standard normal
 * numbers.
 *
 * Tensors as parameters give a {@link ContinuousFamily}: gradients flow to them.
 *
 * @throws RangeError when a parameter is out of its range.
 * @example
 * distributions.fisherF({ df1: 3, df2: 10 }).quantile(0.95).toFixed(4) // → '3.7083'
 */
export function fisherF(parameters: { df1: number; df2: number }): ContinuousDistribution;
export function fisherF(parameters: { df1: Operand; df2: Operand }): ContinuousFamily;
export function fisherF(parameters: {
  df1: Operand;
  df2: Operand;
}): ContinuousDistribution | ContinuousFamily {
  checkOptions("fisherF", parameters, "{ df1: 2, df2: 10 }");
  const { df1, df2 } = parameters;
  return continuous("fisherF", { df1, df2 }, fisherFDescribed, fisherFSlopes);
}

function fisherFDescribed({ df1, df2 }: { df1: number; df2: number }): Description {
  checkRange("fisherF", "df1", df1, positive);
  checkRange("fisherF", "df2", df2, positive);
  const a = df1 / 2;
  const b = df2 / 2;
  const parts = (x: number): [part: number, rest: number] => {
    const ratio = (df1 / df2) * x;
    return ratio === Number.POSITIVE_INFINITY ? [1, 0] : [ratio / (1 + ratio), 1 / (1 + ratio)];
  };
  const atZero = df1 < 2 ? Number.POSITIVE_INFINITY : df1 === 2 ? 0 : Number.NEGATIVE_INFINITY;
  return {
    name: "fisherF",
    parameters: { df1, df2 },
    support: [0, Number.POSITIVE_INFINITY],
    logWeight: (x) => (x === 0 ? atZero : logDensityFactor(a, b, ...parts(x)) - Math.log(x)),
    cdf: (x) => betaI(a, b, ...parts(x)),
    survival: (x) => {
      const [part, rest] = parts(x);
      return betaI(b, a, rest, part);
    },
    quantile: ({ p, q }) => {
      const { x, y } = betaQuantile(a, b, p, q);
      return (df2 / df1) * (x / y);
    },
    mean: df2 > 2 ? df2 / (df2 - 2) : Number.POSITIVE_INFINITY,
    mode: (Math.max(0, df1 - 2) / df1) * (df2 / (df2 + 2)),
    variance:
      df2 > 4
        ? (2 * df2 * df2 * (df1 + df2 - 2)) / (df1 * (df2 - 2) ** 2 * (df2 - 4))
        : df2 > 2
          ? Number.POSITIVE_INFINITY
          : Number.NaN,
    entropy: () =>
      logBeta(a, b) -
      (a - 1) * (digamma(a) - digamma(b)) +
      (a + b) * (digamma(a + b) - digamma(b)) +
      Math.log(df2 / df1),
    draw: (draws) => drawGamma(draws, a) / a / (drawGamma(draws, b) / b),
  };
}
