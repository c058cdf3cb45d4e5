// Reductions over the middle axis of [outer, axis, inner].
// Sums: float32 within a block of rows, float64 from block to block, always in the same order; so they are accurate and
// do not depend on the number of threads.
import * as Op from "../opcodes";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { extreme, extremeRows } from "./extremes";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { ARG_REDUCE, REDUCE, SUM } from "./tasks";

// Elements that float32 sums take before they move on to float64 (32 lanes of 128).
const BLOCK = 4096;
/** The same where four rows share the lanes. */
const BLOCK_OF_FOUR = 1024;
const BLOCK_OF_ROWS = 64;
const SERIAL_UP_TO: f64 = 65536;

@unmanaged
export class ReduceTask {
  op: i32;
  x: usize;
  y: usize;
  outer: i32;
  axis: i32;
  inner: i32;
  /** Chunks: `outerPerChunk` slices by `innerPerChunk` columns. */
  outerPerChunk: i32;
  innerPerChunk: i32;
  innerChunks: i32;
}

export function reduce(op: i32, x: usize, y: usize, outer: i32, axis: i32, inner: i32): void {
  if (outer <= 0 || inner <= 0) return;
  if (inner == 1 && outer < 4 && (axis as f64) > SERIAL_UP_TO && op <= Op.REDUCE_MEAN) {
    // Few long rows: each is shared out in itself.
    const divisor: f64 = op == Op.REDUCE_MEAN ? (axis as f64) : 1;
    for (let o = 0; o < outer; o++) store<f32>(y + bytes(o), (sum(x + (o as usize) * bytes(axis), axis) / divisor) as f32);
    return;
  }
  begin();
  const t = changetype<ReduceTask>(ARGUMENTS), size = (outer as f64) * (axis as f64) * (inner as f64);
  t.op = op;
  t.x = x;
  t.y = y;
  t.outer = outer;
  t.axis = axis;
  t.inner = inner;
  t.outerPerChunk = outer;
  t.innerPerChunk = inner;
  if (size > SERIAL_UP_TO) {
    t.outerPerChunk = max(max(1, (32768.0 / ((axis as f64) * (inner as f64) + 1)) as i32), divideUp(outer, 16384));
    if (inner == 1) t.outerPerChunk = (t.outerPerChunk + 3) & ~3;
    if (outer < 4 && inner >= 64) t.innerPerChunk = (divideUp(inner, 8) + 31) & ~31;
  }
  t.innerChunks = divideUp(inner, t.innerPerChunk);
  const chunks = divideUp(outer, t.outerPerChunk) * t.innerChunks;
  parallel(op >= Op.REDUCE_ARGMAX ? ARG_REDUCE : REDUCE, chunks, size > WORTH_WAKING / 4);
}

export function reduceChunk(chunk: i32): void {
  const t = changetype<ReduceTask>(ARGUMENTS), op = t.op, axis = t.axis, inner = t.inner;
  const j0 = (chunk % t.innerChunks) * t.innerPerChunk, j1 = min(inner, j0 + t.innerPerChunk);
  const o0 = (chunk / t.innerChunks) * t.outerPerChunk, o1 = min(t.outer, o0 + t.outerPerChunk);
  const divisor: f64 = op == Op.REDUCE_MEAN ? (axis as f64) : 1;
  if (inner == 1 && op <= Op.REDUCE_MEAN) {
    for (let o = o0; o < o1; o += 4) sumFour(t.x + (o as usize) * bytes(axis), axis, min(4, o1 - o), t.y + bytes(o), divisor);
    return;
  }
  for (let o = o0; o < o1; o++) {
    const x = t.x + (o as usize) * bytes(axis * inner), y = t.y + bytes(o * inner);
    if (inner == 1) {
      store<f32>(y, extreme(x, axis, op == Op.REDUCE_MAX));
    } else if (op <= Op.REDUCE_MEAN) sumRows(x, y, axis, bytes(inner), j0, j1, divisor);
    else extremeRows(x, y, axis, bytes(inner), j0, j1, op == Op.REDUCE_MAX);
  }
}

// ---- sums

// Sum (or sum of squares) of n floats that lie side by side.
function sumBlocks(x: usize, n: i32, squares: bool): f64 {
  let total: f64 = 0;
  while (n > 0) {
    const count = min(n, BLOCK);
    total += squares ? squaresOfBlock(x, count) : sumOfBlock(x, count);
    x += bytes(count);
    n -= count;
  }
  return total;
}

