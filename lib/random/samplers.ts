// One random number of each distribution that needs more than a formula. Rejection methods draw on from the element's own
// numbers, so a result never depends on how often other elements were rejected.
import { logBinomialWeight, logPoissonWeight } from "../special/weights.ts";
import type { Draws } from "./draws.ts";

/** Normal with mean 0 and deviation 1, drawn again when it is more than 2 from 0. */
export function drawTruncatedNormal(draws: Draws): number {
  for (;;) {
    const value = draws.normal();
    if (Math.abs(value) <= 2) return value;
  }
}

/** log of a gamma number with shape alpha and scale 1: also where the number itself would be 0 as a double. */
export function drawLogGamma(draws: Draws, alpha: number): number {
  if (alpha >= 1) return Math.log(drawGamma(draws, alpha));
  return Math.log(drawGamma(draws, alpha + 1)) + Math.log(draws.unit()) / alpha;
}

/** Gamma with shape alpha and scale 1. Marsaglia and Tsang, ACM TOMS 26 (2000). */
export function drawGamma(draws: Draws, alpha: number): number {
  if (alpha < 1) return Math.exp(drawLogGamma(draws, alpha));
  const d = alpha - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = draws.normal();
    const root = 1 + c * normal;
    if (root <= 0) continue;
    const cube = root * root * root;
    if (Math.log(draws.unit()) < (normal * normal) / 2 + d * (1 - cube + Math.log(cube))) return d * cube;
  }
}

/** Beta: the part of the first of two gamma numbers in their sum. */
export function drawBeta(draws: Draws, alpha: number, beta: number): number {
  const odds = drawLogGamma(draws, beta) - drawLogGamma(draws, alpha);
  return 1 / (1 + Math.exp(odds));
}

/** Poisson. From 10 up Hörmann's PTRS (Insurance: Mathematics and Economics 12, 1993), below by adding up weights. */
export function drawPoisson(draws: Draws, rate: number): number {
  if (rate < 10) return searchFromZero(draws, Math.exp(-rate), (k) => rate / k);
  const b = 0.931 + 2.53 * Math.sqrt(rate);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const accepted = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = draws.unit() - 0.5;
    const v = draws.unit();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + rate + 0.43);
    if (distance >= 0.07 && v <= accepted) return k;
    if (k < 0 || (distance < 0.013 && v > distance)) continue;
    if (Math.log((v * inverseAlpha) / (a / (distance * distance) + b)) <= logPoissonWeight(k, rate)) return k;
  }
}

/** Binomial. From a mean of 10 up Hörmann's BTRS (J. Statist. Comput. Simul. 46, 1993), below by adding up weights. */
export function drawBinomial(draws: Draws, n: number, p: number): number {
  if (p > 0.5) return n - drawBinomial(draws, n, 1 - p);
  if (n * p < 10) {
    const odds = p / (1 - p);
    return searchFromZero(draws, Math.exp(n * Math.log1p(-p)), (k) => ((n - k + 1) / k) * odds);
  }
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const accepted = 0.92 - 4.2 / b;
  const mode = Math.floor((n + 1) * p);
  const logAtMode = logBinomialWeight(mode, n - mode, p, 1 - p);
  for (;;) {
    const u = draws.unit() - 0.5;
    const v = draws.unit();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + n * p + 0.5);
    if (distance >= 0.07 && v <= accepted) return k;
    if (k < 0 || k > n) continue;
    const bound = Math.log((v * alpha) / (a / (distance * distance) + b));
    if (bound <= logBinomialWeight(k, n - k, p, 1 - p) - logAtMode) return k;
  }
}

/** Inverts a distribution function of whole numbers, from its weight at 0 and the ratio of a weight to the one before. */
function searchFromZero(draws: Draws, first: number, ratio: (k: number) => number): number {
  let rest = draws.unit();
  let weight = first;
  let k = 0;
  while (rest > weight) {
    const next = weight * ratio(k + 1);
    // The last one, or so far above the mean that the weights vanish: rounding may leave a rest that none reaches.
    if (next === 0) break;
    rest -= weight;
    weight = next;
    k++;
  }
  return k;
}

/** The number of trials up to the first success. */
export function drawGeometric(draws: Draws, p: number): number {
  return p === 1 ? 1 : Math.ceil(Math.log(draws.unit()) / Math.log1p(-p));
}

/** The index of the first running sum above a random part of the last one. */
export function drawIndex(draws: Draws, runningSums: ArrayLike<number>, from: number, count: number): number {
  const level = draws.unit() * runningSums[from + count - 1]!;
  let low = from;
  let high = from + count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runningSums[middle]! > level) high = middle;
    else low = middle + 1;
  }
  return low - from;
}
