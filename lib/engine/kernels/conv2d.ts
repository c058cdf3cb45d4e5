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
import { CONVOLVE, FILTER_GRADIENT, PAD, SUM_PARTS } from "./tasks";

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

// ---- padding

@unmanaged
class PadTask {
  x: usize;
  out: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  top: i32;
  left: i32;
  spreadY: i32;
  spreadX: i32;
  outHeight: i32;
  outWidth: i32;
  chunks: i32;
}

/**
 * out [batch, outHeight, outWidth, channels] = x with row i at row top + i·spreadY (columns likewise), zeros elsewhere;
 * what falls outside is left out. Spread > 1 undoes the stride of a convolution.
 */
export function padImages(
  x: usize, out: usize, batch: i32, height: i32, width: i32, channels: i32,
  top: i32, left: i32, spreadY: i32, spreadX: i32, outHeight: i32, outWidth: i32,
): void {
  begin();
  const t = changetype<PadTask>(ARGUMENTS);
  t.x = x;
  t.out = out;
  t.batch = batch;
  t.height = height;
  t.width = width;
  t.channels = channels;
  t.top = top;
  t.left = left;
  t.spreadY = spreadY;
  t.spreadX = spreadX;
  t.outHeight = outHeight;
  t.outWidth = outWidth;
  t.chunks = min(32, batch * outHeight);
  const size = (batch as f64) * (outHeight as f64) * (outWidth as f64) * (channels as f64);
  if (size < 32768) t.chunks = 1;
  parallel(PAD, t.chunks, size > WORTH_WAKING);
}

export function padChunk(chunk: i32): void {
  const t = changetype<PadTask>(ARGUMENTS);
  const rows = t.batch * t.outHeight, pixel = bytes(t.channels);
  const rowBytes = bytes(t.width * t.channels), outBytes = bytes(t.outWidth * t.channels);
  const last = ((chunk as i64 + 1) * (rows as i64) / t.chunks) as i32;
  for (let row = ((chunk as i64) * (rows as i64) / t.chunks) as i32; row < last; row++) {
    const image = row / t.outHeight, y = row - image * t.outHeight - t.top, target = t.out + (row as usize) * outBytes;
    const source = y >= 0 ? y / t.spreadY : -1;
    if (source < 0 || source >= t.height || source * t.spreadY != y) memory.fill(target, 0, outBytes);
    else padRow(t, t.x + ((image * t.height + source) as usize) * rowBytes, target, pixel, outBytes);
  }
}

function padRow(t: PadTask, source: usize, target: usize, pixel: usize, outBytes: usize): void {
  const spread = t.spreadX, left = t.left;
  if (spread == 1) {
    const from = max(0, -left), to = min(t.width, t.outWidth - left);
    if (to <= from) {
      memory.fill(target, 0, outBytes);
      return;
    }
    const before = ((left + from) as usize) * pixel, length = ((to - from) as usize) * pixel;
    memory.fill(target, 0, before);
    memory.copy(target + before, source + (from as usize) * pixel, length);
    memory.fill(target + before + length, 0, outBytes - before - length);
    return;
  }
  memory.fill(target, 0, outBytes);
  for (let x = 0; x < t.width; x++) {
    const place = left + x * spread;
    if (place >= 0 && place < t.outWidth) memory.copy(target + (place as usize) * pixel, source + (x as usize) * pixel, pixel);
  }
}

// ---- gradient for the filters

// The sum over the batch is cut into parts whose number depends on the filters' size only, so that it rounds the same on
// any number of threads. Each part needs room for all filters: of large ones fewer, cut by rows as well.
@inline
function partsFor(depth: i32, filters: i32): i32 {
  return depth * filters <= 65536 ? 8 : 4;
}

// With fewer pixels a row than this, whole images are gathered first to lengthen the inner loop.
const FEW_PIXELS = 32;

@unmanaged
class FilterGradientTask {
  x: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  dy: usize;
  sums: usize;
  outHeight: i32;
  outWidth: i32;
  filters: i32;
  kh: i32;
  kw: i32;
  strideY: i32;
  strideX: i32;
  gather: i32;
  partCount: i32;
  rowBlocks: i32;
}

