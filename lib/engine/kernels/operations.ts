// One unary or binary operation on four floats, chosen by its number. `op` is a constant at each call of the loops in
// elementwise.ts and strided.ts, so that only the one operation remains of these chains after compilation.
import * as Op from "../opcodes";
import { erf4, exp4, expm1OfNegative4, log4, normalCdf4, sigmoid4, softplus4, tanh4 } from "./vector-math";

@inline
export function unary4(op: i32, x: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  if (op == Op.NEG) return f32x4.neg(x);
  if (op == Op.ABS) return f32x4.abs(x);
  if (op == Op.SQUARE) return f32x4.mul(x, x);
  if (op == Op.SQRT) return f32x4.sqrt(x);
  if (op == Op.RECIPROCAL) return f32x4.div(one, x);
  if (op == Op.RELU) return f32x4.pmax(x, zero);
  if (op == Op.SIGN) {
    const sign = f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
    return v128.bitselect(sign, x, f32x4.eq(x, x));
  }
  if (op == Op.FLOOR) return f32x4.floor(x);
  if (op == Op.CEIL) return f32x4.ceil(x);
  if (op == Op.ROUND) return f32x4.nearest(x);
  if (op == Op.EXP) return exp4(x);
  if (op == Op.LOG) return log4(x);
  if (op == Op.SIGMOID) return sigmoid4(x);
  if (op == Op.TANH) return tanh4(x);
  if (op == Op.TRUNC) return f32x4.trunc(x);
  if (op == Op.RSQRT) return f32x4.div(one, f32x4.sqrt(x));
  if (op == Op.SILU) return f32x4.mul(x, sigmoid4(x));
  if (op == Op.ERF) return erf4(x);
  if (op == Op.GELU) return f32x4.mul(x, normalCdf4(x));
  return softplus4(x);
}

/** Those without a vector form, through float64. */
export function unary1(op: i32, x: f32): f32 {
  switch (op) {
    case Op.SIN: return Math.sin(x as f64) as f32;
    case Op.COS: return Math.cos(x as f64) as f32;
    case Op.TAN: return Math.tan(x as f64) as f32;
    case Op.ASIN: return Math.asin(x as f64) as f32;
    case Op.ACOS: return Math.acos(x as f64) as f32;
    case Op.ATAN: return Math.atan(x as f64) as f32;
    case Op.SINH: return Math.sinh(x as f64) as f32;
    case Op.COSH: return Math.cosh(x as f64) as f32;
    case Op.ASINH: return Math.asinh(x as f64) as f32;
    case Op.ACOSH: return Math.acosh(x as f64) as f32;
    case Op.ATANH: return Math.atanh(x as f64) as f32;
    case Op.EXP2: return Math.pow(2, x as f64) as f32;
    case Op.LOG2: return Math.log2(x as f64) as f32;
    case Op.LOG10: return Math.log10(x as f64) as f32;
    case Op.CBRT: return Math.cbrt(x as f64) as f32;
    case Op.LOG1P: return Math.log1p(x as f64) as f32;
    default: return Math.expm1(x as f64) as f32;
  }
}

/** All binary operations but pow, which has no vector form. */
@inline
export function binary4(op: i32, a: v128, b: v128): v128 {
  const one = f32x4.splat(1);
  if (op == Op.ADD) return f32x4.add(a, b);
  if (op == Op.SUB) return f32x4.sub(a, b);
  if (op == Op.MUL) return f32x4.mul(a, b);
  if (op == Op.DIV) return f32x4.div(a, b);
  if (op == Op.MAX) return f32x4.max(a, b);
  if (op == Op.MIN) return f32x4.min(a, b);
  if (op == Op.GREATER) return v128.and(f32x4.gt(a, b), one);
  if (op == Op.GREATER_EQUAL) return v128.and(f32x4.ge(a, b), one);
  if (op == Op.LESS) return v128.and(f32x4.lt(a, b), one);
  if (op == Op.LESS_EQUAL) return v128.and(f32x4.le(a, b), one);
  if (op == Op.EQUAL) return v128.and(f32x4.eq(a, b), one);
  if (op == Op.NOT_EQUAL) return v128.and(f32x4.ne(a, b), one);
  if (op == Op.LEAKY_RELU) return v128.bitselect(a, f32x4.mul(a, b), f32x4.gt(a, f32x4.splat(0)));
  if (op == Op.ELU) return v128.bitselect(a, f32x4.mul(b, expm1OfNegative4(a)), f32x4.gt(a, f32x4.splat(0)));
  if (op == Op.RELU_GRADIENT) return v128.and(a, f32x4.gt(b, f32x4.splat(0)));
  if (op == Op.SIGMOID_GRADIENT) return f32x4.mul(a, f32x4.mul(b, f32x4.sub(one, b)));
  return f32x4.mul(a, f32x4.sub(one, f32x4.mul(b, b)));
}

// 1 to any power and any number to the power 0 are 1, also for NaN, and so is −1 to an infinite one, as in C and NumPy
// (JavaScript gives NaN for 1 ** NaN).
export function power1(a: f32, b: f32): f32 {
  if (b == 2) return a * a;
  if (a == 1 || b == 0 || (a == -1 && abs<f32>(b) == Infinity)) return 1;
  return Math.pow(a as f64, b as f64) as f32;
}
