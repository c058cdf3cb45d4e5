// Parts of a tensor: single elements, ranges, chosen rows, masked elements; taken, set in place, and replaced in a copy.
import { attach, give, needs, type Rule, tracks } from "../autograd/graph.ts";
import { moverOf } from "../tensor/compute.ts";
import { filled, tensor, zeros } from "../tensor/create.ts";
import { bytesPerElement } from "../tensor/dtype.ts";
import {
  broadcastShapes,
  formatShape,
  readAxis,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
} from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { cast } from "./cast.ts";
import { gatherRows } from "./gather.ts";
import { checkTensor, copyFrom } from "./operand.ts";
import { checkIndex, type Index, readIndex, type Selection, type Strided } from "./selection.ts";
import { broadcastTo, clone, reshape } from "./shape.ts";

/** The selected elements of a tensor: a view where they lie together, otherwise a copy. */
function take(x: Tensor, selection: Selection): Tensor {
  if ("positions" in selection) {
    const blocks = reshape(x, [x.size / selection.block, selection.block]);
    return reshape(gatherRows(blocks, selection.positions), selection.shape);
  }
  return takeStrided(x, selection);
}

const stridedRule: Rule = {
  name: "at",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    give(x, spread(gradient, node.saved as Strided, x.shape));
  },
};

/** Elements at regular distances, which must not overlap: for `at`, `slice`, `flip`, diagonals. */
export function takeStrided(x: Tensor, selection: Strided): Tensor {
  const { shape, start, strides } = selection;
  const result = isTogether(shape, strides)
    ? new Tensor(x.storage, x.offset + start, shape, x.dtype)
    : copyFrom(x, start, strides, shape);
  return tracks(x) ? attach(result, stridedRule, [x], selection) : result;
}

