// How operations of two numbers run: in whole numbers or in the floating type that operands have in common, with broadcasting.
import { attach, type Operand, type Rule, tracks } from "../autograd/graph.ts";
import type { BinaryCode } from "../engine/core.ts";
import { coreOf, engineOf } from "../tensor/compute.ts";
import { empty, tensor } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  checkOperand,
  commonDType,
  commonShape,
  eachPair,
  isWhole,
  toCommonFloat,
  toFloat,
} from "./operand.ts";

/** An operation of two numbers: its kernel, its gradient, and how it goes with whole numbers (if it stays in them). */
export interface Arithmetic extends Rule {
  /** The code of its kernel, or a function where there is none. */
  readonly code: BinaryCode | ((p: number, q: number) => number);
  readonly whole: ((p: number, q: number) => number) | null;
}

/** a op b of operands of one floating type, without recording; the result has that type unless another is named. */
export function combine(name: string, code: Arithmetic["code"], a: Operand, b: Operand, as?: "bool"): Tensor {
  const kind = typeof a !== "number" ? a.dtype : typeof b !== "number" ? b.dtype : "float32";
  const dtype: DType = as ?? kind;
  if (typeof code === "function") {
    // Among float32 a number has the digits of float32, as it has in the kernels.
    const rounded = (x: Operand) => (typeof x === "number" && kind === "float32" ? Math.fround(x) : x);
    return eachPair(code, rounded(a), rounded(b), empty(commonShape(name, a, b), dtype));
  }
  const core = coreOf(kind);
  if (typeof a === "number") {
    const right = typeof b === "number" ? tensor(b) : b;
    const result = empty(right.shape, dtype);
    core.scalarBinary(code, a, right.pointer(), result.pointer(), right.size);
    return result;
  }
  if (typeof b === "number") {
    const result = empty(a.shape, dtype);
    core.binaryScalar(code, a.pointer(), b, result.pointer(), a.size);
    return result;
  }
  if (sameShape(a.shape, b.shape)) {
    const result = empty(a.shape, dtype);
    core.binary(code, a.pointer(), b.pointer(), result.pointer(), a.size);
    return result;
  }
  const result = empty(commonShape(name, a, b), dtype);
  if (result.size > 0) {
    engineOf(kind).binary(code, a.pointer(), a.shape, b.pointer(), b.shape, result.pointer(), result.shape);
  }
  return result;
}

/** Operands in the floating type that they have in common; plain numbers stay as they are. */
export function floatOperands(a: Operand, b: Operand): [Operand, Operand] {
  if (typeof a === "number") return [a, typeof b === "number" ? b : toFloat(b)];
  return typeof b === "number" ? [toFloat(a), b] : toCommonFloat(a, b);
}

/** The operation on operands of any types, recorded. */
export function arithmetic(op: Arithmetic, a: Operand, b: Operand): Tensor {
  checkOperand(op.name, a);
  checkOperand(op.name, b);
  if (op.whole !== null && isWhole(a) && isWhole(b) && (typeof a !== "number" || typeof b !== "number")) {
    const common = commonDType(op.name, a, b);
    const dtype = common === "bool" ? "int32" : common;
    return eachPair(op.whole, a, b, empty(commonShape(op.name, a, b), dtype));
  }
  const [p, q] = floatOperands(a, b);
  const result = combine(op.name, op.code, p, q);
  return tracks(p, q) ? attach(result, op, [p, q]) : result;
}
