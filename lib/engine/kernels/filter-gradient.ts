// The gradient of a convolution for its filters: a product over all pixels, with the windows read from the image in place.
import { ARGUMENTS, bytes } from "./control";
import { mergeEdge } from "./gemm";
import { multiplyTile, tileRows } from "./microkernels";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { FILTER_GRADIENT, SUM_PARTS } from "./tasks";

// Scratch memory: a tile for the right edge, gathered windows.
const EDGE_TILE: usize = 32768;
const WINDOWS: usize = 65536;
const WINDOW_SPACE = 1 << 20;

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
