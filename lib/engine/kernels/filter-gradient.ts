// The gradient of a convolution for its filters: a product over all pixels, with the windows read from the images in place.
//
// The output is walked in strips that the second-level cache holds. Where windows reach over the border, the cells under a strip
// are first copied with zeros around; where the maps are tiny or narrow, whole windows are, to lengthen the inner loop.
import { ARGUMENTS, bytes } from "./control";
import { FEW_COLUMNS } from "./few-columns";
import { accumulateRows } from "./few-filters";
import { mergeEdge } from "./tile-output";
import { multiplyTile, tileRows } from "./microkernels";
import { transpose2d } from "./movement";
import { packPanel } from "./packing";
import { sumParts } from "./parts";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { FILTER_GRADIENT } from "./tasks";
import { Axis, axisOf, Geometry, origin, span } from "./window";

// Scratch memory: a tile for the right edge, then the copied cells or windows.
const EDGE_TILE: usize = 32768;
const CELLS: usize = 65536;
const SPACE = 1 << 20;
const PANEL: usize = CELLS + SPACE;
const PANEL_PIXELS = 8192;
/** Floats of the source under a strip, and its pixels: the gradients of 16 filters for all of them stay in the first-level cache. */
const STRIP = 65536;
const STRIP_PIXELS = 256;
// With fewer pixels a map than this, windows are gathered; and in narrower maps too.
const FEW_PIXELS = 32;
const NARROW = 5;

// The sum over the batch is cut into parts whose number depends on the filters' size only, so that it rounds the same on
// any number of threads. Each part needs room for all filters: of large ones fewer, cut by rows as well.
@inline
function partsFor(depth: i32, filters: i32): i32 {
  return depth * filters <= 65536 ? 8 : 4;
}

@unmanaged
class FilterGradientTask {
  geometry: usize;
  x: usize;
  dy: usize;
  sums: usize;
  /** Bytes from the start of a window to each of its rows of one depth, as the strips are laid out. */
  offsets: usize;
  gather: i32;
  /** Whether strips are copied; their size in positions, and the cells of a copied row. */
  copy: i32;
  stripHeight: i32;
  stripWidth: i32;
  pitch: i32;
  partCount: i32;
  rowBlocks: i32;
  /** Few filters: their sums lie as [filters, depth] until the end. */
  few: i32;
}

/** Bytes of working memory that filterGradient needs for filters [depth, filters]. */
export function filterGradientWorkspace(depth: i32, filters: i32): usize {
  return bytes(partsFor(depth, filters) * depth * filters) + bytes(depth);
}

@inline
function leaves(axis: Axis): bool {
  return axis.before > 0 || origin(axis, axis.positions - 1) + (axis.window - 1) * axis.dilation >= axis.length;
}

/** dw [taps, channels / groups, filters] from x and dy. */
export function filterGradient(geometry: usize, x: usize, dy: usize, dw: usize, workspace: usize): void {
  const g = changetype<Geometry>(geometry), az = axisOf(geometry, 0), ay = axisOf(geometry, 1), ax = axisOf(geometry, 2);
  const channels = g.channels / g.groups, plane = ay.window * ax.window * channels, depth = az.window * plane, filters = g.filters;
  if (depth <= 0 || filters <= 0) return;
  begin();
  const t = changetype<FilterGradientTask>(ARGUMENTS), pixels = az.positions * ay.positions * ax.positions;
  t.geometry = geometry;
  t.x = x;
  t.dy = dy;
  const parts = partsFor(depth, filters);
  t.sums = workspace;
  t.offsets = workspace + bytes(parts * depth * filters);
  t.copy = leaves(ay) || leaves(ax) ? 1 : 0;
  t.gather = pixels < FEW_PIXELS || ax.positions < NARROW ? 1 : 0;
  planStrips(t, g, ay, ax);
  if (t.copy && span(ay, t.stripHeight) * t.pitch * g.channels > SPACE / 4) t.gather = 1;
  t.few = g.groups == 1 && filters <= FEW_COLUMNS && !t.gather ? 1 : 0;
  writeOffsets(t, g, ay, ax);
  t.partCount = parts;
  t.rowBlocks = parts < 8 && depth >= 96 && !t.gather ? 2 : 1;
  const work = (g.batch as f64) * (pixels as f64) * (depth as f64) * (filters as f64) / (g.groups as f64);
  const few = t.few;
  parallel(FILTER_GRADIENT, parts * t.rowBlocks, work > WORTH_WAKING);
  sumParts(workspace, parts, few ? workspace : dw, depth * filters);
  if (few) transpose2d(workspace, dw, filters, depth);
}

