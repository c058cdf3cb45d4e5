// Max pooling over [batch, depth, height, width, channels]. Cells of the padding never win; NaN wins over all; of equal values
// the first takes the gradient. Chunks are images, so that overlapping windows never meet across threads.
import { ARGUMENTS, bytes } from "./control";
import { begin, parallel, WORTH_WAKING } from "./pool";
import { MAX_POOL, MAX_POOL_GRADIENT, MAX_POOL_WINNERS } from "./tasks";
import { Axis, axisOf, endTap, firstTap, Geometry, origin } from "./window";

@unmanaged
class PoolTask {
  geometry: usize;
  x: usize;
  y: usize;
  dy: usize;
  dx: usize;
  relu: i32;
  chunks: i32;
}

function start(id: i32, geometry: usize, x: usize, y: usize, dy: usize, dx: usize, relu: i32): void {
  const g = changetype<Geometry>(geometry), az = axisOf(geometry, 0), ay = axisOf(geometry, 1), ax = axisOf(geometry, 2);
  const size = (g.batch as f64) * (g.channels as f64) * max(
    (az.length as f64) * (ay.length as f64) * (ax.length as f64),
    (az.positions as f64) * (ay.positions as f64) * (ax.positions as f64) * (az.window as f64) * (ay.window as f64) * (ax.window as f64),
  );
  begin();
  const t = changetype<PoolTask>(ARGUMENTS);
  t.geometry = geometry;
  t.x = x;
  t.y = y;
  t.dy = dy;
  t.dx = dx;
  t.relu = relu;
  t.chunks = size < 16384 ? min(g.batch, 1) : min(g.batch, 32);
  parallel(id, t.chunks, size > WORTH_WAKING / 8);
}

export function maxPool(geometry: usize, x: usize, y: usize): void {
  start(MAX_POOL, geometry, x, y, 0, 0, 0);
}

/** dx = gradient for x. relu: x came out of a relu, whose gradient is taken back on the way. */
export function maxPoolGradient(geometry: usize, x: usize, y: usize, dy: usize, dx: usize, relu: i32): void {
  start(MAX_POOL_GRADIENT, geometry, x, y, dy, dx, relu);
}

/** winners: for each element of y (what maxPool gave) the index of the element of x that it is. */
export function maxPoolWinners(geometry: usize, x: usize, y: usize, winners: usize): void {
  start(MAX_POOL_WINNERS, geometry, x, y, winners, 0, 0);
}

// 2×2 windows side by side that lie within the image.
@inline
function isHalving(geometry: usize): bool {
  const az = axisOf(geometry, 0), ay = axisOf(geometry, 1), ax = axisOf(geometry, 2);
  return az.length == 1 && az.positions == 1 && az.window == 1 && halves(ay) && halves(ax);
}

@inline
function halves(axis: Axis): bool {
  return axis.window == 2 && axis.stride == 2 && axis.dilation == 1 && axis.before == 0 && axis.positions * 2 <= axis.length;
}

@inline
function firstImage(t: PoolTask, chunk: i32): i32 {
  return ((chunk as i64) * (changetype<Geometry>(t.geometry).batch as i64) / t.chunks) as i32;
}

// ---- forward

export function maxPoolChunk(chunk: i32): void {
  const t = changetype<PoolTask>(ARGUMENTS), halving = isHalving(t.geometry);
  const az = axisOf(t.geometry, 0), ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2);
  for (let image = firstImage(t, chunk), last = firstImage(t, chunk + 1); image < last; image++) {
    for (let oz = 0; oz < az.positions; oz++) {
      for (let oy = 0; oy < ay.positions; oy++) {
        if (halving) halveRow(t, image, oy);
        else for (let ox = 0; ox < ax.positions; ox++) poolWindow(t, image, oz, oy, ox);
      }
    }
  }
}

