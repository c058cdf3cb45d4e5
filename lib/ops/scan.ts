// Running results along an axis: sums, products, maxima, minima; differences of neighbours.
import { attach, give, needs, type Rule, tracks } from "../autograd/graph.ts";
import { empty } from "../tensor/create.ts";
import { isFloating } from "../tensor/dtype.ts";
import { describe, readAxis } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { slice } from "./indexing.ts";
import { checkTensor } from "./operand.ts";
import { pad } from "./padding.ts";
import { forEachRow } from "./rows.ts";
import { takeAlongAxis } from "./scatter.ts";

/** Whole numbers other than int32 add up in int32. */
function countable(x: Tensor): Tensor {
  return isFloating(x.dtype) || x.dtype === "int32" ? x : cast(x, "int32");
}

/** Sums of the elements up to each (`backwards`: from each on). Added in float64, rounded once an element. */
function runningSum(x: Tensor, axis: number, backwards: boolean): Tensor {
  const result = empty(x.shape, x.dtype);
  const target = result.view();
  forEachRow(x, axis, (row, place) => {
    if (backwards) for (let i = row.length - 2; i >= 0; i--) row[i]! += row[i + 1]!;
    else for (let i = 1; i < row.length; i++) row[i]! += row[i - 1]!;
    place(target, row);
  });
  return tracks(x) ? attach(result, sumRule, [x], [axis, backwards]) : result;
}

const sumRule: Rule = {
  name: "cumSum",
  backward(gradient, node) {
    const [axis, backwards] = node.saved as [number, boolean];
    give(node.inputs[0] as Tensor, runningSum(gradient, axis, !backwards));
  },
};

/**
 * The sum of the elements up to each one along an axis, the last by default. Whole numbers give int32.
 *
 * @throws when the axis does not exist.
 * @example
 * cumSum(tensor([1, 2, 3])) // → tensor([1, 3, 6])
 * cumSum(tensor([[1, 2], [3, 4]]), 0).toArray() // → [ [ 1, 2 ], [ 4, 6 ] ]
 */
export function cumSum(x: Tensor, axis = -1): Tensor {
  checkTensor("cumSum", x);
  return runningSum(countable(x), readAxis("cumSum", axis, x.rank), false);
}

/**
 * The linear recurrence y₀ = b₀, yᵢ = aᵢ·yᵢ₋₁ + bᵢ (`backwards`: yᵢ = aᵢ·yᵢ₊₁ + bᵢ). Its gradient is the recurrence in the
 * other direction, which needs no division: so products with zeros among their factors have exact gradients.
 */
function recurrence(a: Tensor, b: Tensor, axis: number, backwards: boolean): Tensor {
  const result = empty(b.shape, b.dtype);
  const target = result.view();
  const factors: Float64Array[] = [];
  forEachRow(a, axis, (row) => factors.push(row.slice()));
  let next = 0;
  forEachRow(b, axis, (row, place) => {
    const factor = factors[next++]!;
    if (backwards) for (let i = row.length - 2; i >= 0; i--) row[i]! += factor[i]! * row[i + 1]!;
    else for (let i = 1; i < row.length; i++) row[i]! += factor[i]! * row[i - 1]!;
    place(target, row);
  });
  if (!tracks(a, b)) return result;
  return attach(result, recurrenceRule, [a, b], { axis, backwards, y: result });
}

interface Recurrence {
  axis: number;
  backwards: boolean;
  y: Tensor;
}

const recurrenceRule: Rule = {
  name: "cumProd",
  backward(gradient, node) {
    const [a, b] = node.inputs as readonly [Tensor, Tensor];
    const { axis, backwards, y } = node.saved as Recurrence;
    const slopes = recurrence(shift(a, axis, !backwards), gradient, axis, !backwards);
    if (needs(a)) give(a, mul(slopes, shift(y, axis, backwards)));
    if (needs(b)) give(b, slopes);
  },
};

/** Each element's predecessor along an axis (`forward`: its successor), and 0 where there is none. */
function shift(x: Tensor, axis: number, forward: boolean): Tensor {
  const length = x.shape[axis]!;
  if (length === 0) return x;
  const amounts = x.shape.map((_, i): [number, number] => (i !== axis ? [0, 0] : forward ? [0, 1] : [1, 0]));
  return pad(slice(x, forward ? 1 : 0, forward ? length : length - 1, { axis }), amounts);
}

