// What operations accept: tensors and plain numbers, checked and brought to one element type.
import type { Operand } from "../autograd/graph.ts";
import { moverOf } from "../tensor/compute.ts";
import { empty, made } from "../tensor/create.ts";
import { bytesPerElement, checkHolds, type DType, isFloating, promote } from "../tensor/dtype.ts";
import { broadcastShapes, describe, type Shape, sizeOf, stridesOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { cast } from "./cast.ts";

/** Refuses what is neither tensor nor number, and says how to make a tensor of it. */
export function checkOperand(operation: string, value: unknown): void {
  if (value instanceof Tensor || typeof value === "number") return;
  throw new TypeError(`${operation}: expected a tensor or a number, got ${described(value)}`);
}

/** Refuses what is not a tensor. */
export function checkTensor(operation: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  throw new TypeError(`${operation}: expected a tensor, got ${described(value)}`);
}

function described(value: unknown): string {
  if (typeof value === "number") return `the number ${value} — wrap it: tensor(${value})`;
  const text = describe(value);
  if (text === "a SymbolicTensor") {
    const instead = 'use a layer in its place, such as activation("relu")(x) or add([x, y])';
    return `${text} — it holds no numbers yet; ${instead}`;
  }
  return Array.isArray(value) || ArrayBuffer.isView(value) ? `${text} — wrap it: tensor([…])` : text;
}

/** Refuses what is not a list of tensors. */
export function checkTensors(operation: string, what: string, list: readonly Tensor[]): void {
  if (!Array.isArray(list)) {
    throw new TypeError(`${operation}: ${what} are a list of tensors, got ${describe(list)}`);
  }
  for (const x of list) checkTensor(operation, x);
}

/** The tensor as float32, to be read only; the same tensor when it is float32 or float64 already. */
export function toFloat(x: Tensor): Tensor {
  // Bool is held as float32 zeros and ones.
  if (x.dtype === "bool") return new Tensor(x.storage, x.offset, x.shape, "float32");
  return isFloating(x.dtype) ? x : cast(x, "float32");
}

/** Tensors in the floating type that they have in common: float64 when one of them is, else float32. */
export function toCommonFloat<T extends readonly (Tensor | null | undefined)[]>(...tensors: T): T {
  const dtype = tensors.some((x) => x?.dtype === "float64") ? "float64" : "float32";
  return tensors.map((x) => (x ? (dtype === "float32" ? toFloat(x) : cast(x, dtype)) : x)) as unknown as T;
}

/**
 * The type in which operands meet. Plain numbers do not promote, but a fraction among whole numbers makes float32.
 *
 * @throws RangeError when a whole number does not fit into the type of the whole numbers it meets.
 */
export function commonDType(operation: string, a: Operand, b: Operand): DType {
  if (typeof a !== "number" && typeof b !== "number") return promote(a.dtype, b.dtype);
  const [x, other] = typeof a !== "number" ? [a.dtype, b as number] : [(b as Tensor).dtype, a];
  if (isFloating(x)) return x;
  if (!Number.isInteger(other)) return "float32";
  const dtype = x === "bool" ? "int32" : x;
  checkHolds(operation, dtype, other);
  return dtype;
}

function shapeOf(x: Operand): Shape {
  return typeof x === "number" ? [] : x.shape;
}

/** The shape to which operands broadcast, all together. @throws when they do not. */
export function commonShape(operation: string, ...operands: readonly Operand[]): Shape {
  return operands.map(shapeOf).reduce((shape, next) => broadcastShapes(operation, shape, next));
}

/** Positions or class numbers as int32. @throws RangeError when one is a fraction. */
export function toIndices(operation: string, indices: Tensor | readonly number[]): Tensor {
  if (indices instanceof Tensor && !isFloating(indices.dtype)) return indices.cast("int32");
  const numbers = indices instanceof Tensor ? indices.view() : indices;
  if (!(indices instanceof Tensor || Array.isArray(indices) || ArrayBuffer.isView(indices))) {
    throw new TypeError(
      `${operation}: indices are a tensor or a list of whole numbers, got ${describe(indices)}`,
    );
  }
  for (let i = 0; i < numbers.length; i++) {
    if (Number.isInteger(numbers[i])) continue;
    throw new RangeError(`${operation}: ${describe(numbers[i])} at position ${i} is no whole number`);
  }
  return indices instanceof Tensor ? indices.cast("int32") : made(operation, indices, { dtype: "int32" });
}

/** Refuses an activation that an operation cannot apply in the same pass. */
export function checkFused(operation: string, activation: string | undefined): void {
  if (activation === undefined || activation === "linear" || activation === "relu") return;
  throw new TypeError(
    `${operation}: activation is "linear" or "relu", got ${describe(activation)} — apply others to the result`,
  );
}

/** Whether arithmetic on this operand can stay in whole numbers. */
export function isWhole(x: Operand): boolean {
  return typeof x === "number" ? Number.isInteger(x) : !isFloating(x.dtype);
}

/** Writes a function of two numbers into `result`, one by one with broadcasting: for what has no kernel. */
export function eachPair(
  apply: (p: number, q: number) => number,
  a: Operand,
  b: Operand,
  result: Tensor,
): Tensor {
  const shape = result.shape;
  const p = typeof a === "number" ? [a] : a.view();
  const q = typeof b === "number" ? [b] : b.view();
  const stepsA = broadcastStrides(shapeOf(a), shape);
  const stepsB = broadcastStrides(shapeOf(b), shape);
  const target = result.view();
  const index = new Array<number>(shape.length).fill(0);
  let i = 0;
  let j = 0;
  for (let k = 0; k < target.length; k++) {
    target[k] = apply(p[i]!, q[j]!);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      i += stepsA[axis]!;
      j += stepsB[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      i -= stepsA[axis]! * shape[axis]!;
      j -= stepsB[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

/** Strides for reading a dense tensor of `shape` as if it had the shape `target`: 0 along broadcast axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = stridesOf(shape);
  const missing = target.length - shape.length;
  return target.map((_, axis) =>
    axis < missing || shape[axis - missing] === 1 ? 0 : strides[axis - missing]!,
  );
}

/** Copies a tensor's numbers, read with `strides` (in elements) from `start` on, into a new dense tensor. */
export function copyFrom(x: Tensor, start: number, strides: readonly number[], shape: Shape): Tensor {
  const result = empty(shape, x.dtype);
  if (sizeOf(shape) > 0) {
    const from = x.pointer() + bytesPerElement[x.dtype] * start;
    moverOf(x.dtype).copyStrided(from, strides, result.pointer(), stridesOf(shape), shape);
  }
  return result;
}
