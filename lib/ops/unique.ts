// Which numbers there are, how often, and where they belong in a sorted list.
import { tensor } from "../tensor/create.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { gather } from "./gather.ts";
import { checkTensor, toIndices } from "./operand.ts";
import { reshape } from "./shape.ts";
import { argSort } from "./sort.ts";

/** What {@link unique} finds. */
export interface Unique {
  /** Each number once, ascending. */
  values: Tensor;
  /** How often each occurs; int32. */
  counts: Tensor;
  /** For each element of the tensor, in its shape, the position of its number in `values`; int32. */
  inverse: Tensor;
  /** Where each first occurs in the flattened tensor; int32. */
  indices: Tensor;
}

/**
 * The different numbers of a tensor, ascending, how often each occurs, and where. NaN counts as one number. No gradient
 * flows through it, as in PyTorch: which of equal elements a number came from is not told.
 *
 * @example
 * const { values, counts, inverse } = unique(tensor([3, 1, 3]));
 * values // → tensor([1, 3])
 * counts // → tensor([1, 2], int32)
 * inverse // → tensor([1, 0, 1], int32)
 */
export function unique(x: Tensor): Unique {
  checkTensor("unique", x);
  const flat = reshape(x.detach(), [x.size]);
  const order = argSort(flat).view();
  const source = flat.view();
  const inverse = new Int32Array(x.size);
  const first = new Int32Array(x.size);
  const counts = new Int32Array(x.size);
  let found = 0;
  let former = 0;
  for (let i = 0; i < order.length; i++) {
    const position = order[i]!;
    const value = source[position]!;
    const same = found > 0 && (value === former || (Number.isNaN(value) && Number.isNaN(former)));
    if (!same) first[found++] = position;
    former = value;
    counts[found - 1]!++;
    inverse[position] = found - 1;
  }
  const indices = tensor(first.subarray(0, found));
  return {
    values: gather(flat, indices),
    counts: tensor(counts.subarray(0, found)),
    inverse: tensor(inverse, { shape: x.shape }),
    indices,
  };
}

/** Options of {@link searchSorted}. */
export interface SearchOptions {
  /** Where an equal element counts as smaller (`"right"`) or not (`"left"`, the default). */
  side?: "left" | "right";
}

/** How many of the ascending numbers lie before a value; NaN is larger than all. */
export function countBefore(sorted: ArrayLike<number>, value: number, right: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const element = sorted[middle]!;
    const before = Number.isNaN(value)
      ? right || !Number.isNaN(element)
      : right
        ? element <= value
        : element < value;
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Where values belong in an ascending list: how many of its elements are smaller (with `side: "right"`: not larger). dtype
 * int32, in the shape of `values`.
 *
 * @throws when `sorted` is no ascending list.
 * @example
 * searchSorted(tensor([1, 3, 5]), tensor([0, 3, 9])) // → tensor([0, 1, 3], int32)
 */
export function searchSorted(sorted: Tensor, values: Tensor | number, options: SearchOptions = {}): Tensor {
  checkTensor("searchSorted", sorted);
  const list = checkAscending("searchSorted", sorted);
  const right = readSide("searchSorted", options.side ?? "left") === "right";
  const given = typeof values === "number" ? tensor(values, { dtype: "float64" }) : values;
  checkTensor("searchSorted", given);
  const found = Int32Array.from(given.view(), (value) => countBefore(list, value, right));
  return tensor(found, { shape: given.shape });
}

function readSide(operation: string, side: string): string {
  if (side === "left" || side === "right") return side;
  throw new TypeError(`${operation}: side is "left" or "right", got ${describe(side)}`);
}

/** The numbers of a list that must not fall. */
export function checkAscending(operation: string, sorted: Tensor): ArrayLike<number> {
  if (sorted.rank !== 1) {
    throw new Error(
      `${operation}: needs one ascending list of numbers, got the shape ${formatShape(sorted.shape)}`,
    );
  }
  const list = sorted.view();
  for (let i = 1; i < list.length; i++) {
    if (!(list[i]! < list[i - 1]!)) continue;
    throw new Error(
      `${operation}: the list must ascend, but ${list[i]} at position ${i} follows ${list[i - 1]} — sort(…) it first`,
    );
  }
  return list;
}

/**
 * In which of the intervals between ascending edges each element lies: i where edges[i − 1] ≤ x < edges[i] (with `right`:
 * edges[i − 1] < x ≤ edges[i]); 0 before the first edge. dtype int32.
 *
 * @throws when the edges do not ascend.
 * @example
 * digitize(tensor([0.5, 1, 9]), tensor([1, 2, 3])) // → tensor([0, 1, 3], int32)
 */
export function digitize(x: Tensor, edges: Tensor, options: { right?: boolean } = {}): Tensor {
  checkTensor("digitize", x);
  checkTensor("digitize", edges);
  const list = checkAscending("digitize", edges);
  const right = options.right !== true;
  return tensor(
    Int32Array.from(x.view(), (value) => countBefore(list, value, right)),
    { shape: x.shape },
  );
}

/** Options of {@link bincount}. */
export interface BincountOptions {
  /** What each element counts; 1 by default. The result is then float32 (or float64, as the weights). */
  weights?: Tensor;
  /** At least so many bins, the last ones empty. */
  minLength?: number;
}

/**
 * How often each of the whole numbers 0, 1, 2, … occurs; int32, as long as the largest needs.
 *
 * @throws when an element is negative or a fraction.
 * @example
 * bincount(tensor([0, 1, 1, 3])) // → tensor([1, 2, 0, 1], int32)
 */
export function bincount(x: Tensor, options: BincountOptions = {}): Tensor {
  checkTensor("bincount", x);
  const { weights, minLength = 0 } = options;
  if (weights !== undefined && weights.size !== x.size) {
    throw new Error(
      `bincount: ${weights.size} weights for ${x.size} elements — each element ${formatShape(x.shape)} has one`,
    );
  }
  const numbers = toIndices("bincount", x).view();
  let length = minLength;
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i]! < 0) {
      throw new RangeError(`bincount: counts whole numbers from 0 up, got ${numbers[i]} at position ${i}`);
    }
    length = Math.max(length, numbers[i]! + 1);
  }
  const share = weights?.view();
  const counts = new Float64Array(length);
  for (let i = 0; i < numbers.length; i++) counts[numbers[i]!]! += share === undefined ? 1 : share[i]!;
  return tensor(counts, {
    dtype: weights === undefined ? "int32" : weights.dtype === "float64" ? "float64" : "float32",
  });
}
