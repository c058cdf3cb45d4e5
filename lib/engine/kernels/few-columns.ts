// Convolution onto a few columns, such as the picture at the end of a decoder: sixteen channels at a time are multiplied lane by
// lane and added up at the end. The microkernels would compute sixteen columns and throw most of them away.
import { bytes } from "./control";
import { scratch } from "./pool";
import { storeFour } from "./stores";
import { tapInOrder } from "./window";

/** From this on the microkernels are as fast. */
export const FEW_COLUMNS = 4;

// Scratch memory: the lanes' sums of four pixels.
const LANES: usize = 32768;

/** Filters [taps, …] in the plan's order, [columns][taps][depth]; `step` and `next` floats from one column and one depth to the next. */
export function packFewColumns(plan: usize, filters: usize, weights: usize, taps: i32, depth: i32, columns: i32, step: i32, next: i32): void {
  for (let j = 0; j < columns; j++) {
    for (let place = 0; place < taps; place++) {
      let source = filters + bytes(tapInOrder(plan, place) * depth * columns + j * step);
      for (let d = 0; d < depth; d++) {
        store<f32>(weights, load<f32>(source));
        source += bytes(next);
        weights += 4;
      }
    }
  }
}

/** What a list of pixels meets: runs of neighbouring taps, each `run` bytes long, at offsets in the source and in the weights. */
@unmanaged
export class Runs {
  count: i32;
  run: usize;
}
/** Their offsets in the source and in the weights lie behind, eight bytes each. */
export const MAX_RUNS = 65536;

@inline
export function addRun(runs: Runs, source: usize, weights: usize): void {
  const place = changetype<usize>(runs) + 16 + ((runs.count as usize) << 3);
  store<u32>(place, source as u32);
  store<u32>(place, weights as u32, 4);
  runs.count++;
}

/** target[pixel, column] for `count` pixels, whose addresses in the source and numbers in the target are listed. */
export function convolveFewColumns(
  runs: Runs, sources: usize, targets: usize, count: i32, weights: usize, columnStep: usize, columns: i32, target: usize,
): void {
  const ld = bytes(columns), last = count - 1;
  for (let i = 0; i < count; i += 4) {
    const i1 = min(i + 1, last), i2 = min(i + 2, last), i3 = min(i + 3, last);
    const a0 = load<u32>(sources + bytes(i)) as usize, a1 = load<u32>(sources + bytes(i1)) as usize;
    const a2 = load<u32>(sources + bytes(i2)) as usize, a3 = load<u32>(sources + bytes(i3)) as usize;
    const c0 = target + (load<i32>(targets + bytes(i)) as usize) * ld, c1 = target + (load<i32>(targets + bytes(i1)) as usize) * ld;
    const c2 = target + (load<i32>(targets + bytes(i2)) as usize) * ld, c3 = target + (load<i32>(targets + bytes(i3)) as usize) * ld;
    let w = weights;
    for (let j: usize = 0; j < ld; j += 4) {
      fourPixels(runs, a0, a1, a2, a3, w, c0 + j, c1 + j, c2 + j, c3 + j);
      w += columnStep;
    }
  }
}