// Rows of full width where they fit, else pieces of a row.
function planStrips(t: FilterGradientTask, g: Geometry, ay: Axis, ax: Axis): void {
  t.stripWidth = max(1, ax.positions);
  t.stripHeight = max(1, ay.positions);
  if (span(ay, 1) * span(ax, t.stripWidth) * g.channels > STRIP * 3) {
    t.stripWidth = max(8, min(t.stripWidth, (STRIP / (span(ay, 1) * g.channels) - span(ax, 1)) / ax.stride));
    t.stripHeight = 1;
  }
  const row = span(ax, t.stripWidth) * g.channels;
  if (t.stripHeight > 1) {
    const rows = min((STRIP / row - span(ay, 1)) / ay.stride + 1, STRIP_PIXELS / t.stripWidth);
    t.stripHeight = max(1, min(t.stripHeight, rows));
  }
  t.pitch = t.copy ? span(ax, t.stripWidth) : ax.length;
}

function writeOffsets(t: FilterGradientTask, g: Geometry, ay: Axis, ax: Axis): void {
  const channels = g.channels / g.groups, plane = ay.window * ax.window * channels;
  for (let row = 0; row < plane; row++) {
    const tap = row / channels, ky = tap / ax.window, kx = tap - ky * ax.window;
    const cell = ky * ay.dilation * t.pitch + kx * ax.dilation;
    store<i32>(t.offsets + bytes(row), (cell * g.channels + row - tap * channels) << 2);
  }
}

export function filterGradientChunk(chunk: i32): void {
  const t = changetype<FilterGradientTask>(ARGUMENTS), g = changetype<Geometry>(t.geometry);
  const az = axisOf(t.geometry, 0), ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2);
  const depth = az.window * ay.window * ax.window * (g.channels / g.groups), filters = g.filters;
  const part = chunk % t.partCount, rowBlock = chunk / t.partCount;
  const sums = t.sums + bytes(part * depth * filters);
  // Cut at a multiple of six rows.
  const half = depth / 2 / 6 * 6;
  const rowStart = rowBlock == 0 ? 0 : half, rowEnd = t.rowBlocks == 1 || rowBlock == 1 ? depth : half;
  if (t.few) for (let f = 0; f < filters; f++) memory.fill(sums + bytes(f * depth + rowStart), 0, bytes(rowEnd - rowStart));
  else memory.fill(sums + bytes(rowStart * filters), 0, bytes((rowEnd - rowStart) * filters));
  const rows = g.batch * az.positions * ay.positions;
  const first = ((part as i64) * (rows as i64) / t.partCount) as i32, last = ((part as i64 + 1) * (rows as i64) / t.partCount) as i32;
  if (first == last || ax.positions <= 0) return;
  if (t.gather) gatheredWindows(t, g, az, ay, ax, sums, first * ax.positions, last * ax.positions);
  else strips(t, g, az, ay, ax, sums, first, last, rowStart, rowEnd);
}

