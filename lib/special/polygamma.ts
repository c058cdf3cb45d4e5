// The derivatives of digamma, of plain numbers in double precision.
import { checkNumber } from "./arguments.ts";
import { trigamma } from "./gamma.ts";

/** B₂ⱼ / (2j)!, with Bernoulli's numbers. */
const WEIGHTS: readonly number[] = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
];

/**
 * ψ⁽ⁿ⁾(x), the n-th derivative of digamma: (−1)ⁿ⁺¹ · n! · Σ 1 / (x + k)ⁿ⁺¹ over k = 0, 1, 2, … Infinite at 0, −1, −2 …, where
 * for an even n the sign tells the side at 0 and NaN that there is none elsewhere. Relative error below 1e-13 for x above 0.
 *
 * @throws RangeError when n is no whole number from 1 to 100.
 * @example
 * special.polygamma(1, 1).toFixed(10) // → '1.6449340668'
 * special.polygamma(2, 1).toFixed(10) // → '-2.4041138063'
 */
export function polygamma(n: number, x: number): number {
  if (!(Number.isInteger(n) && n >= 1 && n <= 100)) {
    throw new RangeError(`special.polygamma: the order is a whole number from 1 to 100, got ${n}`);
  }
  checkNumber("polygamma", x);
  if (n === 1) return trigamma(x);
  if (Math.abs(x) === Number.POSITIVE_INFINITY) return x > 0 ? 0 : Number.NaN;
  const even = n % 2 === 0;
  if (x <= 0 && Number.isInteger(x)) return !even ? Number.POSITIVE_INFINITY : x === 0 ? -1 / x : Number.NaN;
  let factor = even ? -1 : 1;
  for (let k = 2; k <= n; k++) factor *= k;
  return factor * (x > 0 ? zeta(n + 1, x) : leftOfZero(n + 1, x));
}

/** Hurwitz's zeta function Σ 1 / (x + k)ˢ for x above 0, by Euler and Maclaurin's formula (DLMF 25.11.5). */
function zeta(s: number, x: number): number {
  let sum = 0;
  let y = x;
  for (; y < s + 10; y++) sum += y ** -s;
  const power = y ** -s;
  sum += (power * y) / (s - 1) + power / 2;
  let term = (power * s) / y;
  for (const [j, weight] of WEIGHTS.entries()) {
    sum += weight * term;
    term *= ((s + 2 * j + 1) * (s + 2 * j + 2)) / (y * y);
  }
  return sum;
}

/** The same for x below 0: the terms of x + k below 0 are those of a sum of its own, which begins beside 0. */
function leftOfZero(s: number, x: number): number {
  const first = x - Math.floor(x);
  const below = zeta(s, 1 - first) - zeta(s, 1 - x);
  return zeta(s, first) + (s % 2 === 0 ? below : -below);
}
