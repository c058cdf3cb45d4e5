// Numbers brought within limits: cut off, stretched to a range, and finite values in the place of NaN and infinities.
import { attach, give, mode, type Rule, tracks } from "../autograd/graph.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { checkHolds, isFloating, rangeOf } from "../tensor/dtype.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import type { Axes, Tensor } from "../tensor/tensor.ts";
import { add, div, mul, sub, where } from "./arithmetic.ts";
import { equal } from "./compare.ts";
import { eachWhole } from "./elementwise.ts";
import { nanPlaces } from "./logic.ts";
import { checkTensor, toFloat } from "./operand.ts";
import { max, min } from "./reduce.ts";

const clipRule: Rule = {
  name: "clip",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const [low, high] = node.saved as [number, number];
    if (mode.recording) {
      const inside = mul(toFloat(x.greaterEqual(low)), toFloat(x.lessEqual(high)));
      give(x, mul(gradient, inside));
    } else {
      const dx = empty(x.shape, x.dtype);
      coreOf(x.dtype).clipGradient(gradient.pointer(), x.pointer(), dx.pointer(), x.size, low, high);
      give(x, dx);
    }
  },
};

/**
 * x limited to the range from `low` to `high`, element by element; no gradient where it was cut. Either bound may be left
 * out. Whole numbers stay whole when the bounds are. NaN stays NaN.
 *
 * @throws when `low` is above `high`, a bound is no number, or all numbers would become one that the dtype does not hold.
 * @example
 * clip(tensor([-5, 0.5, 5]), 0, 1) // → tensor([0.0, 0.5, 1.0])
 * clip(tensor([-5, 0.5, 5]), undefined, 1) // → tensor([-5.0,  0.5,  1.0])
 */
export function clip(
  input: Tensor,
  low: number | undefined = Number.NEGATIVE_INFINITY,
  high: number | undefined = Number.POSITIVE_INFINITY,
): Tensor {
  checkTensor("clip", input);
  if (![low, high].every((bound) => typeof bound === "number" && !Number.isNaN(bound))) {
    throw new RangeError(
      `clip: the bounds are numbers, got ${describe(low)} and ${describe(high)} — for a bound of each element use ` +
        "x.maximum(low) and x.minimum(high)",
    );
  }
  if (low > high) throw new RangeError(`clip: low (${low}) is above high (${high})`);
  const isWholeBound = (bound: number) => Number.isInteger(bound) || !Number.isFinite(bound);
  if (!isFloating(input.dtype) && isWholeBound(low) && isWholeBound(high)) {
    const limited = (v: number) => Math.min(Math.max(v, low), high);
    // A bound beyond the range limits nothing; but if all numbers lie on its other side, they would all become it.
    const dtype = input.dtype === "bool" ? "int32" : input.dtype;
    for (const end of rangeOf(dtype)!) checkHolds("clip", dtype, limited(end));
    return eachWhole(input, limited);
  }
  const x = toFloat(input);
  const y = empty(x.shape, x.dtype);
  coreOf(x.dtype).clip(x.pointer(), y.pointer(), x.size, low, high);
  return tracks(x) ? attach(y, clipRule, [x], [low, high]) : y;
}

/** Options of {@link minMaxScale}. */
export interface ScaleOptions {
  /** What the smallest and the largest number become: 0 and 1 by default. */
  range?: readonly [low: number, high: number];
  /** The axis (or axes) along which the smallest and the largest are looked for: 0 for every column by itself; all by default. */
  axis?: Axes;
}

/**
 * x stretched and moved so that its smallest number becomes the low end of a range and its largest the high end, such as `[0, 255]`
 * for showing the result of a filter as an image. Numbers that are all the same become the low end.
 *
 * @throws when there is no element, or the range is no pair of numbers.
 * @example
 * minMaxScale(tensor([0, -1020, -1020, 0]), { range: [0, 255] }) // → tensor([255,   0,   0, 255])
 * minMaxScale(tensor([[1, 10], [2, 30], [3, 20]]), { axis: 0 }).toArray() // → [ [ 0, 0 ], [ 0.5, 1 ], [ 1, 0.5 ] ]
 */
export function minMaxScale(input: Tensor, options: ScaleOptions = {}): Tensor {
  checkTensor("minMaxScale", input);
  checkOptions("minMaxScale", options, "{ range: [0, 255] }");
  const { range = [0, 1], axis } = options;
  if (!(Array.isArray(range) && range.length === 2 && range.every(Number.isFinite))) {
    throw new RangeError(
      `minMaxScale: the range is a pair of numbers such as [0, 255], got ${describe(range)}`,
    );
  }
  if (input.size === 0) throw new Error(`minMaxScale: ${formatShape(input.shape)} has no elements`);
  const [low, high] = range;
  const x = toFloat(input);
  const smallest = min(x, axis, { keepDims: true });
  const width = sub(max(x, axis, { keepDims: true }), smallest);
  const share = div(sub(x, smallest), where(equal(width, 0), 1, width));
  return add(mul(share, high - low), low);
}

/** Options of {@link nanToNum}. */
export interface NanToNumOptions {
  /** In the place of NaN; 0 by default. */
  nan?: number;
  /** In the place of ∞; by default the largest number of the dtype. */
  posInf?: number;
  /** In the place of −∞; by default the smallest. */
  negInf?: number;
}

/**
 * x with finite numbers in the place of NaN and infinities; no gradient flows where a number was replaced.
 *
 * @example
 * nanToNum(tensor([1, NaN, Infinity]), { posInf: 9 }) // → tensor([1, 0, 9])
 */
export function nanToNum(input: Tensor, options: NanToNumOptions = {}): Tensor {
  checkTensor("nanToNum", input);
  checkOptions("nanToNum", options, "{ nan: 0 }");
  const x = toFloat(input);
  const largest = x.dtype === "float64" ? Number.MAX_VALUE : 3.4028234663852886e38;
  const { nan = 0, posInf = largest, negInf = -largest } = options;
  const below = where(equal(x, Number.NEGATIVE_INFINITY), negInf, x);
  return where(nanPlaces(x), nan, where(equal(x, Number.POSITIVE_INFINITY), posInf, below));
}
