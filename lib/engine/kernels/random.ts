// Random numbers from a counter: Philox 4×32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
// Element i depends on the key (seed, stream) and on i alone, so any thread can make any part.
import { chunkSize } from "./elementwise";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { DROPOUT, NORMAL, UNIFORM } from "./tasks";
import { cosOfTurn4, log4, sinOfTurn4 } from "./vector-math";

const MULTIPLIER0: u64 = 0xd2511f53;
const MULTIPLIER1: u64 = 0xcd9e8d57;
const WEYL0: u32 = 0x9e3779b9;
const WEYL1: u32 = 0xbb67ae85;
const TO_UNIT: f32 = 5.9604644775390625e-8; // 2⁻²⁴

@unmanaged
class RandomTask {
  x: usize;
  out: usize;
  n: i32;
  chunk: i32;
  a: f32;
  b: f32;
  seed: u32;
  stream: u32;
}

/** Four 32-bit numbers of block `counter`, stored at out. */
@inline
function philox(counter: u32, seed: u32, stream: u32, out: usize): void {
  let c0 = counter, c1: u32 = 0, c2: u32 = 0, c3: u32 = 0, k0 = seed, k1 = stream;
  for (let round = 0; round < 10; round++) {
    const p0 = MULTIPLIER0 * (c0 as u64), p1 = MULTIPLIER1 * (c2 as u64);
    c0 = ((p1 >> 32) as u32) ^ c1 ^ k0;
    c1 = p1 as u32;
    c2 = ((p0 >> 32) as u32) ^ c3 ^ k1;
    c3 = p0 as u32;
    k0 += WEYL0;
    k1 += WEYL1;
  }
  store<u32>(out, c0);
  store<u32>(out, c1, 4);
  store<u32>(out, c2, 8);
  store<u32>(out, c3, 12);
}

/** Four raw blocks, for comparison with published values. */
export function philoxBlock(counter: u32, seed: u32, stream: u32, out: usize): void {
  begin();
  philox(counter, seed, stream, out);
}

// The upper 24 bits as a float in [0, 1).
@inline
function unit4(bits: usize): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(v128.load(bits), 8)), f32x4.splat(TO_UNIT));
}

function start(id: i32, x: usize, out: usize, n: i32, a: f32, b: f32, seed: u32, stream: u32): void {
  begin();
  const t = changetype<RandomTask>(ARGUMENTS);
  t.x = x;
  t.out = out;
  t.n = n;
  // A multiple of eight, so that every chunk starts with a block of the counter.
  t.chunk = n <= 16384 ? max(n, 1) : min(chunkSize(n), max(8192, (divideUp(n, 32768) + 15) & ~15));
  t.a = a;
  t.b = b;
  t.seed = seed;
  t.stream = stream;
  parallel(id, divideUp(n, t.chunk), (n as f64) > WORTH_WAKING / 64);
}

export function randomUniform(out: usize, n: i32, low: f32, high: f32, seed: u32, stream: u32): void {
  start(UNIFORM, 0, out, n, low, high, seed, stream);
}

export function randomNormal(out: usize, n: i32, mean: f32, std: f32, seed: u32, stream: u32): void {
  start(NORMAL, 0, out, n, mean, std, seed, stream);
}

export function dropout(x: usize, y: usize, n: i32, rate: f32, seed: u32, stream: u32): void {
  start(DROPOUT, x, y, n, rate, 0, seed, stream);
}

// Stores up to four floats.
@inline
function put(out: usize, v: v128, count: i32): void {
  if (count >= 4) v128.store(out, v);
  else {
    v128.store(scratch + 64, v);
    memory.copy(out, scratch + 64, bytes(count));
  }
}

export function uniformChunk(chunk: i32): void {
  const t = changetype<RandomTask>(ARGUMENTS), last = min(t.n, (chunk + 1) * t.chunk);
  const low = f32x4.splat(t.a), range = f32x4.splat(t.b - t.a), high = t.b;
  // Rounding may reach `high` itself: the next float below takes its place.
  const below = f32x4.splat(t.b > t.a ? reinterpret<f32>(reinterpret<i32>(high) + (high > 0 ? -1 : high < 0 ? 1 : 0)) : high);
  const guard = t.b > t.a && high != 0;
  for (let i = chunk * t.chunk; i < last; i += 4) {
    philox((i >> 2) as u32, t.seed, t.stream, scratch);
    let v = f32x4.add(f32x4.mul(unit4(scratch), range), low);
    if (guard) v = f32x4.pmin(v, below);
    put(t.out + bytes(i), v, last - i);
  }
}

/** Box and Muller: two uniform numbers give two normal ones; blocks of eight, the first four the cosines, the last the sines. */
export function normalChunk(chunk: i32): void {
  const t = changetype<RandomTask>(ARGUMENTS), last = min(t.n, (chunk + 1) * t.chunk);
  const mean = f32x4.splat(t.a), std = f32x4.splat(t.b), half = f32x4.splat(TO_UNIT / 2);
  for (let i = chunk * t.chunk; i < last; i += 8) {
    philox((i >> 2) as u32, t.seed, t.stream, scratch);
    philox(((i >> 2) + 1) as u32, t.seed, t.stream, scratch + 16);
    // Half a step away from zero: the logarithm stays finite.
    const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), log4(f32x4.add(unit4(scratch), half))));
    const turn = unit4(scratch + 16);
    put(t.out + bytes(i), f32x4.add(f32x4.mul(f32x4.mul(radius, cosOfTurn4(turn)), std), mean), last - i);
    if (last - i > 4) put(t.out + bytes(i + 4), f32x4.add(f32x4.mul(f32x4.mul(radius, sinOfTurn4(turn)), std), mean), last - i - 4);
  }
}

export function dropoutChunk(chunk: i32): void {
  const t = changetype<RandomTask>(ARGUMENTS), last = min(t.n, (chunk + 1) * t.chunk);
  const rate = f32x4.splat(t.a), factor = f32x4.splat(t.a < 1 ? 1 / (1 - t.a) : 0);
  for (let i = chunk * t.chunk; i < last; i += 4) {
    philox((i >> 2) as u32, t.seed, t.stream, scratch);
    const kept = f32x4.ge(unit4(scratch), rate), count = last - i;
    let v: v128;
    if (count >= 4) v = v128.load(t.x + bytes(i));
    else {
      memory.copy(scratch + 64, t.x + bytes(i), bytes(count));
      v = v128.load(scratch + 64);
    }
    put(t.out + bytes(i), v128.and(f32x4.mul(v, factor), kept), count);
  }
}
