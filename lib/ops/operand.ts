// What operations accept: tensors and plain numbers, checked and brought to one element type.
import type { Operand } from "../autograd/graph.ts";
import { engine } from "../engine/engine.ts";
import { empty, tensor } from "../tensor/create.ts";
import { describe, type Shape, sizeOf, stridesOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Refuses what is neither tensor nor number, and says how to make a tensor of it. */
export function checkOperand(operation: string, value: unknown): void {
  if (value instanceof Tensor || typeof value === "number") return;
  const fix = Array.isArray(value) || ArrayBuffer.isView(value) ? " — wrap it: tensor([…])" : "";
  throw new TypeError(`${operation}: expected a tensor or a number, got ${describe(value)}${fix}`);
}

/** Refuses what is not a tensor. */
export function checkTensor(operation: string, value: unknown): asserts value is Tensor {
  if (value instanceof Tensor) return;
  checkOperand(operation, value);
  throw new TypeError(`${operation}: expected a tensor, got the number ${value}`);
}

/** The tensor as float32; the same tensor when it is that already. */
export function toFloat(x: Tensor): Tensor {
  if (x.dtype === "float32") return x;
  // Bool is held as float32 zeros and ones.
  if (x.dtype === "bool") return new Tensor(x.storage, x.offset, x.shape, "float32");
  const result = empty(x.shape);
  engine.core.int32ToFloat32(x.pointer(), result.pointer(), x.size);
  return result;
}

/** Positions or class numbers as int32. @throws RangeError when one is a fraction. */
export function toIndices(operation: string, indices: Tensor | readonly number[]): Tensor {
  if (indices instanceof Tensor && indices.dtype !== "float32") return indices.cast("int32");
  const numbers = indices instanceof Tensor ? indices.view() : indices;
  for (let i = 0; i < numbers.length; i++) {
    if (Number.isInteger(numbers[i])) continue;
    throw new RangeError(`${operation}: ${describe(numbers[i])} at position ${i} is no whole number`);
  }
  return indices instanceof Tensor ? indices.cast("int32") : tensor(indices, { dtype: "int32" });
}

/** Refuses an activation that an operation cannot apply in the same pass. */
export function checkFused(operation: string, activation: string | undefined): void {
  if (activation === undefined || activation === "linear" || activation === "relu") return;
  throw new TypeError(
    `${operation}: activation is "linear" or "relu", got ${describe(activation)} — apply others to the result`,
  );
}

export function floatOperand(x: Operand): Operand {
  return typeof x === "number" ? x : toFloat(x);
}

/** Whether arithmetic on this operand can stay in whole numbers. */
export function isWhole(x: Operand): boolean {
  return typeof x === "number" ? Number.isInteger(x) : x.dtype !== "float32";
}

/** Applies a function to whole numbers with broadcasting, exactly: float32 holds only those up to 2²⁴. */
export function wholeNumbers(
  apply: (p: number, q: number) => number,
  a: Operand,
  b: Operand,
  result: Tensor,
): Tensor {
  const shape = result.shape;
  const p = typeof a === "number" ? [a] : a.view();
  const q = typeof b === "number" ? [b] : b.view();
  const stepsA = broadcastStrides(typeof a === "number" ? [] : a.shape, shape);
  const stepsB = broadcastStrides(typeof b === "number" ? [] : b.shape, shape);
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
    engine.copyStrided(x.pointer() + 4 * start, strides, result.pointer(), stridesOf(shape), shape);
  }
  return result;
}
