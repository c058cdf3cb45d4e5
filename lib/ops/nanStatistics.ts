// Extremes and spread of the numbers that are not NaN, for data with gaps; nanSum and nanMean stand beside the plain ones.
import { isFloating } from "../tensor/dtype.ts";
import { readAxes } from "../tensor/shape.ts";
import type { Axes, ReduceOptions, Tensor } from "../tensor/tensor.ts";
import { div, sub, where } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { greater } from "./compare.ts";
import { square } from "./elementwise.ts";
import { all, logicalNot, nanPlaces } from "./logic.ts";
import { checkTensor } from "./operand.ts";
import { max, min, type SpreadOptions, spread, sum, variance } from "./reduce.ts";
import { nanMean } from "./statistics.ts";

function extreme(
  name: string,
  reduce: typeof max,
  worst: number,
  x: Tensor,
  axis: Axes | undefined,
  options: ReduceOptions | undefined,
): Tensor {
  checkTensor(name, x);
  const axes = readAxes(name, axis, x.rank);
  if (!isFloating(x.dtype)) return reduce(x, axes, options);
  const missing = nanPlaces(x);
  const found = reduce(where(missing, worst, x), axes, options);
  const lost = all(missing, axes, options);
  return lost.view().includes(1) ? where(lost, Number.NaN, found) : found;
}

/**
 * The largest element over the axes, all by default, that is not NaN; NaN if there is none.
 *
 * @throws when there is no element.
 * @example
 * nanMax(tensor([1, NaN, 2])).item() // → 2
 */
export function nanMax(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  return extreme("nanMax", max, Number.NEGATIVE_INFINITY, x, axis, options);
}

/**
 * The smallest element over the axes, all by default, that is not NaN; NaN if there is none.
 *
 * @throws when there is no element.
 * @example
 * nanMin(tensor([1, NaN, 2])).item() // → 1
 */
export function nanMin(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  return extreme("nanMin", min, Number.POSITIVE_INFINITY, x, axis, options);
}

/**
 * The mean of the squared distances from the mean of the numbers that are not NaN, over the axes, all by default; NaN if
 * there is none.
 *
 * @example
 * nanVariance(tensor([1, NaN, 3])).item() // → 1
 */
export function nanVariance(x: Tensor, axis?: Axes, options: SpreadOptions = {}): Tensor {
  return varianceOf("nanVariance", x, axis, options);
}

function varianceOf(name: string, x: Tensor, axis: Axes | undefined, options: SpreadOptions): Tensor {
  checkTensor(name, x);
  const axes = readAxes(name, axis, x.rank);
  if (!isFloating(x.dtype)) return variance(x, axes, options);
  const missing = nanPlaces(x);
  // Left out before they are squared: behind the square NaN would come back in the gradient, as 0 · NaN.
  const distances = where(missing, 0, sub(x, nanMean(x, axes, { keepDims: true })));
  const present = sum(cast(logicalNot(missing), x.dtype), axes, options);
  const left = sub(present, options.correction ?? 0);
  return div(sum(square(distances), axes, options), where(greater(left, 0), left, Number.NaN));
}

/**
 * The standard deviation of the numbers that are not NaN, over the axes, all by default.
 *
 * @example
 * nanStd(tensor([1, NaN, 5])).item() // → 2
 */
export function nanStd(x: Tensor, axis?: Axes, options: SpreadOptions = {}): Tensor {
  return spread(varianceOf("nanStd", x, axis, options));
}
