// Batches for training loops written by hand.
import { describe } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Dataset } from "./dataset.ts";
import { randomOrder } from "./order.ts";

export interface BatchOptions {
  /** Whether the samples come in random order; yes by default. */
  shuffle?: boolean;
  /** Makes the order its own; without it, it follows the library's `seed`. */
  seed?: number;
}

/**
 * Goes once through a data set, `size` samples at a time; the last batch may be shorter.
 *
 * @param size how many samples make a batch
 * @throws RangeError when the size is no whole number above 0
 * @example
 * const { test } = datasets.digits().split({ test: 100, seed: 1 });
 * [...batches(test, 64)].map(([x, y]) => [x.shape[0], y.shape[0]]) // → [ [ 64, 64 ], [ 36, 36 ] ]
 */
export function* batches(
  dataset: Dataset,
  size: number,
  { shuffle = true, seed }: BatchOptions = {},
): Generator<[x: Tensor, y: Tensor], void> {
  if (!(dataset instanceof Dataset)) {
    throw new TypeError(
      `batches: the first argument is a data set, got ${describe(dataset)} — make one with new Dataset(x, y)`,
    );
  }
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`batches: size must be a whole number above 0, got ${String(size)}`);
  }
  const order = shuffle ? Array.from(randomOrder(dataset.size, seed)) : null;
  for (let start = 0; start < dataset.size; start += size) {
    const end = Math.min(start + size, dataset.size);
    if (order) {
      const { x, y } = dataset.take(order.slice(start, end));
      yield [x, y];
    } else {
      yield [dataset.x.slice(start, end), dataset.y.slice(start, end)];
    }
  }
}
