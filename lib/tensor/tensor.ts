// The Tensor: an n-dimensional array of numbers in the engine's memory, and the methods that chain operations.
import { backward } from "../autograd/backward.ts";
import { type Node, retainGrad } from "../autograd/graph.ts";
import { engine } from "../engine/engine.ts";
import * as arithmetic from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import * as compare from "../ops/compare.ts";
import * as elementwise from "../ops/elementwise.ts";
import { gather } from "../ops/gather.ts";
import * as indexing from "../ops/indexing.ts";
import { clip } from "../ops/limits.ts";
import * as logic from "../ops/logic.ts";
import { matmul } from "../ops/matmul.ts";
import { mod } from "../ops/pairs.ts";
import * as reduce from "../ops/reduce.ts";
import type { Index } from "../ops/selection.ts";
import * as shapes from "../ops/shape.ts";
import { logSoftmax, softmax } from "../ops/softmax.ts";
import { prod } from "../ops/statistics.ts";
import { cos, sin } from "../ops/trigonometry.ts";
import { displayTensor } from "./display.ts";
import { bytesPerElement, type DType, type TypedArray } from "./dtype.ts";
import { formatInside, formatTensor } from "./format.ts";
import { formatShape, type Shape, sizeOf } from "./shape.ts";
import { changesSoFar, type Storage } from "./storage.ts";

/** Numbers nested as deep as a tensor has axes: a number for a scalar, `number[][]` for a matrix. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** What a tensor becomes in plain JavaScript: a number for a scalar, nested arrays otherwise. */
export type NestedNumbers = number | NestedNumbers[];

/** An axis or several; negative ones count from the end. Left out: all axes. */
export type Axes = number | readonly number[];

/** Options of reductions. */
export interface ReduceOptions {
  /** Keeps the reduced axes with size 1, so that the result broadcasts against the input. */
  keepDims?: boolean;
}