function sumOfBlock(x: usize, n: i32): f64 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  const end = x + bytes(n), sums = scratch;
  for (; x + 128 <= end; x += 128) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x, 16));
    s2 = f32x4.add(s2, v128.load(x, 32));
    s3 = f32x4.add(s3, v128.load(x, 48));
    s4 = f32x4.add(s4, v128.load(x, 64));
    s5 = f32x4.add(s5, v128.load(x, 80));
    s6 = f32x4.add(s6, v128.load(x, 96));
    s7 = f32x4.add(s7, v128.load(x, 112));
  }
  storeEight(sums, s0, s1, s2, s3, s4, s5, s6, s7);
  let total = f64x2.add(f64x2.add(eightAt(sums), eightAt(sums + 32)), f64x2.add(eightAt(sums + 64), eightAt(sums + 96)));
  for (; x + 16 <= end; x += 16) total = f64x2.add(total, four(v128.load(x)));
  let rest: f64 = 0;
  for (; x < end; x += 4) rest += load<f32>(x) as f64;
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1) + rest;
}

// Sums of up to four rows of n floats, one below the other: short rows would spend much of their time at their ends. Where there are
// fewer than four, the first stands in for the others, so that a row's sum does not depend on its neighbours.
function sumFour(x: usize, n: i32, count: i32, y: usize, divisor: f64): void {
  const ld = bytes(n), end = x + ld, sums = scratch, totals = sums + 128;
  const to1: usize = count > 1 ? ld : 0, to2: usize = count > 2 ? 2 * ld : 0, to3: usize = count > 3 ? 3 * ld : 0;
  memory.fill(totals, 0, 32);
  while (x + 32 <= end) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    const stop = min(end, x + bytes(BLOCK_OF_FOUR));
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

function squaresOfBlock(x: usize, n: i32): f64 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const end = x + bytes(n);
  for (; x + 64 <= end; x += 64) {
    const v0 = v128.load(x), v1 = v128.load(x, 16), v2 = v128.load(x, 32), v3 = v128.load(x, 48);
    s0 = f32x4.relaxed_madd(v0, v0, s0);
    s1 = f32x4.relaxed_madd(v1, v1, s1);
    s2 = f32x4.relaxed_madd(v2, v2, s2);
    s3 = f32x4.relaxed_madd(v3, v3, s3);
  }
  let total = lanes(s0, s1) + lanes(s2, s3);
  for (; x < end; x += 4) total += (load<f32>(x) as f64) * (load<f32>(x) as f64);
  return total;
}

// Eight (four) float32 in two sums of float64.
@inline
function eightAt(p: usize): v128 {
  return f64x2.add(four(v128.load(p)), four(v128.load(p, 16)));
}

@inline
function four(v: v128): v128 {
  return f64x2.add(low(v), high(v));
}

// Sum of the eight lanes of two vectors, in float64.
@inline
function lanes(a: v128, b: v128): f64 {
  const s = f64x2.add(four(a), four(b));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

@inline
function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}

@inline
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

// y[j] = Σ over rows: 32 columns at a time, so that memory is read in order; the last ones four at a time, then one by one.
function sumRows(x: usize, y: usize, rows: i32, ld: usize, j0: i32, j1: i32, divisor: f64): void {
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

// Side by side, and from one address in a local variable: at such pairs of stores V8's 256-bit pass begins to join the sums
// before them. It does not see that two reads of the global `scratch` are the same.
@inline
function storeEight(at: usize, s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, s5: v128, s6: v128, s7: v128): void {
  v128.store(at, s0);
  v128.store(at, s1, 16);
  v128.store(at, s2, 32);
  v128.store(at, s3, 48);
  v128.store(at, s4, 64);
  v128.store(at, s5, 80);
  v128.store(at, s6, 96);
  v128.store(at, s7, 112);
}

// ---- sums of everything

const MAX_PARTS = 64;

@unmanaged
class SumTask {
  x: usize;
  n: i32;
  squares: i32;
  parts: i32;
}
// f64[MAX_PARTS] behind the task.
const PARTIAL: usize = ARGUMENTS + 256;

export function sum(x: usize, n: i32): f64 {
  return sumAll(x, n, 0);
}

export function squaredNorm(x: usize, n: i32): f64 {
  return sumAll(x, n, 1);
}

function sumAll(x: usize, n: i32, squares: i32): f64 {
  begin();
  const t = changetype<SumTask>(ARGUMENTS), parts = max(1, min(MAX_PARTS, n / 32768));
  t.x = x;
  t.n = n;
  t.squares = squares;
  t.parts = parts;
  parallel(SUM, parts, (n as f64) > WORTH_WAKING / 4);
  let total: f64 = 0;
  for (let part = 0; part < parts; part++) total += load<f64>(PARTIAL + ((part as usize) << 3));
  return total;
}

export function sumChunk(part: i32): void {
  const t = changetype<SumTask>(ARGUMENTS), n = t.n as i64;
  const from = ((part as i64) * n / t.parts) as i32, to = ((part as i64 + 1) * n / t.parts) as i32;
  const total = t.squares ? sumBlocks(t.x + bytes(from), to - from, true) : sumBlocks(t.x + bytes(from), to - from, false);
  store<f64>(PARTIAL + ((part as usize) << 3), total);
}
