// Depthwise convolution, every channel with filters of its own, and the sums of windows that average pooling is made of:
// the same walk, with products or without. What meets what is in the plan, so one kernel serves both directions.
import { addBiasAndRelu } from "./tile-output";
import { ARGUMENTS, bytes } from "./control";
import { begin, parallel, WORTH_WAKING } from "./pool";
import { sumParts } from "./parts";
import { storeEight } from "./stores";
import { DEPTHWISE, DEPTHWISE_GRADIENT } from "./tasks";
import {
  Axis, axisOf, Cell, cellAt, classPhase, classStart, endTap, firstTap, Geometry, origin, phaseTaps, PlanAxis, planAxis, regionStart, tapInOrder,
} from "./window";

/** Filters [taps, channels] with their taps in the plan's order. */
export function orderTaps(geometry: usize, plan: usize, filters: usize, ordered: usize): void {
  const row = bytes(changetype<Geometry>(geometry).channels);
  const taps = axisOf(geometry, 0).window * axisOf(geometry, 1).window * axisOf(geometry, 2).window;
  for (let place = 0; place < taps; place++) {
    memory.copy(ordered + (place as usize) * row, filters + (tapInOrder(plan, place) as usize) * row, row);
  }
}

@unmanaged
class DepthwiseTask {
  plan: usize;
  source: usize;
  /** Filters in the plan's order; 0: plain sums, times `scale`. */
  filters: usize;
  target: usize;
  batch: i32;
  channels: i32;
  scale: f32;
  bias: usize;
  relu: i32;
  rows: i32;
  chunks: i32;
}

/** target[p, c] = scale · Σ source[p + tap, c] · filters[tap, c]; then bias and relu. */
export function depthwise(geometry: usize, plan: usize, source: usize, filters: usize, target: usize, scale: f32, bias: usize, relu: i32): void {
  const g = changetype<Geometry>(geometry), width = planAxis(plan, 2).targets;
  const rows = g.batch * planAxis(plan, 0).targets * planAxis(plan, 1).targets;
  if (rows <= 0 || width <= 0 || g.channels <= 0) return;
  begin();
  const t = changetype<DepthwiseTask>(ARGUMENTS);
  t.plan = plan;
  t.source = source;
  t.filters = filters;
  t.target = target;
  t.batch = g.batch;
  t.channels = g.channels;
  t.scale = scale;
  t.bias = bias;
  t.relu = relu;
  t.rows = rows;
  const taps = axisOf(geometry, 0).window * axisOf(geometry, 1).window * axisOf(geometry, 2).window;
  const work = (rows as f64) * (width as f64) * (g.channels as f64) * (taps as f64);
  t.chunks = work < 65536 ? 1 : min(rows, 32);
  parallel(DEPTHWISE, t.chunks, work > WORTH_WAKING / 4);
}

export function depthwiseChunk(chunk: i32): void {
  const t = changetype<DepthwiseTask>(ARGUMENTS), plan = t.plan;
  const az = planAxis(plan, 0), ay = planAxis(plan, 1), ax = planAxis(plan, 2);
  const first = ((chunk as i64) * (t.rows as i64) / t.chunks) as i32, last = ((chunk as i64 + 1) * (t.rows as i64) / t.chunks) as i32;
  // Cells stand in the order of their classes: the row of the target is what decides whether this chunk computes them.
  for (let b = first / (az.targets * ay.targets); b < t.batch && b * az.targets * ay.targets < last; b++) {
    for (let cz = 0; cz < az.classes; cz++) {
      for (let i = classStart(plan, az, cz); i < classStart(plan, az, cz + 1); i++) {
        const z = cellAt(plan, az, i);
        for (let cy = 0; cy < ay.classes; cy++) {
          for (let j = classStart(plan, ay, cy); j < classStart(plan, ay, cy + 1); j++) {
            const y = cellAt(plan, ay, j), row = (b * az.targets + z.target) * ay.targets + y.target;
            if (row < first || row >= last) continue;
            depthwiseRow(t, b, z, y, classPhase(plan, az, cz), classPhase(plan, ay, cy), row * ax.targets);
          }
        }
      }
    }
  }
}