/**
 * An n-dimensional array of numbers, row-major, in the memory of the compute core.
 *
 * Operations never change their inputs; they return new tensors. `reshape`, `flatten`, `at` and `slice` along the
 * first axis are views that share the input's numbers. Nothing needs to be disposed.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * x.matmul(x).toArray() // → [ [ 7, 10 ], [ 15, 22 ] ]
 * x.sum(0) // → tensor([4, 6])
 */
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /** The number of elements. */
  readonly size: number;
  /** Where the numbers are. Optimizers move variables into one block, so it may be replaced. */
  storage: Storage;
  /** Index of the first element in the storage, in elements. */
  offset: number;
  /** Whether gradients flow to this tensor. */
  requiresGrad = false;
  /** The gradient that `backward()` left here; only leaves (`variable`) get one, and where {@link retainGrad} asks for it. */
  grad: Tensor | null = null;
  /** How this tensor was computed, when gradients flow through it. */
  node: Node | null = null;
  /** A preset place for the gradient of a leaf: backward writes there instead of allocating. */
  gradientBuffer: Tensor | null = null;
  /** What {@link logits} was set to, and after how many changes in place. */
  #made: { from: Tensor; after: number } | null = null;

  /** Tensors are made by `tensor`, `zeros`, `random.normal` and operations, not by `new`. */
  constructor(storage: Storage, offset: number, shape: Shape, dtype: DType) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
  }

  /** The number of axes: 0 for a scalar, 1 for a vector, 2 for a matrix. */
  get rank(): number {
    return this.shape.length;
  }

  /** How many bytes the numbers take: 4 for each float32, int32 or bool, 8 for float64, 1 for uint8. */
  get nbytes(): number {
    return this.size * bytesPerElement[this.dtype];
  }

  /**
   * What a softmax or sigmoid was applied to, so that a loss can go the numerically stable way; null also when one of the two
   * was changed in place since.
   */
  get logits(): Tensor | null {
    if (this.#made === null) return null;
    const { from, after } = this.#made;
    return this.storage.changed > after || from.storage.changed > after ? null : from;
  }
  set logits(from: Tensor | null) {
    this.#made = from === null ? null : { from, after: changesSoFar() };
  }

  /** Address of the first element in the engine's memory; brings the numbers back there if they were moved out. */
  pointer(): number {
    return this.storage.pointer() + this.offset * bytesPerElement[this.dtype];
  }

  /** A window on the numbers themselves, valid until the next operation: for operations, not for keeping. */
  view(): TypedArray {
    const memory = engine.memory;
    const pointer = this.pointer();
    switch (this.dtype) {
      case "float64":
        return memory.float64(pointer, this.size);
      case "int32":
        return memory.int32(pointer, this.size);
      case "uint8":
        return memory.uint8(pointer, this.size);
      default:
        return memory.float32(pointer, this.size);
    }
  }

  /**
   * The number in a tensor of one element.
   *
   * @throws when the tensor has more or fewer elements.
   * @example
   * tensor([[2.5]]).item() // → 2.5
   */
  item(): number {
    if (this.size !== 1) {
      throw new Error(
        `item: a tensor ${formatShape(this.shape)} has ${this.size} elements, not one — use toArray(), or at(…) first`,
      );
    }
    return this.view()[0]!;
  }

  /**
   * The numbers as nested arrays; a plain number for a scalar. Elements of dtype bool are 0 and 1. The type does not know
   * how deep the arrays are nested; say it where it matters: `const rows: number[][] = x.toArray()`.
   *
   * @example
   * arange(4).reshape([2, 2]).toArray() // → [ [ 0, 1 ], [ 2, 3 ] ]
   */
  toArray<T extends NestedNumbers = NestedNumbers>(): T {
    return nest(this.view(), this.shape, 0, 0, this.size) as T;
  }

  /** A copy of the numbers, row-major, in the typed array of the dtype; bool as Uint8Array. */
  data(): TypedArray {
    return this.dtype === "bool" ? Uint8Array.from(this.view()) : this.view().slice();
  }

  /** The numbers in rows and columns as NumPy prints them, abbreviated when there are more than 1000. */
  toString(): string {
    return formatTensor(this);
  }

  /** The text, where JavaScript wants one; a number it is not, and `x * 2` would be NaN without a word. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint !== "number") return this.toString();
    throw new TypeError(
      `a tensor ${formatShape(this.shape)} is no number, and JavaScript's operators know no tensors — write x.mul(2), ` +
        "x.less(y); the number in a tensor of one element is x.item()",
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](
    depth?: number | null,
    options?: { depth?: number | null },
  ): string {
    // Fewer levels are left to print than in all: within an object or a list.
    return (depth ?? 0) < (options?.depth ?? 0) ? formatInside(this) : formatTensor(this);
  }

  [Symbol.for("Jupyter.display")](): Promise<Record<string, unknown>> {
    return displayTensor(this);
  }

  /** The parts along the first axis: `for (const row of x)`, `const [a, b] = x`. */
  *[Symbol.iterator](): IterableIterator<Tensor> {
    for (let i = 0; i < indexing.rowsOf(this); i++) yield indexing.at(this, i);
  }

  /** What `JSON.stringify` writes: the numbers as nested arrays. */
  toJSON(): NestedNumbers {
    return this.toArray();
  }

  // --- elementwise -------------------------------------------------------------------------------------------------

  /** Sum, element by element, with broadcasting. See {@link arithmetic.add}. */
  add(other: Tensor | number): Tensor {
    return arithmetic.add(this, other);
  }
  /** Difference, element by element, with broadcasting. */
  sub(other: Tensor | number): Tensor {
    return arithmetic.sub(this, other);
  }
  /** Product, element by element, with broadcasting (not the matrix product: that is `matmul`). */
  mul(other: Tensor | number): Tensor {
    return arithmetic.mul(this, other);
  }
  /** Quotient, element by element, with broadcasting; float32 or float64, also of whole numbers. */
  div(other: Tensor | number): Tensor {
    return arithmetic.div(this, other);
  }
  /** Power, element by element, with broadcasting. */
  pow(exponent: Tensor | number): Tensor {
    return arithmetic.pow(this, exponent);
  }
  /** The remainder of the division, with the sign of the divisor, element by element, with broadcasting. */
  mod(other: Tensor | number): Tensor {
    return mod(this, other);
  }
  /** The larger of the two, element by element, with broadcasting. */
  maximum(other: Tensor | number): Tensor {
    return arithmetic.maximum(this, other);
  }
  /** The smaller of the two, element by element, with broadcasting. */
  minimum(other: Tensor | number): Tensor {
    return arithmetic.minimum(this, other);
  }
  /** The negative of each element. */
  neg(): Tensor {
    return elementwise.neg(this);
  }
  /** The absolute value of each element. */
  abs(): Tensor {
    return elementwise.abs(this);
  }
  /** −1, 0 or 1 for each element. */
  sign(): Tensor {
    return elementwise.sign(this);
  }
  /** eˣ of each element. */
  exp(): Tensor {
    return elementwise.exp(this);
  }
  /** The natural logarithm of each element. */
  log(): Tensor {
    return elementwise.log(this);
  }
  /** The square root of each element. */
  sqrt(): Tensor {
    return elementwise.sqrt(this);
  }
  /** The square of each element. */
  square(): Tensor {
    return elementwise.square(this);
  }
  /** The sine of each element. */
  sin(): Tensor {
    return sin(this);
  }
  /** The cosine of each element. */
  cos(): Tensor {
    return cos(this);
  }
  /** max(x, 0) of each element. */
  relu(): Tensor {
    return elementwise.relu(this);
  }
  /** 1 / (1 + e⁻ˣ) of each element. */
  sigmoid(): Tensor {
    return elementwise.sigmoid(this);
  }
  /** The hyperbolic tangent of each element. */
  tanh(): Tensor {
    return elementwise.tanh(this);
  }
  /** Each element limited to the range from `low` to `high`; either may be left out. */
  clip(low?: number, high?: number): Tensor {
    return clip(this, low, high);
  }
  /** Each element rounded down. */
  floor(): Tensor {
    return elementwise.floor(this);
  }
  /** Each element rounded to the nearest integer, halves to the even one. */
  round(): Tensor {
    return elementwise.round(this);
  }
  /** e^x / Σ e^x along an axis, the last one by default. */
  softmax(axis = -1): Tensor {
    return softmax(this, axis);
  }
  /** The logarithm of `softmax`, computed without overflow. */
  logSoftmax(axis = -1): Tensor {
    return logSoftmax(this, axis);
  }

  // --- comparisons: dtype bool, no gradient --------------------------------------------------------------------------

  /** Where this is greater than the other, with broadcasting; dtype bool. */
  greater(other: Tensor | number): Tensor {
    return compare.greater(this, other);
  }
  /** Where this is greater than or equal to the other. */
  greaterEqual(other: Tensor | number): Tensor {
    return compare.greaterEqual(this, other);
  }
  /** Where this is less than the other. */
  less(other: Tensor | number): Tensor {
    return compare.less(this, other);
  }
  /** Where this is less than or equal to the other. */
  lessEqual(other: Tensor | number): Tensor {
    return compare.lessEqual(this, other);
  }
  /** Where the two are equal. */
  equal(other: Tensor | number): Tensor {
    return compare.equal(this, other);
  }
  /** Where the two differ. */
  notEqual(other: Tensor | number): Tensor {
    return compare.notEqual(this, other);
  }

  // --- matrices and shapes -------------------------------------------------------------------------------------------

  /** The matrix product. Shapes `[…, m, k] · […, k, n]` → `[…, m, n]`; vectors as in NumPy. */
  matmul(other: Tensor): Tensor {
    return matmul(this, other);
  }
  /** The axes in another order; reversed by default, so a matrix is transposed. */
  transpose(axes?: readonly number[]): Tensor {
    return shapes.transpose(this, axes);
  }
  /** The same numbers in another shape, a view; one size may be −1 and is worked out. */
  reshape(shape: Shape): Tensor {
    return shapes.reshape(this, shape);
  }
  /** All axes from `startAxis` on made into one, a view. */
  flatten(startAxis = 0): Tensor {
    return shapes.flatten(this, startAxis);
  }
  /** A new axis of size 1 before `axis`. */
  expandDims(axis: number): Tensor {
    return shapes.expandDims(this, axis);
  }
  /** Without axes of size 1 (all of them, or the given ones). */
  squeeze(axis?: Axes): Tensor {
    return shapes.squeeze(this, axis);
  }
  /** Repeated to a larger shape by the rules of broadcasting. */
  broadcastTo(shape: Shape): Tensor {
    return shapes.broadcastTo(this, shape);
  }
  /** The part that an index names: positions, ranges `"1:-1"`, lists, masks. See {@link indexing.at}. */
  at(...indices: Index[]): Tensor {
    return indexing.at(this, ...indices);
  }
  /** Writes a value to the part that an index names, in place: `x.set(0, "1:3", 5)`. No gradient flows through it. */
  set(...args: [...indices: Index[], value: Tensor | number | boolean]): this {
    indexing.set(this, ...args);
    return this;
  }
  /** A copy with a value in place of the part that an index names; gradients flow to both. */
  with(...args: [...indices: Index[], value: Tensor | number | boolean]): Tensor {
    return indexing.replace(this, ...args);
  }
  /** Elements `start` to `end` (exclusive) of an axis, the first by default (then a view). */
  slice(start: number, end?: number, options?: { axis?: number }): Tensor {
    return indexing.slice(this, start, end, options);
  }
  /** The rows with the given numbers: elements of the first axis, or of `axis`, in the order of `indices`. */
  gather(indices: Tensor | readonly number[], options?: { axis?: number }): Tensor {
    return gather(this, indices, options);
  }
  /** The same numbers as another dtype; to whole numbers cuts off the fraction, to bool asks "not zero?". */
  cast(dtype: DType): Tensor {
    return cast(this, dtype);
  }

  // --- reductions ----------------------------------------------------------------------------------------------------

  /** The sum over the axes (all by default). */
  sum(axis?: Axes, options?: ReduceOptions): Tensor {
    return reduce.sum(this, axis, options);
  }
  /** The mean over the axes (all by default). */
  mean(axis?: Axes, options?: ReduceOptions): Tensor {
    return reduce.mean(this, axis, options);
  }
  /** The largest element over the axes (all by default). */
  max(axis?: Axes, options?: ReduceOptions): Tensor {
    return reduce.max(this, axis, options);
  }
  /** The smallest element over the axes (all by default). */
  min(axis?: Axes, options?: ReduceOptions): Tensor {
    return reduce.min(this, axis, options);
  }
  /** The product over the axes (all by default). */
  prod(axis?: Axes, options?: ReduceOptions): Tensor {
    return prod(this, axis, options);
  }
  /** Whether any element over the axes (all by default) is not 0. */
  any(axis?: Axes, options?: ReduceOptions): Tensor {
    return logic.any(this, axis, options);
  }
  /** Whether all elements over the axes (all by default) are not 0. */
  all(axis?: Axes, options?: ReduceOptions): Tensor {
    return logic.all(this, axis, options);
  }
  /** The mean squared distance from the mean (divided by n, or by n − `correction`). */
  variance(axis?: Axes, options?: ReduceOptions & { correction?: number }): Tensor {
    return reduce.variance(this, axis, options);
  }
  /** The square root of the variance. */
  std(axis?: Axes, options?: ReduceOptions & { correction?: number }): Tensor {
    return reduce.std(this, axis, options);
  }
  /** The index of the largest element along an axis; of the flattened tensor by default. dtype int32. */
  argMax(axis?: number, options?: ReduceOptions): Tensor {
    return reduce.argMax(this, axis, options);
  }
  /** The index of the smallest element along an axis; of the flattened tensor by default. dtype int32. */
  argMin(axis?: number, options?: ReduceOptions): Tensor {
    return reduce.argMin(this, axis, options);
  }

  // --- gradients -----------------------------------------------------------------------------------------------------

  /**
   * Computes the gradients of this tensor with respect to every `variable` it was computed from, and adds them to the
   * variables' `.grad`.
   *
   * @param gradient the gradient of the final result with respect to this tensor; 1 when this is a scalar.
   * @param options `createGraph` records the backward pass too, so that gradients of gradients can be taken.
   * @throws when this tensor is not a scalar and no gradient is given, when no `variable` led here, or when the graph
   *   was used up by an earlier `backward()`.
   * @example
   * const w = variable(3);
   * w.square().backward();
   * w.grad // → tensor(6)
   */
  backward(gradient?: Tensor, options?: { createGraph?: boolean; retainGraph?: boolean }): void {
    backward(this, gradient, options);
  }

  /** Lets `backward()` leave a gradient in `.grad` of this tensor in the middle of a computation, too; returns it. */
  retainGrad(): this {
    retainGrad(this);
    return this;
  }

  /** The same numbers, shared, cut off from the graph: no gradient flows back through the result. */
  detach(): Tensor {
    return new Tensor(this.storage, this.offset, this.shape, this.dtype);
  }

  /** A copy; gradients flow through it. Inside a training step of `fit`, see also {@link keep}. */
  clone(): Tensor {
    return shapes.clone(this);
  }

  /** Replaces the numbers in place by those of another tensor of the same size; no gradient flows through it. */
  assign(value: Tensor | number): this {
    shapes.assign(this, value);
    return this;
  }

  /** Keeps this tensor beyond the training step of `fit` that made it; returns it. */
  keep(): this {
    this.storage.keep();
    return this;
  }
}

function nest(data: TypedArray, shape: Shape, axis: number, start: number, size: number): NestedNumbers {
  if (axis === shape.length) return data[start]!;
  const length = shape[axis]!;
  const step = length === 0 ? 0 : size / length;
  const result: NestedNumbers[] = new Array(length);
  for (let i = 0; i < length; i++) result[i] = nest(data, shape, axis + 1, start + i * step, step);
  return result;
}
