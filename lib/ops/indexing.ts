// Parts of a tensor: single elements, ranges, chosen rows.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { engine } from "../engine/engine.ts";
import { coreOf, moverOf } from "../tensor/compute.ts";
import { empty, zeros } from "../tensor/create.ts";
import { formatShape, readAxis, type Shape, sizeOf, stridesOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { copyFrom, toIndices } from "./operand.ts";
import { pad, transpose } from "./shape.ts";

const atRule: Rule = {
  name: "at",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const start = node.saved as number;
    const around: [number, number] = [start, x.size - start - gradient.size];
    give(x, pad(gradient.flatten(), [around]).reshape(x.shape));
  },
};

/** A view of consecutive elements. */
function window(x: Tensor, start: number, shape: Shape): Tensor {
  const result = new Tensor(x.storage, x.offset + start, shape, x.dtype);
  return tracks(x) ? attach(result, atRule, [x], start) : result;
}

/**
 * The part at the given indices of the first axes, as a view; negative indices count from the end.
 *
 * @throws when an index lies outside.
 * @example
 * at(tensor([[1, 2], [3, 4]]), 1) // → tensor([3, 4])
 * at(tensor([[1, 2], [3, 4]]), 0, -1).item() // → 2
 */
export function at(x: Tensor, ...indices: number[]): Tensor {
  if (indices.length > x.rank) {
    throw new RangeError(
      `at: ${indices.length} indices are too many for ${formatShape(x.shape)}, one for each axis at most`,
    );
  }
  const strides = stridesOf(x.shape);
  let start = 0;
  indices.forEach((index, axis) => {
    const length = x.shape[axis]!;
    const position = index < 0 ? index + length : index;
    if (!Number.isInteger(index) || position < 0 || position >= length) {
      const range = length === 0 ? "it is empty" : `0 to ${length - 1}, or −1 for the last`;
      throw new RangeError(`at: no index ${index} along axis ${axis} of ${formatShape(x.shape)} (${range})`);
    }
    start += position * strides[axis]!;
  });
  return window(x, start, x.shape.slice(indices.length));
}

const sliceRule: Rule = {
  name: "slice",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const [axis, start] = node.saved as [number, number];
    const amounts = x.shape.map((size, i): [number, number] =>
      i === axis ? [start, size - start - gradient.shape[axis]!] : [0, 0],
    );
    give(x, pad(gradient, amounts));
  },
};

/**
 * Elements `start` up to, not including, `end` of an axis: of the first by default (then a view, nothing is copied).
 * Negative positions count from the end; positions beyond the ends stop there, as in JavaScript and NumPy.
 *
 * @example
 * slice(arange(5), 1, 3) // → tensor([1, 2])
 * slice(tensor([[1, 2, 3], [4, 5, 6]]), -1, undefined, { axis: 1 }).toArray() // → [ [ 3 ], [ 6 ] ]
 */
export function slice(x: Tensor, start: number, end?: number, options: { axis?: number } = {}): Tensor {
  const axis = readAxis("slice", options.axis ?? 0, x.rank);
  const length = x.shape[axis]!;
  if (!Number.isInteger(start) || !Number.isInteger(end ?? 0)) {
    throw new TypeError(`slice: positions are whole numbers, got ${String(start)}, ${String(end)}`);
  }
  const limit = (position: number) =>
    Math.min(Math.max(position < 0 ? position + length : position, 0), length);
  const from = limit(start);
  const count = Math.max(limit(end ?? length) - from, 0);
  const shape = x.shape.map((size, i) => (i === axis ? count : size));
  const strides = stridesOf(x.shape);
  if (axis === 0) return window(x, from * strides[0]!, shape);
  const result = copyFrom(x, from * strides[axis]!, strides, shape);
  return tracks(x) ? attach(result, sliceRule, [x], [axis, from]) : result;
}

const gatherRule: Rule = {
  name: "gather",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const indices = node.saved as Tensor;
    give(x, scatterRows(gradient.reshape([indices.size, ...x.shape.slice(1)]), indices, x.shape));
  },
};

const scatterRule: Rule = {
  name: "scatterRows",
  backward(gradient, node) {
    give(node.inputs[0] as Tensor, gather(gradient, node.saved as Tensor));
  },
};

/** Zeros of `shape` with row i of `rows` added at position indices[i] of the first axis: the gradient of gather. */
export function scatterRows(rows: Tensor, indices: Tensor, shape: Shape): Tensor {
  const result = zeros(shape, { dtype: rows.dtype });
  const columns = sizeOf(shape.slice(1));
  coreOf(rows.dtype).scatterAddRows(
    rows.pointer(),
    indices.pointer(),
    result.pointer(),
    indices.size,
    columns,
  );
  return tracks(rows) ? attach(result, scatterRule, [rows], indices) : result;
}

/**
 * The rows with the given numbers, in their order and as often as they are named: elements of the first axis, or of
 * `axis`. Indices of shape `[n]` give `[n, …]`; in general their shape takes the place of the axis.
 *
 * @throws when an index lies outside.
 * @example
 * gather(tensor([10, 20, 30]), [2, 0, 2]) // → tensor([30, 10, 30])
 */
export function gather(
  x: Tensor,
  indices: Tensor | readonly number[],
  options: { axis?: number } = {},
): Tensor {
  const axis = readAxis("gather", options.axis ?? 0, x.rank);
  const rows = toIndices("gather", indices);
  if (axis !== 0) {
    // Brought to the front, gathered, and back.
    const order = [axis, ...x.shape.map((_, i) => i).filter((i) => i !== axis)];
    const front = gather(transpose(x, order), rows.flatten());
    const back = x.shape.map((_, i) => (i === axis ? 0 : i < axis ? i + 1 : i));
    const shape = [...x.shape.slice(0, axis), ...rows.shape, ...x.shape.slice(axis + 1)];
    return transpose(front, back).reshape(shape);
  }
  const outside = engine.core.findIndexOutside(rows.pointer(), rows.size, x.shape[0]!);
  if (outside >= 0) {
    throw new RangeError(
      `gather: index ${rows.view()[outside]} at position ${outside} is not in 0 to ${x.shape[0]! - 1}, the first axis of ` +
        formatShape(x.shape),
    );
  }
  const result = empty([...rows.shape, ...x.shape.slice(1)], x.dtype);
  const columns = sizeOf(x.shape.slice(1));
  moverOf(x.dtype).gatherRows(x.pointer(), rows.pointer(), result.pointer(), rows.size, columns);
  return tracks(x) ? attach(result, gatherRule, [x], rows) : result;
}