function isTogether(shape: Shape, strides: readonly number[]): boolean {
  if (sizeOf(shape) === 0) return true;
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    if (strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}

const spreadRule: Rule = {
  name: "at",
  backward(gradient, node) {
    give(node.inputs[0] as Tensor, takeStrided(gradient, node.saved as Strided));
  },
};

/** Zeros of `shape` with `values` at the places that a selection takes from: its gradient. */
function spread(values: Tensor, selection: Strided, shape: Shape): Tensor {
  const result = zeros(shape, { dtype: values.dtype });
  write(result, selection, values);
  return tracks(values) ? attach(result, spreadRule, [values], selection) : result;
}

/** Writes numbers of the selection's shape and the tensor's dtype to the selected places. */
function write(x: Tensor, selection: Selection, values: Tensor): void {
  if (values.size === 0) return;
  // Numbers of the tensor itself are all read before the first is overwritten.
  const given = values.storage === x.storage ? clone(values.detach()) : values;
  if ("positions" in selection) {
    const { positions, block } = selection;
    const source = given.view();
    const target = x.view();
    positions.view().forEach((position, i) => {
      for (let j = 0; j < block; j++) target[position * block + j] = source[i * block + j]!;
    });
  } else {
    const { shape, start, strides } = selection;
    const target = x.pointer() + bytesPerElement[x.dtype] * start;
    moverOf(x.dtype).copyStrided(given.pointer(), stridesOf(shape), target, strides, shape);
  }
}

/**
 * The part of a tensor that an index names, as in NumPy. For each axis, from the first on:
 *
 * - a position, negative ones from the end: `at(x, 0)`, `at(x, 0, -1)`; the axis vanishes
 * - a range: `":"`, `"1:3"`, `"-2:"`, `"::2"`, `"::-1"` (start:end:step, the end not included)
 * - a list of positions, or an int32 tensor of them: `at(x, [2, 0, 2])`; several lists are paired element by element
 * - a mask: a list of booleans, or a bool tensor, which selects from as many axes as it has
 * - `"..."` for all the axes between, `null` for a new axis of size 1
 *
 * Elements that lie together (`at(x, 0)`, `at(x, "1:3")`) are given as a view that shares the numbers, others as a copy:
 * to change elements use `set`, to replace them in a copy `with`.
 *
 * @throws when a position lies outside, there are more parts than axes, or lists do not pair.
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * at(x, 1) // → tensor([4, 5, 6])
 * at(x, ":", "::-2").toArray() // → [ [ 3, 1 ], [ 6, 4 ] ]
 * at(x, [0, 1], [2, 0]) // → tensor([3, 4])
 * at(x, x.greater(2)) // → tensor([3, 4, 5, 6])
 */
export function at(x: Tensor, ...indices: Index[]): Tensor {
  checkTensor("at", x);
  for (const index of indices) checkIndex("at", index);
  return take(x, readIndex("at", x.shape, indices));
}

/** The length of the first axis, for iteration. @throws for a scalar. */
export function rowsOf(x: Tensor): number {
  if (x.rank > 0) return x.shape[0]!;
  throw new TypeError("iteration: a scalar has no rows to go through — read its number with item()");
}

/** Numbers in a tensor's dtype, stretched to the shape of what is selected. */
function valuesFor(
  operation: string,
  x: Tensor,
  selection: Selection,
  value: Tensor | number | boolean,
): Tensor {
  const plain = typeof value === "number" || typeof value === "boolean";
  const given = plain ? filled(operation, [], value, { dtype: x.dtype }) : value;
  checkTensor(operation, given);
  const values = cast(given, x.dtype);
  const { shape } = selection;
  // As in NumPy, leading axes of size 1 beyond those of the selection do not count.
  const extra = values.shape.findIndex((size) => size !== 1);
  const surplus = Math.min(values.rank - shape.length, extra < 0 ? values.rank : extra);
  const trimmed = surplus > 0 ? reshape(values, values.shape.slice(surplus)) : values;
  if (sameShape(trimmed.shape, shape)) return trimmed;
  let common: Shape | null = null;
  try {
    common = broadcastShapes(operation, shape, trimmed.shape);
  } catch {
    // Said below.
  }
  if (common === null || !sameShape(common, shape)) {
    throw new Error(
      `${operation}: the index selects ${formatShape(shape)} of ${formatShape(x.shape)}, and values of shape ` +
        `${formatShape(values.shape)} do not broadcast to that`,
    );
  }
  return broadcastTo(trimmed, shape);
}

/**
 * Writes a value to the part of a tensor that an index names (see {@link at}), in place; the value broadcasts. No gradient
 * flows through it: use {@link replace}, the method `with`, for that.
 *
 * @throws when the tensor was computed from variables (its graph needs the numbers as they are), the value does not
 *   broadcast, or is a plain number that the dtype does not hold.
 * @example
 * const x = zeros([2, 3]);
 * set(x, ":", 1, 5).toArray() // → [ [ 0, 5, 0 ], [ 0, 5, 0 ] ]
 */
export function set(x: Tensor, ...args: [...indices: Index[], value: Tensor | number | boolean]): Tensor {
  checkTensor("set", x);
  if (x.node !== null) {
    throw new Error(
      "set: this tensor was computed from variables, and their gradients need its numbers — use " +
        "x.with(…, value), which gives a changed copy that gradients flow through",
    );
  }
  const [indices, value] = readArguments("set", args);
  const selection = readIndex("set", x.shape, indices);
  write(x, selection, valuesFor("set", x, selection, value).detach());
  x.storage.markChanged();
  return x;
}

function readArguments(
  operation: string,
  args: readonly (Index | Tensor | number | boolean)[],
): [indices: Index[], value: Tensor | number | boolean] {
  if (args.length === 0) throw new TypeError(`${operation}: needs an index and, last, a value`);
  const indices = args.slice(0, -1) as Index[];
  for (const index of indices) checkIndex(operation, index);
  return [indices, args[args.length - 1] as Tensor | number | boolean];
}

/** What the rule of {@link replace} remembers. */
interface Replacement {
  indices: Index[];
  selection: Selection;
}

const replaceRule: Rule = {
  name: "with",
  backward(gradient, node) {
    const [x, values] = node.inputs as readonly [Tensor, Tensor];
    const { indices, selection } = node.saved as Replacement;
    if (needs(x)) give(x, replace(gradient, ...indices, 0));
    if (needs(values)) give(values, lastWritten(take(gradient, selection), selection));
  },
};

/** A place that a list names several times keeps the last value: only there does a gradient go. */
function lastWritten(gradient: Tensor, selection: Selection): Tensor {
  if (!("positions" in selection)) return gradient;
  const { positions, block } = selection;
  const numbers = positions.view() as Int32Array;
  const last = new Map<number, number>();
  numbers.forEach((position, i) => {
    last.set(position, i);
  });
  if (last.size === numbers.length) return gradient;
  const kept = Array.from(numbers, (position, i) => (last.get(position) === i ? 1 : 0));
  const mask = tensor(kept, { dtype: gradient.dtype, shape: [kept.length, 1] });
  return gradient.reshape([kept.length, block]).mul(mask).reshape(gradient.shape);
}

/**
 * A copy with a value in place of the part that an index names (see {@link at}); gradients flow to the tensor and to the
 * value. The method is called `with`, as that of arrays.
 *
 * @throws when the value does not broadcast to what is selected, or is a plain number that the dtype does not hold.
 * @example
 * replace(tensor([1, 2, 3]), 0, 9) // → tensor([9, 2, 3])
 * tensor([1, 2, 3]).with("1:", 0) // → tensor([1, 0, 0])
 */
export function replace(x: Tensor, ...args: [...indices: Index[], value: Tensor | number | boolean]): Tensor {
  checkTensor("with", x);
  const [indices, value] = readArguments("with", args);
  const selection = readIndex("with", x.shape, indices);
  const values = valuesFor("with", x, selection, value);
  const result = clone(x.detach());
  write(result, selection, values);
  return tracks(x, values) ? attach(result, replaceRule, [x, values], { indices, selection }) : result;
}

/**
 * Elements `start` up to, not including, `end` of an axis: of the first by default (then a view, nothing is copied).
 * Negative positions count from the end; positions beyond the ends stop there, as in JavaScript and NumPy.
 *
 * @throws when there is no such axis, or a position is no whole number.
 * @example
 * slice(arange(5), 1, 3) // → tensor([1, 2])
 * slice(tensor([[1, 2, 3], [4, 5, 6]]), -1, undefined, { axis: 1 }).toArray() // → [ [ 3 ], [ 6 ] ]
 */
export function slice(x: Tensor, start: number, end?: number, options: { axis?: number } = {}): Tensor {
  checkTensor("slice", x);
  const axis = readAxis("slice", options.axis ?? 0, x.rank);
  const length = x.shape[axis]!;
  if (!Number.isInteger(start) || (end !== undefined && !Number.isInteger(end))) {
    throw new TypeError(`slice: positions are whole numbers, got ${String(start)}, ${String(end)}`);
  }
  const limit = (position: number) =>
    Math.min(Math.max(position < 0 ? position + length : position, 0), length);
  const from = limit(start);
  const count = Math.max(limit(end ?? length) - from, 0);
  const strides = stridesOf(x.shape);
  const shape = x.shape.map((size, i) => (i === axis ? count : size));
  return takeStrided(x, { shape, start: from * strides[axis]!, strides });
}
