// Changes of shape: views, reordered axes, broadcasting; and copies.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { moverOf } from "../tensor/compute.ts";
import { empty, filled } from "../tensor/create.ts";
import {
  broadcastShapes,
  checkShape,
  describe,
  formatShape,
  readAxes,
  readAxis,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
} from "../tensor/shape.ts";
import { type Axes, Tensor } from "../tensor/tensor.ts";
import { broadcastStrides, checkOperand, checkTensor, copyFrom } from "./operand.ts";

const reshapeRule: Rule = {
  name: "reshape",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    give(x, reshape(gradient, x.shape));
  },
};

/** A view of the same numbers in another shape, known to fit. */
function view(x: Tensor, shape: Shape): Tensor {
  const result = new Tensor(x.storage, x.offset, shape, x.dtype);
  return tracks(x) ? attach(result, reshapeRule, [x]) : result;
}

/**
 * The same numbers in another shape, as a view. One size may be −1: it follows from the others.
 *
 * @throws when the number of elements differs.
 * @example
 * reshape(arange(6), [2, -1]).toArray() // → [ [ 0, 1, 2 ], [ 3, 4, 5 ] ]
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor("reshape", x);
  if (!Array.isArray(shape)) {
    const wrapped = typeof shape === "number" ? `${shape}, -1` : "2, -1";
    throw new TypeError(
      `reshape: the shape is a list, such as .reshape([${wrapped}]), got ${describe(shape)}`,
    );
  }
  return view(x, sameShape(x.shape, shape) ? x.shape : completeShape(x, shape));
}

function completeShape(x: Tensor, shape: Shape): Shape {
  const open = shape.indexOf(-1);
  if (shape.indexOf(-1, open + 1) > open && open >= 0) {
    throw new Error(`reshape: only one size may be −1, ${formatShape(shape)} leaves several open`);
  }
  const known = sizeOf(shape.filter((size) => size !== -1));
  const complete = open < 0 ? shape : shape.map((size, axis) => (axis === open ? x.size / known : size));
  if (sizeOf(complete) === x.size && complete.every((size) => Number.isInteger(size) && size >= 0))
    return complete;
  const rest = open < 0 ? "" : `, and ${x.size} is not divisible by ${known}`;
  const last = shape.length > 0 && open < 0 ? x.size / sizeOf(shape.slice(0, -1)) : 0.5;
  const hint = Number.isInteger(last) ? ` — did you mean ${formatShape([...shape.slice(0, -1), last])}?` : "";
  throw new Error(
    `reshape: ${formatShape(x.shape)} has ${x.size} elements, ${formatShape(shape)} ${
      open < 0 ? `needs ${sizeOf(shape)}` : "leaves one size open"
    }${rest}${hint}`,
  );
}

/**
 * All axes from `startAxis` on made into one, as a view.
 *
 * @example
 * flatten(zeros([2, 3, 4]), 1).shape // → [ 2, 12 ]
 */
export function flatten(x: Tensor, startAxis = 0): Tensor {
  checkTensor("flatten", x);
  if (x.rank === 0) return view(x, [1]);
  const axis = readAxis("flatten", startAxis, x.rank);
  return view(x, [...x.shape.slice(0, axis), sizeOf(x.shape.slice(axis))]);
}

/**
 * A new axis of size 1 before `axis` (−1: after the last), as a view.
 *
 * @throws when there is no such place among the axes.
 * @example
 * expandDims(zeros([2, 3]), 0).shape // → [ 1, 2, 3 ]
 */
export function expandDims(x: Tensor, axis: number): Tensor {
  checkTensor("expandDims", x);
  const position = readAxis("expandDims", axis, x.rank + 1);
  return view(x, [...x.shape.slice(0, position), 1, ...x.shape.slice(position)]);
}

/**
 * Without axes of size 1, as a view: all of them, or the given ones.
 *
 * @throws when a named axis is longer than 1.
 * @example
 * squeeze(zeros([1, 3, 1])).shape // → [ 3 ]
 */
export function squeeze(x: Tensor, axis?: Axes): Tensor {
  checkTensor("squeeze", x);
  const named = axis === undefined ? undefined : readAxes("squeeze", axis, x.rank);
  for (const i of named ?? []) {
    if (x.shape[i] !== 1) {
      throw new Error(
        `squeeze: axis ${i} of ${formatShape(x.shape)} has size ${x.shape[i]}, only 1 can be dropped`,
      );
    }
  }
  return view(
    x,
    x.shape.filter((size, i) => (named === undefined ? size !== 1 : !named.includes(i))),
  );
}

