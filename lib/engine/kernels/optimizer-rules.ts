// Update rules of optimizers beside SGD and Adam: one pass over weights, gradients and up to three slots of state.
// Core.optimizerStep in lib/engine/core.ts says the formulas and what the constants k0 … k4 are.
import * as Rule from "../opcodes";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { chunkSize } from "./elementwise";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { OPTIMIZER_STEP } from "./tasks";

@unmanaged
class RuleTask {
  rule: i32;
  n: i32;
  chunk: i32;
  w: usize;
  g: usize;
  a: usize;
  b: usize;
  c: usize;
  k0: f32;
  k1: f32;
  k2: f32;
  k3: f32;
  k4: f32;
}

export function optimizerStep(
  rule: i32, w: usize, g: usize, a: usize, b: usize, c: usize, n: i32, k0: f32, k1: f32, k2: f32, k3: f32, k4: f32,
): void {
  begin();
  const t = changetype<RuleTask>(ARGUMENTS);
  t.rule = rule;
  t.w = w;
  t.g = g;
  t.a = a;
  t.b = b;
  t.c = c;
  t.n = n;
  t.k0 = k0;
  t.k1 = k1;
  t.k2 = k2;
  t.k3 = k3;
  t.k4 = k4;
  t.chunk = n > 16384 ? min(16384, chunkSize(n)) : max(n, 1);
  if (divideUp(n, t.chunk) > 60000) t.chunk = chunkSize(n);
  parallel(OPTIMIZER_STEP, divideUp(n, t.chunk), (n as f64) > WORTH_WAKING / 32);
}

export function optimizerStepChunk(chunk: i32): void {
  const t = changetype<RuleTask>(ARGUMENTS), count = min(t.chunk, t.n - chunk * t.chunk), offset = bytes(chunk * t.chunk);
  const w = t.w + offset, g = t.g + offset;
  const a = t.a ? t.a + offset : 0, b = t.b ? t.b + offset : 0, c = t.c ? t.c + offset : 0;
  const whole = bytes(count & ~7), rest = bytes(count & 7);
  if (whole) run(t, w, g, a, b, c, whole);
  if (!rest) return;
  // The last few numbers go through the same code in a place of their own.
  memory.fill(scratch, 0, 160);
  memory.copy(scratch, w + whole, rest);
  memory.copy(scratch + 32, g + whole, rest);
  if (a) memory.copy(scratch + 64, a + whole, rest);
  if (b) memory.copy(scratch + 96, b + whole, rest);
  if (c) memory.copy(scratch + 128, c + whole, rest);
  run(t, scratch, scratch + 32, a ? scratch + 64 : 0, b ? scratch + 96 : 0, c ? scratch + 128 : 0, 32);
  memory.copy(w + whole, scratch, rest);
  if (a) memory.copy(a + whole, scratch + 64, rest);
  if (b) memory.copy(b + whole, scratch + 96, rest);
  if (c) memory.copy(c + whole, scratch + 128, rest);
}

function run(t: RuleTask, w: usize, g: usize, a: usize, b: usize, c: usize, size: usize): void {
  const k0 = f32x4.splat(t.k0), k1 = f32x4.splat(t.k1), k2 = f32x4.splat(t.k2), k3 = f32x4.splat(t.k3), k4 = f32x4.splat(t.k4);
  switch (t.rule) {
    case Rule.STEP_NESTEROV: nesterov(w, g, a, size, k0, k1); return;
    case Rule.STEP_RMSPROP: rmsprop(w, g, a, b, c, size, k0, k1, k2, k3, k4); return;
    case Rule.STEP_ADAGRAD: adagrad(w, g, a, size, k0, k1, k2); return;
    case Rule.STEP_ADADELTA: adadelta(w, g, a, b, size, k0, k1, k2, k3); return;
    case Rule.STEP_ADAMAX: adamax(w, g, a, b, size, k0, k1, k2, k3, k4); return;
    default: adamMaximum(w, g, a, b, c, size, k0, k1, k2, k3, k4);
  }
}

