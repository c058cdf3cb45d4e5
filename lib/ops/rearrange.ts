// The same elements in another order or several times: axes moved, flipped, rolled, rotated, tiled, repeated, windows.
import { tensor } from "../tensor/create.ts";
import { describe, formatShape, readAxes, readAxis, type Shape, sizeOf, stridesOf } from "../tensor/shape.ts";
import type { Axes, Tensor } from "../tensor/tensor.ts";
import { gather } from "./gather.ts";
import { slice, takeStrided } from "./indexing.ts";
import { concat } from "./join.ts";
import { checkTensor } from "./operand.ts";
import { broadcastTo, clone, reshape, transpose, transposed } from "./shape.ts";

/** A copy where nothing had to be moved: whether the numbers are shared must not depend on how far they move. */
function apart(result: Tensor, x: Tensor): Tensor {
  return result.storage === x.storage ? clone(result) : result;
}

/**
 * The axes in the given order: axis i of the result is axis `axes[i]`. {@link transpose} under the name of PyTorch.
 *
 * @throws when `axes` does not name every axis once.
 * @example
 * permute(zeros([2, 3, 4]), [2, 0, 1]).shape // → [ 4, 2, 3 ]
 */
export function permute(x: Tensor, axes: readonly number[]): Tensor {
  return transposed("permute", x, axes);
}

/**
 * Two axes exchanged.
 *
 * @throws when an axis does not exist.
 * @example
 * swapAxes(zeros([2, 3, 4]), 0, -1).shape // → [ 4, 3, 2 ]
 */
export function swapAxes(x: Tensor, a: number, b: number): Tensor {
  checkTensor("swapAxes", x);
  const order = x.shape.map((_, axis) => axis);
  const [p, q] = [readAxis("swapAxes", a, x.rank), readAxis("swapAxes", b, x.rank)];
  order[p] = q;
  order[q] = p;
  return transpose(x, order);
}

/**
 * One axis (or several) moved to another place; the others keep their order.
 *
 * @throws when there are not as many places as axes.
 * @example
 * moveAxis(zeros([2, 3, 4]), -1, 0).shape // → [ 4, 2, 3 ]
 */
export function moveAxis(x: Tensor, from: Axes, to: Axes): Tensor {
  checkTensor("moveAxis", x);
  const read = (axes: Axes): number[] =>
    (Array.isArray(axes) ? axes : [axes]).map((axis) => readAxis("moveAxis", axis, x.rank));
  const [sources, places] = [read(from), read(to)];
  if (sources.length !== places.length) {
    throw new Error(`moveAxis: ${sources.length} axes cannot go to ${places.length} places, one place each`);
  }
  readAxes("moveAxis", sources, x.rank);
  readAxes("moveAxis", places, x.rank);
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !sources.includes(axis));
  const order = x.shape.map((_, axis) => {
    const moved = places.indexOf(axis);
    return moved >= 0 ? sources[moved]! : rest.shift()!;
  });
  return transpose(x, order);
}

/**
 * The order of elements reversed along the axes, all by default.
 *
 * @throws when an axis does not exist.
 * @example
 * flip(tensor([[1, 2], [3, 4]]), 1).toArray() // → [ [ 2, 1 ], [ 4, 3 ] ]
 */
export function flip(x: Tensor, axis?: Axes): Tensor {
  checkTensor("flip", x);
  const axes = readAxes("flip", axis, x.rank);
  const strides = stridesOf(x.shape);
  let start = 0;
  for (const i of axes) {
    start += Math.max(x.shape[i]! - 1, 0) * strides[i]!;
    strides[i] = -strides[i]!;
  }
  return apart(takeStrided(x, { shape: [...x.shape], start, strides }), x);
}

/**
 * Elements moved on by `shift` places; what leaves at the end comes in at the beginning. Without an axis the tensor is
 * rolled as one long list.
 *
 * @throws when there are not as many shifts as axes.
 * @example
 * roll(arange(5), 2) // → tensor([3, 4, 0, 1, 2])
 * roll(tensor([[1, 2], [3, 4]]), -1, 0).toArray() // → [ [ 3, 4 ], [ 1, 2 ] ]
 */
