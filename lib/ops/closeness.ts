// Whether two tensors are equal, or close enough to be.
import type { Operand } from "../autograd/graph.ts";
import { tensor } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { equal, lessEqual } from "./compare.ts";
import { abs } from "./elementwise.ts";
import { all, finitePlaces, logicalAnd, logicalOr, nanPlaces } from "./logic.ts";
import { checkOperand, checkTensor, commonShape } from "./operand.ts";

/** Options of {@link allClose}. */
export interface ClosenessOptions {
  /** How far apart numbers may be, relative to |b|; 1e-5 by default. */
  rtol?: number;
  /** How far they may be apart in any case; 1e-8 by default. */
  atol?: number;
  /** Whether NaN is close to NaN; it is not by default. */
  equalNan?: boolean;
}

/**
 * Whether all numbers of a and b are close, |a − b| ≤ atol + rtol · |b|, with broadcasting; infinities are close to
 * themselves. As in NumPy, b is the one that is right.
 *
 * @throws when the shapes do not broadcast.
 * @example
 * allClose(tensor([0.1]).add(0.2), 0.3) // → true
 * allClose(tensor([1, 2]), tensor([1, 2.1]), { rtol: 0.01 }) // → false
 */
export function allClose(a: Tensor, b: Operand, options: ClosenessOptions = {}): boolean {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  checkTensor("allClose", a);
  checkOperand("allClose", b);
  commonShape("allClose", a, b);
  const [found, right] = [a.detach().cast("float64"), wide(b)];
  const near = lessEqual(abs(sub(found, right)), add(mul(abs(right), rtol), atol));
  // Beside an infinity the bound is infinite too, and every number would be within it.
  const close = logicalAnd(near, finitePlaces(right));
  let fits = logicalOr(close, equal(found, right));
  if (equalNan) fits = logicalOr(fits, logicalAnd(nanPlaces(found), nanPlaces(right)));
  return all(fits).item() === 1;
}

function wide(x: Operand): Tensor {
  return typeof x === "number" ? tensor(x, { dtype: "float64" }) : x.detach().cast("float64");
}
