// Winograd's convolution with 3×3 filters: 4×4 outputs from 6×6 cells with 36 products a channel and filter in place of 144.
//
// The cells of a tile and the filters are taken as polynomials and evaluated at six points along each axis; there convolution is a
// product, so that each of the 36 pairs of points is one small matrix product [tiles, channels] · [channels, filters]. The points 0,
// ±¾, ±1½, ∞ lose about one bit more than the direct sum (0, ±1, ±2 three). The gradient for the input is the same with the filters
// turned round and transposed. A chunk takes a few tiles through all steps, so that what lies between stays in the cache.
// A. Lavin and S. Gray, Fast algorithms for convolutional neural networks, 2016; B. Barabasz and others, Error analysis and
// improving the accuracy of Winograd convolution for deep neural networks, 2020.
import { ARGUMENTS, bytes, divideUp } from "./control";
import { multiplySixes, multiplyTile } from "./microkernels";
import { packPanel, packTransposedPanel } from "./packing";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { WINOGRAD, WINOGRAD_FILTERS } from "./tasks";
import { axisOf, Geometry } from "./window";
import { clearOutside, spreadSixBySix, WINOGRAD_SPACE } from "./winograd-tiles";
import { foldLines, spreadTaps } from "./winograd-transforms";

const POINTS = 36;
/** Tiles that meet a panel of the filters together; their values lie side by side. */
const ROWS = 6;
const MAX_GROUPS = 16;
/** Bytes of their products with 16 filters. */
const GROUP_OF_PRODUCTS: usize = ROWS * POINTS * 64;
// Scratch memory: zeros where there is no bias, a pixel outside of the target, outputs that are half transformed; then products and values.
const NO_BIAS: usize = WINOGRAD_SPACE;
const OUTSIDE: usize = NO_BIAS + 64;
const LINES: usize = NO_BIAS + 128;
const PRODUCTS: usize = LINES + 24 * ROWS * 64;
const VALUES: usize = PRODUCTS + MAX_GROUPS * GROUP_OF_PRODUCTS;
/** Bytes of the values of a chunk's tiles: with one strip of the filters' panels and the products they stay in the second-level cache. */
const VALUE_SPACE = 120000;

@unmanaged
class WinogradTask {
  source: usize;
  filters: usize;
  panels: usize;
  target: usize;
  bias: usize;
  relu: i32;
  backward: i32;
  /** Channels of the source and of the target. */
  depth: i32;
  columns: i32;
  sourceHeight: i32;
  sourceWidth: i32;
  targetHeight: i32;
  targetWidth: i32;
  /** Cells by which the first window begins above and left of the source. */
  above: i32;
  left: i32;
  /** The tiles in hand: a part of each image's, and how many points of an axis are not zero all over. */
  firstRow: i32;
  tileRows: i32;
  rowPoints: i32;
  firstColumn: i32;
  tileColumns: i32;
  columnPoints: i32;
  tiles: i32;
  tilesAChunk: i32;
}

/** Bytes from one point's panel to the next: a line more than the panel, or all points would meet in the same few sets of the cache. */
@inline
function panelBytes(depth: i32): usize {
  return ((depth + 1) as usize) << 6;
}

/** Bytes of working memory for filters [3, 3, depth, columns], or transposed backwards. */
export function winogradWorkspace(depth: i32, columns: i32): usize {
  return ((divideUp(columns, 16) * POINTS) as usize) * panelBytes(depth);
}