@unmanaged
class SumPartsTask {
  parts: usize;
  partCount: i32;
  out: usize;
  n: i32;
}

/** Floats of working memory that filterGradient needs. */
export function filterGradientWorkspace(depth: i32, filters: i32): i32 {
  return partsFor(depth, filters) * depth * filters;
}

/** dw [kh · kw · channels, filters] from unpadded x and dy. */
export function filterGradient(
  x: usize, batch: i32, height: i32, width: i32, channels: i32, dy: usize, dw: usize, outHeight: i32, outWidth: i32,
  filters: i32, kh: i32, kw: i32, strideY: i32, strideX: i32, workspace: usize,
): void {
  const depth = kh * kw * channels, pixels = outHeight * outWidth;
  if (depth <= 0 || filters <= 0) return;
  begin();
  const t = changetype<FilterGradientTask>(ARGUMENTS);
  t.x = x;
  t.batch = batch;
  t.height = height;
  t.width = width;
  t.channels = channels;
  t.dy = dy;
  t.sums = workspace;
  t.outHeight = outHeight;
  t.outWidth = outWidth;
  t.filters = filters;
  t.kh = kh;
  t.kw = kw;
  t.strideY = strideY;
  t.strideX = strideX;
  t.gather = pixels < FEW_PIXELS && pixels * depth <= WINDOW_SPACE / 4 ? 1 : 0;
  const work = (batch as f64) * (pixels as f64) * (depth as f64) * (filters as f64);
  const parts = partsFor(depth, filters);
  t.partCount = parts;
  t.rowBlocks = parts < 8 && depth >= 96 && !t.gather ? 2 : 1;
  parallel(FILTER_GRADIENT, parts * t.rowBlocks, work > WORTH_WAKING);
  begin();
  const s = changetype<SumPartsTask>(ARGUMENTS);
  s.parts = workspace;
  s.partCount = parts;
  s.out = dw;
  s.n = depth * filters;
  parallel(SUM_PARTS, 1, false);
}

export function filterGradientChunk(chunk: i32): void {
  const t = changetype<FilterGradientTask>(ARGUMENTS);
  const depth = t.kh * t.kw * t.channels, filters = t.filters;
  const part = chunk % t.partCount, rowBlock = chunk / t.partCount;
  const sums = t.sums + bytes(part * depth * filters);
  // Cut at a multiple of six rows.
  const half = depth / 2 / 6 * 6;
  const rowStart = rowBlock == 0 ? 0 : half, rowEnd = t.rowBlocks == 1 || rowBlock == 1 ? depth : half;
  memory.fill(sums + bytes(rowStart * filters), 0, bytes((rowEnd - rowStart) * filters));
  if (t.gather) gatheredImages(t, part, sums);
  else imageRows(t, part, sums, rowStart, rowEnd);
}

// Output rows of the whole batch, cut evenly into the parts; the kernel walks the rows of one image at a time.
function imageRows(t: FilterGradientTask, part: i32, sums: usize, rowStart: i32, rowEnd: i32): void {
  const outHeight = t.outHeight, rowBytes = bytes(t.width * t.channels), rows = (t.batch * outHeight) as i64;
  const last = ((part as i64 + 1) * rows / t.partCount) as i32;
  let row = ((part as i64) * rows / t.partCount) as i32;
  while (row < last) {
    const image = row / outHeight, oy = row - image * outHeight, count = min(outHeight - oy, last - row);
    const x = t.x + ((image * t.height + oy * t.strideY) as usize) * rowBytes;
    const dy = t.dy + bytes(row * t.outWidth * t.filters);
    accumulateTiles(
      t, x, false, dy, sums, rowStart, rowEnd,
      count, t.outWidth as usize, (t.strideY as usize) * rowBytes, bytes(t.strideX * t.channels),
    );
    row += count;
  }
}

