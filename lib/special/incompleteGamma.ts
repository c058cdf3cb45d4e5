// The regularized incomplete gamma functions and their inverses, of plain numbers in double precision.
import { checkNumber } from "./arguments.ts";

import { erfc, erfcInv } from "./erf.ts";
import { logGamma1p } from "./gamma.ts";
import { solveIncreasing } from "./invert.ts";
import { deviance, logPoissonWeight } from "./weights.ts";

/**
 * P(a, x) = 1/Γ(a) ∫₀ˣ t^(a−1) exp(−t) dt, the distribution function of the gamma distribution with shape a above 0.
 * Relative error below 1e-12, also in the tail.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.gammaP(1, 2).toFixed(10) // → '0.8646647168'
 */
export function gammaP(a: number, x: number): number {
  checkNumber("gammaP", a);
  checkNumber("gammaP", x);
  if (!(a > 0 && x >= 0)) return Number.NaN;
  if (x === 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  if (a > LARGE) return largeShape(a, x, -1);
  return x < a + 1 ? series(a, x) : 1 - gammaQ(a, x);
}

/**
 * Q(a, x) = 1 − P(a, x), with all digits also where P(a, x) is near 1.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.gammaQ(1, 100).toPrecision(6) // → '3.72008e-44'
 */
export function gammaQ(a: number, x: number): number {
  checkNumber("gammaQ", a);
  checkNumber("gammaQ", x);
  if (!(a > 0 && x >= 0)) return Number.NaN;
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  if (a > LARGE) return largeShape(a, x, 1);
  if (x >= a + 1) return continuedFraction(a, x);
  return a < 1 ? smallShapeComplement(a, x) : 1 - series(a, x);
}

/** Above this shape, series and fraction take too long and the first terms of the asymptotic expansion are exact. */
const LARGE = 1e8;

/** Q (side 1) or P (side −1) by Temme's uniform expansion (DLMF 8.12.3 and 8.12.4) with the first term of its series. */
function largeShape(a: number, x: number, side: 1 | -1): number {
  const distance = deviance(a, x);
  const eta = Math.sign(x - a) * Math.sqrt((2 * distance) / a);
  const first =
    Math.abs(eta) < 0.01 ? -1 / 3 + eta * (1 / 12 - eta * (2 / 135 - eta / 864)) : a / (x - a) - 1 / eta;
  return (
    erfc(side * Math.sign(eta) * Math.sqrt(distance)) / 2 +
    (side * first * Math.exp(-distance)) / Math.sqrt(2 * Math.PI * a)
  );
}

/** P by its series of positive terms: x^a e^(−x) / Γ(a + 1) · (1 + x/(a+1) + x²/((a+1)(a+2)) + …). */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = a + 1; term > sum * 1e-17; n++) {
    term *= x / n;
    sum += term;
  }
  return Math.exp(logPoissonWeight(a, x)) * sum;
}

/** Q by its continued fraction (modified Lentz algorithm; DLMF 8.9.2). */
function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let n = 1; ; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = c * d;
    h *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return Math.exp(logPoissonWeight(a, x)) * a * h;
}

/** Q for a below 1 and x below 2, where it may be small although x is: P's two factors, less 1, are added. */
function smallShapeComplement(a: number, x: number): number {
  // P = x^a / Γ(a + 1) · (1 + a·Σ (−x)^n / (n!·(a + n))).
  let power = 1;
  let sum = 0;
  for (let n = 1; n < 40; n++) {
    power *= -x / n;
    sum += power / (a + n);
  }
  const logarithm = a * Math.log(x) - logGamma1p(a);
  return -Math.expm1(logarithm) - Math.exp(logarithm) * a * sum;
}

/**
 * The x with P(a, x) = p.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.gammaPInv(1, 0.5).toFixed(10) // → '0.6931471806'
 */
export function gammaPInv(a: number, p: number): number {
  checkNumber("gammaPInv", a);
  checkNumber("gammaPInv", p);
  return inverse(a, p, 1 - p);
}

/**
 * The x with Q(a, x) = q: precise also for q so small that 1 − q is 1.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.gammaQInv(1, 1e-40).toFixed(6) // → '92.103404'
 */
export function gammaQInv(a: number, q: number): number {
  checkNumber("gammaQInv", a);
  checkNumber("gammaQInv", q);
  return inverse(a, 1 - q, q);
}

function inverse(a: number, p: number, q: number): number {
  if (!(a > 0 && p >= 0 && p <= 1 && q >= 0 && q <= 1)) return Number.NaN;
  if (p === 0) return 0;
  if (q === 0) return Number.POSITIVE_INFINITY;
  // The logarithm of the smaller tail as a function of log x, which is nearly straight in the tails.
  const evaluate = (x: number): readonly [number, number] => {
    const value = p <= q ? gammaP(a, x) : gammaQ(a, x);
    const difference = p <= q ? Math.log(value / p) : Math.log(q / value);
    return [difference, (Math.exp(logPoissonWeight(a, x)) * a) / value];
  };
  const first = start(a, p, q);
  // So far down the leading term is exact, and the result may be too small for a double.
  if (first < -700) return Math.exp(first);
  const x = Math.exp(solveIncreasing(first, (t) => evaluate(Math.exp(t))));
  // log x has fewer digits than x: the last step is made in x itself.
  const [difference, slope] = evaluate(x);
  return slope > 0 ? x - (x * difference) / slope : x;
}

/** log x by Wilson and Hilferty's cube of a normal number, or by P's leading term where x is small. */
function start(a: number, p: number, q: number): number {
  const normal = p < q ? -Math.SQRT2 * erfcInv(2 * p) : Math.SQRT2 * erfcInv(2 * q);
  const root = 1 - 1 / (9 * a) + normal / (3 * Math.sqrt(a));
  const small = a < 1 ? (Math.log(p) + logGamma1p(a)) / a : Number.POSITIVE_INFINITY;
  if (small < -1) return small;
  if (root > 0.2) return Math.log(a) + 3 * Math.log(root);
  return Math.log(a) + Math.log(p) / a;
}