@inline
function madd(x: v128, y: v128, z: v128): v128 {
  return f32x4.relaxed_madd(x, y, z);
}

/** keep · old + (1 − keep) · value */
@inline
function average(keep: v128, old: v128, value: v128): v128 {
  return madd(keep, f32x4.sub(old, value), value);
}

@inline
function storePair(p: usize, x0: v128, x1: v128): void {
  v128.store(p, x0);
  v128.store(p, x1, 16);
}

function nesterov(w: usize, g: usize, a: usize, size: usize, rate: v128, momentum: v128): void {
  for (let i: usize = 0; i < size; i += 32) {
    const g0 = v128.load(g + i), g1 = v128.load(g + i, 16);
    const v0 = madd(momentum, v128.load(a + i), g0), v1 = madd(momentum, v128.load(a + i, 16), g1);
    const w0 = f32x4.relaxed_nmadd(rate, madd(momentum, v0, g0), v128.load(w + i));
    const w1 = f32x4.relaxed_nmadd(rate, madd(momentum, v1, g1), v128.load(w + i, 16));
    storePair(a + i, v0, v1);
    storePair(w + i, w0, w1);
  }
}

function rmsprop(
  w: usize, g: usize, a: usize, b: usize, c: usize, size: usize, rate: v128, rho: v128, epsilon: v128, momentum: v128, rest: v128,
): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < size; i += 32) {
    const g0 = v128.load(g + i), g1 = v128.load(g + i, 16);
    const v0 = madd(f32x4.mul(rest, g0), g0, f32x4.mul(rho, v128.load(a + i)));
    const v1 = madd(f32x4.mul(rest, g1), g1, f32x4.mul(rho, v128.load(a + i, 16)));
    let s0 = v0, s1 = v1;
    if (b) {
      const m0 = madd(rest, g0, f32x4.mul(rho, v128.load(b + i))), m1 = madd(rest, g1, f32x4.mul(rho, v128.load(b + i, 16)));
      s0 = f32x4.pmax(f32x4.relaxed_nmadd(m0, m0, v0), zero);
      s1 = f32x4.pmax(f32x4.relaxed_nmadd(m1, m1, v1), zero);
      storePair(b + i, m0, m1);
    }
    let u0 = f32x4.div(g0, f32x4.add(f32x4.sqrt(s0), epsilon)), u1 = f32x4.div(g1, f32x4.add(f32x4.sqrt(s1), epsilon));
    if (c) {
      u0 = madd(momentum, v128.load(c + i), u0);
      u1 = madd(momentum, v128.load(c + i, 16), u1);
      storePair(c + i, u0, u1);
    }
    const w0 = f32x4.relaxed_nmadd(rate, u0, v128.load(w + i)), w1 = f32x4.relaxed_nmadd(rate, u1, v128.load(w + i, 16));
    storePair(a + i, v0, v1);
    storePair(w + i, w0, w1);
  }
}

function adagrad(w: usize, g: usize, a: usize, size: usize, rate: v128, initial: v128, epsilon: v128): void {
  for (let i: usize = 0; i < size; i += 32) {
    const g0 = v128.load(g + i), g1 = v128.load(g + i, 16);
    const v0 = madd(g0, g0, v128.load(a + i)), v1 = madd(g1, g1, v128.load(a + i, 16));
    const u0 = f32x4.div(g0, f32x4.add(f32x4.sqrt(f32x4.add(v0, initial)), epsilon));
    const u1 = f32x4.div(g1, f32x4.add(f32x4.sqrt(f32x4.add(v1, initial)), epsilon));
    const w0 = f32x4.relaxed_nmadd(rate, u0, v128.load(w + i)), w1 = f32x4.relaxed_nmadd(rate, u1, v128.load(w + i, 16));
    storePair(a + i, v0, v1);
    storePair(w + i, w0, w1);
  }
}

