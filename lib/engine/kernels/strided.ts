// Broadcasting and copying between strided layouts of up to six axes: the last axis is one stretch, the others are counted.
import { A_SCALAR, B_SCALAR, binaryStretch } from "./binary";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { repeat } from "./movement";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { STRIDED } from "./tasks";

const MAX_RANK = 6;
const COPY = -1;
const ACCUMULATE = -2;
// Floats of an oddly strided operand that are brought together at a time.
const STRETCH = 4096;
/** Floats of a chunk; rows longer than that are cut into pieces. */
const CHUNK = 16384;

@unmanaged
class StridedTask {
  /** A binary operation, or COPY or ACCUMULATE. */
  op: i32;
  a: usize;
  b: usize;
  out: usize;
  rank: i32;
  rows: i32;
  rowsPerChunk: i32;
  piecesPerRow: i32;
}
// Behind the task: shape, then strides of a, b and out, MAX_RANK each.
const SHAPE: usize = ARGUMENTS + 256;
const STRIDES_A: usize = SHAPE + 24;
const STRIDES_B: usize = STRIDES_A + 24;
const STRIDES_OUT: usize = STRIDES_B + 24;

@inline
function at(list: usize, axis: i32): i32 {
  return load<i32>(list + bytes(axis));
}

export function binaryStrided(op: i32, a: usize, b: usize, out: usize, rank: i32, layout: usize): void {
  begin();
  let dense = 1;
  for (let axis = rank - 1; axis >= 0; axis--) {
    store<i32>(STRIDES_OUT + bytes(axis), dense);
    dense *= at(layout, axis);
  }
  const size = bytes(rank);
  memory.copy(SHAPE, layout, size);
  memory.copy(STRIDES_A, layout + size, size);
  memory.copy(STRIDES_B, layout + 2 * size, size);
  start(op, a, b, out, rank);
}

export function copyStrided(source: usize, target: usize, rank: i32, layout: usize, accumulate: i32): void {
  begin();
  const size = bytes(rank);
  memory.copy(SHAPE, layout, size);
  memory.copy(STRIDES_A, layout + size, size);
  memory.copy(STRIDES_OUT, layout + 2 * size, size);
  start(accumulate ? ACCUMULATE : COPY, source, 0, target, rank);
}

function start(op: i32, a: usize, b: usize, out: usize, rank: i32): void {
  if (rank < 1 || rank > MAX_RANK) unreachable();
  const t = changetype<StridedTask>(ARGUMENTS);
  t.op = op;
  t.a = a;
  t.b = b;
  t.out = out;
  t.rank = rank;
  let rows = 1;
  for (let axis = 0; axis < rank - 1; axis++) rows *= at(SHAPE, axis);
  const columns = at(SHAPE, rank - 1);
  if (rows == 0 || columns == 0) return;
  t.rows = rows;
  const size = (rows as f64) * (columns as f64);
  t.rowsPerChunk = size < 2 * CHUNK ? rows : max(divideUp(CHUNK, columns), divideUp(rows, 60000));
  t.piecesPerRow = size >= 2 * CHUNK && rows < 100 ? max(1, columns / CHUNK) : 1;
  parallel(STRIDED, divideUp(rows, t.rowsPerChunk) * t.piecesPerRow, size > WORTH_WAKING / 8);
}

export function stridedChunk(chunk: i32): void {
  const t = changetype<StridedTask>(ARGUMENTS);
  const last = t.rank - 1, pieces = t.piecesPerRow, rowChunk = chunk / pieces, piece = (chunk - rowChunk * pieces) as i64;
  const columns = at(SHAPE, last) as i64, first = (piece * columns / pieces) as i32, count = ((piece + 1) * columns / pieces) as i32 - first;
  const stepA = at(STRIDES_A, last), stepB = at(STRIDES_B, last), stepOut = at(STRIDES_OUT, last);
  const end = min(t.rows, (rowChunk + 1) * t.rowsPerChunk);
  for (let row = rowChunk * t.rowsPerChunk; row < end; row++) {
    let rest = row, a = first * stepA, b = first * stepB, out = first * stepOut;
    for (let axis = last - 1; axis >= 0; axis--) {
      const size = at(SHAPE, axis), next = rest / size, index = rest - next * size;
      a += index * at(STRIDES_A, axis);
      b += index * at(STRIDES_B, axis);
      out += index * at(STRIDES_OUT, axis);
      rest = next;
    }
    const pa = t.a + bytes(a), pout = t.out + bytes(out);
    if (t.op == COPY) copyRow(pa, stepA, pout, stepOut, count);
    else if (t.op == ACCUMULATE) accumulateRow(pa, stepA, pout, stepOut, count);
    else binaryRow(t.op, pa, stepA, t.b + bytes(b), stepB, pout, count);
  }
}

function copyRow(a: usize, stepA: i32, out: usize, stepOut: i32, n: i32): void {
  if (stepA == 1 && stepOut == 1) {
    memory.copy(out, a, bytes(n));
    return;
  }
  if (stepA == 0 && stepOut == 1) {
    repeat(v128.load32_splat(a), out, n);
    return;
  }
  const sa = bytes(stepA), so = bytes(stepOut);
  for (let i = 0; i < n; i++) {
    store<i32>(out, load<i32>(a));
    a += sa;
    out += so;
  }
}

function accumulateRow(a: usize, stepA: i32, out: usize, stepOut: i32, n: i32): void {
  const sa = bytes(stepA), so = bytes(stepOut);
  let i = 0;
  if (stepA == 1 && stepOut == 1) {
    for (; i + 8 <= n; i += 8) {
      const v0 = f32x4.add(v128.load(out), v128.load(a)), v1 = f32x4.add(v128.load(out, 16), v128.load(a, 16));
      v128.store(out, v0);
      v128.store(out, v1, 16);
      a += 32;
      out += 32;
    }
  }
  for (; i < n; i++) {
    store<f32>(out, load<f32>(out) + load<f32>(a));
    a += sa;
    out += so;
  }
}

function binaryRow(op: i32, a: usize, stepA: i32, b: usize, stepB: i32, out: usize, n: i32): void {
  if (stepA == 1 && stepB == 1) binaryStretch(op, a, b, 0, 0, out, bytes(n));
  else if (stepA == 1 && stepB == 0) binaryStretch(op, a, 0, load<f32>(b), B_SCALAR, out, bytes(n));
  else if (stepA == 0 && stepB == 1) binaryStretch(op, 0, b, load<f32>(a), A_SCALAR, out, bytes(n));
  else {
    // Beyond the first 64 bytes of the scratch memory, which binaryStretch uses for its last elements.
    const left = scratch + 4096, right = left + bytes(STRETCH);
    for (let i = 0; i < n; i += STRETCH) {
      const count = min(STRETCH, n - i);
      copyRow(a + bytes(i * stepA), stepA, left, 1, count);
      copyRow(b + bytes(i * stepB), stepB, right, 1, count);
      binaryStretch(op, left, right, 0, 0, out + bytes(i), bytes(count));
    }
  }
}
