// The logarithm of the gamma function and its derivatives, of plain numbers in double precision.
import { checkNumber } from "./arguments.ts";
import { chebyshev } from "./chebyshev.ts";
import { DIGAMMA, DIGAMMA_ROOT, LOG_GAMMA } from "./coefficients.ts";

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/**
 * log |Γ(x)|; infinity at 0, −1, −2 … Relative error below 1e-15 for x above 0, also beside the zeros at 1 and 2.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.logGamma(0.5).toFixed(10) // → '0.5723649429'
 * Math.round(Math.exp(special.logGamma(6))) // → 120
 */
export function logGamma(x: number): number {
  checkNumber("logGamma", x);
  if (Number.isNaN(x)) return Number.NaN;
  if (!Number.isFinite(x)) return Number.POSITIVE_INFINITY;
  if (x <= 0) {
    if (Number.isInteger(x)) return Number.POSITIVE_INFINITY;
    // The reflection formula.
    return Math.log(Math.PI / Math.abs(sinPi(x))) - logGamma(1 - x);
  }
  if (x < 1) return logGamma1p(x) - Math.log(x);
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingTail(x);
  // Down to [1, 2].
  let product = 1;
  let y = x;
  while (y > 2) product *= --y;
  return (product === 1 ? 0 : Math.log(product)) + logGamma1p(y - 1);
}

/** log Γ(1 + x) for x in [0, 1], with all digits also for tiny x. */
export function logGamma1p(x: number): number {
  return x * (x - 1) * chebyshev(LOG_GAMMA, 2 * x - 1);
}

/** What Stirling's formula leaves of log Γ(x): 1/(12x) − 1/(360x³) + …, for x from 10 up. */
export function stirlingTail(x: number): number {
  const r = 1 / (x * x);
  return (
    (1 / 12 -
      r *
        (1 / 360 -
          r *
            (1 / 1260 -
              r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360 - r * (1 / 156 - (r * 3617) / 122400))))))) /
    x
  );
}

