// exp, log, tanh and their kin on four floats at once, within a few units in the last place.
// Polynomials are minimax fits in the relative error (Lawson's reweighted least squares on Chebyshev nodes).
// Rounding and conversion go through the number 1.5·2²³, in whose last bits a small float leaves its integer.

const MAGIC: f32 = 12582912;
const MAGIC_BITS: i32 = 0x4b400000;
const LOG2E: f32 = 1.44269504088896341;
// ln 2 in two pieces, the first with so few bits that its product with an exponent is exact.
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.12194440e-4;

@inline
function madd(x: v128, y: v128, z: v128): v128 {
  return f32x4.relaxed_madd(x, y, z);
}

@inline
function constant(value: f32): v128 {
  return f32x4.splat(value);
}

/** eˣ over the whole range: ∞ above 88.72, denormals and 0 below −87.3; NaN stays. */
@inline
export function exp4(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, constant(89)), constant(-104));
  const shifted = madd(x, constant(LOG2E), constant(MAGIC));
  const n = f32x4.sub(shifted, constant(MAGIC));
  const r = f32x4.relaxed_nmadd(n, constant(LN2_LOW), f32x4.relaxed_nmadd(n, constant(LN2_HIGH), x));
  let p = constant(0.0013814190169796348);
  p = madd(p, r, constant(0.008368914015591145));
  p = madd(p, r, constant(0.04166840761899948));
  p = madd(p, r, constant(0.1666651964187622));
  p = madd(p, r, constant(0.4999999403953552));
  p = f32x4.add(madd(p, f32x4.mul(r, r), r), constant(1));
  // 2ⁿ in two factors: neither overflows, and a denormal result is rounded once.
  const power = i32x4.sub(shifted, i32x4.splat(MAGIC_BITS));
  const half = i32x4.shr_s(power, 1), rest = i32x4.sub(power, half);
  const scale0 = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23), scale1 = i32x4.shl(i32x4.add(rest, i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.mul(p, scale0), scale1);
}

/** Natural logarithm: −∞ at 0, NaN below; denormals are right too. */
@inline
export function log4(x: v128): v128 {
  const tiny = f32x4.lt(x, constant(1.17549435e-38));
  const y = v128.bitselect(f32x4.mul(x, constant(8388608)), x, tiny);
  // m in [√½, √2), x = m · 2ᵉ
  const e = i32x4.shr_s(i32x4.sub(y, i32x4.splat(0x3f3504f3)), 23);
  const f = f32x4.sub(i32x4.sub(y, i32x4.shl(e, 23)), constant(1));
  let exponent = f32x4.sub(i32x4.add(e, i32x4.splat(MAGIC_BITS)), constant(MAGIC));
  exponent = f32x4.sub(exponent, v128.and(tiny, constant(23)));
  let p = constant(0.0674663856625557);
  p = madd(p, f, constant(-0.11675651371479034));
  p = madd(p, f, constant(0.11888162791728973));
  p = madd(p, f, constant(-0.1240558922290802));
  p = madd(p, f, constant(0.14219552278518677));
  p = madd(p, f, constant(-0.1666799634695053));
  p = madd(p, f, constant(0.2000211924314499));
  p = madd(p, f, constant(-0.25000008940696716));
  p = madd(p, f, constant(0.3333331346511841));
  const square = f32x4.mul(f, f);
  const small = madd(f32x4.mul(p, square), f, f32x4.mul(exponent, constant(LN2_LOW)));
  let result = madd(exponent, constant(LN2_HIGH), f32x4.add(f, madd(square, constant(-0.5), small)));
  const infinite = constant(Infinity);
  result = v128.bitselect(infinite, result, f32x4.eq(x, infinite));
  result = v128.bitselect(constant(-Infinity), result, f32x4.eq(x, constant(0)));
  const valid = f32x4.ge(x, constant(0));
  return v128.bitselect(result, constant(NaN), valid);
}

@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(constant(1), f32x4.add(constant(1), exp4(f32x4.neg(x))));
}

@inline
export function tanh4(x: v128): v128 {
  const magnitude = f32x4.abs(x), square = f32x4.mul(x, x);
  let p = constant(-0.005704986397176981);
  p = madd(p, square, constant(0.02063908614218235));
  p = madd(p, square, constant(-0.05373971536755562));
  p = madd(p, square, constant(0.13331441581249237));
  p = madd(p, square, constant(-0.3333328068256378));
  const near = madd(f32x4.mul(p, square), x, x);
  const e = exp4(f32x4.add(magnitude, magnitude));
  const far = f32x4.sub(constant(1), f32x4.div(constant(2), f32x4.add(e, constant(1))));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(near, signed, f32x4.lt(magnitude, constant(0.625)));
}