function halveRow(t: PoolTask, image: i32, oy: i32): void {
  const ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2), pixel = bytes(changetype<Geometry>(t.geometry).channels);
  const row = (ax.length as usize) * pixel, vectors = pixel & ~31;
  let x = t.x + ((image * ay.length + 2 * oy) as usize) * row, y = t.y + (((image * ay.positions + oy) * ax.positions) as usize) * pixel;
  for (let ox = ax.positions; ox > 0; ox--) {
    let i: usize = 0;
    for (; i < vectors; i += 32) {
      const p = x + i, q = p + row;
      const a0 = v128.load(p), a1 = v128.load(p, 16), b0 = v128.load(p + pixel), b1 = v128.load(p + pixel, 16);
      const c0 = v128.load(q), c1 = v128.load(q, 16), d0 = v128.load(q + pixel), d1 = v128.load(q + pixel, 16);
      const m0 = f32x4.max(f32x4.max(a0, b0), f32x4.max(c0, d0)), m1 = f32x4.max(f32x4.max(a1, b1), f32x4.max(c1, d1));
      v128.store(y + i, m0);
      v128.store(y + i, m1, 16);
    }
    for (; i < pixel; i += 4) {
      const p = x + i, q = p + row;
      store<f32>(y + i, max(max(load<f32>(p), load<f32>(p + pixel)), max(load<f32>(q), load<f32>(q + pixel))));
    }
    x += 2 * pixel;
    y += pixel;
  }
}

function poolWindow(t: PoolTask, image: i32, oz: i32, oy: i32, ox: i32): void {
  const az = axisOf(t.geometry, 0), ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2);
  const pixel = bytes(changetype<Geometry>(t.geometry).channels), rowBytes = (ax.length as usize) * pixel;
  const z0 = firstTap(az, oz), y0 = firstTap(ay, oy), x0 = firstTap(ax, ox);
  const nz = endTap(az, oz) - z0, ny = endTap(ay, oy) - y0, nx = endTap(ax, ox) - x0;
  const stepX = (ax.dilation as usize) * pixel, stepY = (ay.dilation as usize) * rowBytes;
  const stepZ = (az.dilation as usize) * (ay.length as usize) * rowBytes;
  const base = t.x + windowStart(az, ay, ax, image, oz, oy, ox, z0, y0, x0) * pixel;
  const target = t.y + ((((image * az.positions + oz) * ay.positions + oy) * ax.positions + ox) as usize) * pixel;
  let i: usize = 0;
  for (; i < (pixel & ~31); i += 32) {
    let m0 = f32x4.splat(-Infinity), m1 = f32x4.splat(-Infinity);
    for (let kz = 0; kz < nz; kz++) {
      for (let ky = 0; ky < ny; ky++) {
        let p = base + i + (kz as usize) * stepZ + (ky as usize) * stepY;
        for (let kx = 0; kx < nx; kx++) {
          m0 = f32x4.max(m0, v128.load(p));
          m1 = f32x4.max(m1, v128.load(p, 16));
          p += stepX;
        }
      }
    }
    v128.store(target + i, m0);
    v128.store(target + i, m1, 16);
  }
  for (; i < pixel; i += 4) {
    let m: f32 = -Infinity;
    for (let kz = 0; kz < nz; kz++) {
      for (let ky = 0; ky < ny; ky++) {
        let p = base + i + (kz as usize) * stepZ + (ky as usize) * stepY;
        for (let kx = 0; kx < nx; kx++) {
          m = max(m, load<f32>(p));
          p += stepX;
        }
      }
    }
    store<f32>(target + i, m);
  }
}

// The pixel under the first tap that lies inside.
@inline
function windowStart(az: Axis, ay: Axis, ax: Axis, image: i32, oz: i32, oy: i32, ox: i32, kz: i32, ky: i32, kx: i32): usize {
  const z = image * az.length + origin(az, oz) + kz * az.dilation, y = origin(ay, oy) + ky * ay.dilation;
  return ((z * ay.length + y) as usize) * (ax.length as usize) + ((origin(ax, ox) + kx * ax.dilation) as usize);
}

// ---- winners

