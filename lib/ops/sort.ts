// Order: sorted elements, the positions that sort, the largest few.
import { empty } from "../tensor/create.ts";
import { formatShape, readAxis } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { slice } from "./indexing.ts";
import { checkTensor } from "./operand.ts";
import { forEachRow } from "./rows.ts";
import { takeAlongAxis } from "./scatter.ts";

/** Options of sorting. */
export interface SortOptions {
  /** The largest first. */
  descending?: boolean;
}

/** Up to this many numbers sort quickest by insertion. */
const FEW = 12;

/**
 * The positions that sort `keys`, stable. NaN counts as larger than all. Merges runs that were sorted by insertion: a sort
 * with a comparison function takes three times as long on a million numbers.
 */
function sortingOrder(keys: Float64Array, descending: boolean): Int32Array {
  const n = keys.length;
  const order = new Int32Array(n);
  let numbers = 0;
  for (let i = 0; i < n; i++) if (!Number.isNaN(keys[i])) order[numbers++] = i;
  let end = numbers;
  for (let i = 0; i < n && end < n; i++) if (Number.isNaN(keys[i])) order[end++] = i;
  if (descending) for (let i = 0; i < n; i++) keys[i] = -keys[i]!;
  const sorted = mergeSort(keys, order.subarray(0, numbers));
  const rest = order.subarray(numbers);
  const result = new Int32Array(n);
  result.set(sorted, descending ? rest.length : 0);
  result.set(rest, descending ? 0 : numbers);
  return result;
}

function mergeSort(keys: Float64Array, order: Int32Array): Int32Array {
  const n = order.length;
  for (let start = 0; start < n; start += FEW) insert(keys, order, start, Math.min(start + FEW, n));
  let from: Int32Array = order;
  let to: Int32Array = new Int32Array(n);
  for (let width = FEW; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      merge(keys, from, to, start, Math.min(start + width, n), Math.min(start + 2 * width, n));
    }
    [from, to] = [to, from];
  }
  return from;
}

function insert(keys: Float64Array, order: Int32Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const moved = order[i]!;
    const key = keys[moved]!;
    let j = i;
    for (; j > start && keys[order[j - 1]!]! > key; j--) order[j] = order[j - 1]!;
    order[j] = moved;
  }
}

function merge(
  keys: Float64Array,
  from: Int32Array,
  to: Int32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let [i, j] = [start, middle];
  for (let k = start; k < end; k++) {
    const left = j >= end || (i < middle && keys[from[i]!]! <= keys[from[j]!]!);
    to[k] = left ? from[i++]! : from[j++]!;
  }
}

/**
 * The positions that sort a tensor along an axis, the last by default: `takeAlongAxis(x, argSort(x))` is sorted. Stable:
 * equal elements stay in their order. NaN counts as larger than all numbers. dtype int32.
 *
 * @example
 * argSort(tensor([3, 1, 2])) // → tensor([1, 2, 0], int32)
 * argSort(tensor([3, 1, 3]), -1, { descending: true }) // → tensor([0, 2, 1], int32)
 */
export function argSort(x: Tensor, axis = -1, options: SortOptions = {}): Tensor {
  checkTensor("argSort", x);
  const along = readAxis("argSort", axis, x.rank);
  const result = empty(x.shape, "int32");
  const target = result.view();
  forEachRow(x, along, (row, place) => {
    place(target, sortingOrder(row, options.descending ?? false));
  });
  return result;
}

/**
 * A tensor sorted along an axis, the last by default; NaN counts as larger than all numbers. The gradient goes to where each
 * element came from.
 *
 * @example
 * sort(tensor([3, 1, 2])) // → tensor([1, 2, 3])
 * sort(tensor([[3, 1], [2, 4]]), 0, { descending: true }).toArray() // → [ [ 3, 4 ], [ 2, 1 ] ]
 */
export function sort(x: Tensor, axis = -1, options: SortOptions = {}): Tensor {
  checkTensor("sort", x);
  readAxis("sort", axis, x.rank);
  return takeAlongAxis(x, argSort(x, axis, options), axis);
}

/** Options of {@link topK}. */
export interface TopKOptions {
  /** False: the smallest. */
  largest?: boolean;
}

/**
 * The `k` largest elements along an axis, the last by default, largest first, and where they stand (int32; the first
 * of equals first). The gradient goes to where each element came from.
 *
 * @throws when the axis has fewer than `k` elements.
 * @example
 * topK(tensor([3, 1, 4, 1, 5]), 2).values // → tensor([5, 4])
 * topK(tensor([3, 1, 4, 1, 5]), 2).indices // → tensor([4, 2], int32)
 */
export function topK(
  x: Tensor,
  k: number,
  axis = -1,
  options: TopKOptions = {},
): { values: Tensor; indices: Tensor } {
  checkTensor("topK", x);
  const along = readAxis("topK", axis, x.rank);
  if (!Number.isInteger(k) || k < 0 || k > x.shape[along]!) {
    throw new RangeError(
      `topK: k is a whole number from 0 to ${x.shape[along]}, the size of axis ${along} of ${formatShape(x.shape)}, got ${k}`,
    );
  }
  const order = argSort(x, along, { descending: options.largest ?? true });
  const indices = slice(order, 0, k, { axis: along });
  return { values: takeAlongAxis(x, indices, along), indices };
}
