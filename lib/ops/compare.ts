// Comparisons, element by element with broadcasting: dtype bool, no gradient.
import type { Operand } from "../autograd/graph.ts";
import { Binary, type BinaryCode } from "../engine/core.ts";
import { empty } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { combine, floatOperands } from "./binary.ts";
import { checkOperand, commonShape, eachPair, isWhole } from "./operand.ts";

function compare(
  name: string,
  code: BinaryCode,
  whole: (p: number, q: number) => boolean,
  a: Operand,
  b: Operand,
): Tensor {
  checkOperand(name, a);
  checkOperand(name, b);
  if (isWhole(a) && isWhole(b)) {
    const result = empty(commonShape(name, a, b), "bool");
    return eachPair((p, q) => (whole(p, q) ? 1 : 0), a, b, result);
  }
  const [p, q] = floatOperands(a, b);
  return combine(name, code, p, q, "bool");
}

/**
 * Where a > b, element by element, with broadcasting.
 *
 * @example
 * greater(tensor([1, 2, 3]), 2) // → tensor([false, false,  true], bool)
 */
export function greater(a: Operand, b: Operand): Tensor {
  return compare("greater", Binary.greater, (p, q) => p > q, a, b);
}

/**
 * Where a ≥ b, element by element, with broadcasting.
 *
 * @example
 * greaterEqual(tensor([1, 2, 3]), 2) // → tensor([false,  true,  true], bool)
 */
export function greaterEqual(a: Operand, b: Operand): Tensor {
  return compare("greaterEqual", Binary.greaterEqual, (p, q) => p >= q, a, b);
}

/**
 * Where a < b, element by element, with broadcasting.
 *
 * @example
 * less(tensor([1, 2, 3]), 2) // → tensor([ true, false, false], bool)
 */
export function less(a: Operand, b: Operand): Tensor {
  return compare("less", Binary.less, (p, q) => p < q, a, b);
}

/**
 * Where a ≤ b, element by element, with broadcasting.
 *
 * @example
 * lessEqual(tensor([1, 2, 3]), 2) // → tensor([ true,  true, false], bool)
 */
export function lessEqual(a: Operand, b: Operand): Tensor {
  return compare("lessEqual", Binary.lessEqual, (p, q) => p <= q, a, b);
}

/**
 * Where a = b, element by element, with broadcasting.
 *
 * @example
 * equal(tensor([1, 2, 3]), 2) // → tensor([false,  true, false], bool)
 */
export function equal(a: Operand, b: Operand): Tensor {
  return compare("equal", Binary.equal, (p, q) => p === q, a, b);
}

/**
 * Where a ≠ b, element by element, with broadcasting.
 *
 * @example
 * notEqual(tensor([1, 2, 3]), 2) // → tensor([ true, false,  true], bool)
 */
export function notEqual(a: Operand, b: Operand): Tensor {
  return compare("notEqual", Binary.notEqual, (p, q) => p !== q, a, b);
}
