// The gates of recurrent layers: what one step does with the sums that the matrix products have left in a tile, and back.
//
// A tile holds 16 units of some rows: for each row its panels of 16 sums, 256 bytes a row (64 for a simple cell).
//   LSTM    input, forget, candidate, output
//   GRU     candidate's part from x, update, reset, candidate's part from h
//   simple  the sum
// The forward pass replaces sums by the values of the gates, the backward pass those by the gradients of the sums. Eight
// units are two neighbouring vectors: all is computed before the stores, so that they can be joined to 256 bits.

export const LSTM = 0;
export const GRU = 1;
export const TANH = 2;
export const RELU = 3;

// Constants read with load32_splat: the limits of the argument, numerator, denominator.
// tanh(x) = x P(x²) / Q(x²), minimax of degrees 3 and 4 on |x| ≤ 7.9 (4·10⁻⁷); σ(x) = ½ + ½ tanh(x/2), the halves folded in.
const TANH_TABLE: usize = memory.data<f32>([
  7.9, -7.9, 1.153314747e-5, 2.960598398e-3, 1.293453613e-1, 9.999998699e-1,
  2.492959619e-7, 2.400294581e-4, 2.385460087e-2, 4.626776317e-1, 1,
]);
const SIGMOID_TABLE: usize = memory.data<f32>([
  15.8, -15.8, 4.505135729e-8, 4.625934997e-5, 8.08408508e-3, 2.499999675e-1,
  9.738123513e-10, 3.750460283e-6, 1.490912554e-3, 1.156694079e-1, 1,
]);

@inline
function constant(table: usize, index: usize): v128 {
  return v128.load32_splat(table + (index << 2));
}

// pmin and pmax with x first keep a NaN; min and max would take several instructions each.
@inline
function rational(table: usize, argument: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(argument, constant(table, 0)), constant(table, 1)), y = f32x4.mul(x, x);
  let p = f32x4.relaxed_madd(y, constant(table, 2), constant(table, 3));
  p = f32x4.relaxed_madd(p, y, constant(table, 4));
  p = f32x4.relaxed_madd(p, y, constant(table, 5));
  let q = f32x4.relaxed_madd(y, constant(table, 6), constant(table, 7));
  q = f32x4.relaxed_madd(q, y, constant(table, 8));
  q = f32x4.relaxed_madd(q, y, constant(table, 9));
  q = f32x4.relaxed_madd(q, y, constant(table, 10));
  return f32x4.div(f32x4.mul(x, p), q);
}

@inline
function tanh(x: v128): v128 {
  return rational(TANH_TABLE, x);
}

@inline
function sigmoid(x: v128): v128 {
  return f32x4.add(f32x4.splat(0.5), rational(SIGMOID_TABLE, x));
}

// s (1 − s): the slope of σ where its value is s.
@inline
function slope(s: v128): v128 {
  return f32x4.relaxed_nmadd(s, s, s);
}

// 1 − t²: the slope of tanh where its value is t.
@inline
function tanhSlope(t: v128): v128 {
  return f32x4.relaxed_nmadd(t, t, f32x4.splat(1));
}

function lstmEight(q: usize, before: usize, after: usize, tanhs: usize, h: usize): void {
  const i0 = sigmoid(v128.load(q)), i1 = sigmoid(v128.load(q, 16));
  const f0 = sigmoid(v128.load(q, 64)), f1 = sigmoid(v128.load(q, 80));
  const g0 = tanh(v128.load(q, 128)), g1 = tanh(v128.load(q, 144));
  const o0 = sigmoid(v128.load(q, 192)), o1 = sigmoid(v128.load(q, 208));
  const c0 = f32x4.relaxed_madd(i0, g0, f32x4.mul(f0, v128.load(before)));
  const c1 = f32x4.relaxed_madd(i1, g1, f32x4.mul(f1, v128.load(before, 16)));
  const t0 = tanh(c0), t1 = tanh(c1);
  const h0 = f32x4.mul(o0, t0), h1 = f32x4.mul(o1, t1);
  v128.store(q, i0);
  v128.store(q, i1, 16);
  v128.store(q, f0, 64);
  v128.store(q, f1, 80);
  v128.store(q, g0, 128);
  v128.store(q, g1, 144);
  v128.store(q, o0, 192);
  v128.store(q, o1, 208);
  v128.store(after, c0);
  v128.store(after, c1, 16);
  v128.store(tanhs, t0);
  v128.store(tanhs, t1, 16);
  v128.store(h, h0);
  v128.store(h, h1, 16);
}

