// What metrics accept as labels and scores: a tensor or any list of numbers, read into plain JavaScript numbers.
import type { Tensor } from "../tensor/tensor.ts";

/** One number per sample: a tensor of one axis (or `[n, 1]`), an array or a typed array. */
export type Numbers = Tensor | ArrayLike<number>;

/** Rows of numbers, one per sample: a tensor `[samples, classes]` or an array of arrays. */
export type Rows = Tensor | ArrayLike<ArrayLike<number>>;

/** The numbers as a plain list. @throws TypeError when the value is not a list of numbers. */
export function numbers(values: Numbers, what: string): number[] {
  if (isTensor(values)) {
    const { shape } = values;
    if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) {
      const hint = shape.length === 2 ? "; for class probabilities take .argMax(1) first" : "";
      throw new TypeError(`${what}: expected one number per sample, got shape [${shape.join(", ")}]${hint}`);
    }
  }
  const given: ArrayLike<number> = isTensor(values) ? values.data() : values;
  const list = Array.from(given, Number);
  const wrong = list.findIndex(Number.isNaN);
  if (wrong >= 0) throw new TypeError(`${what}: value ${wrong} is not a number (${String(given[wrong])})`);
  return list;
}

/** The rows as plain lists. @throws TypeError when the rows differ in length. */
export function rows(values: Rows, what: string): number[][] {
  if (!isTensor(values)) {
    const lists = Array.from(values, (row, index) => numbers(row, `${what} row ${index}`));
    const ragged = lists.findIndex((row) => row.length !== lists[0].length);
    if (ragged >= 0) {
      throw new TypeError(
        `${what}: row ${ragged} has ${lists[ragged].length} values, row 0 has ${lists[0].length}`,
      );
    }
    return lists;
  }
  if (values.shape.length !== 2) {
    throw new TypeError(`${what}: expected [samples, classes], got shape [${values.shape.join(", ")}]`);
  }
  const [count, width] = values.shape;
  const flat = values.data();
  return Array.from({ length: count }, (_, row) => Array.from(flat.subarray(row * width, (row + 1) * width)));
}

/** @throws RangeError unless both lists have the same, non-zero length. */
export function requireSameLength(
  truth: readonly unknown[],
  other: readonly unknown[],
  names: [string, string],
): void {
  if (truth.length !== other.length) {
    throw new RangeError(
      `${names[0]} has ${truth.length} samples, ${names[1]} has ${other.length}: they must agree`,
    );
  }
  if (truth.length === 0) throw new RangeError(`${names[0]} is empty: there is nothing to measure`);
}

function isTensor(values: object): values is Tensor {
  return "shape" in values && "data" in values;
}
