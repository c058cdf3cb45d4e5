// Operations of two numbers on each element, with broadcasting: forward and gradient of each side by side.
import { attach, give, needs, type Operand, type Rule, tracks } from "../autograd/graph.ts";
import { Binary } from "../engine/core.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty, tensor, zeros } from "../tensor/create.ts";
import { sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Arithmetic, arithmetic } from "./binary.ts";
import { cast } from "./cast.ts";
import { equal, greater } from "./compare.ts";
import { abs, log, neg } from "./elementwise.ts";
import {
  broadcastStrides,
  checkOperand,
  checkTensor,
  commonDType,
  commonShape,
  copyFrom,
  toFloat,
} from "./operand.ts";

const addition: Arithmetic = {
  name: "add",
  code: Binary.add,
  whole: (p, q) => p + q,
  backward(gradient, { inputs: [a, b] }) {
    if (needs(a)) give(a, gradient);
    if (needs(b)) give(b, gradient);
  },
};

/**
 * a + b, element by element. Shapes broadcast as in NumPy: aligned at the last axis, sizes of 1 stretch.
 *
 * Whole numbers stay whole and wrap around as in NumPy: uint8 with uint8 (or a whole number) is uint8, so 200 + 100 is 44;
 * other mixes of int32, uint8 and bool are int32. With float32, or a plain fraction, the result is float32, with a float64
 * tensor float64.
 *
 * @throws when the shapes do not broadcast, or a plain whole number does not fit into the dtype it meets (300 into uint8).
 * @example
 * add(tensor([[1, 2], [3, 4]]), tensor([10, 20])).toArray() // → [ [ 11, 22 ], [ 13, 24 ] ]
 */
export function add(a: Operand, b: Operand): Tensor {
  return arithmetic(addition, a, b);
}

const subtraction: Arithmetic = {
  name: "sub",
  code: Binary.sub,
  whole: (p, q) => p - q,
  backward(gradient, { inputs: [a, b] }) {
    if (needs(a)) give(a, gradient);
    if (needs(b)) give(b, neg(gradient));
  },
};

/**
 * a − b, element by element, with broadcasting.
 *
 * @example
 * sub(tensor([5, 7]), 1) // → tensor([4, 6])
 */
export function sub(a: Operand, b: Operand): Tensor {
  return arithmetic(subtraction, a, b);
}

const multiplication: Arithmetic = {
  name: "mul",
  code: Binary.mul,
  whole: (p, q) => Math.imul(p, q),
  backward(gradient, { inputs: [a, b] }) {
    if (needs(a)) give(a, mul(gradient, b!));
    if (needs(b)) give(b, mul(gradient, a!));
  },
};

/**
 * a · b, element by element, with broadcasting. The matrix product is {@link matmul}.
 *
 * @example
 * mul(tensor([1, 2, 3]), 2) // → tensor([2, 4, 6])
 */
export function mul(a: Operand, b: Operand): Tensor {
  return arithmetic(multiplication, a, b);
}

const division: Arithmetic = {
  name: "div",
  code: Binary.div,
  whole: null,
  backward(gradient, { inputs: [a, b] }) {
    if (needs(a)) give(a, div(gradient, b!));
    if (needs(b)) give(b, neg(mul(gradient, div(div(a!, b), b))));
  },
};

/**
 * a / b, element by element, with broadcasting; float32 (or float64), also of whole numbers.
 *
 * @example
 * div(tensor([1, 3]), 2) // → tensor([0.5, 1.5])
 */
export function div(a: Operand, b: Operand): Tensor {
  return arithmetic(division, a, b);
}

const power: Arithmetic = {
  name: "pow",
  code: Binary.pow,
  whole: wholePower,
  backward(gradient, { inputs: [a, b] }) {
    // d aᵇ/da = b·aᵇ⁻¹, and 0 for b = 0 also where a⁻¹ is infinite;  d aᵇ/db = aᵇ·ln a, taken as 0 where a ≤ 0.
    if (needs(a)) {
      if (b === 0) give(a, zeros(gradient.shape, { dtype: gradient.dtype }));
      else if (typeof b === "number") give(a, mul(gradient, mul(b, pow(a, b - 1))));
      else give(a, mul(gradient, mul(b!, pow(a, lessOne(a, b!)))));
    }
    if (needs(b)) {
      give(b, mul(gradient, mul(pow(a!, b), safeLog(a!))));
    }
  },
};

/** b − 1; but 0 where b is 0 and a is 0 or NaN, so that b · aᵇ⁻¹ is 0. Only there: at b = 0 the slope of that for b is 1/a. */
function lessOne(a: Tensor, b: Tensor): Tensor {
  const less = sub(b, 1);
  return where(equal(b, 0), where(greater(abs(a), 0), less, 0), less);
}

/** The logarithm, but 0 where there is none. */
function safeLog(a: Operand): Operand {
  if (typeof a === "number") return a > 0 ? Math.log(a) : 0;
  return log(where(greater(a, 0), a, 1));
}

