// The transforms of Winograd's convolution: 6×6 cells, 3×3 taps or 4×4 outputs to 36 values at the points 0, ±¾, ±1½, ∞ along each axis,
// and 36 products back to 4×4 outputs or 3×3 taps. See winograd.ts and winograd-gradient.ts.
//
// Every pass is one-dimensional and runs over contiguous channels. Both halves of a vector are computed before either is stored,
// and what leads to a pair of stores is @inline, as V8's 256-bit pass needs it (microkernels.ts).

// Powers of the points p = ¾ and q = 2p, p²q² and p² + q²: all exact in binary. From memory they stay in registers, whereas V8 makes
// a constant anew wherever it is used.
const CONSTANTS = memory.data<f32>([0.75, 0.5625, 0.421875, 1.5, 2.25, 3.375, 1.265625, 2.8125]);

@inline
function constant(place: usize): v128 {
  return v128.load32_splat(CONSTANTS + (place << 2));
}

@inline
function madd(x: v128, y: v128, sum: v128): v128 {
  return f32x4.relaxed_madd(x, y, sum);
}

@inline
function nmadd(x: v128, y: v128, sum: v128): v128 {
  return f32x4.relaxed_nmadd(x, y, sum);
}

/** Six lines of `size` bytes to the six values at the points: to[0 … 5], `step` bytes apart. */
@inline
export function spreadLines(d0: usize, d1: usize, d2: usize, d3: usize, d4: usize, d5: usize, to: usize, step: usize, size: usize): void {
  const p = constant(0), p2 = constant(1), q = constant(3), q2 = constant(4), product = constant(6), sum = constant(7);
  const t1 = to + step, t2 = t1 + step, t3 = t2 + step, t4 = t3 + step, t5 = t4 + step;
  for (let x: usize = 0; x < size; x += 32) {
    const a0 = v128.load(d0 + x), b0 = v128.load(d0 + x, 16), a1 = v128.load(d1 + x), b1 = v128.load(d1 + x, 16);
    const a2 = v128.load(d2 + x), b2 = v128.load(d2 + x, 16), a3 = v128.load(d3 + x), b3 = v128.load(d3 + x, 16);
    const a4 = v128.load(d4 + x), b4 = v128.load(d4 + x, 16), a5 = v128.load(d5 + x), b5 = v128.load(d5 + x, 16);
    const ap = nmadd(a2, q2, a4), bp = nmadd(b2, q2, b4), ao = nmadd(a1, q2, a3), bo = nmadd(b1, q2, b3);
    const aq = nmadd(a2, p2, a4), bq = nmadd(b2, p2, b4), au = nmadd(a1, p2, a3), bu = nmadd(b1, p2, b3);
    const r0 = madd(a0, product, nmadd(a2, sum, a4)), s0 = madd(b0, product, nmadd(b2, sum, b4));
    const r1 = madd(ao, p, ap), s1 = madd(bo, p, bp), r2 = nmadd(ao, p, ap), s2 = nmadd(bo, p, bp);
    const r3 = madd(au, q, aq), s3 = madd(bu, q, bq), r4 = nmadd(au, q, aq), s4 = nmadd(bu, q, bq);
    const r5 = madd(a1, product, nmadd(a3, sum, a5)), s5 = madd(b1, product, nmadd(b3, sum, b5));
    v128.store(to + x, r0);
    v128.store(to + x, s0, 16);
    v128.store(t1 + x, r1);
    v128.store(t1 + x, s1, 16);
    v128.store(t2 + x, r2);
    v128.store(t2 + x, s2, 16);
    v128.store(t3 + x, r3);
    v128.store(t3 + x, s3, 16);
    v128.store(t4 + x, r4);
    v128.store(t4 + x, s4, 16);
    v128.store(t5 + x, r5);
    v128.store(t5 + x, s5, 16);
  }
}

/** The same where all lines but the first are zero: the value at the first point. */
@inline
export function spreadFirst(d0: usize, to: usize, size: usize): void {
  const product = constant(6);
  for (let x: usize = 0; x < size; x += 32) {
    const r = f32x4.mul(v128.load(d0 + x), product), s = f32x4.mul(v128.load(d0 + x, 16), product);
    v128.store(to + x, r);
    v128.store(to + x, s, 16);
  }
}

