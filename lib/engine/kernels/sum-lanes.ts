// Float32 lanes on their way into float64 sums.

// Eight (four) float32 in two sums of float64.
@inline
export function eightAt(p: usize): v128 {
  return f64x2.add(four(v128.load(p)), four(v128.load(p, 16)));
}

@inline
export function four(v: v128): v128 {
  return f64x2.add(low(v), high(v));
}

// Sum of the eight lanes of two vectors, in float64.
@inline
export function lanes(a: v128, b: v128): f64 {
  const s = f64x2.add(four(a), four(b));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

@inline
export function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

@inline
export function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

// Side by side, and from one address in a local variable: at such pairs of stores V8's 256-bit pass begins to join the sums
// before them. It does not see that two reads of the global `scratch` are the same.
@inline
export function storeEight(at: usize, s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128): void {
  v128.store(at, s0);
  v128.store(at, s1, 16);
  v128.store(at, s2, 32);
  v128.store(at, s3, 48);
  v128.store(at, s4, 64);
  v128.store(at, s5, 80);
  v128.store(at, s6, 96);
  v128.store(at, s7, 112);
}