/** The convolution of images with 3×3 filters, stride and dilation 1, one group; channels and filters multiples of 8. */
export function winograd(
  geometry: usize, source: usize, filters: usize, panels: usize, target: usize, backward: i32, bias: usize, relu: i32,
): void {
  const g = changetype<Geometry>(geometry), ay = axisOf(geometry, 1), ax = axisOf(geometry, 2);
  begin();
  const t = changetype<WinogradTask>(ARGUMENTS);
  t.source = source;
  t.filters = filters;
  t.panels = panels;
  t.target = target;
  t.bias = bias;
  t.relu = relu;
  t.backward = backward;
  t.depth = backward ? g.filters : g.channels;
  t.columns = backward ? g.channels : g.filters;
  t.sourceHeight = backward ? ay.positions : ay.length;
  t.sourceWidth = backward ? ax.positions : ax.length;
  t.targetHeight = backward ? ay.length : ay.positions;
  t.targetWidth = backward ? ax.length : ax.positions;
  t.above = backward ? 2 - ay.before : ay.before;
  t.left = backward ? 2 - ax.before : ax.before;
  parallel(WINOGRAD_FILTERS, divideUp(t.columns, 16), (t.columns as f64) * (t.depth as f64) * 100 > WORTH_WAKING);
  const images = g.batch * axisOf(geometry, 0).length, rows = divideUp(t.targetHeight, 4), columns = divideUp(t.targetWidth, 4);
  const wholeRows = rows - lastIsThin(rows, t.above, t.sourceHeight), wholeColumns = columns - lastIsThin(columns, t.left, t.sourceWidth);
  multiplyTiles(t, images, 0, wholeRows, 6, 0, wholeColumns, 6);
  multiplyTiles(t, images, wholeRows, rows, 1, 0, wholeColumns, 6);
  multiplyTiles(t, images, 0, wholeRows, 6, wholeColumns, columns, 1);
  multiplyTiles(t, images, wholeRows, rows, 1, wholeColumns, columns, 1);
}

// Whether only the first line of the last tiles lies in the source. It counts at the first point alone: a sixth of the products. So the
// gradient for 13×13 cells costs 361 products an image and pair of channels, and not 576.
function lastIsThin(tiles: i32, before: i32, length: i32): i32 {
  return (tiles - 1) * 4 - before == length - 1 ? 1 : 0;
}

function multiplyTiles(
  t: WinogradTask, images: i32, firstRow: i32, endRow: i32, rowPoints: i32, firstColumn: i32, endColumn: i32, columnPoints: i32,
): void {
  t.firstRow = firstRow;
  t.tileRows = endRow - firstRow;
  t.rowPoints = rowPoints;
  t.firstColumn = firstColumn;
  t.tileColumns = endColumn - firstColumn;
  t.columnPoints = columnPoints;
  t.tiles = images * t.tileRows * t.tileColumns;
  // Eight chunks or more, of groups that are full.
  const fitting = VALUE_SPACE / (POINTS * ROWS * 4 * t.depth);
  t.tilesAChunk = ROWS * max(1, min(min(MAX_GROUPS, fitting), divideUp(t.tiles, 8 * ROWS)));
  const work = (t.tiles as f64) * ((rowPoints * columnPoints) as f64) * (t.depth as f64) * (t.columns as f64);
  parallel(WINOGRAD, divideUp(t.tiles, t.tilesAChunk), work > WORTH_WAKING);
}

/** Panels [columns / 16][points][depth][16] of the filters' values: one strip of columns. */
export function winogradFiltersChunk(strip: i32): void {
  const t = changetype<WinogradTask>(ARGUMENTS), depth = t.depth, columns = min(16, t.columns - strip * 16), tap = bytes(depth * 16);
  const taps = scratch;
  for (let place = 0; place < 9; place++) {
    const to = taps + (place as usize) * tap;
    if (t.backward) packTransposedPanel(t.filters + bytes((8 - place) * depth * t.columns + strip * 16 * depth), bytes(depth), depth, columns, to);
    else packPanel(t.filters + bytes(place * depth * t.columns + strip * 16), bytes(t.columns), depth, columns, to);
  }
  const step = panelBytes(depth);
  spreadTaps(taps, tap, t.panels + ((strip * POINTS) as usize) * step, step, tap);
}

export function winogradChunk(chunk: i32): void {
  const t = changetype<WinogradTask>(ARGUMENTS);
  const firstTile = chunk * t.tilesAChunk, count = min(t.tilesAChunk, t.tiles - firstTile);
  clearOutside();
  memory.fill(scratch + NO_BIAS, 0, 64);
  if (t.rowPoints * t.columnPoints < POINTS) memory.fill(scratch + PRODUCTS, 0, bytes(divideUp(count, ROWS) * ROWS * POINTS * 16));
  for (let i = 0; i < count; i++) spreadTile(t, firstTile + i, tileValues(t, i));
  const panel = panelBytes(t.depth);
  for (let column = 0; column < t.columns; column += 16) {
    multiply(t, count, t.panels + ((column / 16 * POINTS) as usize) * panel, panel);
    for (let i = 0; i < count; i += ROWS) foldGroup(t, firstTile + i, min(ROWS, count - i), scratch + PRODUCTS + bytes(i * POINTS * 16), column);
  }
}

