// Creation of tensors from numbers and patterns.
import { engine } from "../engine/engine.ts";
import { inWords, NoRoomError } from "../engine/memory.ts";
import { checkOptions } from "./arguments.ts";
import { blocksResident, bytesResident } from "./blocks.ts";
import { coreOf } from "./compute.ts";
import {
  bytesPerElement,
  checkDType,
  checkHolds,
  checkRange,
  type DType,
  isFloating,
  rangeOf,
  type TypedArray,
} from "./dtype.ts";
import { checkShape, describe, formatShape, type Shape, sizeOf } from "./shape.ts";
import { Storage } from "./storage.ts";
import { type NestedArray, Tensor } from "./tensor.ts";

/**
 * A tensor whose numbers are not set yet: operations write them.
 * @throws RangeError that names the shape when there is no room for it.
 */
export function empty(shape: Shape, dtype: DType = "float32"): Tensor {
  return new Tensor(allocate(shape, dtype), 0, shape, dtype);
}

function allocate(shape: Shape, dtype: DType): Storage {
  const bytes = sizeOf(shape) * bytesPerElement[dtype];
  try {
    return new Storage(bytes);
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    const [used, count] = [bytesResident(), blocksResident()];
    const parts = "make it in parts (batches of rows), or of uint8 where that is enough";
    const fewer =
      "work in smaller batches, or let go of large tensors (in a notebook a name keeps its tensor until it gets another value)";
    throw new RangeError(
      `no room for a tensor ${formatShape(shape)} of ${dtype}, ${inWords(bytes)}: ${error.message}; ${inWords(used)} ` +
        `are in use in ${count} ${count === 1 ? "tensor" : "tensors"} — ${bytes > engine.memory.limitBytes ? parts : fewer}`,
    );
  }
}

/** Options of creation. */
export interface CreateOptions {
  /** Element type; by default float32. */
  dtype?: DType;
}

/**
 * A tensor from a number, nested arrays or a typed array.
 *
 * Numbers become float32 (also whole ones), booleans bool; a typed array keeps its type where it is one of the dtypes
 * (Float64Array → float64, Int32Array → int32, Uint8Array → uint8), others become float32; `dtype` overrules. `shape` lays
 * a flat list out in that shape. Of a tensor the numbers are copied, and no gradient flows to it: `clone()` has one.
 *
 * @throws when rows differ in length, something is no number, the numbers do not fill the shape, or one does not fit into
 *   int32 or uint8 (a fraction is cut off, as `cast` does).
 * @example
 * tensor([1.5, 2]) // → tensor([1.5, 2.0])
 * tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "int32" }).toArray() // → [ [ 1, 2 ], [ 3, 4 ] ]
 */
export function tensor(
  values: NestedArray | TypedArray | Tensor,
  options: CreateOptions & { shape?: Shape } = {},
): Tensor {
  return made("tensor", values, options);
}

/** What {@link tensor} does, for an operation that is handed numbers: its errors carry the name of that operation. */
export function made(
  name: string,
  values: NestedArray | TypedArray | Tensor,
  options: CreateOptions & { shape?: Shape } = {},
): Tensor {
  checkOptions(name, options, '{ dtype: "int32" }');
  if (values instanceof Tensor) {
    const source = values.detach();
    const converted = options.dtype === undefined ? source : source.cast(options.dtype);
    const copy = converted.storage === source.storage ? converted.clone() : converted;
    return options.shape === undefined ? copy : copy.reshape(filledShape(name, options.shape, copy.size));
  }
  const flat = ArrayBuffer.isView(values);
  if (flat && !isNumeric(values)) {
    throw new TypeError(
      `${name}: ${describe(values)} does not hold plain numbers — convert it, for example with Float32Array.from(values, Number)`,
    );
  }
  const found: number[] = [];
  const shape = flat ? [values.length] : measure(name, values, found);
  const numbers: ArrayLike<number> = flat ? values : found;
  const dtype = options.dtype === undefined ? dtypeOf(values) : checkDType(name, options.dtype);
  const wanted = options.shape === undefined ? shape : filledShape(name, options.shape, numbers.length);
  if (rangeOf(dtype) !== null && (!flat || dtypeOf(values) !== dtype)) {
    for (let i = 0; i < numbers.length; i++) checkRange(name, dtype, numbers[i]!, i);
  }
  const result = empty(wanted, dtype);
  const target = result.view();
  if (dtype === "bool") for (let i = 0; i < numbers.length; i++) target[i] = numbers[i] === 0 ? 0 : 1;
  else target.set(numbers);
  return result;
}

