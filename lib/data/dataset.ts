// A data set: inputs and targets that belong together, and its division into a part to learn from and a part to test on.
import { checkOptions } from "../tensor/arguments.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { randomOrder } from "./order.ts";

/** How a data set is divided. */
export interface SplitOptions {
  /** The share of samples for the test part (0.2 by default), or their number when it is 1 or more. */
  test?: number;
  /** Makes the division its own; without it, it follows the library's `seed`. */
  seed?: number;
  /** Keeps the shares of the classes alike in both parts; `y` then holds class numbers. */
  stratify?: boolean;
}

/**
 * Inputs `x` `[samples, ...]` with targets `y` `[samples, ...]`.
 *
 * @throws Error when they differ in their number of samples
 * @example
 * new Dataset(zeros([10, 4]), arange(10)).take([0, 9]).y // → tensor([0, 9])
 */
export class Dataset {
  readonly x: Tensor;
  readonly y: Tensor;
  /** The names of the classes, when `y` holds class numbers. */
  readonly classes: readonly string[];

  constructor(x: Tensor, y: Tensor, classes: readonly string[] = []) {
    for (const [name, part] of Object.entries({ x, y })) {
      if (part instanceof Tensor) continue;
      throw new TypeError(`Dataset: ${name} must be a tensor, got ${describe(part)} — wrap it: tensor(…)`);
    }
    if (x.rank === 0 || y.rank === 0 || x.shape[0] !== y.shape[0]) {
      throw new Error(
        `Dataset: x ${formatShape(x.shape)} and y ${formatShape(y.shape)} must have as many samples as each other`,
      );
    }
    this.x = x;
    this.y = y;
    this.classes = classes;
  }

  /** The number of samples. */
  get size(): number {
    return this.x.shape[0];
  }

  /** The samples with these numbers, in this order. */
  take(indices: Tensor | readonly number[]): Dataset {
    return new Dataset(this.x.gather(indices), this.y.gather(indices), this.classes);
  }

  /**
   * Divides the samples at random.
   * @throws RangeError when a part would be empty
   */
  split(options: SplitOptions = {}): { train: Dataset; test: Dataset } {
    checkOptions("split", options, "{ test: 0.2 }");
    const { test = 0.2, seed, stratify = false } = options;
    const { size } = this;
    const count = test >= 1 ? test : Math.ceil(size * test);
    if (!Number.isInteger(count) || count <= 0 || count >= size) {
      throw new RangeError(
        `split: test is a share between 0 and 1 or a whole number of samples, got ${test}; ` +
          `both parts of the ${size} samples need at least one`,
      );
    }
    const order = randomOrder(size, seed);
    const chosen = stratify ? byClass(order, this.y, count) : Array.from(order.subarray(0, count));
    const isTest = new Set(chosen);
    const rest = Array.from(order).filter((sample) => !isTest.has(sample));
    return { train: this.take(rest), test: this.take(chosen) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const classes = this.classes.length > 0 ? `, ${this.classes.length} classes` : "";
    return `Dataset of ${this.size} samples: x ${formatShape(this.x.shape)}, y ${formatShape(this.y.shape)}${classes}`;
  }
}

/**
 * Divides inputs and targets at random, as `dataset.split` does.
 *
 * @param x `[samples, ...]`
 * @param y `[samples, ...]`
 * @throws RangeError when a part would be empty
 * @example
 * const { train, test } = trainTestSplit(arange(10), arange(10), { test: 0.3, seed: 1 });
 * [train.size, test.size] // → [ 7, 3 ]
 */
export function trainTestSplit(
  x: Tensor,
  y: Tensor,
  options?: SplitOptions,
): { train: Dataset; test: Dataset } {
  return new Dataset(x, y).split(options);
}

/** The first samples of each class in `order`, as many of each as its share of `count`, `count` in all. */
function byClass(order: Int32Array, y: Tensor, count: number): number[] {
  if (y.size !== order.length) {
    throw new Error(`split: stratify needs class numbers [samples], y is ${formatShape(y.shape)}`);
  }
  const labels = y.data();
  const members = new Map<number, number[]>();
  for (const sample of order) {
    const list = members.get(labels[sample]);
    if (list) list.push(sample);
    else members.set(labels[sample], [sample]);
  }
  const share = count / order.length;
  const quotas = [...members.values()].map((list) => ({ list, quota: Math.floor(list.length * share) }));
  // Rounding down leaves a few over: they go to the classes that lost most by it.
  let left = count - quotas.reduce((total, { quota }) => total + quota, 0);
  const lost = ({ list, quota }: { list: number[]; quota: number }) => list.length * share - quota;
  for (const entry of [...quotas].sort((a, b) => lost(b) - lost(a))) {
    if (left-- <= 0) break;
    entry.quota++;
  }
  return quotas.flatMap(({ list, quota }) => list.slice(0, quota));
}