/** Values: [groups][points][ROWS][depth]. */
@inline
function tileValues(t: WinogradTask, i: i32): usize {
  return scratch + VALUES + bytes((i / ROWS * POINTS * ROWS + i % ROWS) * t.depth);
}

function spreadTile(t: WinogradTask, tile: i32, values: usize): void {
  const line = tile / t.tileColumns, image = line / t.tileRows, pixel = bytes(t.depth);
  const y = (t.firstRow + line - image * t.tileRows) * 4 - t.above, x = (t.firstColumn + tile - line * t.tileColumns) * 4 - t.left;
  const source = t.source + ((image * t.sourceHeight * t.sourceWidth) as usize) * pixel;
  spreadSixBySix(source, t.sourceHeight, t.sourceWidth, pixel, y, x, t.depth, values, (ROWS as usize) * pixel, t.rowPoints, t.columnPoints);
}

// Products [groups][points][ROWS][16] of all tiles with one strip of the filters.
function multiply(t: WinogradTask, count: i32, panels: usize, panel: usize): void {
  const row = bytes(t.depth), group = bytes(ROWS * t.depth);
  for (let point = 0; point < 6 * t.rowPoints; point++) {
    if (point % 6 >= t.columnPoints) continue;
    const filters = panels + (point as usize) * panel;
    const a = scratch + VALUES + (point as usize) * group, c = scratch + PRODUCTS + bytes(point * ROWS * 16);
    const full = count / ROWS, rest = count - full * ROWS, depth = t.depth as usize;
    multiplySixes(full, 1, depth, 0, 4, a, row, (POINTS as usize) * group, filters, 64, c, 64, GROUP_OF_PRODUCTS, 0);
    if (!rest) continue;
    const a0 = a + ((full * POINTS) as usize) * group, a1 = a0 + row, a2 = a1 + row, a3 = a2 + row, a4 = a3 + row;
    multiplyTile(rest, 1, depth, 0, 4, a0, a1, a2, a3, a4, a4, filters, 64, c + (full as usize) * GROUP_OF_PRODUCTS, 64, 0);
  }
}

// Six tiles' products to their outputs of 16 columns, or of the 8 that are left.
function foldGroup(t: WinogradTask, firstTile: i32, count: i32, products: usize, column: i32): void {
  const lines = scratch + LINES, low = f32x4.splat(t.relu ? 0 : -Infinity), bias = t.bias ? t.bias + bytes(column) : scratch + NO_BIAS;
  const line = bytes(ROWS * 16), pixel = bytes(t.columns), size = bytes(min(16, t.columns - column)), outside = scratch + OUTSIDE;
  for (let i: usize = 0; i < 6; i++) {
    const to = lines + i * line;
    foldLines(products + i * line, 6 * line, to, to + 6 * line, to + 12 * line, to + 18 * line, line, false, 0, low);
  }
  for (let i = 0; i < count; i++) {
    const tile = firstTile + i, tileLine = tile / t.tileColumns, image = tileLine / t.tileRows;
    const y = (t.firstRow + tileLine - image * t.tileRows) * 4, x = (t.firstColumn + tile - tileLine * t.tileColumns) * 4;
    const rows = min(4, t.targetHeight - y), left = t.targetWidth - x;
    let to = t.target + (((image * t.targetHeight + y) * t.targetWidth + x) as usize) * pixel + bytes(column);
    let from = lines + ((i as usize) << 6);
    for (let j = 0; j < rows; j++) {
      foldLines(
        from, line, to, left > 1 ? to + pixel : outside, left > 2 ? to + 2 * pixel : outside, left > 3 ? to + 3 * pixel : outside,
        size, true, bias, low,
      );
      from += 6 * line;
      to += (t.targetWidth as usize) * pixel;
    }
  }
}
