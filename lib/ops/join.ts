// Tensors joined into one: along an axis they have, or along a new one.
import { attach, give, needs, type Rule, tracks } from "../autograd/graph.ts";
import { moverOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { bytesPerElement, promote } from "../tensor/dtype.ts";
import { describe, formatShape, readAxis, sameShape, stridesOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { cast } from "./cast.ts";
import { slice } from "./indexing.ts";
import { checkTensor } from "./operand.ts";
import { expandDims } from "./shape.ts";

const concatRule: Rule = {
  name: "concat",
  backward(gradient, node) {
    const axis = node.saved as number;
    let start = 0;
    for (const part of node.inputs as readonly Tensor[]) {
      const end = start + part.shape[axis]!;
      if (needs(part)) give(part, slice(gradient, start, end, { axis }));
      start = end;
    }
  },
};

/**
 * Tensors joined along an axis they have: `[2, 3]` and `[4, 3]` → `[6, 3]`.
 *
 * @throws when the other axes differ in size.
 * @example
 * concat([tensor([1, 2]), tensor([3])]) // → tensor([1, 2, 3])
 */
export function concat(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = firstOf("concat", tensors);
  const position = readAxis("concat", axis, first.rank);
  const dtype = tensors.map((t) => t.dtype).reduce(promote);
  const parts = tensors.map((t) => cast(t, dtype));
  let length = 0;
  for (const part of parts) {
    const fits =
      part.rank === first.rank && part.shape.every((size, i) => i === position || size === first.shape[i]);
    if (!fits) {
      throw new Error(
        `concat: ${formatShape(part.shape)} does not fit ${formatShape(first.shape)} — all sizes but that of axis ` +
          `${position} must be equal${part.rank === first.rank ? "" : "; to join along a new axis use stack(…)"}`,
      );
    }
    length += part.shape[position]!;
  }
  const shape = first.shape.map((size, i) => (i === position ? length : size));
  const result = empty(shape, dtype);
  const strides = stridesOf(shape);
  let start = 0;
  for (const part of parts) {
    if (part.size > 0) {
      const target = result.pointer() + bytesPerElement[dtype] * start * strides[position]!;
      moverOf(dtype).copyStrided(part.pointer(), stridesOf(part.shape), target, strides, part.shape);
    }
    start += part.shape[position]!;
  }
  return parts.some((part) => tracks(part)) ? attach(result, concatRule, parts, position) : result;
}

/**
 * Tensors of one shape joined along a new axis: three of `[2]` → `[3, 2]`.
 *
 * @throws when the shapes differ.
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])]).toArray() // → [ [ 1, 2 ], [ 3, 4 ] ]
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  const first = firstOf("stack", tensors);
  const odd = tensors.find((t) => !sameShape(t.shape, first.shape));
  if (odd) {
    throw new Error(
      `stack: all shapes must be equal, found ${formatShape(first.shape)} and ${formatShape(odd.shape)}`,
    );
  }
  const position = readAxis("stack", axis, first.rank + 1);
  return concat(
    tensors.map((t) => expandDims(t, position)),
    position,
  );
}

function firstOf(operation: string, tensors: readonly Tensor[]): Tensor {
  if (!Array.isArray(tensors)) {
    throw new TypeError(
      `${operation}: the tensors are a list, such as ${operation}([a, b]), got ${describe(tensors)}`,
    );
  }
  if (tensors.length === 0) throw new Error(`${operation}: needs at least one tensor`);
  for (const part of tensors) checkTensor(operation, part);
  return tensors[0];
}
