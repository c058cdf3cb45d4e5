// Quantiles, percentiles and medians, in all the ways of NumPy.
import { tensor } from "../tensor/create.ts";
import { describe, formatShape, readAxes, sizeOf } from "../tensor/shape.ts";
import type { Axes, ReduceOptions, Tensor } from "../tensor/tensor.ts";
import { add, mul, where } from "./arithmetic.ts";
import { equal, notEqual } from "./compare.ts";
import { slice } from "./indexing.ts";
import { stack } from "./join.ts";
import { checkTensor, toFloat } from "./operand.ts";
import { moveAxis } from "./rearrange.ts";
import { reshape } from "./shape.ts";
import { sort } from "./sort.ts";

/** For n sorted numbers and a share q: the place of the quantile among positions 0 to n − 1, between two of them or on one. */
type Method = (n: number, q: number) => number;

/** The family of Hyndman and Fan with plotting positions (k − α) / (n + 1 − α − β). */
function between(alpha: number, beta: number): Method {
  return (n, q) => n * q + (alpha + q * (1 - alpha - beta)) - 1;
}

function halvesToEven(place: number): number {
  const low = Math.floor(place);
  return place - low === 0.5 ? low + (low % 2 === 0 ? 0 : 1) : Math.round(place);
}

/** Hyndman and Fan, Sample Quantiles in Statistical Packages, The American Statistician 50 (1996), and four plain ones. */
const methods = {
  linear: (n, q) => (n - 1) * q,
  lower: (n, q) => Math.floor((n - 1) * q),
  higher: (n, q) => Math.ceil((n - 1) * q),
  nearest: (n, q) => halvesToEven((n - 1) * q),
  midpoint: (n, q) => (Math.floor((n - 1) * q) + Math.ceil((n - 1) * q)) / 2,
  invertedCdf: (n, q) => Math.ceil(n * q - 1),
  averagedInvertedCdf: (n, q) => (Number.isInteger(n * q) ? n * q - 0.5 : Math.ceil(n * q - 1)),
  closestObservation(n, q) {
    const place = n * q - 1.5;
    return Math.abs(place % 2) === 1 ? place : Math.floor(place) + 1;
  },
  interpolatedInvertedCdf: between(0, 1),
  hazen: between(0.5, 0.5),
  weibull: between(0, 0),
  medianUnbiased: between(1 / 3, 1 / 3),
  normalUnbiased: between(3 / 8, 3 / 8),
} as const satisfies Record<string, Method>;

/** How a quantile that falls between two numbers is chosen; `"linear"` goes straight from one to the other. */
export type QuantileMethod = keyof typeof methods;

/** Options of {@link quantile}. */
export interface QuantileOptions extends ReduceOptions {
  /** `"linear"` by default, as in NumPy, whose names these are. */
  method?: QuantileMethod;
}

/**
 * The number below which a share `q` (0 to 1) of the elements lies, over the axes, all by default. A list of shares gives
 * as many results along a new first axis. NaN among the elements gives NaN. float32 or float64.
 *
 * Between two infinities of one sign the result is that infinity (NumPy: NaN).
 *
 * @throws when a share is outside 0 to 1, or there is no element.
 * @example
 * quantile(tensor([1, 2, 3, 4]), 0.25).item() // → 1.75
 * quantile(tensor([1, 2, 3, 4]), [0, 1]) // → tensor([1, 4])
 */
export function quantile(
  x: Tensor,
  q: number | readonly number[],
  axis?: Axes,
  options: QuantileOptions = {},
): Tensor {
  return quantiles("quantile", x, q, axis, options);
}

function checkShares(name: string, shares: number | readonly number[]): void {
  if (typeof shares === "number" || (Array.isArray(shares) && shares.length > 0)) return;
  const got = Array.isArray(shares) ? "an empty list" : describe(shares);
  throw new TypeError(`${name}: takes a number, or a list of numbers, got ${got}`);
}