// Output rows first … last of the whole batch, strip by strip.
function strips(t: FilterGradientTask, g: Geometry, az: Axis, ay: Axis, ax: Axis, sums: usize, first: i32, last: i32, rowStart: i32, rowEnd: i32): void {
  const pixel = bytes(g.channels), plane = ay.window * ax.window * (g.channels / g.groups);
  for (let row = first; row < last;) {
    const slice = row / ay.positions, oy = row - slice * ay.positions, b = slice / az.positions, oz = slice - b * az.positions;
    const height = min(t.stripHeight, min(ay.positions - oy, last - row));
    for (let ox = 0; ox < ax.positions; ox += t.stripWidth) {
      const width = min(t.stripWidth, ax.positions - ox), dy = t.dy + bytes((row * ax.positions + ox) * g.filters);
      for (let kz = 0; kz < az.window; kz++) {
        const iz = origin(az, oz) + kz * az.dilation, from = max(0, rowStart - kz * plane), end = min(plane, rowEnd - kz * plane);
        if (iz < 0 || iz >= az.length || end <= from) continue;
        const image = t.x + ((b * az.length + iz) as usize) * ((ay.length * ax.length) as usize) * pixel;
        let x = image + ((origin(ay, oy) * ax.length + origin(ax, ox)) as usize) * pixel;
        if (t.copy) {
          x = scratch + CELLS;
          copyCells(image, x, origin(ay, oy), span(ay, height), ay.length, origin(ax, ox), span(ax, width), ax.length, pixel, (t.pitch as usize) * pixel);
        }
        const segment = (ay.stride as usize) * (t.pitch as usize) * pixel, step = (ax.stride as usize) * pixel;
        if (t.few) accumulateFew(t, g, az, ax, plane, x, dy, sums + bytes(kz * plane), from, end, height, width, segment, step);
        else accumulateTiles(t, g, x, 0, dy, sums + bytes(kz * plane * g.filters), from, end, height, width as usize, segment, step);
      }
    }
    row += height;
  }
}

// Rows y … y + height and columns x … x + width of an image, zeros outside of it.
function copyCells(image: usize, target: usize, y: i32, height: i32, rows: i32, x: i32, width: i32, columns: i32, pixel: usize, pitch: usize): void {
  const from = max(0, x), end = min(columns, x + width);
  for (let i = y; i < y + height; i++) {
    if (i < 0 || i >= rows || end <= from) memory.fill(target, 0, (width as usize) * pixel);
    else {
      const before = ((from - x) as usize) * pixel, length = ((end - from) as usize) * pixel;
      memory.fill(target, 0, before);
      memory.copy(target + before, image + ((i * columns + from) as usize) * pixel, length);
      memory.fill(target + before + length, 0, (width as usize) * pixel - before - length);
    }
    target += pitch;
  }
}

// The windows of many pixels side by side make one long stretch; of large windows some taps at a time.
function gatheredWindows(t: FilterGradientTask, g: Geometry, az: Axis, ay: Axis, ax: Axis, sums: usize, first: i32, last: i32): void {
  const channels = g.channels / g.groups, taps = az.window * ay.window * ax.window, windows = scratch + CELLS;
  const atOnce = min(last - first, max(min(FEW_PIXELS, SPACE / 4 / channels), SPACE / 4 / (taps * channels)));
  const tapsAtOnce = min(taps, max(1, SPACE / 4 / (channels * atOnce)));
  for (let pixel = first; pixel < last; pixel += atOnce) {
    const count = min(atOnce, last - pixel), dy = t.dy + bytes(pixel * g.filters);
    for (let tap = 0; tap < taps; tap += tapsAtOnce) {
      const depth = min(tapsAtOnce, taps - tap) * channels;
      for (let group = 0; group < g.groups; group++) {
        for (let i = 0; i < count; i++) {
          gatherWindow(t.x + bytes(group * channels), g, az, ay, ax, pixel + i, tap, depth / channels, windows + bytes(i * depth));
        }
        accumulateGroup(t, g, windows, 1, group, dy, sums + bytes(tap * channels * g.filters), 0, depth, 1, count as usize, 0, bytes(depth));
      }
    }
  }
}

function gatherWindow(x: usize, g: Geometry, az: Axis, ay: Axis, ax: Axis, position: i32, firstTap: i32, count: i32, target: usize): void {
  const pixel = bytes(g.channels), run = bytes(g.channels / g.groups);
  const row = position / ax.positions, slice = row / ay.positions, b = slice / az.positions;
  const left = origin(ax, position - row * ax.positions), top = origin(ay, row - slice * ay.positions), front = origin(az, slice - b * az.positions);
  for (let tap = firstTap; tap < firstTap + count; tap++) {
    const line = tap / ax.window, kz = line / ay.window;
    const z = front + kz * az.dilation, y = top + (line - kz * ay.window) * ay.dilation, column = left + (tap - line * ax.window) * ax.dilation;
    if (z < 0 || z >= az.length || y < 0 || y >= ay.length || column < 0 || column >= ax.length) {
      for (let i: usize = 0; i < run; i += 4) store<f32>(target + i, 0);
    } else {
      const source = x + (((b * az.length + z) * ay.length + y) as usize) * (ax.length as usize) * pixel + (column as usize) * pixel;
      for (let i: usize = 0; i < run; i += 4) store<f32>(target + i, load<f32>(source + i));
    }
    target += run;
  }
}

