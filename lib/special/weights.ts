// The Poisson and binomial weights for real arguments, without the cancellation of large logarithms: the saddle-point
// formulas of Loader, "Fast and accurate computation of binomial probabilities" (2000).
import { stirlingError } from "./gamma.ts";

/** x·log(x / mean) + mean − x, for x and mean above 0: how far x is from the mean, in units of log probability. */
export function deviance(x: number, mean: number): number {
  const t = (mean - x) / x;
  if (!(t > -0.4 && t < 0.6)) return x * (Math.log(x) - Math.log(mean)) + mean - x;
  // log(1 + t) = 2·artanh(r) with r = t / (2 + t), and t − 2r = t·r: the terms that would cancel are never added.
  const r = t / (2 + t);
  const square = r * r;
  let power = r * square;
  let sum = 0;
  for (let k = 3; ; k += 2) {
    const next = sum + power / k;
    if (next === sum) break;
    sum = next;
    power *= square;
  }
  return x * (t * r - 2 * sum);
}

/** log of mean^x · exp(−mean) / Γ(x + 1), for x from 0 up and mean above 0. */
export function logPoissonWeight(x: number, mean: number): number {
  if (mean === 0) return x === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (x === 0) return -mean;
  if (x === Number.POSITIVE_INFINITY || mean === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  return -stirlingError(x) - deviance(x, mean) - Math.log(2 * Math.PI * x) / 2;
}

/** log of Γ(n + 1) / (Γ(k + 1)·Γ(n − k + 1)) · p^k · q^(n − k), for k from 0 to n and q = 1 − p. */
export function logBinomialWeight(k: number, rest: number, p: number, q: number): number {
  if (p === 0) return k === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (q === 0) return rest === 0 ? 0 : Number.NEGATIVE_INFINITY;
  const n = k + rest;
  if (k === 0) return rest * (p < 0.5 ? Math.log1p(-p) : Math.log(q));
  if (rest === 0) return k * (q < 0.5 ? Math.log1p(-q) : Math.log(p));
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(rest) -
    deviance(k, n * p) -
    deviance(rest, n * q) +
    Math.log(n / (2 * Math.PI * k * rest)) / 2
  );
}