function quantiles(
  name: string,
  input: Tensor,
  q: number | readonly number[],
  axis: Axes | undefined,
  options: QuantileOptions,
): Tensor {
  checkTensor(name, input);
  checkShares(name, q);
  const x = toFloat(input);
  const { method = "linear" } = options;
  const place = methods[method];
  if (place === undefined) {
    const known = Object.keys(methods).join(", ");
    throw new TypeError(`${name}: unknown method ${describe(method)} — known are ${known}`);
  }
  for (const share of typeof q === "number" ? [q] : q) {
    if (share >= 0 && share <= 1) continue;
    const hint = name === "quantile" && share <= 100 ? "; for percent use percentile" : "";
    throw new RangeError(`${name}: a share lies between 0 and 1, got ${share}${hint}`);
  }
  const axes = readAxes(name, axis, x.rank);
  const n = sizeOf(axes.map((a) => x.shape[a]!));
  if (n === 0) throw new Error(`${name}: an axis of ${formatShape(x.shape)} is empty, it has no ${name}`);
  const kept = x.shape.filter((_, a) => !axes.includes(a));
  const last = axes.map((_, i) => i - axes.length);
  const rows = reshape(axes.length === 0 ? x : moveAxis(x, axes, last), [...kept, n]);
  const sorted = sort(rows);
  const missing = anyNaN(sorted);
  const shape = options.keepDims ? x.shape.map((size, a) => (axes.includes(a) ? 1 : size)) : kept;
  const one = (share: number): Tensor => {
    const value = standingAt(sorted, Math.min(Math.max(place(n, share), 0), n - 1));
    return reshape(
      missing === null ? value : where(missing, tensor(Number.NaN, { dtype: x.dtype }), value),
      shape,
    );
  };
  return typeof q === "number" ? one(q) : stack(q.map(one));
}

/** Which rows have NaN: sorted, it is at their end. Null when there is none. */
function anyNaN(sorted: Tensor): Tensor | null {
  const ends = slice(sorted.detach(), -1, undefined, { axis: -1 });
  return ends.view().some((v) => Number.isNaN(v)) ? notEqual(ends, ends) : null;
}

/** What stands in sorted rows at a place between two positions; `[…, 1]`. */
function standingAt(sorted: Tensor, place: number): Tensor {
  const low = Math.floor(place);
  const weight = place - low;
  const lower = slice(sorted, low, low + 1, { axis: -1 });
  if (weight === 0) return lower;
  const upper = slice(sorted, low + 1, low + 2, { axis: -1 });
  const mixed = add(mul(lower, 1 - weight), mul(upper, weight));
  return where(equal(lower, upper), lower, mixed);
}

/**
 * The same as {@link quantile} for percentages from 0 to 100.
 *
 * @throws when a percentage is outside 0 to 100, or there is no element.
 * @example
 * percentile(tensor([1, 2, 3, 4, 5]), 75).item() // → 4
 */
export function percentile(
  x: Tensor,
  percent: number | readonly number[],
  axis?: Axes,
  options: QuantileOptions = {},
): Tensor {
  checkShares("percentile", percent);
  for (const share of typeof percent === "number" ? [percent] : percent) {
    if (!(share >= 0 && share <= 100))
      throw new RangeError(`percentile: from 0 to 100 percent, got ${share}`);
  }
  const shares = typeof percent === "number" ? percent / 100 : percent.map((p) => p / 100);
  return quantiles("percentile", x, shares, axis, options);
}

/**
 * The middle one of the sorted elements, over the axes, all by default; of an even number the mean of the two in the middle.
 *
 * @example
 * median(tensor([7, 1, 3])).item() // → 3
 * median(tensor([[1, 2], [3, 10]]), 1) // → tensor([1.5, 6.5])
 */
export function median(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  return quantiles("median", x, 0.5, axis, { ...options, method: "linear" });
}