function gruEight(q: usize, before: usize, after: usize, h: usize): void {
  const z0 = sigmoid(v128.load(q, 64)), z1 = sigmoid(v128.load(q, 80));
  const r0 = sigmoid(v128.load(q, 128)), r1 = sigmoid(v128.load(q, 144));
  const n0 = tanh(f32x4.relaxed_madd(r0, v128.load(q, 192), v128.load(q)));
  const n1 = tanh(f32x4.relaxed_madd(r1, v128.load(q, 208), v128.load(q, 16)));
  const h0 = f32x4.relaxed_madd(z0, f32x4.sub(v128.load(before), n0), n0);
  const h1 = f32x4.relaxed_madd(z1, f32x4.sub(v128.load(before, 16), n1), n1);
  v128.store(q, n0);
  v128.store(q, n1, 16);
  v128.store(q, z0, 64);
  v128.store(q, z1, 80);
  v128.store(q, r0, 128);
  v128.store(q, r1, 144);
  v128.store(after, h0);
  v128.store(after, h1, 16);
  v128.store(h, h0);
  v128.store(h, h1, 16);
}

function tanhEight(q: usize, h: usize): void {
  const h0 = tanh(v128.load(q)), h1 = tanh(v128.load(q, 16));
  v128.store(q, h0);
  v128.store(q, h1, 16);
  v128.store(h, h0);
  v128.store(h, h1, 16);
}

function reluEight(q: usize, h: usize): void {
  const zero = f32x4.splat(0);
  const h0 = f32x4.pmax(v128.load(q), zero), h1 = f32x4.pmax(v128.load(q, 16), zero);
  v128.store(q, h0);
  v128.store(q, h1, 16);
  v128.store(h, h0);
  v128.store(h, h1, 16);
}

/** One tile forward. `before` and `after`: the cells (LSTM) or states (GRU), 64 bytes a row; rows of h are hStep apart. */
export function cellForward(
  cell: i32, rows: i32, q: usize, before: usize, after: usize, tanhs: usize, h: usize, hStep: usize,
): void {
  for (let row = 0; row < rows; row++) {
    for (let x: usize = 0; x < 64; x += 32) {
      if (cell == LSTM) lstmEight(q + x, before + x, after + x, tanhs + x, h + x);
      else if (cell == GRU) gruEight(q + x, before + x, after + x, h + x);
      else if (cell == TANH) tanhEight(q + x, h + x);
      else reluEight(q + x, h + x);
    }
    q += cell <= GRU ? 256 : 64;
    before += 64;
    after += 64;
    tanhs += 64;
    h += hStep;
  }
}

function lstmEightBack(q: usize, before: usize, tanhs: usize, dc: usize, dh: usize): void {
  const i0 = v128.load(q), i1 = v128.load(q, 16), f0 = v128.load(q, 64), f1 = v128.load(q, 80);
  const g0 = v128.load(q, 128), g1 = v128.load(q, 144), o0 = v128.load(q, 192), o1 = v128.load(q, 208);
  const d0 = v128.load(dh), d1 = v128.load(dh, 16), t0 = v128.load(tanhs), t1 = v128.load(tanhs, 16);
  const c0 = f32x4.relaxed_madd(f32x4.mul(d0, o0), tanhSlope(t0), v128.load(dc));
  const c1 = f32x4.relaxed_madd(f32x4.mul(d1, o1), tanhSlope(t1), v128.load(dc, 16));
  const do0 = f32x4.mul(f32x4.mul(d0, t0), slope(o0)), do1 = f32x4.mul(f32x4.mul(d1, t1), slope(o1));
  const di0 = f32x4.mul(f32x4.mul(c0, g0), slope(i0)), di1 = f32x4.mul(f32x4.mul(c1, g1), slope(i1));
  const df0 = f32x4.mul(f32x4.mul(c0, v128.load(before)), slope(f0));
  const df1 = f32x4.mul(f32x4.mul(c1, v128.load(before, 16)), slope(f1));
  const dg0 = f32x4.mul(f32x4.mul(c0, i0), tanhSlope(g0)), dg1 = f32x4.mul(f32x4.mul(c1, i1), tanhSlope(g1));
  const p0 = f32x4.mul(c0, f0), p1 = f32x4.mul(c1, f1);
  v128.store(dc, p0);
  v128.store(dc, p1, 16);
  v128.store(q, di0);
  v128.store(q, di1, 16);
  v128.store(q, df0, 64);
  v128.store(q, df1, 80);
  v128.store(q, dg0, 128);
  v128.store(q, dg1, 144);
  v128.store(q, do0, 192);
  v128.store(q, do1, 208);
}

