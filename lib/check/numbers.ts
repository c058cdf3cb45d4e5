// What a check reads as numbers: a number, a tensor, a typed array, regularly nested lists; all become a shape and a row of numbers.
import type { Shape } from "../tensor/shape.ts";
import { type NestedArray, Tensor } from "../tensor/tensor.ts";

/** Any of JavaScript's typed arrays of numbers. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** Everything that holds numbers or truth values in rows and columns. */
export type NumberBlock = Tensor | NumberArray | NestedArray;

/** Numbers as checks compare them. */
export interface Block {
  readonly shape: Shape;
  /** Row-major; truth values are 0 and 1. */
  readonly data: ArrayLike<number>;
  /** Whether they have the precision of float32: then the other side is rounded to it before it is compared. */
  readonly isSingle: boolean;
  readonly kind: "numbers" | "truth values";
}

/** The numbers of a value; null when it is something else, or lists of different lengths. */
export function readBlock(value: unknown): Block | null {
  if (typeof value === "number") return block([], [value], "numbers");
  if (typeof value === "boolean") return block([], [Number(value)], "truth values");
  if (value instanceof Tensor) {
    const isSingle = value.dtype === "float32";
    return {
      shape: value.shape,
      data: value.data(),
      isSingle,
      kind: value.dtype === "bool" ? "truth values" : "numbers",
    };
  }
  if (isNumberArray(value)) {
    const isSingle = value instanceof Float32Array;
    return { shape: [value.length], data: value, isSingle, kind: "numbers" };
  }
  return Array.isArray(value) ? readLists(value) : null;
}

function block(shape: Shape, data: ArrayLike<number>, kind: Block["kind"]): Block {
  return { shape, data, isSingle: false, kind };
}

function isNumberArray(value: unknown): value is NumberArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}

function readLists(list: readonly unknown[]): Block | null {
  const shape: number[] = [];
  let first: unknown = list;
  while (Array.isArray(first)) {
    shape.push(first.length);
    // A list that contains itself is no block.
    if (shape.length > 64) return null;
    first = first[0];
  }
  const leaf = first === undefined ? "number" : typeof first;
  if (leaf !== "number" && leaf !== "boolean") return null;
  const data: number[] = [];
  const isRegular = collect(list, shape, 0, leaf, data);
  return isRegular ? block(shape, data, leaf === "boolean" ? "truth values" : "numbers") : null;
}

/** Appends the leaves to `data`; false when the lists are ragged or hold something else. */
function collect(value: unknown, shape: Shape, axis: number, leaf: string, data: number[]): boolean {
  if (axis === shape.length) {
    data.push(Number(value));
    return typeof value === leaf;
  }
  if (!Array.isArray(value) || value.length !== shape[axis]) return false;
  // Not every(): it would step over the holes of a sparse list.
  for (let i = 0; i < value.length; i++) if (!collect(value[i], shape, axis + 1, leaf, data)) return false;
  return true;
}
