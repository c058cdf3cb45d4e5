// Max pooling over [batch, height, width, channels]. Cells of the padding never win; of equal values the first takes the
// gradient. Chunks are images, or rows of images where windows do not overlap.
import { ARGUMENTS, bytes } from "./control";
import { begin, parallel, WORTH_WAKING } from "./pool";
import { MAX_POOL, MAX_POOL_GRADIENT } from "./tasks";

@unmanaged
class PoolTask {
  x: usize;
  y: usize;
  dy: usize;
  dx: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  poolHeight: i32;
  poolWidth: i32;
  strideY: i32;
  strideX: i32;
  top: i32;
  left: i32;
  outHeight: i32;
  outWidth: i32;
  relu: i32;
  chunks: i32;
}

function start(
  id: i32, x: usize, y: usize, dy: usize, dx: usize, batch: i32, height: i32, width: i32, channels: i32,
  poolHeight: i32, poolWidth: i32, strideY: i32, strideX: i32, top: i32, left: i32, outHeight: i32, outWidth: i32, relu: i32,
): void {
  begin();
  const t = changetype<PoolTask>(ARGUMENTS), size = (batch as f64) * (height as f64) * (width as f64) * (channels as f64);
  t.x = x;
  t.y = y;
  t.dy = dy;
  t.dx = dx;
  t.batch = batch;
  t.height = height;
  t.width = width;
  t.channels = channels;
  t.poolHeight = poolHeight;
  t.poolWidth = poolWidth;
  t.strideY = strideY;
  t.strideX = strideX;
  t.top = top;
  t.left = left;
  t.outHeight = outHeight;
  t.outWidth = outWidth;
  t.relu = relu;
  t.chunks = size < 16384 ? 1 : min(batch, 32);
  parallel(id, t.chunks, size > WORTH_WAKING / 8);
}

export function maxPool(
  x: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, poolHeight: i32, poolWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, outHeight: i32, outWidth: i32,
): void {
  start(MAX_POOL, x, y, 0, 0, batch, height, width, channels, poolHeight, poolWidth, strideY, strideX, top, left, outHeight, outWidth, 0);
}

export function maxPoolGradient(
  x: usize, y: usize, dy: usize, dx: usize, batch: i32, height: i32, width: i32, channels: i32, poolHeight: i32, poolWidth: i32,
  strideY: i32, strideX: i32, top: i32, left: i32, outHeight: i32, outWidth: i32, relu: i32,
): void {
  start(MAX_POOL_GRADIENT, x, y, dy, dx, batch, height, width, channels, poolHeight, poolWidth, strideY, strideX, top, left, outHeight, outWidth, relu);
}

// 2×2 windows side by side that lie within the image.
@inline
function isHalving(t: PoolTask): bool {
  return t.poolHeight == 2 && t.poolWidth == 2 && t.strideY == 2 && t.strideX == 2 && t.top == 0 && t.left == 0 &&
    t.outHeight * 2 <= t.height && t.outWidth * 2 <= t.width;
}

@inline
function maximum(a: v128, b: v128): v128 {
  return f32x4.pmax(a, b);
}

export function maxPoolChunk(chunk: i32): void {
  const t = changetype<PoolTask>(ARGUMENTS), halving = isHalving(t);
  const last = ((chunk as i64 + 1) * (t.batch as i64) / t.chunks) as i32;
  for (let image = ((chunk as i64) * (t.batch as i64) / t.chunks) as i32; image < last; image++) {
    for (let oy = 0; oy < t.outHeight; oy++) {
      if (halving) halveRow(t, image, oy);
      else for (let ox = 0; ox < t.outWidth; ox++) poolWindow(t, image, oy, ox);
    }
  }
}