export function roll(x: Tensor, shift: number | readonly number[], axis?: Axes): Tensor {
  checkTensor("roll", x);
  if (axis === undefined) return reshape(roll(reshape(x, [x.size]), shift, 0), x.shape);
  const axes = Array.isArray(axis) ? (axis as readonly number[]) : [axis as number];
  const shifts = Array.isArray(shift) ? (shift as readonly number[]) : axes.map(() => shift as number);
  if (shifts.length !== axes.length) {
    throw new Error(`roll: ${shifts.length} shifts for ${axes.length} axes — give one for each axis`);
  }
  return apart(
    axes.reduce((rolled, along, i) => rollAxis(rolled, shifts[i]!, along), x),
    x,
  );
}

function rollAxis(x: Tensor, shift: number, along: number): Tensor {
  const axis = readAxis("roll", along, x.rank);
  if (!Number.isInteger(shift)) {
    throw new TypeError(`roll: the shift is a whole number of places, got ${describe(shift)}`);
  }
  const length = x.shape[axis]!;
  const first = length === 0 ? 0 : ((-shift % length) + length) % length;
  if (first === 0) return x;
  return concat([slice(x, first, length, { axis }), slice(x, 0, first, { axis })], axis);
}

/**
 * Turned by `times` quarter turns, from the first of two axes towards the second: a matrix counterclockwise.
 *
 * @throws when an axis does not exist, both are the same, or `times` is no whole number.
 * @example
 * rot90(tensor([[1, 2], [3, 4]])).toArray() // → [ [ 2, 4 ], [ 1, 3 ] ]
 */
export function rot90(x: Tensor, times = 1, axes: readonly [number, number] = [0, 1]): Tensor {
  checkTensor("rot90", x);
  if (!Array.isArray(axes) || axes.length !== 2) {
    throw new TypeError(`rot90: the plane is a pair of axes, such as [0, 1], got ${describe(axes)}`);
  }
  const [a, b] = axes.map((axis) => readAxis("rot90", axis, x.rank)) as [number, number];
  if (a === b || !Number.isInteger(times)) {
    throw new Error(
      `rot90: turns a whole number of times in the plane of two different axes, got ${times} times, axes ${formatShape(axes)}`,
    );
  }
  const quarter = ((times % 4) + 4) % 4;
  if (quarter === 0) return clone(x);
  if (quarter === 2) return flip(x, [a, b]);
  return quarter === 1 ? swapAxes(flip(x, b), a, b) : flip(swapAxes(x, a, b), b);
}

/** An axis of `length` with the whole of it (and what is inside) `times` over. */
function repeatBlocks(x: Tensor, outer: number, inner: number, times: number): Tensor {
  return broadcastTo(reshape(x, [outer, 1, inner]), [outer, times, inner]);
}

/**
 * The tensor laid side by side `repetitions` times along each axis. Shorter lists concern the last axes, longer ones
 * add axes in front, as in NumPy.
 *
 * @throws when a number of times is not whole or below 0.
 * @example
 * tile(tensor([1, 2]), 2) // → tensor([1, 2, 1, 2])
 * tile(tensor([1, 2]), [2, 1]).toArray() // → [ [ 1, 2 ], [ 1, 2 ] ]
 */
export function tile(x: Tensor, repetitions: number | readonly number[]): Tensor {
  checkTensor("tile", x);
  const given = Array.isArray(repetitions) ? (repetitions as readonly number[]) : [repetitions as number];
  for (const times of given) checkTimes("tile", times);
  const rank = Math.max(x.rank, given.length);
  const counts: number[] = [...new Array<number>(rank - given.length).fill(1), ...given];
  let shape: Shape = [...new Array<number>(rank - x.rank).fill(1), ...x.shape];
  let result = reshape(x, shape);
  counts.forEach((times, axis) => {
    if (times === 1) return;
    const outer = sizeOf(shape.slice(0, axis));
    const inner = sizeOf(shape.slice(axis));
    shape = shape.map((size, i) => (i === axis ? size * times : size));
    result = reshape(repeatBlocks(result, outer, inner, times), shape);
  });
  return apart(result, x);
}