/** A shape from outside that so many numbers fill. */
function filledShape(name: string, shape: Shape, count: number): Shape {
  if (sizeOf(checkShape(name, shape)) === count) return shape;
  throw new Error(
    `${name}: ${count} numbers do not fill the shape ${formatShape(shape)}, which has ${sizeOf(shape)} elements`,
  );
}

/** Whether a view of a buffer is an array of plain numbers: no DataView, no BigInts. */
function isNumeric(view: ArrayBufferView): boolean {
  return "length" in view && !(view instanceof BigInt64Array || view instanceof BigUint64Array);
}

function dtypeOf(values: NestedArray | ArrayBufferView): DType {
  if (values instanceof Int32Array) return "int32";
  if (values instanceof Float64Array) return "float64";
  if (values instanceof Uint8Array || values instanceof Uint8ClampedArray) return "uint8";
  let first: unknown = values;
  while (Array.isArray(first)) first = first[0];
  return typeof first === "boolean" ? "bool" : "float32";
}

/** Appends the numbers of nested arrays to `found` and returns their shape. */
function measure(name: string, values: NestedArray, found: number[]): number[] {
  const shape: number[] = [];
  const index: number[] = [];
  for (let v: NestedArray = values; Array.isArray(v); v = v[0]!) shape.push(v.length);
  const walk = (value: NestedArray, axis: number): void => {
    if (axis === shape.length) {
      if (typeof value !== "number" && typeof value !== "boolean") throw uneven(value);
      found.push(Number(value));
      return;
    }
    if (!Array.isArray(value) || value.length !== shape[axis]) throw uneven(value, axis);
    for (let i = 0; i < value.length; i++) {
      index[axis] = i;
      walk(value[i]!, axis + 1);
    }
  };
  const uneven = (value: unknown, axis = shape.length): Error => {
    if (value instanceof Tensor) {
      return new TypeError(
        `${name}: a list of tensors is joined with stack(…) or concat(…), not with ${name}(…)`,
      );
    }
    const where = axis === 0 ? "" : ` at ${formatShape(index.slice(0, axis))}`;
    if (!Array.isArray(value) && typeof value !== "number" && typeof value !== "boolean") {
      const fix = ArrayBuffer.isView(value) ? "; make plain rows of typed ones with Array.from(row)" : "";
      return new TypeError(
        `${name}: expected numbers or lists of numbers, found ${describe(value)}${where}${fix}`,
      );
    }
    const what = Array.isArray(value) ? `a list of ${value.length}` : value;
    const expected = axis < shape.length ? `a list of ${shape[axis]}` : "a number";
    return new Error(
      `${name}: the rows must all have one shape — found ${what}${where}, where the first row has ${expected}`,
    );
  };
  walk(values, 0);
  return shape;
}

/**
 * A tensor filled with one value.
 *
 * @throws when the shape is none, the value no number, or one that the dtype does not hold (for int32 and uint8 also a
 *   fraction).
 * @example
 * full([2], 7) // → tensor([7, 7])
 * full([2], true) // → tensor([true, true], bool)
 */
export function full(shape: Shape, value: number | boolean, options: CreateOptions = {}): Tensor {
  return filled("full", shape, value, options);
}