// For small images: the windows of several images side by side make one long stretch.
function gatheredImages(t: FilterGradientTask, part: i32, sums: usize): void {
  const pixels = t.outHeight * t.outWidth, run = bytes(t.kw * t.channels), depth = t.kh * t.kw * t.channels;
  const rowBytes = bytes(t.width * t.channels), imageBytes = rowBytes * (t.height as usize);
  const last = ((part as i64 + 1) * (t.batch as i64) / t.partCount) as i32;
  const atOnce = max(1, WINDOW_SPACE / 4 / (pixels * depth));
  const windows = scratch + WINDOWS;
  for (let image = ((part as i64) * (t.batch as i64) / t.partCount) as i32; image < last; image += atOnce) {
    const count = min(atOnce, last - image);
    let target = windows;
    for (let b = 0; b < count; b++) {
      for (let oy = 0; oy < t.outHeight; oy++) {
        let pixel = t.x + ((image + b) as usize) * imageBytes + ((oy * t.strideY) as usize) * rowBytes;
        for (let ox = 0; ox < t.outWidth; ox++) {
          let source = pixel;
          for (let row = 0; row < t.kh; row++) {
            memory.copy(target, source, run);
            target += run;
            source += rowBytes;
          }
          pixel += bytes(t.strideX * t.channels);
        }
      }
    }
    const dy = t.dy + bytes(image * pixels * t.filters);
    accumulateTiles(t, windows, true, dy, sums, 0, depth, 1, (count * pixels) as usize, 0, bytes(depth));
  }
}

// sums[row, :] += Σ over the pixels of x[pixel + offset of row] · dy[pixel, :]
function accumulateTiles(
  t: FilterGradientTask, x: usize, gathered: bool, dy: usize, sums: usize, rowStart: i32, rowEnd: i32,
  segments: i32, run: usize, segment: usize, step: usize,
): void {
  const filters = t.filters, ldb = bytes(filters), edge = scratch + EDGE_TILE;
  const stretch = t.kw * t.channels, rowBytes = bytes(t.width * t.channels);
  for (let j = 0; j < filters; j += 16) {
    const columns = min(16, filters - j), panel = dy + bytes(j);
    for (let i = rowStart; i < rowEnd;) {
      const rows = tileRows(rowEnd - i);
      const a0 = x + tapOffset(i, stretch, rowBytes, gathered), a1 = x + tapOffset(i + 1, stretch, rowBytes, gathered);
      const a2 = x + tapOffset(i + 2, stretch, rowBytes, gathered), a3 = x + tapOffset(i + 3, stretch, rowBytes, gathered);
      const a4 = x + tapOffset(i + 4, stretch, rowBytes, gathered), a5 = x + tapOffset(i + 5, stretch, rowBytes, gathered);
      const target = sums + (i as usize) * ldb + bytes(j);
      if (columns == 16) multiplyTile(rows, segments, run, segment, step, a0, a1, a2, a3, a4, a5, panel, ldb, target, ldb, 1);
      else {
        // The panel is read 16 wide here too: what lies beyond the row's end lands in columns that are dropped.
        multiplyTile(rows, segments, run, segment, step, a0, a1, a2, a3, a4, a5, panel, ldb, edge, 64, 0);
        mergeEdge(edge, target, ldb, rows, columns, 1);
      }
      i += rows;
    }
  }
}

@inline
function tapOffset(row: i32, stretch: i32, rowBytes: usize, gathered: bool): usize {
  if (gathered) return bytes(row);
  const tapRow = row / stretch;
  return (tapRow as usize) * rowBytes + bytes(row - tapRow * stretch);
}

export function sumPartsChunk(_chunk: i32): void {
  const t = changetype<SumPartsTask>(ARGUMENTS);
  const parts = t.parts, count = t.partCount, out = t.out, size = bytes(t.n);
  let x: usize = 0;
  for (; x < (size & ~31); x += 32) {
    let p = parts + x, sum0 = v128.load(p), sum1 = v128.load(p, 16);
    for (let part = 1; part < count; part++) {
      p += size;
      sum0 = f32x4.add(sum0, v128.load(p));
      sum1 = f32x4.add(sum1, v128.load(p, 16));
    }
    v128.store(out + x, sum0);
    v128.store(out + x, sum1, 16);
  }
  for (; x < size; x += 4) {
    let sum: f32 = 0;
    for (let part = 0; part < count; part++) sum += load<f32>(parts + x + (part as usize) * size);
    store<f32>(out + x, sum);
  }
}
