// The functions of one and of two numbers by which the plain core computes, with NumPy's answers for NaN and infinities.
import { erf, erfc } from "../../special/erf.ts";
import * as codes from "../opcodes.ts";

/** To the nearest whole number, halves to the even one. */
function roundEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** aᵇ as C has it: 1 to any power and ±1 to an infinite one are 1, where JavaScript says NaN. */
export function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY)) return 1;
  return a ** b;
}

/** By code of an operation. */
export const unaryFunctions: readonly ((x: number) => number)[] = byCode([
  [codes.NEG, (x) => -x],
  [codes.ABS, Math.abs],
  [codes.SQUARE, (x) => x * x],
  [codes.SQRT, Math.sqrt],
  [codes.RECIPROCAL, (x) => 1 / x],
  [codes.RELU, (x) => Math.max(x, 0)],
  [codes.SIGN, Math.sign],
  [codes.FLOOR, Math.floor],
  [codes.CEIL, Math.ceil],
  [codes.ROUND, roundEven],
  [codes.EXP, Math.exp],
  [codes.LOG, Math.log],
  [codes.SIGMOID, sigmoid],
  [codes.TANH, Math.tanh],
  [codes.SOFTPLUS, softplus],
  [codes.SIN, Math.sin],
  [codes.COS, Math.cos],
  [codes.LOG1P, Math.log1p],
  [codes.EXPM1, Math.expm1],
  [codes.TAN, Math.tan],
  [codes.ASIN, Math.asin],
  [codes.ACOS, Math.acos],
  [codes.ATAN, Math.atan],
  [codes.SINH, Math.sinh],
  [codes.COSH, Math.cosh],
  [codes.ASINH, Math.asinh],
  [codes.ACOSH, Math.acosh],
  [codes.ATANH, Math.atanh],
  [codes.EXP2, (x) => 2 ** x],
  [codes.LOG2, Math.log2],
  [codes.LOG10, Math.log10],
  [codes.CBRT, Math.cbrt],
  [codes.TRUNC, Math.trunc],
  [codes.RSQRT, (x) => 1 / Math.sqrt(x)],
  [codes.SILU, (x) => x * sigmoid(x)],
  [codes.ERF, erf],
  [codes.GELU, (x) => (x * erfc(-x * Math.SQRT1_2)) / 2],
]);

/** By code of an operation. */
export const binaryFunctions: readonly ((a: number, b: number) => number)[] = byCode([
  [codes.ADD, (a, b) => a + b],
  [codes.SUB, (a, b) => a - b],
  [codes.MUL, (a, b) => a * b],
  [codes.DIV, (a, b) => a / b],
  [codes.MAX, Math.max],
  [codes.MIN, Math.min],
  [codes.POW, power],
  [codes.GREATER, (a, b) => Number(a > b)],
  [codes.GREATER_EQUAL, (a, b) => Number(a >= b)],
  [codes.LESS, (a, b) => Number(a < b)],
  [codes.LESS_EQUAL, (a, b) => Number(a <= b)],
  [codes.EQUAL, (a, b) => Number(a === b)],
  [codes.NOT_EQUAL, (a, b) => Number(a !== b)],
  [codes.LEAKY_RELU, (x, slope) => (x > 0 ? x : x * slope)],
  [codes.ELU, (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x))],
  [codes.RELU_GRADIENT, (dy, y) => (y > 0 ? dy : 0)],
  [codes.SIGMOID_GRADIENT, (dy, y) => dy * y * (1 - y)],
  [codes.TANH_GRADIENT, (dy, y) => dy * (1 - y * y)],
]);

/** Comparisons write bool, which is float32 inside. */
export function isComparison(code: number): boolean {
  return code >= codes.GREATER && code <= codes.NOT_EQUAL;
}

function byCode<F>(entries: readonly (readonly [code: number, apply: F])[]): F[] {
  const table: F[] = [];
  for (const [code, apply] of entries) table[code] = apply;
  return table;
}
