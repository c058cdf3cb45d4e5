// Operations on two operands: two vectors, a vector and a scalar, or every row of a matrix and one row.
import * as Op from "../opcodes";
import { bytes, divideUp } from "./control";
import { CHUNK, chunkBytes, SERIAL_UP_TO, start, task } from "./elementwise";
import { binary4, power1 } from "./operations";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { BINARY, BINARY_ROW } from "./tasks";

export const A_SCALAR = 1;
export const B_SCALAR = 2;

export function binary(op: i32, a: usize, b: usize, out: usize, n: i32): void {
  begin();
  task().op = op;
  task().which = 0;
  start(BINARY, a, b, out, n);
}

export function binaryScalar(op: i32, a: usize, scalar: f32, out: usize, n: i32): void {
  begin();
  task().op = op;
  task().which = B_SCALAR;
  task().x = scalar;
  start(BINARY, a, 0, out, n);
}

export function scalarBinary(op: i32, scalar: f32, b: usize, out: usize, n: i32): void {
  begin();
  task().op = op;
  task().which = A_SCALAR;
  task().x = scalar;
  start(BINARY, 0, b, out, n);
}

@inline
function binaryLoop(op: i32, a: usize, b: usize, scalar: f32, which: i32, out: usize, size: usize): void {
  const s = f32x4.splat(scalar), whole = size & ~31;
  let i: usize = 0;
  if (which == B_SCALAR) {
    for (; i < whole; i += 32) {
      const v0 = binary4(op, v128.load(a + i), s), v1 = binary4(op, v128.load(a + i, 16), s);
      v128.store(out + i, v0);
      v128.store(out + i, v1, 16);
    }
  } else if (which == A_SCALAR) {
    for (; i < whole; i += 32) {
      const v0 = binary4(op, s, v128.load(b + i)), v1 = binary4(op, s, v128.load(b + i, 16));
      v128.store(out + i, v0);
      v128.store(out + i, v1, 16);
    }
  } else {
    for (; i < whole; i += 32) {
      const v0 = binary4(op, v128.load(a + i), v128.load(b + i)), v1 = binary4(op, v128.load(a + i, 16), v128.load(b + i, 16));
      v128.store(out + i, v0);
      v128.store(out + i, v1, 16);
    }
  }
  if (i == size) return;
  const left = scratch, right = scratch + 32;
  if (which != A_SCALAR) memory.copy(left, a + i, size - i);
  if (which != B_SCALAR) memory.copy(right, b + i, size - i);
  const a0 = which == A_SCALAR ? s : v128.load(left), a1 = which == A_SCALAR ? s : v128.load(left, 16);
  const b0 = which == B_SCALAR ? s : v128.load(right), b1 = which == B_SCALAR ? s : v128.load(right, 16);
  const v0 = binary4(op, a0, b0), v1 = binary4(op, a1, b1);
  v128.store(left, v0);
  v128.store(left, v1, 16);
  memory.copy(out + i, left, size - i);
}

function add(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.ADD, a, b, s, w, out, size); }
function sub(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.SUB, a, b, s, w, out, size); }
function mul(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.MUL, a, b, s, w, out, size); }
function div(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.DIV, a, b, s, w, out, size); }
function max2(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.MAX, a, b, s, w, out, size); }
function min2(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.MIN, a, b, s, w, out, size); }
function greater(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.GREATER, a, b, s, w, out, size); }
function greaterEqual(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.GREATER_EQUAL, a, b, s, w, out, size); }
function less(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.LESS, a, b, s, w, out, size); }
function lessEqual(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.LESS_EQUAL, a, b, s, w, out, size); }
function equal(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.EQUAL, a, b, s, w, out, size); }
function notEqual(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.NOT_EQUAL, a, b, s, w, out, size); }
function reluGradient(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.RELU_GRADIENT, a, b, s, w, out, size); }
function sigmoidGradient(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.SIGMOID_GRADIENT, a, b, s, w, out, size); }
function tanhGradient(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.TANH_GRADIENT, a, b, s, w, out, size); }
function leakyRelu(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.LEAKY_RELU, a, b, s, w, out, size); }
function elu(a: usize, b: usize, s: f32, w: i32, out: usize, size: usize): void { binaryLoop(Op.ELU, a, b, s, w, out, size); }

