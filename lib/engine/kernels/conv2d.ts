// Convolution over [batch, height, width, channels] without a full im2col: the microkernels read the image in place,
// one stretch of windowWidth·channels neighbouring floats a filter row.
//
// Everything here works on images that are already padded ("valid" only); the TypeScript side pads first where needed.
// The gradient for the input is the same convolution over the padded (and, for strides, spread out) output gradient
// with flipped filters.
import { addBiasAndRelu, mergeEdge } from "./gemm";
import { multiplyTile, tileRows } from "./microkernels";
import { packPanel, packTransposedPanel } from "./packing";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { CONVOLVE } from "./tasks";

// Scratch memory: addresses of the chunk's pixels, a tile for the right edge, gathered windows.
const MAX_PIXELS = 1536;
const EDGE_TILE: usize = 32768;
const WINDOWS: usize = 65536;
const WINDOW_SPACE = 1 << 20;
// Below this many neighbouring floats the stretches are so short that gathering the windows first is faster.
const SHORT_STRETCH = 24;

// ---- packing the filters

/** filters [depth, columns] into panels [columns / 16][depth][16]. */
export function packFilters(filters: usize, depth: i32, columns: i32, panels: usize): void {
  for (let j = 0; j < columns; j += 16) {
    packPanel(filters + bytes(j), bytes(columns), depth, min(16, columns - j), panels + bytes(j * depth));
  }
}

/** The filters turned by 180° with input and output channels exchanged: panels [channels / 16][kh · kw · filters][16]. */
export function packFlippedFilters(weights: usize, kh: i32, kw: i32, channels: i32, filters: i32, panels: usize): void {
  const taps = kh * kw, depth = taps * filters;
  for (let j = 0; j < channels; j += 16) {
    for (let tap = 0; tap < taps; tap++) {
      packTransposedPanel(
        weights + bytes((tap * channels + j) * filters), bytes(filters), filters, min(16, channels - j),
        panels + bytes(j * depth + (taps - 1 - tap) * filters * 16),
      );
    }
  }
}

// ---- forward

@unmanaged
class ConvolveTask {
  x: usize;
  height: i32;
  width: i32;
  channels: i32;
  panels: usize;
  y: usize;
  outHeight: i32;
  outWidth: i32;
  filters: i32;
  kh: i32;
  kw: i32;
  strideY: i32;
  strideX: i32;
  bias: usize;
  relu: i32;
  mask: usize;
  pixels: i32;
  pixelsPerChunk: i32;
  gather: i32;
}

/** y = x ⋆ panels over unpadded x; relu, or mask: a tensor like y whose entries ≤ 0 clear y. */
export function convolve(
  x: usize, batch: i32, height: i32, width: i32, channels: i32, panels: usize, y: usize, outHeight: i32, outWidth: i32,
  filters: i32, kh: i32, kw: i32, strideY: i32, strideX: i32, bias: usize, relu: i32, mask: usize,
): void {
  const pixels = batch * outHeight * outWidth, depth = kh * kw * channels;
  if (pixels <= 0 || filters <= 0) return;
  begin();
  const t = changetype<ConvolveTask>(ARGUMENTS);
  t.x = x;
  t.height = height;
  t.width = width;
  t.channels = channels;
  t.panels = panels;
  t.y = y;
  t.outHeight = outHeight;
  t.outWidth = outWidth;
  t.filters = filters;
  t.kh = kh;
  t.kw = kw;
  t.strideY = strideY;
  t.strideX = strideX;
  t.bias = bias;
  t.relu = relu;
  t.mask = mask;
  t.pixels = pixels;
  let perChunk = (min(2000000.0 / ((depth as f64) * (filters as f64)), MAX_PIXELS as f64) as i32);
  perChunk = max(96, perChunk) / 24 * 24;
  t.gather = kw * channels < SHORT_STRETCH && depth <= WINDOW_SPACE / 4 / 24 ? 1 : 0;
  if (t.gather) perChunk = min(perChunk, max(24, WINDOW_SPACE / 4 / depth / 24 * 24));
  // The pool counts chunks in 16 bits.
  if (!t.gather) perChunk = max(perChunk, min(MAX_PIXELS, divideUp(pixels, 60000)));
  t.pixelsPerChunk = perChunk;
  parallel(CONVOLVE, divideUp(pixels, perChunk), (pixels as f64) * (depth as f64) * (filters as f64) > WORTH_WAKING);
}

