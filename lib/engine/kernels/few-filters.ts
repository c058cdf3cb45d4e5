// The gradient for few filters: channels of the source lie along the vectors, times one number of the output gradient. The
// microkernels would compute sixteen filters and throw most of them away.
import { bytes } from "./control";
import { storeEight, storeFour } from "./stores";

/**
 * sums[row] += Σ over the pixels of x[pixel + row] · dy[pixel], for rows that lie side by side: `lines` times `pixels` pixels,
 * `segment` and `step` bytes apart in x and `next` in dy throughout.
 */
export function accumulateRows(
  sums: usize, count: i32, x: usize, dy: usize, next: usize, lines: i32, pixels: i32, segment: usize, step: usize,
): void {
  let row = 0;
  for (; row + 64 <= count; row += 64) vectorRows(64, sums + bytes(row), x + bytes(row), dy, next, lines, pixels, segment, step);
  if (row + 32 <= count) {
    vectorRows(32, sums + bytes(row), x + bytes(row), dy, next, lines, pixels, segment, step);
    row += 32;
  }
  if (row + 16 <= count) {
    vectorRows(16, sums + bytes(row), x + bytes(row), dy, next, lines, pixels, segment, step);
    row += 16;
  }
  if (row + 8 <= count) {
    vectorRows(8, sums + bytes(row), x + bytes(row), dy, next, lines, pixels, segment, step);
    row += 8;
  }
  for (; row < count; row++) {
    let sum = load<f32>(sums + bytes(row)), d = dy;
    for (let line = 0; line < lines; line++) {
      let p = x + bytes(row) + (line as usize) * segment;
      for (let i = 0; i < pixels; i++) {
        sum += load<f32>(p) * load<f32>(d);
        p += step;
        d += next;
      }
    }
    store<f32>(sums + bytes(row), sum);
  }
}

// `rows` is a constant at each call, and what it rules out falls away in compilation.
@inline
function vectorRows(
  rows: i32, at: usize, x: usize, dy: usize, next: usize, lines: i32, pixels: i32, segment: usize, step: usize,
): void {
  const zero = f32x4.splat(0);
  let s0 = v128.load(at), s1 = v128.load(at, 16), s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
  let s8 = zero, s9 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero, s14 = zero, s15 = zero;
  if (rows > 8) {
    s2 = v128.load(at, 32);
    s3 = v128.load(at, 48);
  }
  if (rows > 16) {
    s4 = v128.load(at, 64);
    s5 = v128.load(at, 80);
    s6 = v128.load(at, 96);
    s7 = v128.load(at, 112);
  }
  if (rows > 32) {
    s8 = v128.load(at, 128);
    s9 = v128.load(at, 144);
    s10 = v128.load(at, 160);
    s11 = v128.load(at, 176);
    s12 = v128.load(at, 192);
    s13 = v128.load(at, 208);
    s14 = v128.load(at, 224);
    s15 = v128.load(at, 240);
  }
  for (let line = 0; line < lines; line++) {
    let p = x + (line as usize) * segment;
    for (let i = 0; i < pixels; i++) {
      const d = v128.load32_splat(dy);
      s0 = f32x4.relaxed_madd(v128.load(p), d, s0);
      s1 = f32x4.relaxed_madd(v128.load(p, 16), d, s1);
      if (rows > 8) {
        s2 = f32x4.relaxed_madd(v128.load(p, 32), d, s2);
        s3 = f32x4.relaxed_madd(v128.load(p, 48), d, s3);
      }
      if (rows > 16) {
        s4 = f32x4.relaxed_madd(v128.load(p, 64), d, s4);
        s5 = f32x4.relaxed_madd(v128.load(p, 80), d, s5);
        s6 = f32x4.relaxed_madd(v128.load(p, 96), d, s6);
        s7 = f32x4.relaxed_madd(v128.load(p, 112), d, s7);
      }
      if (rows > 32) {
        s8 = f32x4.relaxed_madd(v128.load(p, 128), d, s8);
        s9 = f32x4.relaxed_madd(v128.load(p, 144), d, s9);
        s10 = f32x4.relaxed_madd(v128.load(p, 160), d, s10);
        s11 = f32x4.relaxed_madd(v128.load(p, 176), d, s11);
        s12 = f32x4.relaxed_madd(v128.load(p, 192), d, s12);
        s13 = f32x4.relaxed_madd(v128.load(p, 208), d, s13);
        s14 = f32x4.relaxed_madd(v128.load(p, 224), d, s14);
        s15 = f32x4.relaxed_madd(v128.load(p, 240), d, s15);
      }
      p += step;
      dy += next;
    }
  }
  if (rows == 8) {
    v128.store(at, s0);
    v128.store(at, s1, 16);
  } else if (rows == 16) storeFour(at, s0, s1, s2, s3);
  else storeEight(at, s0, s1, s2, s3, s4, s5, s6, s7);
  if (rows == 64) storeEight(at + 128, s8, s9, s10, s11, s12, s13, s14, s15);
}
