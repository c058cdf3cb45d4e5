// The functions of a distribution of numbers at one place, in double precision, made from its description.
import type { Description, Levels } from "./description.ts";

/** What a distribution with numbers for parameters gives at one place. */
export interface PlainFunctions {
  /** log of the density or of the probability; −∞ outside the support. */
  logWeight(x: number): number;
  weight(x: number): number;
  cdf(x: number): number;
  survival(x: number): number;
  quantile(p: number): number;
  inverseSurvival(q: number): number;
  /** Whether x is a number in the support. */
  isPossible(x: number): boolean;
  /** Where the distribution function has the same value as at x. */
  place(x: number): number;
}

/** @param whole whether only whole numbers are possible: between them the distribution function is flat */
export function plainFunctions(description: Description, whole: boolean): PlainFunctions {
  const [low, high] = description.support;
  const isPossible = (x: number): boolean =>
    x >= low && x <= high && (whole ? Number.isInteger(x) : Number.isFinite(x));
  const place = (x: number): number => (whole ? Math.floor(x) : x);
  const logWeight = (x: number): number => {
    if (Number.isNaN(x)) return x;
    return isPossible(x) ? description.logWeight(x) : Number.NEGATIVE_INFINITY;
  };
  const tail = (x: number, below: 0 | 1, within: (x: number) => number): number => {
    if (Number.isNaN(x)) return x;
    if (x < low || x === Number.NEGATIVE_INFINITY) return below;
    return x >= high ? 1 - below : within(place(x));
  };
  const inverse = (levels: Levels): number => {
    const { p, q, asked } = levels;
    if (!(p >= 0 && q >= 0)) return Number.NaN;
    if (asked === "p" ? p === 0 : q === 1) return low;
    if (asked === "p" ? p === 1 : q === 0) return high;
    return description.quantile(levels);
  };
  const { weight } = description;
  return {
    logWeight,
    weight: (x) => (weight !== undefined && isPossible(x) ? weight(x) : Math.exp(logWeight(x))),
    cdf: (x) => tail(x, 0, description.cdf),
    survival: (x) => tail(x, 1, description.survival),
    quantile: (p) => inverse({ p, q: 1 - p, asked: "p" }),
    inverseSurvival: (q) => inverse({ p: 1 - q, q, asked: "q" }),
    isPossible,
    place,
  };
}