/** Six lines of products, `step` bytes apart, to four outputs. With `last`, bias is added and nothing stays below `low`. */
@inline
export function foldLines(
  m: usize, step: usize, t0: usize, t1: usize, t2: usize, t3: usize, size: usize, last: bool, bias: usize, low: v128,
): void {
  const p = constant(0), p2 = constant(1), p3 = constant(2), q = constant(3), q2 = constant(4), q3 = constant(5);
  const m1 = m + step, m2 = m1 + step, m3 = m2 + step, m4 = m3 + step, m5 = m4 + step;
  for (let x: usize = 0; x < size; x += 32) {
    const a1 = v128.load(m1 + x), b1 = v128.load(m1 + x, 16), a2 = v128.load(m2 + x), b2 = v128.load(m2 + x, 16);
    const a3 = v128.load(m3 + x), b3 = v128.load(m3 + x, 16), a4 = v128.load(m4 + x), b4 = v128.load(m4 + x, 16);
    const ae = f32x4.add(a1, a2), be = f32x4.add(b1, b2), ao = f32x4.sub(a1, a2), bo = f32x4.sub(b1, b2);
    const af = f32x4.add(a3, a4), bf = f32x4.add(b3, b4), au = f32x4.sub(a3, a4), bu = f32x4.sub(b3, b4);
    let r0 = f32x4.add(f32x4.add(v128.load(m + x), ae), af), s0 = f32x4.add(f32x4.add(v128.load(m + x, 16), be), bf);
    let r1 = madd(au, q, f32x4.mul(ao, p)), s1 = madd(bu, q, f32x4.mul(bo, p));
    let r2 = madd(af, q2, f32x4.mul(ae, p2)), s2 = madd(bf, q2, f32x4.mul(be, p2));
    let r3 = madd(au, q3, madd(ao, p3, v128.load(m5 + x))), s3 = madd(bu, q3, madd(bo, p3, v128.load(m5 + x, 16)));
    if (last) {
      const a = v128.load(bias + x), b = v128.load(bias + x, 16);
      // pmax keeps a NaN that stands on its left.
      r0 = f32x4.pmax(f32x4.add(r0, a), low);
      s0 = f32x4.pmax(f32x4.add(s0, b), low);
      r1 = f32x4.pmax(f32x4.add(r1, a), low);
      s1 = f32x4.pmax(f32x4.add(s1, b), low);
      r2 = f32x4.pmax(f32x4.add(r2, a), low);
      s2 = f32x4.pmax(f32x4.add(s2, b), low);
      r3 = f32x4.pmax(f32x4.add(r3, a), low);
      s3 = f32x4.pmax(f32x4.add(s3, b), low);
    }
    v128.store(t0 + x, r0);
    v128.store(t0 + x, s0, 16);
    v128.store(t1 + x, r1);
    v128.store(t1 + x, s1, 16);
    v128.store(t2 + x, r2);
    v128.store(t2 + x, s2, 16);
    v128.store(t3 + x, r3);
    v128.store(t3 + x, s3, 16);
  }
}

// The same for a window of four cells (see winograd-gradient.ts): what its cells count at the points p and q.
const FOUR = memory.data<f32>([
  64.0 / 81.0, -128.0 / 243.0, -32.0 / 81.0, -8.0 / 27.0, -2.0 / 9.0, 32.0 / 243.0, 16.0 / 81.0, 8.0 / 27.0, 4.0 / 9.0,
]);

@inline
function ofFour(place: usize): v128 {
  return v128.load32_splat(FOUR + (place << 2));
}

