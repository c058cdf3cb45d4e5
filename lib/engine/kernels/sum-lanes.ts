// Float32 lanes on their way into float64 sums.

/** Eight float32 in two sums of float64. */
@inline
export function eightAt(p: usize): v128 {
  return f64x2.add(four(v128.load(p)), four(v128.load(p, 16)));
}

/** Four of them. */
@inline
export function four(v: v128): v128 {
  return f64x2.add(low(v), high(v));
}

/** Sum of the eight lanes of two vectors, in float64. */
@inline
export function lanes(a: v128, b: v128): f64 {
  const s = f64x2.add(four(a), four(b));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** The first two lanes in float64. */
@inline
export function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

/** The last two. */
@inline
export function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}
