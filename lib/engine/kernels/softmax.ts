// Softmax by rows with its gradient, cross-entropy fused with it, and the mean squared error.
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { SOFTMAX, SOFTMAX_GRADIENT } from "./tasks";
import { exp1, exp4 } from "./vector-math";

@unmanaged
class SoftmaxTask {
  x: usize;
  y: usize;
  out: usize;
  rows: i32;
  columns: i32;
  log: i32;
  rowsPerChunk: i32;
}

function start(id: i32, x: usize, y: usize, out: usize, rows: i32, columns: i32, log: i32): void {
  if (rows <= 0 || columns <= 0) return;
  begin();
  const t = changetype<SoftmaxTask>(ARGUMENTS), size = (rows as f64) * (columns as f64);
  t.x = x;
  t.y = y;
  t.out = out;
  t.rows = rows;
  t.columns = columns;
  t.log = log;
  t.rowsPerChunk = size < 32768 ? rows : max(divideUp(8192, columns), divideUp(rows, 60000));
  parallel(id, divideUp(rows, t.rowsPerChunk), size > WORTH_WAKING / 16);
}

export function softmax(x: usize, y: usize, rows: i32, columns: i32, log: i32): void {
  start(SOFTMAX, x, 0, y, rows, columns, log);
}

export function softmaxGradient(dy: usize, y: usize, dx: usize, rows: i32, columns: i32, log: i32): void {
  start(SOFTMAX_GRADIENT, dy, y, dx, rows, columns, log);
}

function largest(x: usize, size: usize): f32 {
  let m: f32 = -Infinity;
  for (let i: usize = 0; i < size; i += 4) m = max<f32>(m, load<f32>(x + i));
  return m;
}

// y = e^(x − shift); returns the sum.
function exponentials(x: usize, shift: f32, y: usize, size: usize): f64 {
  const s = f32x4.splat(shift);
  let i: usize = 0, sum: f64 = 0;
  let lanes0 = f32x4.splat(0), lanes1 = f32x4.splat(0);
  for (const whole = size & ~31; i < whole; i += 32) {
    const v0 = exp4(f32x4.sub(v128.load(x + i), s)), v1 = exp4(f32x4.sub(v128.load(x + i, 16), s));
    v128.store(y + i, v0);
    v128.store(y + i, v1, 16);
    lanes0 = f32x4.add(lanes0, v0);
    lanes1 = f32x4.add(lanes1, v1);
  }
  for (; i < size; i += 4) {
    const v = exp1(load<f32>(x + i) - shift);
    store<f32>(y + i, v);
    sum += v as f64;
  }
  for (let half = 0; half < 2; half++) {
    sum += (f32x4.extract_lane(lanes0, 0) as f64) + (f32x4.extract_lane(lanes0, 1) as f64);
    sum += (f32x4.extract_lane(lanes0, 2) as f64) + (f32x4.extract_lane(lanes0, 3) as f64);
    lanes0 = lanes1;
  }
  return sum;
}

function scaleRow(y: usize, size: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  let i: usize = 0;
  for (const whole = size & ~31; i < whole; i += 32) {
    const v0 = f32x4.mul(v128.load(y + i), f), v1 = f32x4.mul(v128.load(y + i, 16), f);
    v128.store(y + i, v0);
    v128.store(y + i, v1, 16);
  }
  for (; i < size; i += 4) store<f32>(y + i, load<f32>(y + i) * factor);
}

export function softmaxChunk(chunk: i32): void {
  const t = changetype<SoftmaxTask>(ARGUMENTS), size = bytes(t.columns), last = min(t.rows, (chunk + 1) * t.rowsPerChunk);
  for (let row = chunk * t.rowsPerChunk; row < last; row++) {
    const x = t.x + (row as usize) * size, y = t.out + (row as usize) * size, m = largest(x, size);
    if (!t.log) {
      scaleRow(y, size, (1 / exponentials(x, m, y, size)) as f32);
      continue;
    }
    let sum: f64 = 0;
    for (let i: usize = 0; i < size; i += 4) sum += exp1(load<f32>(x + i) - m) as f64;
    const log = Math.log(sum);
    for (let i: usize = 0; i < size; i += 4) store<f32>(y + i, ((load<f32>(x + i) - m) as f64 - log) as f32);
  }
}

