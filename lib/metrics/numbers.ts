// What metrics accept as labels and scores: a tensor or any list of numbers, read into plain JavaScript numbers.
import { describe } from "../tensor/shape.ts";
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
  checkList(what, values, "a tensor or a list of numbers");
  const given: ArrayLike<unknown> = isTensor(values) ? values.data() : values;
  return Array.from(given, (value, i) => {
    if ((typeof value === "number" && !Number.isNaN(value)) || typeof value === "boolean")
      return Number(value);
    throw new TypeError(`${what}: value ${i} is not a number (${describe(value)})`);
  });
}

/** The rows as plain lists. @throws TypeError when the rows differ in length. */
export function rows(values: Rows, what: string): number[][] {
  checkList(what, values, "a tensor [samples, classes] or a list of lists");
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

function checkList(what: string, values: unknown, expected: string): void {
  if (Array.isArray(values) || ArrayBuffer.isView(values) || isTensor(values)) return;
  throw new TypeError(`${what}: expected ${expected}, got ${describe(values)}`);
}

/** @throws RangeError unless both lists have the same, non-zero length. */
export function requireSameLength(
  caller: string,
  truth: readonly unknown[],
  other: readonly unknown[],
  names: [string, string],
): void {
  if (truth.length !== other.length) {
    throw new RangeError(
      `${caller}: ${names[0]} has ${truth.length} samples, ${names[1]} has ${other.length}: they must agree`,
    );
  }
  if (truth.length === 0)
    throw new RangeError(`${caller}: ${names[0]} is empty: there is nothing to measure`);
}

function isTensor(values: unknown): values is Tensor {
  return typeof values === "object" && values !== null && "shape" in values && "data" in values;
}
