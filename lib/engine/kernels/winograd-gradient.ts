// The gradient of a convolution for its 3×3 filters by Winograd's algorithm, F(3×3, 4×4): the output gradient's 4×4 cells are the filter,
// the taps the output. 36 products a tile in place of 144, at the points of winograd.ts.
//
// A chunk takes some of the tiles for a block of channels and filters: at each point the sum over its tiles of [channels, tile] ·
// [tile, filters] grows in its scratch memory, and is brought back to taps once at the end.
import { ARGUMENTS, bytes, divideUp } from "./control";
import { multiplyStrip } from "./microkernels";
import { sumParts } from "./parts";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { WINOGRAD_GRADIENT } from "./tasks";
import { axisOf, Geometry } from "./window";
import { clearOutside, spreadFourByFour, spreadSixBySix, WINOGRAD_SPACE } from "./winograd-tiles";
import { foldToTaps } from "./winograd-transforms";

const POINTS = 36;
/** Channels and filters of a block, and tiles at once. */
const BLOCK = 64;
const TILES = 64;
// From one point to the next a line more than is needed, or all would meet in the same few sets of the cache.
const VALUE_STEP: usize = (TILES * BLOCK + 16) * 4;
const SUM_STEP: usize = (BLOCK * BLOCK + 16) * 4;
const IMAGES: usize = WINOGRAD_SPACE;
const GRADIENTS: usize = IMAGES + POINTS * VALUE_STEP;
const SUMS: usize = GRADIENTS + POINTS * VALUE_STEP;

// As in filter-gradient.ts: parts of the sum over the tiles, as many as the filters' size says.
@inline
function partsFor(channels: i32, filters: i32): i32 {
  return 9 * channels * filters <= 65536 ? 8 : 4;
}

@unmanaged
class WinogradGradientTask {
  geometry: usize;
  x: usize;
  dy: usize;
  parts: usize;
  partCount: i32;
  filterBlocks: i32;
}

/** Bytes of working memory for the gradient of filters [3, 3, channels, filters]. */
export function winogradGradientWorkspace(channels: i32, filters: i32): usize {
  return bytes(partsFor(channels, filters) * 9 * channels * filters);
}

/** dw [3, 3, channels, filters] for images, stride and dilation 1, one group; channels and filters multiples of 8. */
export function winogradGradient(geometry: usize, x: usize, dy: usize, dw: usize, workspace: usize): void {
  const g = changetype<Geometry>(geometry), channels = g.channels, filters = g.filters;
  begin();
  const t = changetype<WinogradGradientTask>(ARGUMENTS), parts = partsFor(channels, filters);
  t.geometry = geometry;
  t.x = x;
  t.dy = dy;
  t.parts = workspace;
  t.partCount = parts;
  t.filterBlocks = divideUp(filters, BLOCK);
  const work = (tilesOf(geometry) as f64) * POINTS * (channels as f64) * (filters as f64);
  parallel(WINOGRAD_GRADIENT, parts * divideUp(channels, BLOCK) * t.filterBlocks, work > WORTH_WAKING);
  sumParts(workspace, parts, dw, 9 * channels * filters);
}

function tilesOf(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  return g.batch * axisOf(geometry, 0).length * divideUp(axisOf(geometry, 1).positions, 4) * divideUp(axisOf(geometry, 2).positions, 4);
}

export function winogradGradientChunk(chunk: i32): void {
  const t = changetype<WinogradGradientTask>(ARGUMENTS), g = changetype<Geometry>(t.geometry);
  const part = chunk % t.partCount, block = chunk / t.partCount, tiles = tilesOf(t.geometry);
  const channel = block / t.filterBlocks * BLOCK, filter = block % t.filterBlocks * BLOCK;
  const channels = min(BLOCK, g.channels - channel), filters = min(BLOCK, g.filters - filter);
  const first = ((part as i64) * (tiles as i64) / t.partCount) as i32, end = ((part as i64 + 1) * (tiles as i64) / t.partCount) as i32;
  clearOutside();
  const step = divideUp(end - first, max(1, divideUp(end - first, TILES)));
  for (let tile = first; tile < end; tile += step) {
    const count = min(step, end - tile);
    for (let i = 0; i < count; i++) spreadTile(t, g, tile + i, i, channel, channels, filter, filters);
    for (let point: usize = 0; point < (POINTS as usize); point++) {
      addProducts(
        scratch + IMAGES + point * VALUE_STEP, channels, scratch + GRADIENTS + point * VALUE_STEP, filters,
        scratch + SUMS + point * SUM_STEP, count, tile == first ? 0 : 1,
      );
    }
  }
  if (first == end) memory.fill(scratch + SUMS, 0, (POINTS as usize) * SUM_STEP);
  fold(t.parts + bytes((part * 9 * g.channels + channel) * g.filters + filter), g, channels, filters);
}

/** Numbers from one row to the next, of which the microkernel takes 16 at a time. */
@inline
function pitch(filters: i32): i32 {
  return (filters + 15) & ~15;
}

// Cells of x and of dy under one tile to their values at the points: [points][TILES][channels], [points][TILES][pitch].
function spreadTile(t: WinogradGradientTask, g: Geometry, tile: i32, place: i32, channel: i32, channels: i32, filter: i32, filters: i32): void {
  const ay = axisOf(t.geometry, 1), ax = axisOf(t.geometry, 2), columns = divideUp(ax.positions, 4), rows = divideUp(ay.positions, 4);
  const line = tile / columns, image = line / rows, y = (line - image * rows) * 4, x = (tile - line * columns) * 4;
  const source = t.x + bytes(image * ay.length * ax.length * g.channels + channel);
  const gradient = t.dy + bytes(image * ay.positions * ax.positions * g.filters + filter);
  spreadSixBySix(
    source, ay.length, ax.length, bytes(g.channels), y - ay.before, x - ax.before, channels, scratch + IMAGES + bytes(place * channels), VALUE_STEP, 6, 6,
  );
  spreadFourByFour(
    gradient, ay.positions, ax.positions, bytes(g.filters), y, x, filters, scratch + GRADIENTS + bytes(place * pitch(filters)), VALUE_STEP,
  );
}

// sums[channels, filters] += Σ over the tiles of a[tile, :] · b[tile, :]. Columns behind the last filter are computed and never read.
function addProducts(a: usize, channels: i32, b: usize, filters: i32, sums: usize, tiles: i32, accumulate: i32): void {
  const step = bytes(channels), ld = bytes(pitch(filters));
  for (let j: usize = 0; j < ld; j += 64) {
    multiplyStrip(channels, 1, tiles as usize, 0, a, 4, step, 0, b + j, ld, sums + j, ld, accumulate);
  }
}

// The sums at the points to the taps of this block's channels and filters.
function fold(dw: usize, g: Geometry, channels: i32, filters: i32): void {
  const sums = scratch + SUMS, ld = bytes(pitch(filters)), tap = bytes(g.channels * g.filters), size = bytes(filters);
  for (let i: usize = 0; i < 6; i++) {
    const m = sums + i * SUM_STEP;
    foldToTaps(m, 6 * SUM_STEP, m, m + 6 * SUM_STEP, m + 12 * SUM_STEP, (channels as usize) * ld);
  }
  for (let i: usize = 0; i < 3; i++) {
    for (let c = 0; c < channels; c++) {
      const target = dw + 3 * i * tap + bytes(c * g.filters);
      foldToTaps(sums + 6 * i * SUM_STEP + (c as usize) * ld, SUM_STEP, target, target + tap, target + 2 * tap, size);
    }
  }
}
