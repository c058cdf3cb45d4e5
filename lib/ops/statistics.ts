import { isFloating } from "../tensor/dtype.ts";
import { readAxes, sizeOf } from "../tensor/shape.ts";
import type { Axes, ReduceOptions, Tensor } from "../tensor/tensor.ts";
import { add, div, mul, sub, where } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { exp, log } from "./elementwise.ts";
import { slice } from "./indexing.ts";
import { concat } from "./join.ts";
import { finitePlaces, logicalNot, nanPlaces } from "./logic.ts";
import { checkTensor, toFloat } from "./operand.ts";
import { finalShape, max, mean, sum } from "./reduce.ts";
import { clone, reshape, transpose } from "./shape.ts";

/** The reduced axes brought to the end and made one: `[rest…, count]` as `[outer, count]`. */
function rowsOf(x: Tensor, axes: readonly number[]): Tensor {
  const rest = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const count = sizeOf(axes.map((axis) => x.shape[axis]!));
  const inPlace = axes.every((axis, i) => axis === x.rank - axes.length + i);
  const moved = inPlace ? x : transpose(x, [...rest, ...axes]);
  return reshape(moved, [sizeOf(rest.map((i) => x.shape[i]!)), count]);
}

/**
 * The product over the axes, all by default; 1 for no element. Whole numbers give int32, which wraps around. Multiplied
 * in pairs, so gradients are right where elements are 0, too.
 *
 * @throws when an axis does not exist.
 * @example
 * prod(tensor([[1, 2], [3, 4]]), 1) // → tensor([ 2, 12])
 */
export function prod(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  checkTensor("prod", x);
  const axes = readAxes("prod", axis, x.rank);
  const shape = finalShape(x.shape, axes, options);
  let rows = rowsOf(isFloating(x.dtype) ? x : cast(x, "int32"), axes);
  // The sum of nothing is 0, and keeps the gradient (which is empty) connected.
  if (rows.shape[1] === 0) return reshape(add(sum(rows, 1), 1), shape);
  if (rows.shape[1] === 1) rows = clone(rows);
  for (let n = rows.shape[1]!; n > 1; n = rows.shape[1]!) {
    const half = n >> 1;
    const along = { axis: 1 };
    const pairs = mul(slice(rows, 0, half, along), slice(rows, half, 2 * half, along));
    rows = n % 2 === 0 ? pairs : concat([pairs, slice(rows, n - 1, n, along)], 1);
  }
  return reshape(rows, shape);
}

/**
 * ln Σ eˣ over the axes, all by default, without overflow.
 *
 * @throws when an axis does not exist.
 * @example
 * logSumExp(tensor([1000, 1000])).item().toFixed(3) // → '1000.693'
 */
export function logSumExp(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  checkTensor("logSumExp", x);
  const v = toFloat(x);
  const axes = readAxes("logSumExp", axis, x.rank);
  const shape = finalShape(x.shape, axes, options);
  if (sizeOf(axes.map((i) => x.shape[i]!)) === 0) {
    return sub(sum(v, axes, options), Number.POSITIVE_INFINITY);
  }
  const largest = max(v.detach(), axes, { keepDims: true });
  const shift = where(finitePlaces(largest), largest, 0);
  const total = log(sum(exp(sub(v, shift)), axes, { keepDims: true }));
  return reshape(add(total, shift), shape);
}

/**
 * The sum over the axes, all by default, NaN counting as 0.
 *
 * @example
 * nanSum(tensor([1, NaN, 2])).item() // → 3
 */
export function nanSum(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  checkTensor("nanSum", x);
  const axes = readAxes("nanSum", axis, x.rank);
  return sum(isFloating(x.dtype) ? where(nanPlaces(x), 0, x) : x, axes, options);
}

/**
 * The mean over the axes, all by default, of the numbers that are not NaN; NaN if there is none.
 *
 * @example
 * nanMean(tensor([1, NaN, 2])).item() // → 1.5
 */
export function nanMean(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  checkTensor("nanMean", x);
  const axes = readAxes("nanMean", axis, x.rank);
  if (!isFloating(x.dtype)) return mean(x, axes, options);
  const present = sum(cast(logicalNot(nanPlaces(x)), x.dtype), axes, options);
  return div(nanSum(x, axes, options), present);
}
