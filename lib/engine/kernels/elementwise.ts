// Operations on dense vectors element by element. Every loop takes eight floats a turn, both halves computed before
// both are stored; the last few go through a small buffer and the same code, so that a value does not depend on its place.
import * as Op from "../opcodes";
import { binaryStretch, B_SCALAR } from "./binary";
import { unary1, unary4 } from "./operations";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { AXPY, CLIP, SCALE, SELECT, UNARY } from "./tasks";

/** Elements a chunk: 128 KB, which stay in a second-level cache. */
export const CHUNK = 32768;
// Short vectors are not worth handing out.
export const SERIAL_UP_TO = 2 * CHUNK;

/** Elements a chunk for n elements; also keeps the number of chunks within 16 bits. */
export function chunkSize(n: i32): i32 {
  if (n <= SERIAL_UP_TO) return max(n, 1);
  return max(CHUNK, (divideUp(n, 32768) + 15) & ~15);
}

@unmanaged
export class VectorTask {
  op: i32;
  a: usize;
  b: usize;
  c: usize;
  out: usize;
  n: i32;
  chunk: i32;
  x: f32;
  y: f32;
  columns: i32;
  /** Which operand is the scalar x (binary), or whether the row is the left operand (rows). */
  which: i32;
}

@inline
export function task(): VectorTask {
  return changetype<VectorTask>(ARGUMENTS);
}

export function start(id: i32, a: usize, b: usize, out: usize, n: i32): void {
  const t = task();
  t.a = a;
  t.b = b;
  t.out = out;
  t.n = n;
  t.chunk = chunkSize(n);
  parallel(id, divideUp(n, t.chunk), (n as f64) > WORTH_WAKING / 8);
}

@inline
export function chunkBytes(t: VectorTask, chunk: i32): usize {
  return bytes(min(t.chunk, t.n - chunk * t.chunk));
}

// ---- unary

export function unary(op: i32, x: usize, y: usize, n: i32): void {
  begin();
  task().op = op;
  start(UNARY, x, 0, y, n);
}

@inline
function unaryLoop(op: i32, x: usize, y: usize, size: usize): void {
  let i: usize = 0;
  for (const whole = size & ~31; i < whole; i += 32) {
    const v0 = unary4(op, v128.load(x + i)), v1 = unary4(op, v128.load(x + i, 16));
    v128.store(y + i, v0);
    v128.store(y + i, v1, 16);
  }
  if (i == size) return;
  memory.copy(scratch, x + i, size - i);
  v128.store(scratch, unary4(op, v128.load(scratch)));
  v128.store(scratch, unary4(op, v128.load(scratch, 16)), 16);
  memory.copy(y + i, scratch, size - i);
}

function neg(x: usize, y: usize, size: usize): void { unaryLoop(Op.NEG, x, y, size); }
function abs(x: usize, y: usize, size: usize): void { unaryLoop(Op.ABS, x, y, size); }
function square(x: usize, y: usize, size: usize): void { unaryLoop(Op.SQUARE, x, y, size); }
function sqrt(x: usize, y: usize, size: usize): void { unaryLoop(Op.SQRT, x, y, size); }
function reciprocal(x: usize, y: usize, size: usize): void { unaryLoop(Op.RECIPROCAL, x, y, size); }
function relu(x: usize, y: usize, size: usize): void { unaryLoop(Op.RELU, x, y, size); }
function sign(x: usize, y: usize, size: usize): void { unaryLoop(Op.SIGN, x, y, size); }
function floor(x: usize, y: usize, size: usize): void { unaryLoop(Op.FLOOR, x, y, size); }
function ceil(x: usize, y: usize, size: usize): void { unaryLoop(Op.CEIL, x, y, size); }
function round(x: usize, y: usize, size: usize): void { unaryLoop(Op.ROUND, x, y, size); }
function exp(x: usize, y: usize, size: usize): void { unaryLoop(Op.EXP, x, y, size); }
function log(x: usize, y: usize, size: usize): void { unaryLoop(Op.LOG, x, y, size); }
function sigmoid(x: usize, y: usize, size: usize): void { unaryLoop(Op.SIGMOID, x, y, size); }
function tanh(x: usize, y: usize, size: usize): void { unaryLoop(Op.TANH, x, y, size); }
function softplus(x: usize, y: usize, size: usize): void { unaryLoop(Op.SOFTPLUS, x, y, size); }
function trunc(x: usize, y: usize, size: usize): void { unaryLoop(Op.TRUNC, x, y, size); }
function rsqrt(x: usize, y: usize, size: usize): void { unaryLoop(Op.RSQRT, x, y, size); }
function silu(x: usize, y: usize, size: usize): void { unaryLoop(Op.SILU, x, y, size); }
function erf(x: usize, y: usize, size: usize): void { unaryLoop(Op.ERF, x, y, size); }
function gelu(x: usize, y: usize, size: usize): void { unaryLoop(Op.GELU, x, y, size); }