function halveRow(t: PoolTask, image: i32, oy: i32): void {
  const pixel = bytes(t.channels), row = bytes(t.width * t.channels), vectors = pixel & ~31;
  let x = t.x + ((image * t.height + 2 * oy) as usize) * row, y = t.y + ((image * t.outHeight + oy) as usize) * bytes(t.outWidth * t.channels);
  for (let ox = t.outWidth; ox > 0; ox--) {
    let i: usize = 0;
    for (; i < vectors; i += 32) {
      const p = x + i, q = p + row;
      const a0 = v128.load(p), a1 = v128.load(p, 16), b0 = v128.load(p + pixel), b1 = v128.load(p + pixel, 16);
      const c0 = v128.load(q), c1 = v128.load(q, 16), d0 = v128.load(q + pixel), d1 = v128.load(q + pixel, 16);
      const m0 = maximum(maximum(a0, b0), maximum(c0, d0)), m1 = maximum(maximum(a1, b1), maximum(c1, d1));
      v128.store(y + i, m0);
      v128.store(y + i, m1, 16);
    }
    for (; i < pixel; i += 4) {
      const p = x + i, q = p + row;
      const m = maximum(
        maximum(v128.load32_splat(p), v128.load32_splat(p + pixel)), maximum(v128.load32_splat(q), v128.load32_splat(q + pixel)));
      v128.store32_lane(y + i, m, 0);
    }
    x += 2 * pixel;
    y += pixel;
  }
}

// Bounds of a window within the image.
@inline
function firstOf(o: i32, stride: i32, before: i32): i32 {
  return max(0, o * stride - before);
}

@inline
function lastOf(o: i32, stride: i32, before: i32, pool: i32, size: i32): i32 {
  return min(size, o * stride - before + pool);
}

function poolWindow(t: PoolTask, image: i32, oy: i32, ox: i32): void {
  const pixel = bytes(t.channels), row = bytes(t.width * t.channels);
  const y0 = firstOf(oy, t.strideY, t.top), y1 = lastOf(oy, t.strideY, t.top, t.poolHeight, t.height);
  const x0 = firstOf(ox, t.strideX, t.left), x1 = lastOf(ox, t.strideX, t.left, t.poolWidth, t.width);
  const base = t.x + ((image * t.height) as usize) * row;
  const target = t.y + (((image * t.outHeight + oy) * t.outWidth + ox) as usize) * pixel;
  let i: usize = 0;
  for (; i + 16 <= pixel; i += 16) {
    let m = f32x4.splat(-Infinity);
    for (let iy = y0; iy < y1; iy++) {
      for (let ix = x0; ix < x1; ix++) m = maximum(m, v128.load(base + (iy as usize) * row + (ix as usize) * pixel + i));
    }
    v128.store(target + i, m);
  }
  for (; i < pixel; i += 4) {
    let m: f32 = -Infinity;
    for (let iy = y0; iy < y1; iy++) {
      for (let ix = x0; ix < x1; ix++) {
        const v = load<f32>(base + (iy as usize) * row + (ix as usize) * pixel + i);
        m = m < v ? v : m;
      }
    }
    store<f32>(target + i, m);
  }
}

// ---- gradient

export function maxPoolGradientChunk(chunk: i32): void {
  const t = changetype<PoolTask>(ARGUMENTS), halving = isHalving(t);
  const imageBytes = bytes(t.height * t.width * t.channels);
  const last = ((chunk as i64 + 1) * (t.batch as i64) / t.chunks) as i32;
  for (let image = ((chunk as i64) * (t.batch as i64) / t.chunks) as i32; image < last; image++) {
    if (halving) {
      for (let oy = 0; oy < t.outHeight; oy++) spreadRow(t, image, oy);
      clearBelow(t, image);
      continue;
    }
    memory.fill(t.dx + (image as usize) * imageBytes, 0, imageBytes);
    for (let oy = 0; oy < t.outHeight; oy++) {
      for (let ox = 0; ox < t.outWidth; ox++) spreadWindow(t, image, oy, ox);
    }
  }
}

