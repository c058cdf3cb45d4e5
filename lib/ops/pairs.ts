// Functions of two numbers on each element beyond the four kinds of arithmetic, with broadcasting.
import { give, needs, type Operand } from "../autograd/graph.ts";
import { Tensor } from "../tensor/tensor.ts";
import { add, div, mul, sub, where } from "./arithmetic.ts";
import { type Arithmetic, arithmetic, floatOperands } from "./binary.ts";
import { equal, greaterEqual, lessEqual, notEqual } from "./compare.ts";
import { neg, sigmoid, trunc } from "./elementwise.ts";
import { logicalOr } from "./logic.ts";
import { checkOperand, commonShape } from "./operand.ts";

const modulo: Arithmetic = {
  name: "mod",
  code: remainderOf,
  whole: (p, q) => (q === 0 ? 0 : remainderOf(p, q)),
  backward(gradient, { inputs: [a, b] }) {
    if (needs(a)) give(a, gradient);
    if (needs(b)) give(b, neg(mul(gradient, floorDivide(a!, b))));
  },
};

/** The remainder with the sign of the divisor, as NumPy rounds it. */
function remainderOf(p: number, q: number): number {
  const rest = p % q;
  return rest !== 0 && rest < 0 !== q < 0 ? rest + q : rest;
}

/**
 * The remainder of a / b with the sign of b, element by element: NumPy's `mod` and `remainder`, Python's `%`. Of whole
 * numbers it is whole, and 0 for a divisor of 0; otherwise NaN for a divisor of 0.
 *
 * @example
 * mod(tensor([7, -7]), 3) // → tensor([1, 2])
 */
export function mod(a: Operand, b: Operand): Tensor {
  return arithmetic(modulo, a, b);
}

const truncatedModulo: Arithmetic = {
  name: "fmod",
  code: (p, q) => p % q,
  whole: (p, q) => (q === 0 ? 0 : p % q),
  backward(gradient, { inputs: [a, b] }) {
    if (needs(a)) give(a, gradient);
    if (needs(b)) {
      const quotient = div(a!, b);
      give(b, neg(mul(gradient, trunc(quotient))));
    }
  },
};

/**
 * The remainder of a / b with the sign of a, element by element, as in C and JavaScript's `%`.
 *
 * @example
 * fmod(tensor([7, -7]), 3) // → tensor([ 1, -1])
 */
export function fmod(a: Operand, b: Operand): Tensor {
  return arithmetic(truncatedModulo, a, b);
}

const flooredDivision: Arithmetic = {
  name: "floorDivide",
  code: floorOfQuotient,
  whole: (p, q) => (q === 0 ? 0 : Math.floor(p / q)),
  backward() {},
};

/** ⌊p / q⌋ from the remainder, so that rounding of the quotient does no harm: 1 // 0.1 is 9, as in NumPy. */
function floorOfQuotient(p: number, q: number): number {
  if (q === 0) return p / q;
  const rest = p % q;
  const quotient = (p - rest) / q - (rest !== 0 && rest < 0 !== q < 0 ? 1 : 0);
  const below = Math.floor(quotient);
  return quotient - below > 0.5 ? below + 1 : below;
}

/**
 * a / b rounded down, element by element: NumPy's `floor_divide`, Python's `//`; no gradient. Of whole numbers it is
 * whole, and 0 for a divisor of 0.
 *
 * @example
 * floorDivide(tensor([7, -7]), 2) // → tensor([ 3, -4])
 */
export function floorDivide(a: Operand, b: Operand): Tensor {
  const detached = (x: Operand) => (x instanceof Tensor ? x.detach() : x);
  return arithmetic(flooredDivision, detached(a), detached(b));
}

/** The length of (a, b) to divide by: 1 at the origin, where the kink of √ has 0 for a gradient, as a norm has. */
function divisor(a: Operand, b: Operand): Tensor {
  const length = hypot(a, b);
  return where(equal(length, 0), 1, length);
}

const angle: Arithmetic = {
  name: "atan2",
  code: Math.atan2,
  whole: null,
  backward(gradient, { inputs: [y, x] }) {
    // Divided twice: the square of a length overflows, or vanishes, long before the length does.
    const length = divisor(y!, x!);
    if (needs(y)) give(y, div(mul(gradient, div(x!, length)), length));
    if (needs(x)) give(x, neg(div(mul(gradient, div(y!, length)), length)));
  },
};