export function maxPoolWinnersChunk(chunk: i32): void {
  const t = changetype<PoolTask>(ARGUMENTS);
  const az = axisOf(t.geometry, 0), ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2);
  for (let image = firstImage(t, chunk), last = firstImage(t, chunk + 1); image < last; image++) {
    for (let oz = 0; oz < az.positions; oz++) {
      for (let oy = 0; oy < ay.positions; oy++) {
        for (let ox = 0; ox < ax.positions; ox++) windowWinners(t, image, oz, oy, ox);
      }
    }
  }
}

function windowWinners(t: PoolTask, image: i32, oz: i32, oy: i32, ox: i32): void {
  const az = axisOf(t.geometry, 0), ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2), pixel = bytes(changetype<Geometry>(t.geometry).channels);
  const z0 = firstTap(az, oz), y0 = firstTap(ay, oy), x0 = firstTap(ax, ox);
  const target = ((((image * az.positions + oz) * ay.positions + oy) * ax.positions + ox) as usize) * pixel;
  for (let i: usize = 0; i < pixel; i += 4) {
    const m = load<f32>(t.y + target + i);
    let winner: usize = 0, found = false;
    for (let kz = z0; kz < endTap(az, oz) && !found; kz++) {
      for (let ky = y0; ky < endTap(ay, oy) && !found; ky++) {
        for (let kx = x0; kx < endTap(ax, ox) && !found; kx++) {
          winner = windowStart(az, ay, ax, image, oz, oy, ox, kz, ky, kx) * pixel + i;
          const v = load<f32>(t.x + winner);
          found = v == m || (m != m && v != v);
        }
      }
    }
    store<i32>(t.dy + target + i, (winner >> 2) as i32);
  }
}

// ---- gradient

export function maxPoolGradientChunk(chunk: i32): void {
  const t = changetype<PoolTask>(ARGUMENTS), halving = isHalving(t.geometry), pixel = bytes(changetype<Geometry>(t.geometry).channels);
  const az = axisOf(t.geometry, 0), ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2);
  const imageBytes = ((az.length * ay.length * ax.length) as usize) * pixel;
  for (let image = firstImage(t, chunk), last = firstImage(t, chunk + 1); image < last; image++) {
    if (halving) {
      for (let oy = 0; oy < ay.positions; oy++) spreadRow(t, image, oy);
      clearBelow(t, image);
      continue;
    }
    memory.fill(t.dx + (image as usize) * imageBytes, 0, imageBytes);
    for (let oz = 0; oz < az.positions; oz++) {
      for (let oy = 0; oy < ay.positions; oy++) {
        for (let ox = 0; ox < ax.positions; ox++) spreadWindow(t, image, oz, oy, ox);
      }
    }
  }
}

