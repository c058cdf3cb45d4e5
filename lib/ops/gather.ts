// Rows by their numbers: gathered, and scattered back, which is the gradient of gathering.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { engine } from "../engine/engine.ts";
import { coreOf, moverOf } from "../tensor/compute.ts";
import { empty, zeros } from "../tensor/create.ts";
import { formatShape, readAxis, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkTensor, toIndices } from "./operand.ts";
import { reshape } from "./shape.ts";

const gatherRule: Rule = {
  name: "gather",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    give(x, scatterRows(gradient, node.saved as Tensor, x.shape));
  },
};

/** The rows of `[n, columns]` at positions that are known to be inside: `[positions, columns]`. */
export function gatherRows(x: Tensor, positions: Tensor): Tensor {
  const columns = x.shape[1]!;
  const result = empty([positions.size, columns], x.dtype);
  if (result.size > 0) {
    const { size } = positions;
    moverOf(x.dtype).gatherRows(x.pointer(), positions.pointer(), result.pointer(), size, columns);
  }
  return tracks(x) ? attach(result, gatherRule, [x], positions) : result;
}

const scatterRule: Rule = {
  name: "scatterRows",
  backward(gradient, node) {
    give(node.inputs[0] as Tensor, gatherRows(gradient, node.saved as Tensor));
  },
};

/** Zeros `[n, columns]` with row i of `rows` added at positions[i]: the gradient of gatherRows. */
export function scatterRows(rows: Tensor, positions: Tensor, shape: Shape): Tensor {
  const result = zeros(shape, { dtype: rows.dtype });
  const { size } = positions;
  if (rows.size > 0) {
    const core = coreOf(rows.dtype);
    core.scatterAddRows(rows.pointer(), positions.pointer(), result.pointer(), size, shape[1]!);
  }
  return tracks(rows) ? attach(result, scatterRule, [rows], positions) : result;
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
  checkTensor("gather", x);
  const axis = readAxis("gather", options.axis ?? 0, x.rank);
  const rows = toIndices("gather", indices);
  const length = x.shape[axis]!;
  const outside = engine.core.findIndexOutside(rows.pointer(), rows.size, length);
  if (outside >= 0) {
    throw new RangeError(
      `gather: index ${rows.view()[outside]} at position ${outside} is not in 0 to ${length - 1}, ` +
        `${axis === 0 ? "the first axis" : `axis ${axis}`} of ${formatShape(x.shape)}`,
    );
  }
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const outer = sizeOf(before);
  const found = gatherRows(reshape(x, [outer * length, sizeOf(after)]), inEach(rows, outer, length));
  return reshape(found, [...before, ...rows.shape, ...after]);
}

/** Positions along an axis of `length` in each of `outer` groups of rows. */
function inEach(positions: Tensor, outer: number, length: number): Tensor {
  if (outer === 1) return positions;
  const result = empty([outer, positions.size], "int32");
  const source = positions.view();
  const target = result.view();
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < source.length; j++) target[i * source.length + j] = i * length + source[j]!;
  }
  return result;
}
