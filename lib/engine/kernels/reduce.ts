// Reductions over the middle axis of [outer, axis, inner].
// Sums: float32 within a block of rows, float64 from block to block, always in the same order; so they are accurate and
// do not depend on the number of threads.
import * as Op from "../opcodes";
import { sumFour, sumRows } from "./axis-sums";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { extreme, extremeRows } from "./extremes";
import { begin, parallel, WORTH_WAKING } from "./pool";
import { ARG_REDUCE, REDUCE } from "./tasks";
import { sum } from "./total";

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
    if (inner == 1) store<f32>(y, extreme(x, axis, op == Op.REDUCE_MAX));
    else if (op <= Op.REDUCE_MEAN) sumRows(x, y, axis, bytes(inner), j0, j1, divisor);
    else extremeRows(x, y, axis, bytes(inner), j0, j1, op == Op.REDUCE_MAX);
  }
}