export function unaryChunk(chunk: i32): void {
  const t = task(), offset = bytes(chunk * t.chunk), size = chunkBytes(t, chunk), x = t.a + offset, y = t.out + offset;
  switch (t.op) {
    case Op.NEG: neg(x, y, size); return;
    case Op.ABS: abs(x, y, size); return;
    case Op.SQUARE: square(x, y, size); return;
    case Op.SQRT: sqrt(x, y, size); return;
    case Op.RECIPROCAL: reciprocal(x, y, size); return;
    case Op.RELU: relu(x, y, size); return;
    case Op.SIGN: sign(x, y, size); return;
    case Op.FLOOR: floor(x, y, size); return;
    case Op.CEIL: ceil(x, y, size); return;
    case Op.ROUND: round(x, y, size); return;
    case Op.EXP: exp(x, y, size); return;
    case Op.LOG: log(x, y, size); return;
    case Op.SIGMOID: sigmoid(x, y, size); return;
    case Op.TANH: tanh(x, y, size); return;
    case Op.SOFTPLUS: softplus(x, y, size); return;
    case Op.TRUNC: trunc(x, y, size); return;
    case Op.RSQRT: rsqrt(x, y, size); return;
    case Op.SILU: silu(x, y, size); return;
    case Op.ERF: erf(x, y, size); return;
    case Op.GELU: gelu(x, y, size); return;
    default: for (let i: usize = 0; i < size; i += 4) store<f32>(y + i, unary1(t.op, load<f32>(x + i)));
  }
}

// ---- the rest

export function axpy(alpha: f32, x: usize, y: usize, n: i32): void {
  begin();
  task().x = alpha;
  start(AXPY, x, 0, y, n);
}

export function axpyChunk(chunk: i32): void {
  const t = task(), offset = bytes(chunk * t.chunk), size = chunkBytes(t, chunk), x = t.a + offset, y = t.out + offset;
  const alpha = f32x4.splat(t.x);
  let i: usize = 0;
  for (const whole = size & ~31; i < whole; i += 32) {
    const v0 = f32x4.relaxed_madd(alpha, v128.load(x + i), v128.load(y + i));
    const v1 = f32x4.relaxed_madd(alpha, v128.load(x + i, 16), v128.load(y + i, 16));
    v128.store(y + i, v0);
    v128.store(y + i, v1, 16);
  }
  for (; i < size; i += 4) {
    const v = f32x4.relaxed_madd(alpha, v128.load32_splat(x + i), v128.load32_splat(y + i));
    store<f32>(y + i, f32x4.extract_lane(v, 0));
  }
}

export function scale(alpha: f32, x: usize, y: usize, n: i32): void {
  begin();
  task().x = alpha;
  start(SCALE, x, 0, y, n);
}

export function scaleChunk(chunk: i32): void {
  const t = task(), offset = bytes(chunk * t.chunk);
  binaryStretch(Op.MUL, t.a + offset, 0, t.x, B_SCALAR, t.out + offset, chunkBytes(t, chunk));
}

/** b = 0: clip x; otherwise the gradient b where x lies within the bounds. */
function startClip(x: usize, b: usize, out: usize, n: i32, low: f32, high: f32): void {
  begin();
  task().x = low;
  task().y = high;
  start(CLIP, x, b, out, n);
}

export function clip(x: usize, y: usize, n: i32, low: f32, high: f32): void {
  startClip(x, 0, y, n, low, high);
}

export function clipGradient(dy: usize, x: usize, dx: usize, n: i32, low: f32, high: f32): void {
  startClip(x, dy, dx, n, low, high);
}

export function clipChunk(chunk: i32): void {
  const t = task(), offset = bytes(chunk * t.chunk), size = chunkBytes(t, chunk), x = t.a + offset, y = t.out + offset;
  const low = f32x4.splat(t.x), high = f32x4.splat(t.y), b = t.b + offset, gradient = t.b != 0;
  for (let i: usize = 0; i < size; i += 16) {
    const rest = size - i;
    // Not more than four floats may be written, nor read.
    let v = rest >= 16 ? v128.load(x + i) : partial(x + i, rest);
    if (gradient) {
      const inside = v128.and(f32x4.ge(v, low), f32x4.le(v, high));
      v = v128.and(rest >= 16 ? v128.load(b + i) : partial(b + i, rest), inside);
    } else v = f32x4.pmin(f32x4.pmax(v, low), high);
    if (rest >= 16) v128.store(y + i, v);
    else storePartial(y + i, v, rest);
  }
}

function partial(x: usize, size: usize): v128 {
  memory.copy(scratch, x, size);
  return v128.load(scratch);
}

function storePartial(y: usize, v: v128, size: usize): void {
  v128.store(scratch, v);
  memory.copy(y, scratch, size);
}

export function select(condition: usize, a: usize, b: usize, out: usize, n: i32): void {
  begin();
  task().c = condition;
  start(SELECT, a, b, out, n);
}

export function selectChunk(chunk: i32): void {
  const t = task(), offset = bytes(chunk * t.chunk), size = chunkBytes(t, chunk);
  const c = t.c + offset, a = t.a + offset, b = t.b + offset, out = t.out + offset, zero = f32x4.splat(0);
  let i: usize = 0;
  for (const whole = size & ~15; i < whole; i += 16) {
    v128.store(out + i, v128.bitselect(v128.load(a + i), v128.load(b + i), f32x4.ne(v128.load(c + i), zero)));
  }
  for (; i < size; i += 4) store<f32>(out + i, load<f32>(c + i) != 0 ? load<f32>(a + i) : load<f32>(b + i));
}