/** log Γ(x + 1) − ((x + ½)·log x − x + ½·log 2π): the error of Stirling's formula for x!, x above 0. */
export function stirlingError(x: number): number {
  if (x >= 10) return stirlingTail(x);
  const factorial = x < 1 ? logGamma1p(x) : logGamma(x) + Math.log(x);
  return factorial - (x + 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI;
}

/**
 * log n!, also for large n.
 *
 * @throws RangeError when n is no whole number from 0 up.
 * @example
 * special.logFactorial(5) === Math.log(120) // → true
 */
export function logFactorial(n: number): number {
  if (!Number.isInteger(n) || n < 0) {
    throw new RangeError(`logFactorial: needs a whole number from 0 up, got ${n}`);
  }
  if (n > 20) return logGamma(n + 1);
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return Math.log(product);
}

/**
 * The number of ways to choose k of n things, n! / (k! (n − k)!); 0 when k is above n.
 * Exact as long as the result is below 2⁵³.
 *
 * @throws RangeError when n or k is no whole number from 0 up.
 * @example
 * special.binomialCoefficient(5, 2) // → 10
 */
export function binomialCoefficient(n: number, k: number): number {
  if (!Number.isInteger(n) || !Number.isInteger(k) || n < 0 || k < 0) {
    throw new RangeError(`binomialCoefficient: needs whole numbers from 0 up, got n = ${n}, k = ${k}`);
  }
  if (k > n) return 0;
  const few = Math.min(k, n - k);
  let result = 1;
  for (let i = 1; i <= few; i++) {
    const next = (result * (n - few + i)) / i;
    if (!Number.isSafeInteger(result * (n - few + i))) return largeBinomial(n, few);
    result = next;
  }
  return result;
}

/** Whole-number arithmetic without rounding until the end; beyond the range of doubles, infinity. */
function largeBinomial(n: number, few: number): number {
  if (few > 1100) return Math.round(Math.exp(logGamma(n + 1) - logGamma(few + 1) - logGamma(n - few + 1)));
  let result = 1n;
  for (let i = 1; i <= few; i++) result = (result * BigInt(n - few + i)) / BigInt(i);
  return Number(result);
}

/**
 * log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b), for a and b above 0.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.logBeta(1, 1) // → 0
 */
export function logBeta(a: number, b: number): number {
  checkNumber("logBeta", a);
  checkNumber("logBeta", b);
  const [small, large] = a < b ? [a, b] : [b, a];
  if (!(small > 0)) return small === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (small < 10) {
    if (large < 10) return logGamma(small) + logGamma(large) - logGamma(small + large);
    // The large terms of log Γ(large) − log Γ(small + large) are taken together before they could cancel.
    const sum = small + large;
    const difference =
      small -
      (large - 0.5) * Math.log1p(small / large) -
      small * Math.log(sum) +
      stirlingTail(large) -
      stirlingTail(sum);
    return logGamma(small) + difference;
  }
  const sum = small + large;
  return (
    HALF_LOG_TWO_PI -
    Math.log(large) / 2 +
    (small - 0.5) * Math.log(small / sum) -
    large * Math.log1p(small / large) +
    stirlingTail(small) +
    stirlingTail(large) -
    stirlingTail(sum)
  );
}

/**
 * ψ(x), the derivative of log Γ(x); −∞ at 0 (∞ at −0, as in SciPy), NaN at −1, −2 …
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.digamma(1).toFixed(10) // → '-0.5772156649'
 */
export function digamma(x: number): number {
  checkNumber("digamma", x);
  // A pole from both sides, of which the sign of 0 tells one, as in SciPy and PyTorch; the others have no side.
  if (x === 0) return -1 / x;
  if (x === Number.NEGATIVE_INFINITY || (x < 0 && Number.isInteger(x))) return Number.NaN;
  if (x < 0) return digamma(1 - x) - Math.PI / tanPi(x);
  if (x < 1) return nearRoot(x + 1) - 1 / x;
  if (x >= 10) return Math.log(x) - 0.5 / x - digammaTail(x);
  let sum = 0;
  let y = x;
  while (y > 2) sum += 1 / --y;
  return nearRoot(y) + sum;
}

/** log x − 1/(2x) − ψ(x) = 1/(12x²) − 1/(120x⁴) + …, for x from 10 up. */
export function digammaTail(x: number): number {
  const r = 1 / (x * x);
  return (
    r *
    (1 / 12 -
      r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r * (1 / 12)))))))
  );
}

/** ψ on [1, 2], where its zero is. */
function nearRoot(x: number): number {
  return (x - DIGAMMA_ROOT[0] - DIGAMMA_ROOT[1]) * chebyshev(DIGAMMA, 2 * x - 3);
}

/**
 * ψ′(x), the second derivative of log Γ(x); infinity at 0, −1, −2 …
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.trigamma(1).toFixed(10) // → '1.6449340668'
 */
export function trigamma(x: number): number {
  checkNumber("trigamma", x);
  if (x === Number.NEGATIVE_INFINITY) return Number.NaN;
  if (x <= 0) {
    if (Number.isInteger(x)) return Number.POSITIVE_INFINITY;
    return (Math.PI / sinPi(x)) ** 2 - trigamma(1 - x);
  }
  let sum = 0;
  let y = x;
  while (y < 12) sum += 1 / (y * y++);
  const r = 1 / (y * y);
  const series =
    1 / 6 - r * (1 / 30 - r * (1 / 42 - r * (1 / 30 - r * (5 / 66 - r * (691 / 2730 - r * (7 / 6))))));
  return sum + 1 / y + r / 2 + (r / y) * series;
}

/** sin πx without the rounding error of πx for large x. */
function sinPi(x: number): number {
  const rest = x - 2 * Math.round(x / 2);
  return Math.abs(rest) <= 0.5 ? Math.sin(Math.PI * rest) : Math.sin(Math.PI * (Math.sign(rest) - rest));
}

function tanPi(x: number): number {
  return Math.tan(Math.PI * (x - Math.round(x)));
}