function depthwiseRow(t: DepthwiseTask, image: i32, z: Cell, y: Cell, phaseZ: i32, phaseY: i32, firstTarget: i32): void {
  const plan = t.plan, az = planAxis(plan, 0), ay = planAxis(plan, 1), ax = planAxis(plan, 2), pixel = bytes(t.channels);
  const rowBytes = (ax.sources as usize) * pixel, row = ((image * az.sources + z.source) * ay.sources + y.source) as usize;
  const stepY = (ay.step as usize) * rowBytes, stepZ = (az.step as usize) * (ay.sources as usize) * rowBytes;
  const ny = phaseTaps(plan, ay, phaseY);
  for (let c = 0; c < ax.classes; c++) {
    const phaseX = classPhase(plan, ax, c), nx = phaseTaps(plan, ax, phaseX);
    const region = regionStart(plan, phaseZ, phaseY, phaseX) + (z.first * ny + y.first) * nx;
    for (let i = classStart(plan, ax, c); i < classStart(plan, ax, c + 1); i++) {
      const x = cellAt(plan, ax, i);
      const source = t.source + row * rowBytes + (x.source as usize) * pixel, target = t.target + ((firstTarget + x.target) as usize) * pixel;
      const filters = t.filters ? t.filters + ((region + x.first) as usize) * pixel : 0;
      pixelSums(
        source, filters, target, pixel, t.scale, z.count, y.count, x.count, stepZ, stepY, (ax.step as usize) * pixel,
        ((ny * nx) as usize) * pixel, (nx as usize) * pixel,
      );
    }
  }
  if (t.bias || t.relu) addBiasAndRelu(t.target, pixel, firstTarget, firstTarget + ax.targets, 0, t.channels, t.bias, t.relu);
}

// All taps of one pixel, 32 channels at a time: so many sums side by side hide the time that each addition takes.
function pixelSums(
  source: usize, filters: usize, target: usize, pixel: usize, scale: f32, nz: i32, ny: i32, nx: i32,
  stepZ: usize, stepY: usize, stepX: usize, filterZ: usize, filterY: usize,
): void {
  let c: usize = 0;
  for (; c + 128 <= pixel; c += 128) {
    if (filters) channelSums(true, true, source + c, filters + c, target + c, pixel, scale, nz, ny, nx, stepZ, stepY, stepX, filterZ, filterY);
    else channelSums(true, false, source + c, 0, target + c, pixel, scale, nz, ny, nx, stepZ, stepY, stepX, 0, 0);
  }
  for (; c + 32 <= pixel; c += 32) {
    if (filters) channelSums(false, true, source + c, filters + c, target + c, pixel, scale, nz, ny, nx, stepZ, stepY, stepX, filterZ, filterY);
    else channelSums(false, false, source + c, 0, target + c, pixel, scale, nz, ny, nx, stepZ, stepY, stepX, 0, 0);
  }
  for (; c < pixel; c += 4) {
    let sum: f32 = 0;
    for (let i = 0; i < nz; i++) {
      for (let j = 0; j < ny; j++) {
        let p = source + c + (i as usize) * stepZ + (j as usize) * stepY;
        let q = filters + c + (i as usize) * filterZ + (j as usize) * filterY;
        for (let k = 0; k < nx; k++) {
          sum += filters ? load<f32>(p) * load<f32>(q) : load<f32>(p);
          p += stepX;
          q += pixel;
        }
      }
    }
    store<f32>(target + c, sum * scale);
  }
}

