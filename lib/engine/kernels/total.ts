// The sum of all elements, or of their squares: float32 within a block, float64 from block to block, always in the same order.
import { ARGUMENTS, bytes } from "./control";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { storeEight } from "./stores";
import { eightAt, four, lanes } from "./sum-lanes";
import { SUM } from "./tasks";

/** Elements that float32 sums take before they move on to float64 (32 lanes of 128). */
const BLOCK = 4096;
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