/** The last 32 bits of pᑫ. */
function wholePower(p: number, q: number): number {
  if (q < 0) {
    throw new RangeError(
      `pow: ${p} to the power ${q} is no whole number — for fractions: .cast("float32").pow(…)`,
    );
  }
  let result = 1;
  for (let [factor, rest] = [p, q]; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, factor);
    factor = Math.imul(factor, factor);
  }
  return result;
}

/**
 * a to the power b, element by element, with broadcasting. Whole numbers stay whole, as in products.
 *
 * @throws when a whole number among whole numbers has a negative exponent.
 * @example
 * pow(tensor([1, 2, 3]), 2) // → tensor([1, 4, 9])
 */
export function pow(a: Operand, b: Operand): Tensor {
  if (b === 1 && a instanceof Tensor) return add(a, 0);
  return arithmetic(power, a, b);
}

/** Shared by maximum and minimum: where both are equal each gets half, as in PyTorch. */
function share(gradient: Tensor, winner: Operand, loser: Operand): Tensor {
  const won = add(toFloat(greater(winner, loser)), mul(toFloat(equal(winner, loser)), 0.5));
  return mul(gradient, won);
}

const larger: Arithmetic = {
  name: "maximum",
  code: Binary.max,
  whole: Math.max,
  backward(gradient, { inputs: [a, b] }) {
    if (needs(a)) give(a, share(gradient, a, b!));
    if (needs(b)) give(b, share(gradient, b, a!));
  },
};

/**
 * The larger of a and b, element by element, with broadcasting. Where they are equal, the gradient goes half to each.
 *
 * @example
 * maximum(tensor([1, 5]), 3) // → tensor([3, 5])
 */
export function maximum(a: Operand, b: Operand): Tensor {
  return arithmetic(larger, a, b);
}

const smaller: Arithmetic = {
  name: "minimum",
  code: Binary.min,
  whole: Math.min,
  backward(gradient, { inputs: [a, b] }) {
    if (needs(a)) give(a, share(gradient, b!, a));
    if (needs(b)) give(b, share(gradient, a!, b));
  },
};

/**
 * The smaller of a and b, element by element, with broadcasting. Where they are equal, the gradient goes half to each.
 *
 * @example
 * minimum(tensor([1, 5]), 3) // → tensor([1, 3])
 */
export function minimum(a: Operand, b: Operand): Tensor {
  return arithmetic(smaller, a, b);
}

const choice: Rule = {
  name: "where",
  backward(gradient, { inputs: [condition, a, b] }) {
    // Chosen, not multiplied: 0 · ∞ would be NaN.
    if (needs(a)) give(a, where(condition as Tensor, gradient, 0));
    if (needs(b)) give(b, where(condition as Tensor, 0, gradient));
  },
};

/**
 * a where the condition is true (not zero), b elsewhere; all three broadcast.
 *
 * @throws when the shapes do not broadcast, or a plain whole number does not fit into the dtype of the other.
 * @example
 * where(greater(tensor([1, -2]), 0), 1, 0) // → tensor([1, 0])
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  checkTensor("where", condition);
  if (a === undefined && b === undefined) {
    throw new TypeError(
      "where: needs what to take where the condition is true, and elsewhere — positions of what is true: argWhere(x), nonZero(x)",
    );
  }
  checkOperand("where", a);
  checkOperand("where", b);
  const dtype = typeof a === "number" && typeof b === "number" ? "float32" : commonDType("where", a, b);
  const asTensor = (x: Operand) => (typeof x === "number" ? tensor(x, { dtype }) : cast(x, dtype));
  const chosen = [asTensor(a), asTensor(b)] as const;
  const shape = commonShape("where", condition, a, b);
  const truth = cast(condition.detach(), "bool");
  // No operation of its own, to which traceNaN would hold a NaN that is never chosen.
  const spread = (x: Tensor) =>
    sameShape(x.shape, shape) ? x : copyFrom(x, 0, broadcastStrides(x.shape, shape), shape);
  const [c, p, q] = [truth, ...chosen].map(spread);
  const result = empty(shape, dtype);
  select(c!, p!, q!, result);
  const [x, y] = chosen;
  return tracks(x, y) ? attach(result, choice, [truth, x, y]) : result;
}

function select(condition: Tensor, a: Tensor, b: Tensor, result: Tensor): void {
  if (result.dtype !== "uint8") {
    // The compiled kernel moves the 4 bytes of int32 as well as those of float32.
    coreOf(result.dtype).select(condition.pointer(), a.pointer(), b.pointer(), result.pointer(), result.size);
    return;
  }
  const [holds, p, q, target] = [condition, a, b, result].map((x) => x.view());
  for (let i = 0; i < result.size; i++) target![i] = holds![i] !== 0 ? p![i]! : q![i]!;
}