// One number after the other: there is no vector form, and V8's 256-bit pass (version 14) crashes on lanes put together by hand.
function pow(a: usize, b: usize, s: f32, which: i32, out: usize, size: usize): void {
  for (let i: usize = 0; i < size; i += 4) {
    const left = which == A_SCALAR ? s : load<f32>(a + i), right = which == B_SCALAR ? s : load<f32>(b + i);
    store<f32>(out + i, power1(left, right));
  }
}

/** One stretch: which = 0 both vectors, A_SCALAR or B_SCALAR: that operand is `s`. */
export function binaryStretch(op: i32, a: usize, b: usize, s: f32, which: i32, out: usize, size: usize): void {
  switch (op) {
    case Op.ADD: add(a, b, s, which, out, size); return;
    case Op.SUB: sub(a, b, s, which, out, size); return;
    case Op.MUL: mul(a, b, s, which, out, size); return;
    case Op.DIV: div(a, b, s, which, out, size); return;
    case Op.MAX: max2(a, b, s, which, out, size); return;
    case Op.MIN: min2(a, b, s, which, out, size); return;
    case Op.GREATER: greater(a, b, s, which, out, size); return;
    case Op.GREATER_EQUAL: greaterEqual(a, b, s, which, out, size); return;
    case Op.LESS: less(a, b, s, which, out, size); return;
    case Op.LESS_EQUAL: lessEqual(a, b, s, which, out, size); return;
    case Op.EQUAL: equal(a, b, s, which, out, size); return;
    case Op.NOT_EQUAL: notEqual(a, b, s, which, out, size); return;
    case Op.RELU_GRADIENT: reluGradient(a, b, s, which, out, size); return;
    case Op.SIGMOID_GRADIENT: sigmoidGradient(a, b, s, which, out, size); return;
    case Op.TANH_GRADIENT: tanhGradient(a, b, s, which, out, size); return;
    case Op.LEAKY_RELU: leakyRelu(a, b, s, which, out, size); return;
    case Op.ELU: elu(a, b, s, which, out, size); return;
    default: pow(a, b, s, which, out, size);
  }
}

export function binaryChunk(chunk: i32): void {
  const t = task(), offset = bytes(chunk * t.chunk);
  binaryStretch(t.op, t.a + offset, t.b + offset, t.x, t.which, t.out + offset, chunkBytes(t, chunk));
}

// ---- rows against one row

export function binaryRow(op: i32, a: usize, b: usize, out: usize, rows: i32, columns: i32, swapped: i32): void {
  if (rows <= 0 || columns <= 0) return;
  begin();
  const t = task();
  t.op = op;
  t.a = a;
  t.b = b;
  t.out = out;
  t.n = rows;
  t.columns = columns;
  t.which = swapped;
  const size = (rows as f64) * (columns as f64);
  t.chunk = size <= (SERIAL_UP_TO as f64) ? rows : max(divideUp(CHUNK, columns), divideUp(rows, 60000));
  parallel(BINARY_ROW, divideUp(rows, t.chunk), size > WORTH_WAKING / 8);
}

export function binaryRowChunk(chunk: i32): void {
  const t = task(), row = bytes(t.columns);
  const last = min(t.n, (chunk + 1) * t.chunk);
  for (let i = chunk * t.chunk; i < last; i++) {
    const offset = (i as usize) * row;
    if (t.which) binaryStretch(t.op, t.b, t.a + offset, 0, 0, t.out + offset, row);
    else binaryStretch(t.op, t.a + offset, t.b, 0, 0, t.out + offset, row);
  }
}