/**
 * The angle of the point (x, y), from −π to π, element by element. y comes first, as everywhere.
 *
 * @example
 * atan2(tensor([1, -1]), tensor([1, -1])) // → tensor([ 0.7854, -2.3562])
 */
export function atan2(y: Operand, x: Operand): Tensor {
  return arithmetic(angle, y, x);
}

const hypotenuse: Arithmetic = {
  name: "hypot",
  code: Math.hypot,
  whole: null,
  backward(gradient, { inputs: [a, b] }) {
    const length = divisor(a!, b!);
    if (needs(a)) give(a, mul(gradient, div(a, length)));
    if (needs(b)) give(b, mul(gradient, div(b, length)));
  },
};

/**
 * √(a² + b²), element by element, without overflow.
 *
 * @example
 * hypot(tensor([3, 5]), tensor([4, 12])) // → tensor([ 5, 13])
 */
export function hypot(a: Operand, b: Operand): Tensor {
  return arithmetic(hypotenuse, a, b);
}

const logSum: Arithmetic = {
  name: "logAddExp",
  code: (p, q) => (p === q ? p + Math.LN2 : Math.max(p, q) + Math.log1p(Math.exp(-Math.abs(p - q)))),
  whole: null,
  backward(gradient, { inputs: [a, b] }) {
    if (needs(a)) give(a, mul(gradient, sigmoid(sub(a, b!))));
    if (needs(b)) give(b, mul(gradient, sigmoid(sub(b, a!))));
  },
};

/**
 * ln(eᵃ + eᵇ), element by element, without overflow: the sum of probabilities given as logarithms.
 *
 * @example
 * logAddExp(tensor([0, -1000]), 0) // → tensor([0.6931, 0.0000])
 */
export function logAddExp(a: Operand, b: Operand): Tensor {
  return arithmetic(logSum, a, b);
}

/** The rule of fmax and fmin: the gradient goes to the number that was taken, to the first of equals. */
function choosing(name: string, pick: (p: number, q: number) => number, first: typeof lessEqual): Arithmetic {
  return {
    name,
    code: (p, q) => (Number.isNaN(p) ? q : Number.isNaN(q) ? p : pick(p, q)),
    whole: pick,
    backward(gradient, { inputs: [a, b] }) {
      const takesLeft = logicalOr(notEqual(b!, b!), first(a!, b!));
      if (needs(a)) give(a, where(takesLeft, gradient, 0));
      if (needs(b)) give(b, where(takesLeft, 0, gradient));
    },
  };
}

const larger = choosing("fmax", Math.max, greaterEqual);
const smaller = choosing("fmin", Math.min, lessEqual);

/**
 * The larger of a and b, element by element; where one is NaN, the other (`maximum` gives NaN there).
 *
 * @example
 * fmax(tensor([1, NaN]), 0) // → tensor([1, 0])
 */
export function fmax(a: Operand, b: Operand): Tensor {
  return arithmetic(larger, a, b);
}

/**
 * The smaller of a and b, element by element; where one is NaN, the other (`minimum` gives NaN there).
 *
 * @example
 * fmin(tensor([1, NaN]), 0) // → tensor([0, 0])
 */
export function fmin(a: Operand, b: Operand): Tensor {
  return arithmetic(smaller, a, b);
}

/**
 * a + weight · (b − a), element by element: the way from a to b, all three broadcasting; float32 (or float64), also of whole
 * numbers.
 *
 * @throws when the shapes do not broadcast.
 * @example
 * lerp(tensor([0, 10]), tensor([10, 20]), 0.25) // → tensor([ 2.5, 12.5])
 */
export function lerp(a: Operand, b: Operand, weight: Operand): Tensor {
  for (const operand of [a, b, weight]) checkOperand("lerp", operand);
  commonShape("lerp", a, b, weight);
  // The differences of uint8 would wrap around.
  const [from, to] = floatOperands(a, b);
  return add(from, mul(weight, sub(to, from)));
}
