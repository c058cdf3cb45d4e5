// Sums over one axis: float32 within a block, float64 from block to block, always in the same order.
import { bytes } from "./control";
import { scratch } from "./pool";
import { storeEight } from "./stores";
import { high, lanes, low } from "./sum-lanes";

/** Elements of a row that float32 sums take before they move on to float64 (8 lanes of 128), and rows where sums run down columns. */
const BLOCK = 1024;
const BLOCK_OF_ROWS = 64;

/**
 * Sums of up to four rows of n floats, one below the other: short rows would spend much of their time at their ends. Where there are
 * fewer than four, the first stands in for the others, so that a row's sum does not depend on its neighbours.
 */
export function sumFour(x: usize, n: i32, count: i32, y: usize, divisor: f64): void {
  const ld = bytes(n), end = x + ld, sums = scratch, totals = sums + 128;
  const to1: usize = count > 1 ? ld : 0, to2: usize = count > 2 ? 2 * ld : 0, to3: usize = count > 3 ? 3 * ld : 0;
  memory.fill(totals, 0, 32);
  while (x + 32 <= end) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    const stop = min(end, x + bytes(BLOCK));
    for (; x + 32 <= stop; x += 32) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x + to1));
      s3 = f32x4.add(s3, v128.load(x + to1, 16));
      s4 = f32x4.add(s4, v128.load(x + to2));
      s5 = f32x4.add(s5, v128.load(x + to2, 16));
      s6 = f32x4.add(s6, v128.load(x + to3));
      s7 = f32x4.add(s7, v128.load(x + to3, 16));
    }
    storeEight(sums, s0, s1, s2, s3, s4, s5, s6, s7);
    for (let row: usize = 0; row < 4; row++) {
      const eight = sums + 32 * row, total = totals + 8 * row;
      store<f64>(total, load<f64>(total) + lanes(v128.load(eight), v128.load(eight, 16)));
    }
  }
  for (; x < end; x += 4) {
    store<f64>(totals, load<f64>(totals) + (load<f32>(x) as f64));
    store<f64>(totals, load<f64>(totals, 8) + (load<f32>(x + to1) as f64), 8);
    store<f64>(totals, load<f64>(totals, 16) + (load<f32>(x + to2) as f64), 16);
    store<f64>(totals, load<f64>(totals, 24) + (load<f32>(x + to3) as f64), 24);
  }
  for (let row = 0; row < count; row++) store<f32>(y + bytes(row), (load<f64>(totals + ((row as usize) << 3)) / divisor) as f32);
}

/** y[j] = Σ over rows: 32 columns at a time, so that memory is read in order; the last ones four at a time, then one by one. */
export function sumRows(x: usize, y: usize, rows: i32, ld: usize, j0: i32, j1: i32, divisor: f64): void {
  let j = j0;
  for (; j + 32 <= j1; j += 32) sumStrip(x + bytes(j), y + bytes(j), rows, ld, divisor);
  const scale = f64x2.splat(divisor);
  for (; j + 4 <= j1; j += 4) {
    let p = x + bytes(j), total0 = f64x2.splat(0), total1 = f64x2.splat(0);
    for (let i = 0; i < rows; i += BLOCK_OF_ROWS) {
      let sum = f32x4.splat(0);
      for (let r = min(BLOCK_OF_ROWS, rows - i); r > 0; r--) {
        sum = f32x4.add(sum, v128.load(p));
        p += ld;
      }
      total0 = f64x2.add(total0, low(sum));
      total1 = f64x2.add(total1, high(sum));
    }
    const a = f32x4.demote_f64x2_zero(f64x2.div(total0, scale)), b = f32x4.demote_f64x2_zero(f64x2.div(total1, scale));
    v128.store(y + bytes(j), v128.shuffle<f32>(a, b, 0, 1, 4, 5));
  }
  for (; j < j1; j++) {
    let p = x + bytes(j), total: f64 = 0;
    for (let i = 0; i < rows; i += BLOCK_OF_ROWS) {
      let sum: f32 = 0;
      for (let r = min(BLOCK_OF_ROWS, rows - i); r > 0; r--) {
        sum += load<f32>(p);
        p += ld;
      }
      total += sum as f64;
    }
    store<f32>(y + bytes(j), (total / divisor) as f32);
  }
}

// 32 sums: those of a block of rows in float32 in registers, those of the blocks in float64 in the scratch memory.
function sumStrip(x: usize, y: usize, rows: i32, ld: usize, divisor: f64): void {
  const sums = scratch, totals = sums + 128, scale = f64x2.splat(divisor);
  memory.fill(totals, 0, 256);
  for (let i = 0; i < rows; i += BLOCK_OF_ROWS) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (let r = min(BLOCK_OF_ROWS, rows - i); r > 0; r--) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x, 32));
      s3 = f32x4.add(s3, v128.load(x, 48));
      s4 = f32x4.add(s4, v128.load(x, 64));
      s5 = f32x4.add(s5, v128.load(x, 80));
      s6 = f32x4.add(s6, v128.load(x, 96));
      s7 = f32x4.add(s7, v128.load(x, 112));
      x += ld;
    }
    storeEight(sums, s0, s1, s2, s3, s4, s5, s6, s7);
    for (let p: usize = 0; p < 128; p += 16) {
      const sum = v128.load(sums + p), t = totals + 2 * p;
      const a = f64x2.add(v128.load(t), low(sum)), b = f64x2.add(v128.load(t, 16), high(sum));
      v128.store(t, a);
      v128.store(t, b, 16);
    }
  }
  for (let p: usize = 0; p < 128; p += 16) {
    const t = totals + 2 * p;
    const a = f32x4.demote_f64x2_zero(f64x2.div(v128.load(t), scale));
    const b = f32x4.demote_f64x2_zero(f64x2.div(v128.load(t, 16), scale));
    v128.store(y + p, v128.shuffle<f32>(a, b, 0, 1, 4, 5));
  }
}