/** Four lines of `size` bytes to their six values at the points, `step` bytes apart. */
@inline
export function spreadFourLines(d0: usize, d1: usize, d2: usize, d3: usize, to: usize, step: usize, size: usize): void {
  const first = ofFour(0), p0 = ofFour(1), p1 = ofFour(2), p2 = ofFour(3), p3 = ofFour(4);
  const q0 = ofFour(5), q1 = ofFour(6), q2 = ofFour(7), q3 = ofFour(8);
  const t1 = to + step, t2 = t1 + step, t3 = t2 + step, t4 = t3 + step, t5 = t4 + step;
  for (let x: usize = 0; x < size; x += 32) {
    const a0 = v128.load(d0 + x), b0 = v128.load(d0 + x, 16), a1 = v128.load(d1 + x), b1 = v128.load(d1 + x, 16);
    const a2 = v128.load(d2 + x), b2 = v128.load(d2 + x, 16), a3 = v128.load(d3 + x), b3 = v128.load(d3 + x, 16);
    const ap = madd(a0, p0, f32x4.mul(a2, p2)), bp = madd(b0, p0, f32x4.mul(b2, p2));
    const ao = madd(a1, p1, f32x4.mul(a3, p3)), bo = madd(b1, p1, f32x4.mul(b3, p3));
    const aq = madd(a0, q0, f32x4.mul(a2, q2)), bq = madd(b0, q0, f32x4.mul(b2, q2));
    const au = madd(a1, q1, f32x4.mul(a3, q3)), bu = madd(b1, q1, f32x4.mul(b3, q3));
    const r0 = f32x4.mul(a0, first), s0 = f32x4.mul(b0, first);
    const r1 = f32x4.add(ap, ao), s1 = f32x4.add(bp, bo), r2 = f32x4.sub(ap, ao), s2 = f32x4.sub(bp, bo);
    const r3 = f32x4.add(aq, au), s3 = f32x4.add(bq, bu), r4 = f32x4.sub(aq, au), s4 = f32x4.sub(bq, bu);
    v128.store(to + x, r0);
    v128.store(to + x, s0, 16);
    v128.store(t1 + x, r1);
    v128.store(t1 + x, s1, 16);
    v128.store(t2 + x, r2);
    v128.store(t2 + x, s2, 16);
    v128.store(t3 + x, r3);
    v128.store(t3 + x, s3, 16);
    v128.store(t4 + x, r4);
    v128.store(t4 + x, s4, 16);
    v128.store(t5 + x, a3);
    v128.store(t5 + x, b3, 16);
  }
}

/** Six lines of products, `step` bytes apart, to three taps. */
@inline
export function foldToTaps(m: usize, step: usize, t0: usize, t1: usize, t2: usize, size: usize): void {
  const p = constant(0), p2 = constant(1), q = constant(3), q2 = constant(4);
  const m1 = m + step, m2 = m1 + step, m3 = m2 + step, m4 = m3 + step, m5 = m4 + step;
  for (let x: usize = 0; x < size; x += 32) {
    const a1 = v128.load(m1 + x), b1 = v128.load(m1 + x, 16), a2 = v128.load(m2 + x), b2 = v128.load(m2 + x, 16);
    const a3 = v128.load(m3 + x), b3 = v128.load(m3 + x, 16), a4 = v128.load(m4 + x), b4 = v128.load(m4 + x, 16);
    const ae = f32x4.add(a1, a2), be = f32x4.add(b1, b2), af = f32x4.add(a3, a4), bf = f32x4.add(b3, b4);
    const r0 = f32x4.add(f32x4.add(v128.load(m + x), ae), af), s0 = f32x4.add(f32x4.add(v128.load(m + x, 16), be), bf);
    const r1 = madd(f32x4.sub(a3, a4), q, f32x4.mul(f32x4.sub(a1, a2), p)), s1 = madd(f32x4.sub(b3, b4), q, f32x4.mul(f32x4.sub(b1, b2), p));
    const r2 = madd(af, q2, madd(ae, p2, v128.load(m5 + x))), s2 = madd(bf, q2, madd(be, p2, v128.load(m5 + x, 16)));
    v128.store(t0 + x, r0);
    v128.store(t0 + x, s0, 16);
    v128.store(t1 + x, r1);
    v128.store(t1 + x, s1, 16);
    v128.store(t2 + x, r2);
    v128.store(t2 + x, s2, 16);
  }
}

// What the three taps count at the points: of ±p and ±q the middle one with the sign of the point.
const FIRST: f32 = 64.0 / 81.0;
const FIRST_P: f32 = -128.0 / 243.0;
const SECOND_P: f32 = -32.0 / 81.0;
const THIRD_P: f32 = -8.0 / 27.0;
const FIRST_Q: f32 = 32.0 / 243.0;
const SECOND_Q: f32 = 16.0 / 81.0;
const THIRD_Q: f32 = 8.0 / 27.0;

