// The regularized incomplete beta function and its inverse, of plain numbers in double precision.
import { checkNumber } from "./arguments.ts";
import { logBeta } from "./gamma.ts";
import { solveIncreasing } from "./invert.ts";
import { logBinomialWeight } from "./weights.ts";

/**
 * I_x(a, b) = 1/B(a, b) ∫₀ˣ t^(a−1) (1 − t)^(b−1) dt, the distribution function of the beta distribution, for a and b above 0
 * and x from 0 to 1. Relative error below 1e-12 for a and b up to 1e5, also in the tail.
 *
 * @param y 1 − x, where the caller knows it better than the subtraction does
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.betaI(2, 3, 0.5) // → 0.6875
 */
export function betaI(a: number, b: number, x: number, y: number = 1 - x): number {
  checkNumber("betaI", a);
  checkNumber("betaI", b);
  checkNumber("betaI", x);
  checkNumber("betaI", y);
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return Number.NaN;
  if (x === 0) return 0;
  if (y === 0) return 1;
  if (x <= (a + 1) / (a + b + 2)) return continuedFraction(a, b, x, y);
  const complement = continuedFraction(b, a, y, x);
  // Above 0.9 the difference would lose digits, and the fraction still converges well.
  return complement > 0.9 && x < 0.99 ? continuedFraction(a, b, x, y) : 1 - complement;
}

/** The continued fraction of DLMF 8.17.22 (modified Lentz algorithm), two terms a step. */
function continuedFraction(a: number, b: number, x: number, y: number): number {
  const sum = a + b;
  let c = 1;
  let d = 1 / (1 - (sum * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 1e6; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    h *= c * d;
    const odd = (-(a + m) * (sum + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    const factor = c * d;
    h *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return (Math.exp(logDensityFactor(a, b, x, y)) * h) / a;
}

/** log of x^a·y^b / B(a, b). */
export function logDensityFactor(a: number, b: number, x: number, y: number): number {
  return logBinomialWeight(a, b, x, y) + Math.log((a * b) / (a + b));
}

/**
 * The x with I_x(a, b) = p.
 *
 * @param q 1 − p, where the caller knows it better than the subtraction does
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.betaIInv(2, 3, 0.6875).toFixed(10) // → '0.5000000000'
 */
export function betaIInv(a: number, b: number, p: number, q: number = 1 - p): number {
  checkNumber("betaIInv", a);
  checkNumber("betaIInv", b);
  checkNumber("betaIInv", p);
  checkNumber("betaIInv", q);
  return betaQuantile(a, b, p, q).x;
}

/** The x with I_x(a, b) = p, and y = 1 − x with digits of its own. */
export function betaQuantile(a: number, b: number, p: number, q: number): { x: number; y: number } {
  if (!(a > 0 && b > 0 && p >= 0 && p <= 1)) return { x: Number.NaN, y: Number.NaN };
  if (p === 0) return { x: 0, y: 1 };
  if (q === 0) return { x: 1, y: 0 };
  if (q < p) {
    const { x, y } = betaQuantile(b, a, q, p);
    return { x: y, y: x };
  }
  // The logarithm of I as a function of the log-odds of x, where it is concave and nearly straight in the tail.
  const evaluate = ({ x, y }: { x: number; y: number }): readonly [number, number] => {
    const value = betaI(a, b, x, y);
    return [Math.log(value / p), Math.exp(logDensityFactor(a, b, x, y)) / value];
  };
  const first = start(a, b, p);
  // So far down the leading term is exact, and the result may be too small for a double.
  if (first < -700) return { x: Math.exp(first), y: 1 };
  const { x, y } = fromOdds(solveIncreasing(first, (odds) => evaluate(fromOdds(odds))));
  // The log-odds have fewer digits than x: the last step is made in x itself.
  const [difference, slope] = evaluate({ x, y });
  const step = slope > 0 ? (difference / slope) * x * y : 0;
  return { x: x - step, y: y + step };
}

function fromOdds(t: number): { x: number; y: number } {
  const small = Math.exp(-Math.abs(t));
  const [minor, major] = [small / (1 + small), 1 / (1 + small)];
  return t < 0 ? { x: minor, y: major } : { x: major, y: minor };
}

/** Log-odds of the mean, or where the leading term x^a / (a·B(a, b)) is p, if that is further left. */
function start(a: number, b: number, p: number): number {
  return Math.min(Math.log(a / b), (Math.log(p) + Math.log(a) + logBeta(a, b)) / a);
}