// sums[filter, row] += Σ over the pixels of x[pixel + offset of row] · dy[pixel, filter]; rows of neighbouring taps lie side by side.
function accumulateFew(
  t: FilterGradientTask, g: Geometry, az: Axis, ax: Axis, plane: i32, x: usize, dy: usize, sums: usize, rowStart: i32, rowEnd: i32,
  height: i32, width: i32, segment: usize, step: usize,
): void {
  const run = ax.dilation == 1 ? ax.window * g.channels : g.channels, depth = az.window * plane;
  for (let row = rowStart; row < rowEnd;) {
    const count = min(rowEnd, (row / run + 1) * run) - row, source = x + rowOffset(t, row, 0);
    for (let f = 0; f < g.filters; f++) {
      accumulateRows(sums + bytes(f * depth + row), count, source, dy + bytes(f), bytes(g.filters), height, width, segment, step);
    }
    row += count;
  }
}

function accumulateTiles(
  t: FilterGradientTask, g: Geometry, x: usize, gathered: i32, dy: usize, sums: usize, rowStart: i32, rowEnd: i32,
  segments: i32, run: usize, segment: usize, step: usize,
): void {
  for (let group = 0; group < g.groups; group++) {
    accumulateGroup(t, g, x + bytes(group * (g.channels / g.groups)), gathered, group, dy, sums, rowStart, rowEnd, segments, run, segment, step);
  }
}

// sums[row, :] += Σ over the pixels of x[pixel + offset of row] · dy[pixel, :], for the filters of one group.
function accumulateGroup(
  t: FilterGradientTask, g: Geometry, x: usize, gathered: i32, group: i32, dy: usize, sums: usize, rowStart: i32, rowEnd: i32,
  segments: i32, run: usize, segment: usize, step: usize,
): void {
  const filters = g.filters / g.groups, ldb = bytes(g.filters), edge = scratch + EDGE_TILE, start = bytes(group * filters);
  const pixels = segments * (run as i32), pack = (g.filters > 16 || filters < 16) && pixels <= PANEL_PIXELS && rowEnd - rowStart > 24;
  for (let j = 0; j < filters; j += 16) {
    const columns = min(16, filters - j);
    let panel = dy + start + bytes(j), ldp = ldb;
    if (pack) {
      packPanel(panel, ldb, pixels, columns, scratch + PANEL);
      panel = scratch + PANEL;
      ldp = 64;
    }
    for (let i = rowStart; i < rowEnd;) {
      const rows = tileRows(rowEnd - i);
      const a0 = x + rowOffset(t, i, gathered), a1 = x + rowOffset(t, min(i + 1, rowEnd - 1), gathered);
      const a2 = x + rowOffset(t, min(i + 2, rowEnd - 1), gathered), a3 = x + rowOffset(t, min(i + 3, rowEnd - 1), gathered);
      const a4 = x + rowOffset(t, min(i + 4, rowEnd - 1), gathered), a5 = x + rowOffset(t, min(i + 5, rowEnd - 1), gathered);
      const target = sums + (i as usize) * ldb + start + bytes(j);
      if (columns == 16) multiplyTile(rows, segments, run, segment, step, a0, a1, a2, a3, a4, a5, panel, ldp, target, ldb, 1);
      else {
        // Without a copy it is read 16 wide here too: what lies beyond the row's end lands in columns that are dropped.
        multiplyTile(rows, segments, run, segment, step, a0, a1, a2, a3, a4, a5, panel, ldp, edge, 64, 0);
        mergeEdge(edge, target, ldb, rows, columns, 1);
      }
      i += rows;
    }
  }
}

@inline
function rowOffset(t: FilterGradientTask, row: i32, gathered: i32): usize {
  return gathered ? bytes(row) : load<i32>(t.offsets + bytes(row)) as usize;
}