/** Products of int32 that wrap around: float64 would lose their last digits. */
function runningProduct(x: Tensor, axis: number): Tensor {
  const result = empty(x.shape, x.dtype);
  const target = result.view();
  forEachRow(x, axis, (row, place) => {
    for (let i = 1; i < row.length; i++) row[i] = Math.imul(row[i]!, row[i - 1]!);
    place(target, row);
  });
  return result;
}

/**
 * The product of the elements up to each one along an axis, the last by default. Whole numbers give int32.
 *
 * @throws when the axis does not exist.
 * @example
 * cumProd(tensor([1, 2, 3, 4])) // → tensor([ 1,  2,  6, 24])
 */
export function cumProd(x: Tensor, axis = -1): Tensor {
  checkTensor("cumProd", x);
  const along = readAxis("cumProd", axis, x.rank);
  const factors = countable(x);
  const length = x.shape[along]!;
  if (length === 0) return factors.clone();
  if (!isFloating(factors.dtype)) return runningProduct(factors, along);
  const rest = x.shape.map((_, i): [number, number] => (i === along ? [0, length - 1] : [0, 0]));
  return recurrence(factors, pad(slice(factors, 0, 1, { axis: along }), rest), along, false);
}

/** Where the running extreme of each element stands; NaN beats every number. */
function extremes(x: Tensor, axis: number, beats: (a: number, b: number) => boolean): Tensor {
  const result = empty(x.shape, "int32");
  const target = result.view();
  forEachRow(x, axis, (row, place) => {
    const positions = new Int32Array(row.length);
    let best = 0;
    for (let i = 1; i < row.length; i++) {
      const ahead = row[best]!;
      if (!Number.isNaN(ahead) && (Number.isNaN(row[i]!) || beats(row[i]!, ahead))) best = i;
      positions[i] = best;
    }
    place(target, positions);
  });
  return result;
}

/**
 * The largest of the elements up to each one along an axis, the last by default. The gradient goes to the first of
 * those that are largest.
 *
 * @throws when the axis does not exist.
 * @example
 * cumMax(tensor([1, 3, 2, 5])) // → tensor([1, 3, 3, 5])
 */
export function cumMax(x: Tensor, axis = -1): Tensor {
  checkTensor("cumMax", x);
  const along = readAxis("cumMax", axis, x.rank);
  return takeAlongAxis(
    x,
    extremes(x, along, (a, b) => a > b),
    along,
  );
}

/**
 * The smallest of the elements up to each one along an axis, the last by default. The gradient goes to the first of
 * those that are smallest.
 *
 * @throws when the axis does not exist.
 * @example
 * cumMin(tensor([4, 3, 5, 1])) // → tensor([4, 3, 3, 1])
 */
export function cumMin(x: Tensor, axis = -1): Tensor {
  checkTensor("cumMin", x);
  const along = readAxis("cumMin", axis, x.rank);
  return takeAlongAxis(
    x,
    extremes(x, along, (a, b) => a < b),
    along,
  );
}

/**
 * Each element minus the one before it along an axis, the last by default: one element less. `times` repeats that.
 *
 * @throws when the axis does not exist, or `times` is no whole number from 0 up.
 * @example
 * diff(tensor([1, 4, 9, 16])) // → tensor([3, 5, 7])
 * diff(tensor([1, 4, 9, 16]), -1, 2) // → tensor([2, 2])
 */
export function diff(x: Tensor, axis = -1, times = 1): Tensor {
  checkTensor("diff", x);
  const along = readAxis("diff", axis, x.rank);
  if (!Number.isInteger(times) || times < 0) {
    throw new RangeError(`diff: differences are taken a whole number of times, got ${describe(times)}`);
  }
  let result = x;
  for (let i = 0; i < times && result.shape[along]! > 0; i++) {
    result = sub(slice(result, 1, undefined, { axis: along }), slice(result, 0, -1, { axis: along }));
  }
  return result;
}
