// Truth values: logic, questions about each number, and whether any or all hold. No gradients.
// `nanPlaces` and `finitePlaces` are isNaN and isFinite to the user; in here those are the globals.
import type { Operand } from "../autograd/graph.ts";
import { Binary, type BinaryCode, Reduce } from "../engine/core.ts";
import { tensor } from "../tensor/create.ts";
import { readAxes } from "../tensor/shape.ts";
import type { Axes, ReduceOptions, Tensor } from "../tensor/tensor.ts";
import { combine } from "./binary.ts";
import { cast } from "./cast.ts";
import { equal, greater, less, notEqual } from "./compare.ts";
import { abs } from "./elementwise.ts";
import { checkOperand, checkTensor, toFloat } from "./operand.ts";
import { finalShape, reduceAxes, sum } from "./reduce.ts";

/** What counts as true: everything but 0 (so NaN too). Truth values are ones and zeros in float32. */
function truth(name: string, x: Operand): Tensor {
  checkOperand(name, x);
  return typeof x === "number" ? tensor(x !== 0) : cast(x.detach(), "bool");
}

function logical(name: string, code: BinaryCode, a: Operand, b: Operand): Tensor {
  return combine(name, code, truth(name, a), truth(name, b), "bool");
}

/**
 * Where both are true (not 0), with broadcasting.
 *
 * @example
 * logicalAnd(tensor([true, true]), tensor([true, false])) // → tensor([ true, false], bool)
 */
export function logicalAnd(a: Operand, b: Operand): Tensor {
  return logical("logicalAnd", Binary.mul, a, b);
}

/**
 * Where at least one is true (not 0), with broadcasting.
 *
 * @example
 * logicalOr(tensor([true, false]), tensor([false, false])) // → tensor([ true, false], bool)
 */
export function logicalOr(a: Operand, b: Operand): Tensor {
  return logical("logicalOr", Binary.max, a, b);
}

/**
 * Where exactly one is true (not 0), with broadcasting.
 *
 * @example
 * logicalXor(tensor([true, true]), tensor([true, false])) // → tensor([false,  true], bool)
 */
export function logicalXor(a: Operand, b: Operand): Tensor {
  return logical("logicalXor", Binary.notEqual, a, b);
}

/**
 * True becomes false, false (0) becomes true.
 *
 * @example
 * logicalNot(tensor([true, false])) // → tensor([false,  true], bool)
 */
export function logicalNot(x: Tensor): Tensor {
  return logical("logicalNot", Binary.equal, x, 0);
}

/**
 * Where a number is NaN.
 *
 * @example
 * isNaN(tensor([1, NaN])) // → tensor([false,  true], bool)
 */
export function nanPlaces(x: Tensor): Tensor {
  checkTensor("isNaN", x);
  return notEqual(x, x);
}

/**
 * Where a number is neither NaN nor infinite.
 *
 * @example
 * isFinite(tensor([1, NaN, Infinity])) // → tensor([ true, false, false], bool)
 */
export function finitePlaces(x: Tensor): Tensor {
  checkTensor("isFinite", x);
  return less(abs(x.detach()), Number.POSITIVE_INFINITY);
}

/**
 * Where a number is ∞ or −∞.
 *
 * @example
 * isInf(tensor([1, NaN, -Infinity])) // → tensor([false, false,  true], bool)
 */
export function isInf(x: Tensor): Tensor {
  checkTensor("isInf", x);
  return equal(abs(x.detach()), Number.POSITIVE_INFINITY);
}

/**
 * Whether any element is true (not 0), over the axes, all by default; false for no element.
 *
 * @throws when an axis does not exist.
 * @example
 * any(tensor([[0, 1], [0, 0]]), 1) // → tensor([ true, false], bool)
 */
export function any(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  checkTensor("any", x);
  const axes = readAxes("any", axis, x.rank);
  const shape = finalShape(x.shape, axes, options);
  // Of no elements the largest is −∞, the smallest ∞: both give the right answer below.
  return greater(reduceAxes(Reduce.max, toFloat(truth("any", x)), axes, shape), 0);
}

/**
 * Whether all elements are true (not 0), over the axes, all by default; true for no element.
 *
 * @throws when an axis does not exist.
 * @example
 * all(tensor([[1, 1], [0, 1]]), 1) // → tensor([ true, false], bool)
 */
export function all(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  checkTensor("all", x);
  const axes = readAxes("all", axis, x.rank);
  const shape = finalShape(x.shape, axes, options);
  return greater(reduceAxes(Reduce.min, toFloat(truth("all", x)), axes, shape), 0);
}

/**
 * How many elements are not 0, over the axes, all by default; int32.
 *
 * @example
 * countNonzero(tensor([0, 3, NaN])).item() // → 2
 */
export function countNonzero(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  checkTensor("countNonzero", x);
  return sum(truth("countNonzero", x), readAxes("countNonzero", axis, x.rank), options);
}