function fourPixels(
  runs: Runs, a0: usize, a1: usize, a2: usize, a3: usize, weights: usize, c0: usize, c1: usize, c2: usize, c3: usize,
): void {
  const zero = f32x4.splat(0), run = runs.run, whole = run & ~63, vectors = run & ~15;
  let s00 = zero, s01 = zero, s02 = zero, s03 = zero, s10 = zero, s11 = zero, s12 = zero, s13 = zero;
  let s20 = zero, s21 = zero, s22 = zero, s23 = zero, s30 = zero, s31 = zero, s32 = zero, s33 = zero;
  // What is left of a run, apart: the pass to 256 bits joins only what goes in pairs throughout.
  let e0 = zero, e1 = zero, e2 = zero, e3 = zero, f0: f32 = 0, f1: f32 = 0, f2: f32 = 0, f3: f32 = 0;
  let place = changetype<usize>(runs) + 16;
  for (const stop = place + ((runs.count as usize) << 3); place < stop; place += 8) {
    let x = load<u32>(place) as usize, w = weights + (load<u32>(place, 4) as usize);
    const end = x + run, endOfWhole = x + whole, endOfVectors = x + vectors;
    for (; x < endOfWhole; x += 64) {
      const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32), w3 = v128.load(w, 48);
      const p0 = a0 + x, p1 = a1 + x, p2 = a2 + x, p3 = a3 + x;
      s00 = f32x4.relaxed_madd(v128.load(p0), w0, s00);
      s01 = f32x4.relaxed_madd(v128.load(p0, 16), w1, s01);
      s02 = f32x4.relaxed_madd(v128.load(p0, 32), w2, s02);
      s03 = f32x4.relaxed_madd(v128.load(p0, 48), w3, s03);
      s10 = f32x4.relaxed_madd(v128.load(p1), w0, s10);
      s11 = f32x4.relaxed_madd(v128.load(p1, 16), w1, s11);
      s12 = f32x4.relaxed_madd(v128.load(p1, 32), w2, s12);
      s13 = f32x4.relaxed_madd(v128.load(p1, 48), w3, s13);
      s20 = f32x4.relaxed_madd(v128.load(p2), w0, s20);
      s21 = f32x4.relaxed_madd(v128.load(p2, 16), w1, s21);
      s22 = f32x4.relaxed_madd(v128.load(p2, 32), w2, s22);
      s23 = f32x4.relaxed_madd(v128.load(p2, 48), w3, s23);
      s30 = f32x4.relaxed_madd(v128.load(p3), w0, s30);
      s31 = f32x4.relaxed_madd(v128.load(p3, 16), w1, s31);
      s32 = f32x4.relaxed_madd(v128.load(p3, 32), w2, s32);
      s33 = f32x4.relaxed_madd(v128.load(p3, 48), w3, s33);
      w += 64;
    }
    for (; x < endOfVectors; x += 16) {
      const v = v128.load(w);
      e0 = f32x4.relaxed_madd(v128.load(a0 + x), v, e0);
      e1 = f32x4.relaxed_madd(v128.load(a1 + x), v, e1);
      e2 = f32x4.relaxed_madd(v128.load(a2 + x), v, e2);
      e3 = f32x4.relaxed_madd(v128.load(a3 + x), v, e3);
      w += 16;
    }
    for (; x < end; x += 4) {
      const v = load<f32>(w);
      f0 += load<f32>(a0 + x) * v;
      f1 += load<f32>(a1 + x) * v;
      f2 += load<f32>(a2 + x) * v;
      f3 += load<f32>(a3 + x) * v;
      w += 4;
    }
  }
  const at = scratch + LANES;
  storeFour(at, s00, s01, s02, s03);
  storeFour(at + 64, s10, s11, s12, s13);
  storeFour(at + 128, s20, s21, s22, s23);
  storeFour(at + 192, s30, s31, s32, s33);
  const t0 = lanes(at, e0), t1 = lanes(at + 64, e1), t2 = lanes(at + 128, e2), t3 = lanes(at + 192, e3);
  // Their lanes across: [Σ t0, Σ t1, Σ t2, Σ t3].
  const low = f32x4.add(v128.shuffle<f32>(t0, t1, 0, 4, 1, 5), v128.shuffle<f32>(t0, t1, 2, 6, 3, 7));
  const high = f32x4.add(v128.shuffle<f32>(t2, t3, 0, 4, 1, 5), v128.shuffle<f32>(t2, t3, 2, 6, 3, 7));
  const sums = f32x4.add(v128.shuffle<f32>(low, high, 0, 1, 4, 5), v128.shuffle<f32>(low, high, 2, 3, 6, 7));
  // The last first: those behind the end of the list are the last pixel again.
  store<f32>(c3, f32x4.extract_lane(sums, 3) + f3);
  store<f32>(c2, f32x4.extract_lane(sums, 2) + f2);
  store<f32>(c1, f32x4.extract_lane(sums, 1) + f1);
  store<f32>(c0, f32x4.extract_lane(sums, 0) + f0);
}

@inline
function lanes(at: usize, more: v128): v128 {
  return f32x4.add(f32x4.add(f32x4.add(v128.load(at), v128.load(at, 16)), f32x4.add(v128.load(at, 32), v128.load(at, 48))), more);
}