// 32 channels (or 8), with products (or without): constants at each call.
@inline
function channelSums(
  wide: bool, weighted: bool, source: usize, filters: usize, target: usize, pixel: usize, scale: f32, nz: i32, ny: i32, nx: i32,
  stepZ: usize, stepY: usize, stepX: usize, filterZ: usize, filterY: usize,
): void {
  const zero = f32x4.splat(0), factor = f32x4.splat(scale);
  let s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
  for (let i = 0; i < nz; i++) {
    for (let j = 0; j < ny; j++) {
      let p = source + (i as usize) * stepZ + (j as usize) * stepY;
      let q = filters + (i as usize) * filterZ + (j as usize) * filterY;
      for (let k = 0; k < nx; k++) {
        s0 = weighted ? f32x4.relaxed_madd(v128.load(p), v128.load(q), s0) : f32x4.add(s0, v128.load(p));
        s1 = weighted ? f32x4.relaxed_madd(v128.load(p, 16), v128.load(q, 16), s1) : f32x4.add(s1, v128.load(p, 16));
        if (wide) {
          s2 = weighted ? f32x4.relaxed_madd(v128.load(p, 32), v128.load(q, 32), s2) : f32x4.add(s2, v128.load(p, 32));
          s3 = weighted ? f32x4.relaxed_madd(v128.load(p, 48), v128.load(q, 48), s3) : f32x4.add(s3, v128.load(p, 48));
          s4 = weighted ? f32x4.relaxed_madd(v128.load(p, 64), v128.load(q, 64), s4) : f32x4.add(s4, v128.load(p, 64));
          s5 = weighted ? f32x4.relaxed_madd(v128.load(p, 80), v128.load(q, 80), s5) : f32x4.add(s5, v128.load(p, 80));
          s6 = weighted ? f32x4.relaxed_madd(v128.load(p, 96), v128.load(q, 96), s6) : f32x4.add(s6, v128.load(p, 96));
          s7 = weighted ? f32x4.relaxed_madd(v128.load(p, 112), v128.load(q, 112), s7) : f32x4.add(s7, v128.load(p, 112));
        }
        p += stepX;
        if (weighted) q += pixel;
      }
    }
  }
  s0 = f32x4.mul(s0, factor);
  s1 = f32x4.mul(s1, factor);
  if (wide) {
    s2 = f32x4.mul(s2, factor);
    s3 = f32x4.mul(s3, factor);
    s4 = f32x4.mul(s4, factor);
    s5 = f32x4.mul(s5, factor);
    s6 = f32x4.mul(s6, factor);
    s7 = f32x4.mul(s7, factor);
  }
  if (wide) storeEight(target, s0, s1, s2, s3, s4, s5, s6, s7);
  else {
    v128.store(target, s0);
    v128.store(target, s1, 16);
  }
}

// ---- the gradient for the filters

/** Parts into which the sum over the batch is cut, whatever the number of threads. */
const PARTS = 8;

@unmanaged
class DepthwiseGradientTask {
  geometry: usize;
  x: usize;
  dy: usize;
  sums: usize;
}

/** dw[tap, c] = Σ x[p + tap, c] · dy[p, c]. workspace: 8 · taps · channels floats. */
export function depthwiseFilterGradient(geometry: usize, x: usize, dy: usize, dw: usize, workspace: usize): void {
  const g = changetype<Geometry>(geometry);
  const taps = axisOf(geometry, 0).window * axisOf(geometry, 1).window * axisOf(geometry, 2).window;
  const pixels = (g.batch as f64) * (axisOf(geometry, 0).positions as f64) * (axisOf(geometry, 1).positions as f64) * (axisOf(geometry, 2).positions as f64);
  if (taps * g.channels <= 0) return;
  begin();
  const t = changetype<DepthwiseGradientTask>(ARGUMENTS);
  t.geometry = geometry;
  t.x = x;
  t.dy = dy;
  t.sums = workspace;
  parallel(DEPTHWISE_GRADIENT, PARTS, pixels * ((taps * g.channels) as f64) > WORTH_WAKING / 4);
  sumParts(workspace, PARTS, dw, taps * g.channels);
}