/** eˣ − 1 for x ≤ 0, accurate also for tiny x: 2t / (1 − t) with t = tanh(x/2). */
@inline
export function expm1OfNegative4(x: v128): v128 {
  const t = tanh4(f32x4.mul(x, constant(0.5)));
  return f32x4.div(f32x4.add(t, t), f32x4.sub(constant(1), t));
}

/** erf(x) for |x| < 1. */
@inline
function erfNear(x: v128): v128 {
  const square = f32x4.mul(x, x);
  let p = constant(7.853860734030604e-05);
  p = madd(p, square, constant(-0.0008010193705558777));
  p = madd(p, square, constant(0.005188327748328447));
  p = madd(p, square, constant(-0.026853812858462334));
  p = madd(p, square, constant(0.1128358542919159));
  p = madd(p, square, constant(-0.3761262595653534));
  p = madd(p, square, constant(1.1283791065216064));
  return f32x4.mul(p, x);
}

/** 1 − erf(z) for z ≥ 1: exp(−z²) times a polynomial in t = 1 / (1 + z/2). */
@inline
function erfcFar(z: v128): v128 {
  const t = f32x4.div(constant(1), madd(z, constant(0.5), constant(1)));
  let p = constant(0.09437582641839981);
  p = madd(p, t, constant(-0.22890335321426392));
  p = madd(p, t, constant(0.08575527369976044));
  p = madd(p, t, constant(0.05878038704395294));
  p = madd(p, t, constant(0.17965412139892578));
  p = madd(p, t, constant(0.24676430225372314));
  p = madd(p, t, constant(0.2820640206336975));
  p = madd(p, t, constant(0.2820971608161926));
  return f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(z, z))));
}

@inline
export function erf4(x: v128): v128 {
  const z = f32x4.abs(x);
  const far = v128.or(f32x4.sub(constant(1), erfcFar(z)), v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(erfNear(x), far, f32x4.lt(z, constant(1)));
}

/** The distribution function of the normal distribution, (1 + erf(x/√2)) / 2. */
@inline
export function normalCdf4(x: v128): v128 {
  const half = constant(0.5), u = f32x4.mul(x, constant(0.7071067811865476)), z = f32x4.abs(u);
  const tail = f32x4.mul(half, erfcFar(z));
  const far = v128.bitselect(f32x4.sub(constant(1), tail), tail, f32x4.gt(u, constant(0)));
  return v128.bitselect(madd(half, erfNear(u), half), far, f32x4.lt(z, constant(1)));
}

/** ln(1 + eˣ) without overflow, and accurate where the result is tiny. */
@inline
export function softplus4(x: v128): v128 {
  const zero = constant(0), one = constant(1);
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const u = f32x4.add(one, e);
  // What 1 + e lost in rounding comes back to first order.
  const lost = f32x4.div(f32x4.sub(e, f32x4.sub(u, one)), u);
  return f32x4.add(f32x4.max(x, zero), f32x4.add(log4(u), lost));
}

/** cos and sin of 2π·u for u in [0, 1), for the normal distribution: the quarter turn is taken off first. */
@inline
export function cosOfTurn4(u: v128): v128 {
  return quarterTurns(u, 1);
}

@inline
export function sinOfTurn4(u: v128): v128 {
  return quarterTurns(u, 0);
}

// sin(2π·u + shift · π/2)
@inline
function quarterTurns(u: v128, shift: i32): v128 {
  const four = f32x4.mul(u, constant(4));
  const shifted = f32x4.add(four, constant(MAGIC));
  const angle = f32x4.mul(f32x4.sub(four, f32x4.sub(shifted, constant(MAGIC))), constant(1.5707963267948966));
  const quarter = i32x4.add(shifted, i32x4.splat(shift));
  const square = f32x4.mul(angle, angle);
  let s = madd(constant(-0.00019515282474458218), square, constant(0.00833216030150652));
  s = madd(s, square, constant(-0.16666655242443085));
  s = madd(f32x4.mul(s, square), angle, angle);
  let c = madd(constant(2.44331567955669e-05), square, constant(-0.0013887316454201937));
  c = madd(c, square, constant(0.04166664555668831));
  c = madd(madd(c, square, constant(-0.5)), square, constant(1));
  const odd = i32x4.ne(v128.and(quarter, i32x4.splat(1)), i32x4.splat(0));
  const sign = i32x4.shl(v128.and(quarter, i32x4.splat(2)), 30);
  return v128.xor(v128.bitselect(c, s, odd), sign);
}

/** The same functions for one float. */
@inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}