function gruEightBack(q: usize, before: usize, dh: usize, direct: usize): void {
  const n0 = v128.load(q), n1 = v128.load(q, 16), z0 = v128.load(q, 64), z1 = v128.load(q, 80);
  const r0 = v128.load(q, 128), r1 = v128.load(q, 144), m0 = v128.load(q, 192), m1 = v128.load(q, 208);
  const d0 = v128.load(dh), d1 = v128.load(dh, 16);
  const dn0 = f32x4.mul(f32x4.relaxed_nmadd(d0, z0, d0), tanhSlope(n0));
  const dn1 = f32x4.mul(f32x4.relaxed_nmadd(d1, z1, d1), tanhSlope(n1));
  const dz0 = f32x4.mul(f32x4.mul(d0, f32x4.sub(v128.load(before), n0)), slope(z0));
  const dz1 = f32x4.mul(f32x4.mul(d1, f32x4.sub(v128.load(before, 16), n1)), slope(z1));
  const dr0 = f32x4.mul(f32x4.mul(dn0, m0), slope(r0)), dr1 = f32x4.mul(f32x4.mul(dn1, m1), slope(r1));
  const dm0 = f32x4.mul(dn0, r0), dm1 = f32x4.mul(dn1, r1);
  const p0 = f32x4.mul(d0, z0), p1 = f32x4.mul(d1, z1);
  v128.store(q, dn0);
  v128.store(q, dn1, 16);
  v128.store(q, dz0, 64);
  v128.store(q, dz1, 80);
  v128.store(q, dr0, 128);
  v128.store(q, dr1, 144);
  v128.store(q, dm0, 192);
  v128.store(q, dm1, 208);
  v128.store(direct, p0);
  v128.store(direct, p1, 16);
}

function tanhEightBack(q: usize, dh: usize): void {
  const d0 = f32x4.mul(v128.load(dh), tanhSlope(v128.load(q)));
  const d1 = f32x4.mul(v128.load(dh, 16), tanhSlope(v128.load(q, 16)));
  v128.store(q, d0);
  v128.store(q, d1, 16);
}

function reluEightBack(q: usize, dh: usize): void {
  const zero = f32x4.splat(0);
  const d0 = v128.and(v128.load(dh), f32x4.gt(v128.load(q), zero));
  const d1 = v128.and(v128.load(dh, 16), f32x4.gt(v128.load(q, 16), zero));
  v128.store(q, d0);
  v128.store(q, d1, 16);
}

/**
 * One tile backward: dh is the whole gradient of the step's output, dc that of the cells (LSTM), which moves on to the step
 * before. `direct` takes what reaches the state before without a matrix product (GRU). A row whose mask is 0 did nothing
 * in this step: its sums get no gradient.
 */
export function cellBackward(
  cell: i32, rows: i32, q: usize, before: usize, tanhs: usize, dc: usize, dh: usize, direct: usize, dhStep: usize,
  mask: usize, maskStep: usize,
): void {
  const size: usize = cell <= GRU ? 256 : 64;
  for (let row = 0; row < rows; row++) {
    if (mask && load<f32>(mask + (row as usize) * maskStep) == 0) memory.fill(q, 0, size);
    else {
      for (let x: usize = 0; x < 64; x += 32) {
        if (cell == LSTM) lstmEightBack(q + x, before + x, tanhs + x, dc + x, dh + x);
        else if (cell == GRU) gruEightBack(q + x, before + x, dh + x, direct + x);
        else if (cell == TANH) tanhEightBack(q + x, dh + x);
        else reluEightBack(q + x, dh + x);
      }
    }
    q += size;
    before += 64;
    tanhs += 64;
    dc += 64;
    dh += dhStep;
    direct += dhStep;
  }
}