export function depthwiseGradientChunk(part: i32): void {
  const t = changetype<DepthwiseGradientTask>(ARGUMENTS), g = changetype<Geometry>(t.geometry);
  const az = axisOf(t.geometry, 0), ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2), pixel = bytes(g.channels);
  const taps = az.window * ay.window * ax.window, sums = t.sums + (part as usize) * (taps as usize) * pixel;
  memory.fill(sums, 0, (taps as usize) * pixel);
  const rows = g.batch * az.positions * ay.positions;
  const last = ((part as i64 + 1) * (rows as i64) / PARTS) as i32;
  for (let row = ((part as i64) * (rows as i64) / PARTS) as i32; row < last; row++) {
    const slice = row / ay.positions, oy = row - slice * ay.positions, b = slice / az.positions, oz = slice - b * az.positions;
    const dy = t.dy + ((row * ax.positions) as usize) * pixel;
    for (let kz = firstTap(az, oz); kz < endTap(az, oz); kz++) {
      for (let ky = firstTap(ay, oy); ky < endTap(ay, oy); ky++) {
        const line = ((b * az.length + origin(az, oz) + kz * az.dilation) * ay.length + origin(ay, oy) + ky * ay.dilation) * ax.length;
        for (let kx = 0; kx < ax.window; kx++) {
          // Positions whose window has this tap inside the row.
          const shift = kx * ax.dilation - ax.before;
          const from = shift >= 0 ? 0 : (-shift + ax.stride - 1) / ax.stride;
          const room = ax.length - 1 - shift, end = room < 0 ? 0 : min(ax.positions, room / ax.stride + 1);
          if (end <= from) continue;
          const x = t.x + ((line + from * ax.stride + shift) as usize) * pixel;
          const sum = sums + (((kz * ay.window + ky) * ax.window + kx) as usize) * pixel;
          addProducts(sum, x, dy + (from as usize) * pixel, pixel, (ax.stride as usize) * pixel, end - from);
        }
      }
    }
  }
}

// sum[c] += Σ x · dy over `count` pixels.
function addProducts(sum: usize, x: usize, dy: usize, pixel: usize, step: usize, count: i32): void {
  let c: usize = 0;
  for (; c + 128 <= pixel; c += 128) {
    let p = x + c, q = dy + c;
    const at = sum + c;
    let s0 = v128.load(at), s1 = v128.load(at, 16), s2 = v128.load(at, 32), s3 = v128.load(at, 48);
    let s4 = v128.load(at, 64), s5 = v128.load(at, 80), s6 = v128.load(at, 96), s7 = v128.load(at, 112);
    for (let i = 0; i < count; i++) {
      s0 = f32x4.relaxed_madd(v128.load(p), v128.load(q), s0);
      s1 = f32x4.relaxed_madd(v128.load(p, 16), v128.load(q, 16), s1);
      s2 = f32x4.relaxed_madd(v128.load(p, 32), v128.load(q, 32), s2);
      s3 = f32x4.relaxed_madd(v128.load(p, 48), v128.load(q, 48), s3);
      s4 = f32x4.relaxed_madd(v128.load(p, 64), v128.load(q, 64), s4);
      s5 = f32x4.relaxed_madd(v128.load(p, 80), v128.load(q, 80), s5);
      s6 = f32x4.relaxed_madd(v128.load(p, 96), v128.load(q, 96), s6);
      s7 = f32x4.relaxed_madd(v128.load(p, 112), v128.load(q, 112), s7);
      p += step;
      q += pixel;
    }
    storeEight(at, s0, s1, s2, s3, s4, s5, s6, s7);
  }
  for (; c + 32 <= pixel; c += 32) {
    let s0 = v128.load(sum + c), s1 = v128.load(sum + c, 16), p = x + c, q = dy + c;
    for (let i = 0; i < count; i++) {
      s0 = f32x4.relaxed_madd(v128.load(p), v128.load(q), s0);
      s1 = f32x4.relaxed_madd(v128.load(p, 16), v128.load(q, 16), s1);
      p += step;
      q += pixel;
    }
    v128.store(sum + c, s0);
    v128.store(sum + c, s1, 16);
  }
  for (; c < pixel; c += 4) {
    let s = load<f32>(sum + c), p = x + c, q = dy + c;
    for (let i = 0; i < count; i++) {
      s += load<f32>(p) * load<f32>(q);
      p += step;
      q += pixel;
    }
    store<f32>(sum + c, s);
  }
}
