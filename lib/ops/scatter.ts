// Elements chosen along an axis, each row by positions of its own: taken, replaced, added up.
import { empty, filled } from "../tensor/create.ts";
import { isFloating } from "../tensor/dtype.ts";
import { broadcastShapes, formatShape, readAxis, type Shape, sameShape, stridesOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { add } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { gatherRows, scatterRows } from "./gather.ts";
import { replace } from "./indexing.ts";
import { broadcastStrides, checkOperand, checkTensor, toIndices } from "./operand.ts";
import { readPosition } from "./selection.ts";
import { broadcastTo, clone, reshape } from "./shape.ts";

/** Places in a tensor, flattened, and the shape in which they stand. */
interface Places {
  positions: Tensor;
  shape: Shape;
}

/** Reads positions along an axis; the other axes of tensor and positions broadcast. */
function readPlaces(operation: string, x: Tensor, indices: Tensor, axis: number): Places {
  checkTensor(operation, x);
  checkTensor(operation, indices);
  const along = readAxis(operation, axis, x.rank);
  if (indices.rank !== x.rank) {
    throw new Error(
      `${operation}: positions ${formatShape(indices.shape)} need as many axes as the tensor ${formatShape(x.shape)} — ` +
        "for the same positions in every row use gather(…)",
    );
  }
  const alone = (shape: Shape): Shape => shape.map((size, i) => (i === along ? 1 : size));
  const common = broadcastShapes(operation, alone(x.shape), alone(indices.shape));
  const shape = common.map((size, i) => (i === along ? indices.shape[i]! : size));
  const chosen = broadcastTo(toIndices(operation, indices), shape).view();
  const steps = broadcastStrides(x.shape, common);
  const step = stridesOf(x.shape)[along]!;
  steps[along] = 0;
  const positions = empty([chosen.length], "int32");
  const target = positions.view();
  const index = new Array<number>(shape.length).fill(0);
  let row = 0;
  for (let i = 0; i < chosen.length; i++) {
    target[i] = row + readPosition(operation, chosen[i]!, x.shape, along) * step;
    for (let k = shape.length - 1; k >= 0; k--) {
      row += steps[k]!;
      if (++index[k]! < shape[k]!) break;
      row -= steps[k]! * shape[k]!;
      index[k] = 0;
    }
  }
  return { positions, shape };
}

/**
 * For each row along an axis, the elements at its own positions: as NumPy's `take_along_axis`, which goes with `argSort` and
 * `argMax(…, { keepDims: true })`. `indices` has as many axes as `x`; the others broadcast.
 *
 * @throws when a position lies outside.
 * @example
 * takeAlongAxis(tensor([[1, 2], [3, 4]]), tensor([[1], [0]])).toArray() // → [ [ 2 ], [ 3 ] ]
 */
export function takeAlongAxis(x: Tensor, indices: Tensor, axis = -1): Tensor {
  const { positions, shape } = readPlaces("takeAlongAxis", x, indices, axis);
  return reshape(gatherRows(reshape(x, [x.size, 1]), positions), shape);
}

/** Values in the dtype and at the places they go to. */
function valuesAt(operation: string, x: Tensor, values: Tensor | number, shape: Shape): Tensor {
  checkOperand(operation, values);
  const given =
    typeof values === "number" ? filled(operation, [], values, { dtype: x.dtype }) : cast(values, x.dtype);
  if (sameShape(given.shape, shape)) return given;
  if (given.rank > shape.length || !sameShape(broadcastShapes(operation, shape, given.shape), shape)) {
    throw new Error(
      `${operation}: values ${formatShape(given.shape)} do not broadcast to the positions ${formatShape(shape)}`,
    );
  }
  return broadcastTo(given, shape);
}

/**
 * A copy with `values` in place of the elements that {@link takeAlongAxis} takes with the same `indices`. Of several
 * values for one place the last stays. Gradients flow to both.
 *
 * @throws when a position lies outside, the values do not broadcast to `indices`, or the dtype does not hold a plain number.
 * @example
 * scatter(zeros([2, 3]), tensor([[2], [0]]), 1).toArray() // → [ [ 0, 0, 1 ], [ 1, 0, 0 ] ]
 */
export function scatter(x: Tensor, indices: Tensor, values: Tensor | number, axis = -1): Tensor {
  const { positions, shape } = readPlaces("scatter", x, indices, axis);
  const given = valuesAt("scatter", x, values, shape);
  return reshape(replace(reshape(x, [x.size]), positions, reshape(given, [given.size])), x.shape);
}

/**
 * A copy with `values` added to the elements that {@link takeAlongAxis} takes with the same `indices`; several values
 * for one place add up. Gradients flow to both.
 *
 * @throws when a position lies outside, the values do not broadcast to `indices`, or the dtype does not hold a plain number.
 * @example
 * scatterAdd(zeros([3]), tensor([0, 2, 2]), tensor([1, 2, 3])) // → tensor([1, 0, 5])
 */
export function scatterAdd(x: Tensor, indices: Tensor, values: Tensor | number, axis = -1): Tensor {
  const { positions, shape } = readPlaces("scatterAdd", x, indices, axis);
  const given = valuesAt("scatterAdd", x, values, shape);
  if (isFloating(x.dtype)) {
    const sums = scatterRows(reshape(given, [given.size, 1]), positions, [x.size, 1]);
    return add(x, reshape(sums, x.shape));
  }
  // Whole numbers, exactly.
  const result = clone(x);
  const target = result.view();
  const source = given.view();
  positions.view().forEach((position, i) => {
    target[position]! += source[i]!;
  });
  // Several truths are one.
  if (x.dtype === "bool") for (let i = 0; i < target.length; i++) target[i] = Math.min(target[i]!, 1);
  return result;
}
