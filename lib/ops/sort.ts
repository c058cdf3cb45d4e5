// Order: sorted elements, the positions that sort, the largest few.
import { tracks } from "../autograd/graph.ts";
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

/** Numbers and where each came from: they move together, so that memory is read in order. */
interface Keyed {
  keys: Float64Array;
  order: Int32Array;
}

/** The positions that sort `row`, stable. NaN counts as larger than all. */
function sortingOrder(row: Float64Array, descending: boolean): Int32Array {
  const n = row.length;
  const result = new Int32Array(n);
  const keys = new Float64Array(n);
  const order = new Int32Array(n);
  let numbers = 0;
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(row[i])) continue;
    keys[numbers] = descending ? -row[i]! : row[i]!;
    order[numbers++] = i;
  }
  let place = descending ? 0 : numbers;
  for (let i = 0; i < n && numbers < n; i++) if (Number.isNaN(row[i])) result[place++] = i;
  const sorted = mergeSort({ keys: keys.subarray(0, numbers), order: order.subarray(0, numbers) });
  result.set(sorted.order, descending ? n - numbers : 0);
  return result;
}

/** Merges runs that were sorted by insertion. */
function mergeSort(given: Keyed): Keyed {
  const n = given.order.length;
  for (let start = 0; start < n; start += FEW) insert(given, start, Math.min(start + FEW, n));
  let from = given;
  let to: Keyed = { keys: new Float64Array(n), order: new Int32Array(n) };
  for (let width = FEW; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      merge(from, to, start, Math.min(start + width, n), Math.min(start + 2 * width, n));
    }
    [from, to] = [to, from];
  }
  return from;
}

function insert({ keys, order }: Keyed, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const moved = order[i]!;
    const key = keys[i]!;
    let j = i;
    for (; j > start && keys[j - 1]! > key; j--) {
      keys[j] = keys[j - 1]!;
      order[j] = order[j - 1]!;
    }
    keys[j] = key;
    order[j] = moved;
  }
}

function merge(from: Keyed, to: Keyed, start: number, middle: number, end: number): void {
  const { keys, order } = from;
  const { keys: sortedKeys, order: sortedOrder } = to;
  let i = start;
  let j = middle;
  for (let k = start; k < end; k++) {
    const next = j >= end || (i < middle && keys[i]! <= keys[j]!) ? i++ : j++;
    sortedKeys[k] = keys[next]!;
    sortedOrder[k] = order[next]!;
  }
}

/**
 * The positions that sort a tensor along an axis, the last by default: `takeAlongAxis(x, argSort(x))` is sorted. Stable:
 * equal elements stay in their order. NaN counts as larger than all numbers. dtype int32.
 *
 * @throws when the axis does not exist.
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
 * @throws when the axis does not exist.
 * @example
 * sort(tensor([3, 1, 2])) // → tensor([1, 2, 3])
 * sort(tensor([[3, 1], [2, 4]]), 0, { descending: true }).toArray() // → [ [ 3, 4 ], [ 2, 1 ] ]
 */
export function sort(x: Tensor, axis = -1, options: SortOptions = {}): Tensor {
  checkTensor("sort", x);
  const along = readAxis("sort", axis, x.rank);
  if (tracks(x)) return takeAlongAxis(x, argSort(x, along, options), along);
  // Where nobody asks where they came from, the numbers alone are sorted, several times as fast.
  const result = empty(x.shape, x.dtype);
  const target = result.view();
  forEachRow(x, along, (row, place) => {
    row.sort();
    place(target, options.descending ? row.reverse() : row);
  });
  return result;
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