/** A tensor of one value, for the operation of that name. */
export function filled(name: string, shape: Shape, value: number | boolean, options: CreateOptions): Tensor {
  checkOptions(name, options, '{ dtype: "int32" }');
  if (typeof value !== "number" && typeof value !== "boolean") {
    throw new TypeError(`${name}: filled with one number, got ${describe(value)}`);
  }
  const dtype = checkDType(name, options.dtype ?? (typeof value === "boolean" ? "bool" : "float32"));
  const number = Number(value);
  checkHolds(name, dtype, number);
  const result = empty(checkShape(name, shape), dtype);
  if (rangeOf(dtype) !== null) result.view().fill(number);
  else coreOf(dtype).fill(result.pointer(), result.size, dtype === "bool" && number !== 0 ? 1 : number);
  return result;
}

/**
 * A tensor of zeros.
 *
 * @throws when the shape is none, or there is no room for it.
 * @example
 * zeros([2, 2]).toArray() // → [ [ 0, 0 ], [ 0, 0 ] ]
 */
export function zeros(shape: Shape, options: CreateOptions = {}): Tensor {
  return filled("zeros", shape, 0, options);
}

/**
 * A tensor of ones.
 *
 * @throws when the shape is none, or there is no room for it.
 * @example
 * ones([3]) // → tensor([1, 1, 1])
 */
export function ones(shape: Shape, options: CreateOptions = {}): Tensor {
  return filled("ones", shape, 1, options);
}

/**
 * The identity matrix `[rows, columns]`, square by default: ones on the diagonal.
 *
 * @throws when a size is no whole number from 0 up.
 * @example
 * eye(2).toArray() // → [ [ 1, 0 ], [ 0, 1 ] ]
 * eye(2, { dtype: "float64" }).dtype // → 'float64'
 */
export function eye(rows: number, options?: CreateOptions): Tensor;
export function eye(rows: number, columns?: number, options?: CreateOptions): Tensor;
export function eye(rows: number, second: number | CreateOptions = rows, third?: CreateOptions): Tensor {
  const [columns, options] = typeof second === "number" ? [second, third] : [rows, second];
  const result = filled("eye", [rows, columns], 0, options ?? {});
  const view = result.view();
  for (let i = 0; i < Math.min(rows, columns); i++) view[i * columns + i] = 1;
  return result;
}

/**
 * Class numbers as rows with a single 1: shape `[…]` → `[…, classes]`, float32.
 *
 * @throws when a label is not a whole number from 0 to `classes` − 1.
 * @example
 * oneHot([1, 0], 3).toArray() // → [ [ 0, 1, 0 ], [ 1, 0, 0 ] ]
 */
export function oneHot(labels: Tensor | readonly number[], classes: number): Tensor {
  if (!Number.isInteger(classes) || classes < 1) {
    throw new RangeError(
      `oneHot: the number of classes must be a whole number above 0, got ${describe(classes)}`,
    );
  }
  const source = labels instanceof Tensor ? labels : made("oneHot", labels);
  const result = zeros([...source.shape, classes]);
  const target = result.view();
  source.view().forEach((label, i) => {
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new RangeError(
        `oneHot: label ${label} at position ${i} is no class from 0 to ${classes - 1} — are there ${classes} classes?`,
      );
    }
    target[i * classes + label] = 1;
  });
  return result;
}

/**
 * A tensor that learns: `backward()` leaves its gradient in `.grad`, and optimizers change it in place. float32, unless
 * it is made from float64 or `dtype` says so.
 *
 * @throws for what {@link tensor} refuses, and for dtypes of whole numbers.
 * @example
 * const w = variable([1, 2]);
 * w.mul(w).sum().backward();
 * w.grad // → tensor([2, 4])
 */
export function variable(
  value: Tensor | NestedArray | TypedArray,
  options: { dtype?: "float32" | "float64" } = {},
): Tensor {
  const given = value instanceof Tensor ? value.dtype : dtypeOf(value);
  checkOptions("variable", options, '{ dtype: "float64" }');
  const dtype = checkDType("variable", options.dtype ?? (given === "float64" ? given : "float32"));
  if (!isFloating(dtype)) {
    throw new TypeError(
      `variable: learns in small steps, in float32 or float64, not in ${dtype} — for constants: tensor(…)`,
    );
  }
  const result = made("variable", value, { dtype });
  result.storage.keep();
  result.requiresGrad = true;
  return result;
}
