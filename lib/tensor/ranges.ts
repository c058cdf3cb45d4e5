// Creation of rows of numbers: at equal distances, and on logarithmic scales.
import { checkOptions } from "./arguments.ts";
import { type CreateOptions, empty, made } from "./create.ts";
import { checkDType, type DType } from "./dtype.ts";
import { describe } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/**
 * The numbers from `start` up to, not including, `end` in steps of `step`; with one number, from 0 up to it.
 *
 * @throws when a number is not finite, or the step is 0.
 * @example
 * arange(4) // → tensor([0, 1, 2, 3])
 * arange(1, 2, 0.25) // → tensor([1.00, 1.25, 1.50, 1.75])
 * arange(3, { dtype: "int32" }) // → tensor([0, 1, 2], int32)
 */
export function arange(end: number, options?: CreateOptions): Tensor;
export function arange(start: number, end: number, options?: CreateOptions): Tensor;
export function arange(start: number, end?: number, step?: number, options?: CreateOptions): Tensor;
export function arange(start: number, ...rest: (number | CreateOptions | undefined)[]): Tensor {
  const isOptions = (value: unknown): value is CreateOptions => typeof value === "object" && value !== null;
  const options = rest.find(isOptions) ?? {};
  const [end, step = 1] = rest.filter((value): value is number | undefined => !isOptions(value));
  const bounds = end === undefined ? [start] : [start, end];
  if (![...bounds, step].every(Number.isFinite) || step === 0) {
    throw new RangeError(
      `arange: needs finite numbers and a step other than 0, got ${[...bounds, step].map(describe).join(", ")}`,
    );
  }
  const from = end === undefined ? 0 : start;
  const to = end ?? start;
  const count = Math.max(0, Math.ceil((to - from) / step));
  // The distance of the first two numbers, as they are after rounding: so NumPy steps on.
  const distance = from + step - from;
  return sequence("arange", count, (i) => from + i * distance, options.dtype);
}

/** Options of {@link linspace}. */
export interface LinspaceOptions extends CreateOptions {
  /** False: `end` itself is left out, and the distance is (end − start) / count. */
  endpoint?: boolean;
}

/**
 * `count` numbers at equal distances from `start` to `end`, both included.
 *
 * @throws when an end is not finite, or `count` is no whole number.
 * @example
 * linspace(0, 1, 5) // → tensor([0.00, 0.25, 0.50, 0.75, 1.00])
 */
export function linspace(start: number, end: number, count = 50, options: LinspaceOptions = {}): Tensor {
  checkScale("linspace", start, end, count);
  checkOptions("linspace", options, "{ endpoint: false }");
  const { endpoint = true, dtype } = options;
  return sequence("linspace", count, evenly(start, end, count, endpoint), dtype);
}

/** Refuses a row of points that has no ends or no number. */
function checkScale(operation: string, start: number, end: number, count: number): void {
  if (Number.isFinite(start) && Number.isFinite(end) && Number.isInteger(count) && count >= 0) return;
  throw new RangeError(
    `${operation}: needs two finite ends and a whole number of points, got ${start}, ${end}, ${count}`,
  );
}

/** Number i of `count` at equal distances. */
function evenly(start: number, end: number, count: number, endpoint = true): (i: number) => number {
  const steps = endpoint ? count - 1 : count;
  const step = steps > 0 ? (end - start) / steps : 0;
  return (i) => (endpoint && i === steps && i > 0 ? end : start + i * step);
}

/** A vector of `count` numbers; says so before it tries when they are too many. */
function sequence(
  operation: string,
  count: number,
  numberAt: (i: number) => number,
  dtype: DType = "float32",
): Tensor {
  const result = empty([count], checkDType(operation, dtype));
  if (dtype !== "float32") {
    return made(
      operation,
      Float64Array.from({ length: count }, (_, i) => numberAt(i)),
      { dtype },
    );
  }
  const view = result.view();
  for (let i = 0; i < count; i++) view[i] = numberAt(i);
  return result;
}

/** Options of scales. */
export interface ScaleOptions extends CreateOptions {
  /** What is raised to the powers; 10 by default. */
  base?: number;
}

/**
 * `count` numbers from baseˢᵗᵃʳᵗ to baseᵉⁿᵈ, evenly spaced on a logarithmic scale.
 *
 * @throws when an end is not finite, or `count` is no whole number.
 * @example
 * logspace(0, 3, 4) // → tensor([   1,   10,  100, 1000])
 */
export function logspace(start: number, end: number, count = 50, options: ScaleOptions = {}): Tensor {
  const { base = 10, dtype = "float32" } = options;
  checkScale("logspace", start, end, count);
  const power = evenly(start, end, count);
  return made(
    "logspace",
    Float64Array.from({ length: count }, (_, i) => base ** power(i)),
    { dtype },
  );
}

/**
 * `count` numbers from `start` to `end`, both exactly, of which each is the same multiple of the one before.
 *
 * @throws when an end is 0 or the signs differ.
 * @example
 * geomspace(1, 8, 4) // → tensor([1, 2, 4, 8])
 */
export function geomspace(start: number, end: number, count = 50, options: CreateOptions = {}): Tensor {
  checkScale("geomspace", start, end, count);
  if (!(start * end > 0)) {
    throw new RangeError(`geomspace: both ends have one sign and are not 0, got ${start} and ${end}`);
  }
  const sign = Math.sign(start);
  const power = evenly(Math.log10(sign * start), Math.log10(sign * end), count);
  const values = Float64Array.from({ length: count }, (_, i) => sign * 10 ** power(i));
  if (count > 0) values[0] = start;
  if (count > 1) values[count - 1] = end;
  return made("geomspace", values, { dtype: options.dtype ?? "float32" });
}
