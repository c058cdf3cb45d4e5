// Elements chosen by a condition: where it holds, selected, filled, left out.
import { empty, filled, made, tensor } from "../tensor/create.ts";
import { broadcastShapes, formatShape, readAxis, type Shape, sameShape, stridesOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { where } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { gather } from "./gather.ts";
import { at } from "./indexing.ts";
import { checkTensor, toIndices } from "./operand.ts";
import { readPosition } from "./selection.ts";
import { broadcastTo, reshape } from "./shape.ts";

/** Numbers of the elements that are not zero. */
function numbersOfTrue(x: Tensor): number[] {
  const found: number[] = [];
  const values = x.view();
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) found.push(i);
  return found;
}

/**
 * Where a tensor is not zero (a mask: true): a list of positions for each axis, all of one length, int32, so that
 * `x.at(...nonZero(x))` are those elements. NumPy's `where` with one argument.
 *
 * @throws when x is a scalar, which has no positions.
 * @example
 * nonZero(tensor([[0, 5], [7, 0]])) // → [ tensor([0, 1], int32), tensor([1, 0], int32) ]
 */
export function nonZero(x: Tensor): Tensor[] {
  checkTensor("nonZero", x);
  if (x.rank === 0) throw new Error("nonZero: a scalar has no positions — compare its item() with 0");
  const found = numbersOfTrue(x);
  return stridesOf(x.shape).map((stride, axis) => {
    const positions = Int32Array.from(found, (i) => Math.floor(i / stride) % x.shape[axis]!);
    return tensor(positions);
  });
}

/**
 * Where a tensor is not zero (a mask: true), a row of positions for each such element: `[found, rank]`, int32.
 *
 * @example
 * argWhere(tensor([[0, 5], [7, 0]])).toArray() // → [ [ 0, 1 ], [ 1, 0 ] ]
 */
export function argWhere(x: Tensor): Tensor {
  checkTensor("argWhere", x);
  const found = numbersOfTrue(x);
  const strides = stridesOf(x.shape);
  const result = empty([found.length, x.rank], "int32");
  const target = result.view();
  found.forEach((at, row) => {
    strides.forEach((stride, axis) => {
      target[row * x.rank + axis] = Math.floor(at / stride) % x.shape[axis]!;
    });
  });
  return result;
}

/**
 * The elements where a mask is true (not zero), one after the other: `[found]`. Tensor and mask broadcast; without
 * broadcasting `x.at(mask)` is the same.
 *
 * @throws when the shapes do not broadcast.
 * @example
 * maskedSelect(tensor([[1, 2], [3, 4]]), tensor([true, false])) // → tensor([1, 3])
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  checkTensor("maskedSelect", x);
  checkTensor("maskedSelect", mask);
  const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
  const stretched = broadcastTo(cast(mask.detach(), "bool"), shape);
  return gather(reshape(broadcastTo(x, shape), [-1]), tensor(numbersOfTrue(stretched), { dtype: "int32" }));
}

/**
 * A copy with `value` where a mask is true (not zero); the mask broadcasts. Gradients flow to what stays.
 *
 * @throws when the mask does not broadcast to the tensor, or its dtype does not hold the value.
 * @example
 * maskedFill(tensor([1, -2, 3]), tensor([1, -2, 3]).less(0), 0) // → tensor([1, 0, 3])
 */
export function maskedFill(x: Tensor, mask: Tensor, value: number): Tensor {
  checkTensor("maskedFill", x);
  checkTensor("maskedFill", mask);
  if (!sameShape(broadcastShapes("maskedFill", x.shape, mask.shape), x.shape)) {
    throw new Error(
      `maskedFill: the mask ${formatShape(mask.shape)} is larger than the tensor ${formatShape(x.shape)}`,
    );
  }
  return where(mask, filled("maskedFill", [], value, { dtype: x.dtype }), x);
}

/**
 * The parts along an axis for which a condition holds: one truth value for each. Without an axis, of the tensor as one
 * long list.
 *
 * @throws when there are not as many truth values as parts.
 * @example
 * compress(tensor([[1, 2], [3, 4], [5, 6]]), [true, false, true], 0).toArray() // → [ [ 1, 2 ], [ 5, 6 ] ]
 */
export function compress(x: Tensor, condition: Tensor | readonly boolean[], axis?: number): Tensor {
  checkTensor("compress", x);
  if (axis === undefined) return compress(reshape(x, [x.size]), condition, 0);
  const along = readAxis("compress", axis, x.rank);
  const holds = cast(made("compress", condition), "bool");
  checkCount("compress", holds.shape, x.shape, along);
  return gather(x, tensor(numbersOfTrue(holds), { dtype: "int32" }), { axis: along });
}

function checkCount(operation: string, given: Shape, shape: Shape, axis: number): void {
  if (given.length === 1 && given[0] === shape[axis]) return;
  throw new Error(
    `${operation}: a condition ${formatShape(given)} for axis ${axis} of ${formatShape(shape)} — one truth value is needed for ` +
      `each of the ${shape[axis]} parts`,
  );
}

/**
 * All but the parts with the given numbers along an axis, the first by default: x₋ₛ, the complement of a set S of indices.
 * Or all but those where a mask is true.
 *
 * @throws when a number lies outside.
 * @example
 * without(tensor([10, 20, 30, 40]), [0, -1]) // → tensor([20, 30])
 * without(tensor([[1, 2], [3, 4]]), 0, 1).toArray() // → [ [ 2 ], [ 4 ] ]
 */
export function without(
  x: Tensor,
  indices: number | readonly number[] | readonly boolean[] | Tensor,
  axis = 0,
): Tensor {
  checkTensor("without", x);
  const along = readAxis("without", axis, x.rank);
  const length = x.shape[along]!;
  const given = made("without", indices);
  const left = new Array<boolean>(length).fill(true);
  if (given.dtype === "bool") {
    checkCount("without", given.shape, x.shape, along);
    given.view().forEach((drops, i) => {
      left[i] = drops === 0;
    });
  } else {
    for (const index of toIndices("without", given).view()) {
      left[readPosition("without", index, x.shape, along)] = false;
    }
  }
  return at(x, ...new Array<":">(along).fill(":"), left);
}