// The gradient of one output row into its two input rows, the first of equal maxima taking it.
function spreadRow(t: PoolTask, image: i32, oy: i32): void {
  const pixel = bytes(t.channels), row = bytes(t.width * t.channels), vectors = pixel & ~31, zero = f32x4.splat(0);
  const start = ((image * t.height + 2 * oy) as usize) * row, outStart = ((image * t.outHeight + oy) as usize) * bytes(t.outWidth * t.channels);
  const low = f32x4.splat(t.relu ? 0 : -Infinity), masked = t.relu != 0;
  let x = t.x + start, dx = t.dx + start, y = t.y + outStart, dy = t.dy + outStart;
  for (let ox = t.outWidth; ox > 0; ox--) {
    let i: usize = 0;
    for (; i < vectors; i += 32) {
      const p = x + i, q = p + row, d = dx + i, e = d + row;
      const m0 = v128.load(y + i), m1 = v128.load(y + i, 16);
      let g0 = v128.load(dy + i), g1 = v128.load(dy + i, 16);
      if (masked) {
        g0 = v128.and(g0, f32x4.gt(m0, low));
        g1 = v128.and(g1, f32x4.gt(m1, low));
      }
      const a0 = f32x4.eq(v128.load(p), m0), a1 = f32x4.eq(v128.load(p, 16), m1);
      const b0 = f32x4.eq(v128.load(p + pixel), m0), b1 = f32x4.eq(v128.load(p + pixel, 16), m1);
      const c0 = f32x4.eq(v128.load(q), m0), c1 = f32x4.eq(v128.load(q, 16), m1);
      const r00 = v128.and(g0, a0), r01 = v128.and(g1, a1);
      g0 = v128.andnot(g0, a0);
      g1 = v128.andnot(g1, a1);
      const r10 = v128.and(g0, b0), r11 = v128.and(g1, b1);
      g0 = v128.andnot(g0, b0);
      g1 = v128.andnot(g1, b1);
      const r20 = v128.and(g0, c0), r21 = v128.and(g1, c1);
      // What is left belongs to the fourth: the maximum is one of the four.
      g0 = v128.andnot(g0, c0);
      g1 = v128.andnot(g1, c1);
      v128.store(d, r00);
      v128.store(d, r01, 16);
      v128.store(d + pixel, r10);
      v128.store(d + pixel, r11, 16);
      v128.store(e, r20);
      v128.store(e, r21, 16);
      v128.store(e + pixel, g0);
      v128.store(e + pixel, g1, 16);
    }
    for (; i < pixel; i += 4) {
      const p = x + i, q = p + row, d = dx + i, e = d + row, m = load<f32>(y + i);
      const none: f32 = 0, g: f32 = masked && !(m > 0) ? none : load<f32>(dy + i);
      const first = load<f32>(p) == m ? 0 : load<f32>(p + pixel) == m ? 1 : load<f32>(q) == m ? 2 : 3;
      store<f32>(d, first == 0 ? g : none);
      store<f32>(d + pixel, first == 1 ? g : none);
      store<f32>(e, first == 2 ? g : none);
      store<f32>(e + pixel, first == 3 ? g : none);
    }
    x += 2 * pixel;
    dx += 2 * pixel;
    y += pixel;
    dy += pixel;
  }
  const rest = ((t.width - 2 * t.outWidth) as usize) * pixel;
  if (rest) {
    memory.fill(dx, 0, rest);
    memory.fill(dx + row, 0, rest);
  }
}

function clearBelow(t: PoolTask, image: i32): void {
  const row = bytes(t.width * t.channels), rows = t.height - 2 * t.outHeight;
  if (rows > 0) memory.fill(t.dx + ((image * t.height + 2 * t.outHeight) as usize) * row, 0, (rows as usize) * row);
}

function spreadWindow(t: PoolTask, image: i32, oy: i32, ox: i32): void {
  const pixel = bytes(t.channels), row = bytes(t.width * t.channels);
  const y0 = firstOf(oy, t.strideY, t.top), y1 = lastOf(oy, t.strideY, t.top, t.poolHeight, t.height);
  const x0 = firstOf(ox, t.strideX, t.left), x1 = lastOf(ox, t.strideX, t.left, t.poolWidth, t.width);
  const base = ((image * t.height) as usize) * row, out = (((image * t.outHeight + oy) * t.outWidth + ox) as usize) * pixel;
  for (let i: usize = 0; i < pixel; i += 4) {
    const m = load<f32>(t.y + out + i);
    if (t.relu && !(m > 0)) continue;
    let found = false;
    for (let iy = y0; iy < y1 && !found; iy++) {
      for (let ix = x0; ix < x1 && !found; ix++) {
        const place = base + (iy as usize) * row + (ix as usize) * pixel + i;
        if (load<f32>(t.x + place) != m) continue;
        store<f32>(t.dx + place, load<f32>(t.dx + place) + load<f32>(t.dy + out + i));
        found = true;
      }
    }
  }
}
