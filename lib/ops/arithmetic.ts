// Operations of two numbers on each element, with broadcasting: forward and gradient of each side by side.
import { attach, give, needs, type Operand, type Rule, tracks } from "../autograd/graph.ts";
import { Binary, type BinaryCode } from "../engine/core.ts";
import { engine } from "../engine/engine.ts";
import { empty, tensor } from "../tensor/create.ts";
import { broadcastShapes, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { equal, greater } from "./compare.ts";
import { log, neg } from "./elementwise.ts";
import { checkOperand, floatOperand, isWhole, toFloat, wholeNumbers } from "./operand.ts";

/** An operation of two numbers: its kernel, its gradient, and how it goes with whole numbers (if it stays in them). */
interface Arithmetic extends Rule {
  readonly code: BinaryCode;
  readonly whole: ((p: number, q: number) => number) | null;
}

/** a op b of float32 operands, without recording. */
export function combine(
  name: string,
  code: BinaryCode,
  a: Operand,
  b: Operand,
  dtype: "float32" | "bool",
): Tensor {
  if (typeof a === "number") {
    const right = typeof b === "number" ? tensor(b) : b;
    const result = empty(right.shape, dtype);
    engine.core.scalarBinary(code, a, right.pointer(), result.pointer(), right.size);
    return result;
  }
  if (typeof b === "number") {
    const result = empty(a.shape, dtype);
    engine.core.binaryScalar(code, a.pointer(), b, result.pointer(), a.size);
    return result;
  }
  if (sameShape(a.shape, b.shape)) {
    const result = empty(a.shape, dtype);
    engine.core.binary(code, a.pointer(), b.pointer(), result.pointer(), a.size);
    return result;
  }
  const result = empty(broadcastShapes(name, a.shape, b.shape), dtype);
  if (result.size > 0) {
    engine.binary(code, a.pointer(), a.shape, b.pointer(), b.shape, result.pointer(), result.shape);
  }
  return result;
}

function arithmetic(op: Arithmetic, a: Operand, b: Operand): Tensor {
  checkOperand(op.name, a);
  checkOperand(op.name, b);
  if (op.whole !== null && isWhole(a) && isWhole(b) && (typeof a !== "number" || typeof b !== "number")) {
    const shapeA = typeof a === "number" ? [] : a.shape;
    const shapeB = typeof b === "number" ? [] : b.shape;
    return wholeNumbers(op.whole, a, b, empty(broadcastShapes(op.name, shapeA, shapeB), "int32"));
  }
  const p = floatOperand(a);
  const q = floatOperand(b);
  const result = combine(op.name, op.code, p, q, "float32");
  return tracks(p, q) ? attach(result, op, [p, q]) : result;
}

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
 * @throws when the shapes do not broadcast.
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
    if (needs(b)) give(b, neg(mul(gradient, div(a!, mul(b, b)))));
  },
};

/**
 * a / b, element by element, with broadcasting; float32, also of whole numbers.
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
  whole: null,
  backward(gradient, { inputs: [a, b] }) {
    // d aᵇ/da = b·aᵇ⁻¹;  d aᵇ/db = aᵇ·ln a, taken as 0 where a ≤ 0.
    if (needs(a)) give(a, mul(gradient, mul(b!, pow(a, sub(b!, 1)))));
    if (needs(b)) {
      const base = typeof a === "number" ? tensor(a) : a!;
      const logarithm = where(greater(base, 0), log(maximum(base, 1e-38)), 0);
      give(b, mul(gradient, mul(pow(base, b), logarithm)));
    }
  },
};

/**
 * a to the power b, element by element, with broadcasting.
 *
 * @example
 * pow(tensor([1, 2, 3]), 2) // → tensor([1, 4, 9])
 */
export function pow(a: Operand, b: Operand): Tensor {
  if (b === 1 && typeof a !== "number") return add(a, 0);
  if (b === 0 && typeof a !== "number") return add(mul(a, 0), 1);
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
    if (needs(a)) give(a, mul(gradient, condition!));
    if (needs(b)) give(b, mul(gradient, sub(1, condition!)));
  },
};

/**
 * a where the condition is true (not zero), b elsewhere; all three broadcast.
 *
 * @example
 * where(greater(tensor([1, -2]), 0), 1, 0) // → tensor([1, 0])
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const asTensor = (x: Operand) => (typeof x === "number" ? tensor(x) : toFloat(x));
  const chosen = [asTensor(a), asTensor(b)] as const;
  const shape = broadcastShapes(
    "where",
    condition.shape,
    broadcastShapes("where", chosen[0].shape, chosen[1].shape),
  );
  const [c, p, q] = [toFloat(condition).detach(), ...chosen].map((x) => x.detach().broadcastTo(shape));
  const result = empty(shape);
  engine.core.select(c!.pointer(), p!.pointer(), q!.pointer(), result.pointer(), result.size);
  const [x, y] = chosen;
  if (!tracks(x, y)) return result;
  return attach(result, choice, [toFloat(notZero(condition)), x, y]);
}

/** 1 where the condition holds: the gradient multiplies with it. */
function notZero(condition: Tensor): Tensor {
  return condition.dtype === "bool" ? condition : condition.notEqual(0);
}
