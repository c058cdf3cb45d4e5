// The error function, its complement and their inverses, of plain numbers in double precision.
import { checkNumber } from "./arguments.ts";
import { chebyshev } from "./chebyshev.ts";
import { SCALED_ERFC } from "./coefficients.ts";

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/**
 * The error function 2/√π ∫₀ˣ exp(−t²) dt. Relative error about 3e-16.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.erf(1).toFixed(10) // → '0.8427007929'
 */
export function erf(x: number): number {
  checkNumber("erf", x);
  if (Math.abs(x) >= 0.5) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
  // The Maclaurin series; ten terms are enough below one half.
  const square = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; n < 12; n++) {
    term *= -square / n;
    sum += term / (2 * n + 1);
  }
  return TWO_OVER_SQRT_PI * sum;
}

/**
 * 1 − erf(x), exact also where erf(x) is 1 to all digits. Relative error about 1e-15.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.erfc(10).toPrecision(6) // → '2.08849e-45'
 */
export function erfc(x: number): number {
  checkNumber("erfc", x);
  if (x < 0.5) return x <= -0.5 ? 2 - erfc(-x) : 1 - erf(x);
  return erfcx(x) * expMinusSquare(x);
}

/**
 * exp(x²)·erfc(x), which neither underflows nor loses digits for large x. From a Chebyshev expansion as in Schonfelder
 * (Mathematics of Computation 32, 1978), computed anew.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.erfcx(100).toPrecision(6) // → '0.00564161'
 */
export function erfcx(x: number): number {
  checkNumber("erfcx", x);
  if (x < 0) return 2 / expMinusSquare(x) - erfcx(-x);
  if (x === Number.POSITIVE_INFINITY) return 0;
  return chebyshev(SCALED_ERFC, 1 - 7.5 / (x + 3.75)) / (1 + 2 * x);
}

/** exp(−x²). The rounding error of x², large for large x, is given to a factor of its own. */
function expMinusSquare(x: number): number {
  if (Math.abs(x) > 27.5) return 0;
  const head = Math.fround(x);
  return Math.exp(-head * head) * Math.exp((head - x) * (head + x));
}

/**
 * The x with erf(x) = p, for p from −1 to 1.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.erfInv(0.5).toFixed(10) // → '0.4769362762'
 */
export function erfInv(p: number): number {
  checkNumber("erfInv", p);
  if (!(Math.abs(p) < 0.5)) return p < 0 ? -erfcInv(1 + p) : erfcInv(1 - p);
  if (p === 0) return p;
  // Halley's iteration: the second derivative of erf is −2x times the first.
  let x = startFor(p);
  for (let i = 0; i < 3; i++) {
    const step = (erf(x) - p) / (TWO_OVER_SQRT_PI * Math.exp(-x * x));
    x -= step / (1 + x * step);
  }
  return x;
}

/**
 * The x with erfc(x) = q, for q from 0 to 2: precise also for q so small that 1 − q is 1.
 *
 * @throws TypeError when it is handed something else than numbers.
 * @example
 * special.erfcInv(1e-100).toFixed(8) // → '15.06557470'
 */
export function erfcInv(q: number): number {
  checkNumber("erfcInv", q);
  if (!(q >= 0 && q <= 2)) return Number.NaN;
  if (q === 0) return Number.POSITIVE_INFINITY;
  if (q > 1) return q === 2 ? Number.NEGATIVE_INFINITY : q > 1.5 ? -erfcInv(2 - q) : -erfInv(q - 1);
  if (q > 0.5) return erfInv(1 - q);
  // Newton's iteration for log erfc, which is nearly a parabola far out, from the leading term there.
  const target = Math.log(q);
  let x = Math.sqrt(Math.max(-target - Math.log(-Math.PI * target) / 2, 0.2));
  for (let i = 0; i < 8; i++) {
    const scaled = erfcx(x);
    const step = ((Math.log(scaled) - x * x - target) * scaled) / TWO_OVER_SQRT_PI;
    x += step;
    if (Math.abs(step) <= 1e-9 * x) break;
  }
  return x;
}

/** Winitzki's approximation of the inverse error function, within 0.2 %. */
function startFor(p: number): number {
  const log = Math.log1p(-p * p);
  const half = 2 / (Math.PI * 0.147) + log / 2;
  return Math.sign(p) * Math.sqrt(Math.sqrt(half * half - log / 0.147) - half);
}