// The gradient of one output row into its two input rows, the first of equal maxima taking it.
function spreadRow(t: PoolTask, image: i32, oy: i32): void {
  const ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2), pixel = bytes(changetype<Geometry>(t.geometry).channels);
  const row = (ax.length as usize) * pixel, vectors = pixel & ~31, zero = f32x4.splat(0);
  const start = ((image * ay.length + 2 * oy) as usize) * row, outStart = (((image * ay.positions + oy) * ax.positions) as usize) * pixel;
  const low = f32x4.splat(t.relu ? 0 : -Infinity), masked = t.relu != 0;
  let x = t.x + start, dx = t.dx + start, y = t.y + outStart, dy = t.dy + outStart;
  for (let ox = ax.positions; ox > 0; ox--) {
    let i: usize = 0;
    for (; i < vectors; i += 32) {
      const p = x + i, q = p + row, d = dx + i, e = d + row;
      const m0 = v128.load(y + i), m1 = v128.load(y + i, 16);
      let g0 = v128.load(dy + i), g1 = v128.load(dy + i, 16);
      if (masked) {
        g0 = v128.and(g0, f32x4.gt(m0, low));
        g1 = v128.and(g1, f32x4.gt(m1, low));
      }
      const a0 = wins(v128.load(p), m0), a1 = wins(v128.load(p, 16), m1);
      const b0 = wins(v128.load(p + pixel), m0), b1 = wins(v128.load(p + pixel, 16), m1);
      const c0 = wins(v128.load(q), m0), c1 = wins(v128.load(q, 16), m1);
      const r00 = v128.and(g0, a0), r01 = v128.and(g1, a1);
      g0 = v128.andnot(g0, a0);
      g1 = v128.andnot(g1, a1);
      const r10 = v128.and(g0, b0), r11 = v128.and(g1, b1);
      g0 = v128.andnot(g0, b0);
      g1 = v128.andnot(g1, b1);
      const r20 = v128.and(g0, c0), r21 = v128.and(g1, c1);
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
      const first = same(load<f32>(p), m) ? 0 : same(load<f32>(p + pixel), m) ? 1 : same(load<f32>(q), m) ? 2 : 3;
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
  const rest = ((ax.length - 2 * ax.positions) as usize) * pixel;
  if (rest) {
    memory.fill(dx, 0, rest);
    memory.fill(dx + row, 0, rest);
  }
}

// A NaN among the cells is the maximum: the first one takes the gradient.
@inline
function wins(v: v128, m: v128): v128 {
  return v128.or(f32x4.eq(v, m), f32x4.ne(v, v));
}

@inline
function same(v: f32, m: f32): bool {
  return v == m || v != v;
}

function clearBelow(t: PoolTask, image: i32): void {
  const ay = axisOf(t.geometry, 1), row = (axisOf(t.geometry, 2).length as usize) * bytes(changetype<Geometry>(t.geometry).channels);
  const rows = ay.length - 2 * ay.positions;
  if (rows > 0) memory.fill(t.dx + ((image * ay.length + 2 * ay.positions) as usize) * row, 0, (rows as usize) * row);
}

// Four channels at a time: what is left of the gradient goes to the next cell that equals the maximum.
function spreadWindow(t: PoolTask, image: i32, oz: i32, oy: i32, ox: i32): void {
  const az = axisOf(t.geometry, 0), ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2), pixel = bytes(changetype<Geometry>(t.geometry).channels);
  const z0 = firstTap(az, oz), z1 = endTap(az, oz), y0 = firstTap(ay, oy), y1 = endTap(ay, oy), x0 = firstTap(ax, ox), x1 = endTap(ax, ox);
  const out = ((((image * az.positions + oz) * ay.positions + oy) * ax.positions + ox) as usize) * pixel;
  let i: usize = 0;
  for (; i < (pixel & ~15); i += 16) {
    const m = v128.load(t.y + out + i);
    let g = v128.load(t.dy + out + i), open = f32x4.eq(f32x4.splat(0), f32x4.splat(0));
    if (t.relu) g = v128.and(g, f32x4.gt(m, f32x4.splat(0)));
    for (let kz = z0; kz < z1; kz++) {
      for (let ky = y0; ky < y1; ky++) {
        let place = windowStart(az, ay, ax, image, oz, oy, ox, kz, ky, x0) * pixel + i;
        for (let kx = x0; kx < x1; kx++) {
          const hit = v128.and(open, wins(v128.load(t.x + place), m));
          v128.store(t.dx + place, f32x4.add(v128.load(t.dx + place), v128.and(g, hit)));
          open = v128.andnot(open, hit);
          place += (ax.dilation as usize) * pixel;
        }
      }
    }
  }
  for (; i < pixel; i += 4) {
    const m = load<f32>(t.y + out + i);
    if (t.relu && !(m > 0)) continue;
    let found = false;
    for (let kz = z0; kz < z1 && !found; kz++) {
      for (let ky = y0; ky < y1 && !found; ky++) {
        for (let kx = x0; kx < x1 && !found; kx++) {
          const place = windowStart(az, ay, ax, image, oz, oy, ox, kz, ky, kx) * pixel + i;
          if (!same(load<f32>(t.x + place), m)) continue;
          store<f32>(t.dx + place, load<f32>(t.dx + place) + load<f32>(t.dy + out + i));
          found = true;
        }
      }
    }
  }
}
