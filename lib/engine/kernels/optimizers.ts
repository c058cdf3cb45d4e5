// Steps of the optimizers, one pass over a flat arena of weights, gradients and state.
import { chunkSize } from "./elementwise";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, WORTH_WAKING } from "./pool";
import { ADAM, SGD } from "./tasks";

@unmanaged
class StepTask {
  w: usize;
  g: usize;
  m: usize;
  v: usize;
  n: i32;
  chunk: i32;
  rate: f32;
  beta1: f32;
  beta2: f32;
  oneMinusBeta1: f32;
  oneMinusBeta2: f32;
  epsilon: f32;
}

@inline
function task(): StepTask {
  return changetype<StepTask>(ARGUMENTS);
}

function start(id: i32, w: usize, g: usize, m: usize, v: usize, n: i32): void {
  const t = task();
  t.w = w;
  t.g = g;
  t.m = m;
  t.v = v;
  t.n = n;
  t.chunk = n > 16384 ? min(16384, chunkSize(n)) : max(n, 1);
  if (divideUp(n, t.chunk) > 60000) t.chunk = chunkSize(n);
  parallel(id, divideUp(n, t.chunk), (n as f64) > WORTH_WAKING / 32);
}

export function sgd(w: usize, g: usize, velocity: usize, n: i32, learningRate: f32, momentum: f32): void {
  begin();
  task().rate = learningRate;
  task().beta1 = momentum;
  start(SGD, w, g, velocity, 0, n);
}

export function sgdChunk(chunk: i32): void {
  const t = task(), offset = bytes(chunk * t.chunk), size = bytes(min(t.chunk, t.n - chunk * t.chunk));
  const w = t.w + offset, g = t.g + offset, m = t.m ? t.m + offset : 0;
  const rate = f32x4.splat(t.rate), momentum = f32x4.splat(t.beta1);
  let i: usize = 0;
  const whole = size & ~31;
  if (m) {
    for (; i < whole; i += 32) {
      const m0 = f32x4.relaxed_madd(momentum, v128.load(m + i), v128.load(g + i));
      const m1 = f32x4.relaxed_madd(momentum, v128.load(m + i, 16), v128.load(g + i, 16));
      const w0 = f32x4.relaxed_nmadd(rate, m0, v128.load(w + i)), w1 = f32x4.relaxed_nmadd(rate, m1, v128.load(w + i, 16));
      v128.store(m + i, m0);
      v128.store(m + i, m1, 16);
      v128.store(w + i, w0);
      v128.store(w + i, w1, 16);
    }
  } else {
    for (; i < whole; i += 32) {
      const w0 = f32x4.relaxed_nmadd(rate, v128.load(g + i), v128.load(w + i));
      const w1 = f32x4.relaxed_nmadd(rate, v128.load(g + i, 16), v128.load(w + i, 16));
      v128.store(w + i, w0);
      v128.store(w + i, w1, 16);
    }
  }
  for (; i < size; i += 4) {
    let step = v128.load32_splat(g + i);
    if (m) {
      step = f32x4.relaxed_madd(momentum, v128.load32_splat(m + i), step);
      v128.store32_lane(m + i, step, 0);
    }
    v128.store32_lane(w + i, f32x4.relaxed_nmadd(rate, step, v128.load32_splat(w + i)), 0);
  }
}

/**
 * w −= rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε), with both corrections moved into the rate and ε.
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, n: i32,
  learningRate: f64, beta1: f64, beta2: f64, epsilon: f64, step: f64,
): void {
  begin();
  const t = task(), correction = Math.sqrt(1 - Math.pow(beta2, step));
  t.rate = (learningRate * correction / (1 - Math.pow(beta1, step))) as f32;
  t.epsilon = (epsilon * correction) as f32;
  t.beta1 = beta1 as f32;
  t.beta2 = beta2 as f32;
  t.oneMinusBeta1 = (1 - beta1) as f32;
  t.oneMinusBeta2 = (1 - beta2) as f32;
  start(ADAM, w, g, m, v, n);
}

export function adamChunk(chunk: i32): void {
  const t = task(), offset = bytes(chunk * t.chunk), size = bytes(min(t.chunk, t.n - chunk * t.chunk));
  const w = t.w + offset, g = t.g + offset, m = t.m + offset, v = t.v + offset;
  const rate = f32x4.splat(t.rate), epsilon = f32x4.splat(t.epsilon), beta1 = f32x4.splat(t.beta1), beta2 = f32x4.splat(t.beta2);
  const rest1 = f32x4.splat(t.oneMinusBeta1), rest2 = f32x4.splat(t.oneMinusBeta2);
  let i: usize = 0;
  for (const whole = size & ~31; i < whole; i += 32) {
    const g0 = v128.load(g + i), g1 = v128.load(g + i, 16);
    const m0 = f32x4.relaxed_madd(rest1, g0, f32x4.mul(beta1, v128.load(m + i)));
    const m1 = f32x4.relaxed_madd(rest1, g1, f32x4.mul(beta1, v128.load(m + i, 16)));
    const v0 = f32x4.relaxed_madd(f32x4.mul(rest2, g0), g0, f32x4.mul(beta2, v128.load(v + i)));
    const v1 = f32x4.relaxed_madd(f32x4.mul(rest2, g1), g1, f32x4.mul(beta2, v128.load(v + i, 16)));
    const w0 = f32x4.sub(v128.load(w + i), f32x4.div(f32x4.mul(rate, m0), f32x4.add(f32x4.sqrt(v0), epsilon)));
    const w1 = f32x4.sub(v128.load(w + i, 16), f32x4.div(f32x4.mul(rate, m1), f32x4.add(f32x4.sqrt(v1), epsilon)));
    v128.store(m + i, m0);
    v128.store(m + i, m1, 16);
    v128.store(v + i, v0);
    v128.store(v + i, v1, 16);
    v128.store(w + i, w0);
    v128.store(w + i, w1, 16);
  }
  for (; i < size; i += 4) {
    const g0 = v128.load32_splat(g + i);
    const m0 = f32x4.relaxed_madd(rest1, g0, f32x4.mul(beta1, v128.load32_splat(m + i)));
    const v0 = f32x4.relaxed_madd(f32x4.mul(rest2, g0), g0, f32x4.mul(beta2, v128.load32_splat(v + i)));
    const step = f32x4.div(f32x4.mul(rate, m0), f32x4.add(f32x4.sqrt(v0), epsilon));
    v128.store32_lane(m + i, m0, 0);
    v128.store32_lane(v + i, v0, 0);
    v128.store32_lane(w + i, f32x4.sub(v128.load32_splat(w + i), step), 0);
  }
}