const transposeRule: Rule = {
  name: "transpose",
  backward(gradient, node) {
    const axes = node.saved as readonly number[];
    const inverse = axes.map((_, i) => axes.indexOf(i));
    give(node.inputs[0] as Tensor, transpose(gradient, inverse));
  },
};

/**
 * The axes in another order; without `axes` reversed, so that a matrix `[m, n]` becomes `[n, m]`.
 *
 * @throws when `axes` does not name every axis once.
 * @example
 * transpose(tensor([[1, 2], [3, 4]])).toArray() // → [ [ 1, 3 ], [ 2, 4 ] ]
 * transpose(zeros([2, 3, 4]), [0, 2, 1]).shape // → [ 2, 4, 3 ]
 */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  return transposed("transpose", x, axes);
}

/** What {@link transpose} does, for the operation of that name. */
export function transposed(name: string, x: Tensor, axes: readonly number[] | undefined): Tensor {
  checkTensor(name, x);
  if (axes !== undefined && !Array.isArray(axes)) {
    throw new TypeError(`${name}: the axes are a list, such as .${name}([1, 0]), got ${describe(axes)}`);
  }
  const order = axes?.map((axis) => readAxis(name, axis, x.rank)) ?? x.shape.map((_, i) => x.rank - 1 - i);
  if (new Set(order).size !== x.rank || order.length !== x.rank) {
    throw new Error(
      `${name}: axes ${formatShape(axes ?? [])} must name each of the ${x.rank} axes of ${formatShape(x.shape)} once`,
    );
  }
  let result: Tensor;
  if (x.rank === 2 && order[0] === 1 && x.size > 0) {
    result = empty([x.shape[1]!, x.shape[0]!], x.dtype);
    moverOf(x.dtype).transpose2d(x.pointer(), result.pointer(), x.shape[0]!, x.shape[1]!);
  } else {
    const strides = stridesOf(x.shape);
    const shape = order.map((axis) => x.shape[axis]!);
    result = copyFrom(
      x,
      0,
      order.map((axis) => strides[axis]!),
      shape,
    );
  }
  return tracks(x) ? attach(result, transposeRule, [x], order) : result;
}

const broadcastRule: Rule = {
  name: "broadcastTo",
  backward(gradient, node) {
    give(node.inputs[0] as Tensor, gradient);
  },
};

/**
 * Repeated to a larger shape by the rules of broadcasting.
 *
 * @throws when the tensor does not broadcast to that shape.
 * @example
 * broadcastTo(tensor([1, 2]), [2, 2]).toArray() // → [ [ 1, 2 ], [ 1, 2 ] ]
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkTensor("broadcastTo", x);
  checkShape("broadcastTo", shape);
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape)) {
    throw new Error(
      `broadcastTo: ${formatShape(x.shape)} is larger than ${formatShape(shape)} along some axis`,
    );
  }
  const result = copyFrom(x, 0, broadcastStrides(x.shape, shape), shape);
  return tracks(x) ? attach(result, broadcastRule, [x]) : result;
}

const cloneRule: Rule = { ...broadcastRule, name: "clone" };

/** A copy; gradients flow through it. */
export function clone(x: Tensor): Tensor {
  const result = empty(x.shape, x.dtype);
  moverOf(x.dtype).copy(x.pointer(), result.pointer(), x.size);
  return tracks(x) ? attach(result, cloneRule, [x]) : result;
}

/** Overwrites the numbers of `x`. See {@link Tensor.assign}. */
export function assign(x: Tensor, value: Tensor | number): void {
  checkOperand("assign", value);
  const source = typeof value === "number" ? filled("assign", x.shape, value, { dtype: x.dtype }) : value;
  if (source.size !== x.size) {
    throw new Error(
      `assign: ${formatShape(source.shape)} has ${source.size} elements, the target ${formatShape(x.shape)} ${x.size}`,
    );
  }
  const converted = source.cast(x.dtype);
  moverOf(x.dtype).copy(converted.pointer(), x.pointer(), x.size);
  x.storage.markChanged();
}
