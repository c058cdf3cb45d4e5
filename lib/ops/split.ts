// A tensor cut into several along an axis.
import { describe, formatShape, readAxis } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { slice } from "./indexing.ts";
import { checkTensor } from "./operand.ts";
import { squeeze } from "./shape.ts";

function cut(x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return slice(x, start - size, start, { axis });
  });
}

/**
 * Cut along an axis: into so many equal parts, or into parts of the given sizes, of which one may be −1 for the rest.
 *
 * @throws when the axis does not divide so.
 * @example
 * const [a, b] = split(arange(6), 2);
 * b // → tensor([3, 4, 5])
 * split(arange(6), [1, -1, 2]).map((part) => part.size) // → [ 1, 3, 2 ]
 */
export function split(x: Tensor, parts: number | readonly number[], axis = 0): Tensor[] {
  checkTensor("split", x);
  const along = readAxis("split", axis, x.rank);
  const length = x.shape[along]!;
  if (typeof parts === "number") {
    if (!Number.isInteger(parts) || parts < 1 || length % parts !== 0) {
      throw new Error(
        `split: axis ${along} of ${formatShape(x.shape)} (${length}) does not divide into ${parts} equal parts — ` +
          "give the sizes, such as [2, -1], or use chunk(…), whose last part may be smaller",
      );
    }
    return cut(x, new Array<number>(parts).fill(length / parts), along);
  }
  if (!Array.isArray(parts)) {
    throw new TypeError(`split: takes a number of parts or a list of sizes, got ${describe(parts)}`);
  }
  const known = parts.reduce((sum, size) => sum + (size === -1 ? 0 : size), 0);
  const open = parts.filter((size) => size === -1).length;
  const sizes = parts.map((size) => (size === -1 ? length - known : size));
  const fits = open === 0 ? known === length : open === 1 && known <= length;
  if (!fits || sizes.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new Error(
      `split: sizes ${formatShape(parts)} do not make up axis ${along} of ${formatShape(x.shape)} (${length}); one of them may ` +
        "be −1 for the rest",
    );
  }
  return cut(x, sizes, along);
}

/**
 * Cut along an axis into at most so many parts of equal size, of which the last may be smaller.
 *
 * @throws when the axis does not exist, or `parts` is no whole number from 1 up.
 * @example
 * chunk(arange(7), 3).map((part) => part.size) // → [ 3, 3, 1 ]
 */
export function chunk(x: Tensor, parts: number, axis = 0): Tensor[] {
  checkTensor("chunk", x);
  const along = readAxis("chunk", axis, x.rank);
  if (!Number.isInteger(parts) || parts < 1) {
    throw new RangeError(`chunk: the number of parts is whole and from 1 up, got ${describe(parts)}`);
  }
  const length = x.shape[along]!;
  const size = Math.max(1, Math.ceil(length / parts));
  const sizes: number[] = [];
  for (let start = 0; start < length; start += size) sizes.push(Math.min(size, length - start));
  return cut(x, sizes.length > 0 ? sizes : [0], along);
}

/**
 * The parts of an axis, which vanishes: the inverse of `stack`.
 *
 * @throws when the axis does not exist.
 * @example
 * unstack(tensor([[1, 2], [3, 4]]), 1) // → [ tensor([1, 3]), tensor([2, 4]) ]
 */
export function unstack(x: Tensor, axis = 0): Tensor[] {
  checkTensor("unstack", x);
  const along = readAxis("unstack", axis, x.rank);
  return cut(x, new Array<number>(x.shape[along]!).fill(1), along).map((part) => squeeze(part, along));
}