function adadelta(w: usize, g: usize, a: usize, b: usize, size: usize, rate: v128, rho: v128, epsilon: v128, rest: v128): void {
  for (let i: usize = 0; i < size; i += 32) {
    const g0 = v128.load(g + i), g1 = v128.load(g + i, 16), d0 = v128.load(b + i), d1 = v128.load(b + i, 16);
    const v0 = madd(f32x4.mul(rest, g0), g0, f32x4.mul(rho, v128.load(a + i)));
    const v1 = madd(f32x4.mul(rest, g1), g1, f32x4.mul(rho, v128.load(a + i, 16)));
    const u0 = f32x4.mul(f32x4.div(f32x4.sqrt(f32x4.add(d0, epsilon)), f32x4.sqrt(f32x4.add(v0, epsilon))), g0);
    const u1 = f32x4.mul(f32x4.div(f32x4.sqrt(f32x4.add(d1, epsilon)), f32x4.sqrt(f32x4.add(v1, epsilon))), g1);
    const e0 = madd(f32x4.mul(rest, u0), u0, f32x4.mul(rho, d0)), e1 = madd(f32x4.mul(rest, u1), u1, f32x4.mul(rho, d1));
    const w0 = f32x4.relaxed_nmadd(rate, u0, v128.load(w + i)), w1 = f32x4.relaxed_nmadd(rate, u1, v128.load(w + i, 16));
    storePair(a + i, v0, v1);
    storePair(b + i, e0, e1);
    storePair(w + i, w0, w1);
  }
}

function adamax(
  w: usize, g: usize, a: usize, b: usize, size: usize, rate: v128, beta1: v128, beta2: v128, epsilon: v128, rest: v128,
): void {
  for (let i: usize = 0; i < size; i += 32) {
    const g0 = v128.load(g + i), g1 = v128.load(g + i, 16);
    const m0 = madd(rest, g0, f32x4.mul(beta1, v128.load(a + i))), m1 = madd(rest, g1, f32x4.mul(beta1, v128.load(a + i, 16)));
    const u0 = f32x4.pmax(f32x4.add(f32x4.abs(g0), epsilon), f32x4.mul(beta2, v128.load(b + i)));
    const u1 = f32x4.pmax(f32x4.add(f32x4.abs(g1), epsilon), f32x4.mul(beta2, v128.load(b + i, 16)));
    const w0 = f32x4.relaxed_nmadd(rate, f32x4.div(m0, u0), v128.load(w + i));
    const w1 = f32x4.relaxed_nmadd(rate, f32x4.div(m1, u1), v128.load(w + i, 16));
    storePair(a + i, m0, m1);
    storePair(b + i, u0, u1);
    storePair(w + i, w0, w1);
  }
}

/** Adam with a part of the step along the gradient itself, and with the largest square so far where there is room for it. */
function adamMaximum(
  w: usize, g: usize, a: usize, b: usize, c: usize, size: usize, rate: v128, gradientRate: v128, beta1: v128, beta2: v128, epsilon: v128,
): void {
  for (let i: usize = 0; i < size; i += 32) {
    const g0 = v128.load(g + i), g1 = v128.load(g + i, 16);
    const m0 = average(beta1, v128.load(a + i), g0), m1 = average(beta1, v128.load(a + i, 16), g1);
    const v0 = average(beta2, v128.load(b + i), f32x4.mul(g0, g0)), v1 = average(beta2, v128.load(b + i, 16), f32x4.mul(g1, g1));
    let s0 = v0, s1 = v1;
    if (c) {
      s0 = f32x4.pmax(v0, v128.load(c + i));
      s1 = f32x4.pmax(v1, v128.load(c + i, 16));
      storePair(c + i, s0, s1);
    }
    const u0 = f32x4.div(madd(gradientRate, g0, f32x4.mul(rate, m0)), f32x4.add(f32x4.sqrt(s0), epsilon));
    const u1 = f32x4.div(madd(gradientRate, g1, f32x4.mul(rate, m1)), f32x4.add(f32x4.sqrt(s1), epsilon));
    const w0 = f32x4.sub(v128.load(w + i), u0), w1 = f32x4.sub(v128.load(w + i, 16), u1);
    storePair(a + i, m0, m1);
    storePair(b + i, v0, v1);
    storePair(w + i, w0, w1);
  }
}