export function convolveChunk(chunk: i32): void {
  const t = changetype<ConvolveTask>(ARGUMENTS);
  const channels = t.channels, filters = t.filters, kh = t.kh, run = t.kw * channels, depth = kh * run;
  const first = chunk * t.pixelsPerChunk, last = min(first + t.pixelsPerChunk, t.pixels), count = last - first;
  const addresses = scratch, edge = scratch + EDGE_TILE;
  const rowBytes = bytes(t.width * channels), ldy = bytes(filters), gather = t.gather;
  locatePixels(t, first, count, addresses);
  if (gather) gatherWindows(addresses, count, kh, bytes(run), rowBytes);
  const segments = gather ? 1 : kh, stretch = (gather ? depth : run) as usize;
  for (let j = 0; j < filters; j += 16) {
    const panel = t.panels + bytes(j * depth), columns = min(16, filters - j);
    let target = t.y + (first as usize) * ldy + bytes(j);
    for (let i = 0; i < count;) {
      const rows = tileRows(count - i), p = addresses + bytes(i);
      const whole = columns == 16;
      multiplyTile(
        rows, segments, stretch, rowBytes, 4,
        load<u32>(p), load<u32>(p, 4), load<u32>(p, 8), load<u32>(p, 12), load<u32>(p, 16), load<u32>(p, 20),
        panel, 64, whole ? target : edge, whole ? ldy : 64, 0,
      );
      if (!whole) mergeEdge(edge, target, ldy, rows, columns, 0);
      i += rows;
      target += (rows as usize) * ldy;
    }
  }
  if (t.bias || t.relu) addBiasAndRelu(t.y, ldy, first, last, 0, filters, t.bias, t.relu);
  if (t.mask) {
    const offset = (first as usize) * ldy;
    applyMask(t.y + offset, t.mask + offset, (count as usize) * ldy);
  }
}

// Addresses of the first float of each output pixel's window.
function locatePixels(t: ConvolveTask, first: i32, count: i32, addresses: usize): void {
  const outWidth = t.outWidth, outHeight = t.outHeight, strideX = bytes(t.strideX * t.channels);
  let image = first / (outHeight * outWidth);
  const rest = first - image * outHeight * outWidth;
  let oy = rest / outWidth, ox = rest - oy * outWidth;
  let row = rowAddress(t, image, oy);
  for (let i = 0; i < count; i++) {
    store<u32>(addresses + bytes(i), row + (ox as usize) * strideX);
    if (++ox < outWidth) continue;
    ox = 0;
    if (++oy == outHeight) {
      oy = 0;
      image++;
    }
    row = rowAddress(t, image, oy);
  }
}

@inline
function rowAddress(t: ConvolveTask, image: i32, oy: i32): usize {
  return t.x + ((image * t.height + oy * t.strideY) as usize) * bytes(t.width * t.channels);
}

// Copies the windows side by side and replaces their addresses.
function gatherWindows(addresses: usize, count: i32, kh: i32, run: usize, rowBytes: usize): void {
  let target = scratch + WINDOWS;
  for (let i = 0; i < count; i++) {
    let source = load<u32>(addresses + bytes(i)) as usize;
    store<u32>(addresses + bytes(i), target);
    for (let row = 0; row < kh; row++) {
      for (let x: usize = 0; x < run; x += 4) store<f32>(target + x, load<f32>(source + x));
      target += run;
      source += rowBytes;
    }
  }
}

function applyMask(y: usize, mask: usize, size: usize): void {
  const zero = f32x4.splat(0);
  let x: usize = 0;
  for (; x < (size & ~31); x += 32) {
    const v0 = v128.and(v128.load(y + x), f32x4.gt(v128.load(mask + x), zero));
    const v1 = v128.and(v128.load(y + x, 16), f32x4.gt(v128.load(mask + x, 16), zero));
    v128.store(y + x, v0);
    v128.store(y + x, v1, 16);
  }
  for (; x < size; x += 4) if (!(load<f32>(mask + x) > 0)) store<f32>(y + x, 0);
}