@inline
function weighted(x: v128, k0: v128, y: v128, k1: v128, z: v128, k2: v128): v128 {
  return f32x4.relaxed_madd(x, k0, f32x4.relaxed_madd(y, k1, f32x4.mul(z, k2)));
}

/** Taps [3, 3] of `size` bytes, `tap` bytes apart, to their values at 6×6 points, `step` bytes apart. */
export function spreadTaps(taps: usize, tap: usize, to: usize, step: usize, size: usize): void {
  for (let point = 0; point < 6; point++) {
    const sign: f32 = point & 1 ? 1 : -1;
    const k0 = f32x4.splat(point == 0 ? FIRST : point < 3 ? FIRST_P : point < 5 ? FIRST_Q : 0);
    const k1 = f32x4.splat(point == 0 || point == 5 ? 0 : sign * (point < 3 ? SECOND_P : SECOND_Q));
    const k2 = f32x4.splat(point == 0 ? 0 : point < 3 ? THIRD_P : point < 5 ? THIRD_Q : 1);
    const row1 = taps + 3 * tap, row2 = row1 + 3 * tap;
    const t1 = to + step, t2 = t1 + step, t3 = t2 + step, t4 = t3 + step, t5 = t4 + step;
    for (let x: usize = 0; x < size; x += 32) {
      const g = taps + x, h = row1 + x, i = row2 + x;
      const a0 = weighted(v128.load(g), k0, v128.load(h), k1, v128.load(i), k2);
      const b0 = weighted(v128.load(g, 16), k0, v128.load(h, 16), k1, v128.load(i, 16), k2);
      const g1 = g + tap, h1 = h + tap, i1 = i + tap;
      const a1 = weighted(v128.load(g1), k0, v128.load(h1), k1, v128.load(i1), k2);
      const b1 = weighted(v128.load(g1, 16), k0, v128.load(h1, 16), k1, v128.load(i1, 16), k2);
      const g2 = g1 + tap, h2 = h1 + tap, i2 = i1 + tap;
      const a2 = weighted(v128.load(g2), k0, v128.load(h2), k1, v128.load(i2), k2);
      const b2 = weighted(v128.load(g2, 16), k0, v128.load(h2, 16), k1, v128.load(i2, 16), k2);
      const ap = madd(a0, f32x4.splat(FIRST_P), f32x4.mul(a2, f32x4.splat(THIRD_P))), bp = madd(b0, f32x4.splat(FIRST_P), f32x4.mul(b2, f32x4.splat(THIRD_P)));
      const aq = madd(a0, f32x4.splat(FIRST_Q), f32x4.mul(a2, f32x4.splat(THIRD_Q))), bq = madd(b0, f32x4.splat(FIRST_Q), f32x4.mul(b2, f32x4.splat(THIRD_Q)));
      const r0 = f32x4.mul(a0, f32x4.splat(FIRST)), s0 = f32x4.mul(b0, f32x4.splat(FIRST));
      const r1 = madd(a1, f32x4.splat(SECOND_P), ap), s1 = madd(b1, f32x4.splat(SECOND_P), bp), r2 = nmadd(a1, f32x4.splat(SECOND_P), ap), s2 = nmadd(b1, f32x4.splat(SECOND_P), bp);
      const r3 = madd(a1, f32x4.splat(SECOND_Q), aq), s3 = madd(b1, f32x4.splat(SECOND_Q), bq), r4 = nmadd(a1, f32x4.splat(SECOND_Q), aq), s4 = nmadd(b1, f32x4.splat(SECOND_Q), bq);
      v128.store(to + x, r0);
      v128.store(to + x, s0, 16);
      v128.store(t1 + x, r1);
      v128.store(t1 + x, s1, 16);
      v128.store(t2 + x, r2);
      v128.store(t2 + x, s2, 16);
      v128.store(t3 + x, r3);
      v128.store(t3 + x, s3, 16);
      v128.store(t4 + x, r4);
      v128.store(t4 + x, s4, 16);
      v128.store(t5 + x, a2);
      v128.store(t5 + x, b2, 16);
    }
    to = t5 + step;
  }
}