/**
 * Each element `times` times in a row; with a list, each its own number of times. Without an axis, of the tensor as one
 * long list.
 *
 * @throws when a list does not have one number for each element of the axis.
 * @example
 * repeat(tensor([1, 2]), 2) // → tensor([1, 1, 2, 2])
 * repeat(tensor([[1, 2], [3, 4]]), [1, 2], 0).toArray() // → [ [ 1, 2 ], [ 3, 4 ], [ 3, 4 ] ]
 */
export function repeat(x: Tensor, times: number | readonly number[], axis?: number): Tensor {
  checkTensor("repeat", x);
  if (axis === undefined) return repeat(reshape(x, [x.size]), times, 0);
  const along = readAxis("repeat", axis, x.rank);
  const length = x.shape[along]!;
  if (typeof times === "number") {
    checkTimes("repeat", times);
    const outer = sizeOf(x.shape.slice(0, along + 1));
    const shape = x.shape.map((size, i) => (i === along ? size * times : size));
    return apart(reshape(repeatBlocks(x, outer, sizeOf(x.shape.slice(along + 1)), times), shape), x);
  }
  if (!Array.isArray(times)) {
    throw new TypeError(`repeat: times are a number, or a list of them, got ${describe(times)}`);
  }
  for (const count of times) checkTimes("repeat", count);
  if (times.length !== length) {
    throw new Error(
      `repeat: ${times.length} numbers of times for ${length} elements along axis ${along} of ${formatShape(x.shape)}`,
    );
  }
  const positions = times.flatMap((count, i) => new Array<number>(count).fill(i));
  return gather(x, tensor(positions, { dtype: "int32" }), { axis: along });
}

function checkTimes(operation: string, times: number): void {
  if (Number.isInteger(times) && times >= 0) return;
  throw new RangeError(`${operation}: a number of times is whole and not negative, got ${describe(times)}`);
}

/** Options of {@link slidingWindow}. */
export interface WindowOptions {
  /** The axis, or the axes, over which the window moves; the last ones by default, as many as it has sizes. */
  axis?: Axes;
  /** How far the window moves on; 1 by default. */
  stride?: number;
}

/**
 * All positions of a window that moves over a tensor: the axis counts the positions, and a new last axis holds what the
 * window shows there. With several sizes the window has as many axes. The result is a copy, `size` times as large.
 *
 * @throws when the window is longer than the axis.
 * @example
 * slidingWindow(arange(5), 3).toArray() // → [ [ 0, 1, 2 ], [ 1, 2, 3 ], [ 2, 3, 4 ] ]
 * slidingWindow(zeros([6, 8]), [3, 3]).shape // → [ 4, 6, 3, 3 ]
 */
export function slidingWindow(
  x: Tensor,
  size: number | readonly number[],
  options: WindowOptions = {},
): Tensor {
  checkTensor("slidingWindow", x);
  const sizes = Array.isArray(size) ? (size as readonly number[]) : [size as number];
  const given = options.axis ?? sizes.map((_, i) => i - sizes.length);
  const axes = (Array.isArray(given) ? (given as readonly number[]) : [given as number]).map((axis) =>
    readAxis("slidingWindow", axis, x.rank),
  );
  const stride = options.stride ?? 1;
  if (axes.length !== sizes.length || !Number.isInteger(stride) || stride < 1) {
    throw new Error(
      `slidingWindow: needs one size for each axis and a stride from 1 up, got sizes ${formatShape(sizes)}, ` +
        `axes ${formatShape(axes)}, stride ${stride}`,
    );
  }
  return sizes.reduce((windows, length, i) => {
    const axis = axes[i]!;
    const from = x.shape[axis]!;
    if (!Number.isInteger(length) || length < 1 || length > from) {
      throw new RangeError(
        `slidingWindow: a window of ${length} does not fit axis ${axis} of ${formatShape(x.shape)}, which has ${from}`,
      );
    }
    const count = Math.floor((from - length) / stride) + 1;
    const positions = Int32Array.from(
      { length: count * length },
      (_, k) => Math.floor(k / length) * stride + (k % length),
    );
    const gathered = gather(windows, tensor(positions, { shape: [count, length] }), { axis });
    return moveAxis(gathered, axis + 1, -1);
  }, x);
}