/** softmax: y (dy − Σ dy·y); log-softmax: dy − e^y Σ dy. */
export function softmaxGradientChunk(chunk: i32): void {
  const t = changetype<SoftmaxTask>(ARGUMENTS), size = bytes(t.columns), last = min(t.rows, (chunk + 1) * t.rowsPerChunk);
  for (let row = chunk * t.rowsPerChunk; row < last; row++) {
    const offset = (row as usize) * size, dy = t.x + offset, y = t.y + offset, dx = t.out + offset;
    let sum: f64 = 0;
    for (let i: usize = 0; i < size; i += 4) sum += (load<f32>(dy + i) as f64) * (t.log ? 1 : (load<f32>(y + i) as f64));
    const s = sum as f32;
    for (let i: usize = 0; i < size; i += 4) {
      const d = load<f32>(dy + i), v = load<f32>(y + i);
      store<f32>(dx + i, t.log ? d - exp1(v) * s : v * (d - s));
    }
  }
}

// ---- losses: batches are small here, one thread

/** target: for one row, −Σ target·log softmax and, in `gradient`, softmax·Σ target − target. */
export function softmaxCrossEntropy(logits: usize, labels: usize, gradient: usize, losses: usize, rows: i32, classes: i32): f64 {
  begin();
  const size = bytes(classes), share: f64 = 1 / (rows as f64);
  let total: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const x = logits + (row as usize) * size, label = bytes(load<i32>(labels + bytes(row))), m = largest(x, size);
    let loss: f64 = (m - load<f32>(x + label)) as f64;
    if (gradient) {
      const d = gradient + (row as usize) * size, chosen = load<f32>(x + label);
      const sum = exponentials(x, m, d, size);
      loss = ((m - chosen) as f64) + Math.log(sum);
      scaleRow(d, size, (share / sum) as f32);
      store<f32>(d + label, load<f32>(d + label) - (share as f32));
    } else loss += Math.log(sumOfExponentials(x, m, size));
    if (losses) store<f32>(losses + bytes(row), loss as f32);
    total += loss;
  }
  return total * share;
}

function sumOfExponentials(x: usize, shift: f32, size: usize): f64 {
  let sum: f64 = 0;
  // The scratch memory takes the values themselves, in pieces.
  for (let i: usize = 0; i < size; i += 65536) sum += exponentials(x + i, shift, scratch, min(size - i, 65536));
  return sum;
}

export function softmaxCrossEntropyDense(logits: usize, targets: usize, gradient: usize, losses: usize, rows: i32, classes: i32): f64 {
  begin();
  const size = bytes(classes), share: f64 = 1 / (rows as f64);
  let total: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const x = logits + (row as usize) * size, target = targets + (row as usize) * size, m = largest(x, size);
    const sum = sumOfExponentials(x, m, size), shift = Math.log(sum) + (m as f64);
    let loss: f64 = 0, weight: f64 = 0;
    for (let i: usize = 0; i < size; i += 4) {
      const p = load<f32>(target + i) as f64;
      weight += p;
      // A class without weight does not count, even where its logit is −∞.
      if (p != 0) loss += p * (shift - (load<f32>(x + i) as f64));
    }
    if (gradient) {
      const d = gradient + (row as usize) * size;
      for (let i: usize = 0; i < size; i += 4) {
        const softmax = (exp1(load<f32>(x + i) - m) as f64) / sum;
        store<f32>(d + i, ((softmax * weight - (load<f32>(target + i) as f64)) * share) as f32);
      }
    }
    if (losses) store<f32>(losses + bytes(row), loss as f32);
    total += loss;
  }
  return total * share;
}

export function meanSquaredError(x: usize, target: usize, gradient: usize, n: i32): f64 {
  begin();
  const factor = (2 / (n as f64)) as f32;
  let total: f64 = 0;
  for (let i: usize = 0, size = bytes(n); i < size; i += 4) {
    const difference = load<f32>(x + i) - load<f32>(target + i);
    total += (difference as f64) * (difference as f64);
    if (gradient) store<f32>(gradient + i, difference * factor);
  }
  return total / (n as f64);
}
