// Convolution over [batch, depth, height, width, channels] without im2col: the microkernels read the images in place.
//
// What meets what is in the plan (../plan.ts), so that one kernel does the convolution and its gradient for the input, with
// any stride, dilation, padding and groups. The target is cut into boxes; within a box, cells that meet the same taps are
// taken together, six a tile. So the border needs neither a padded copy nor products with zeros.
import { addBiasAndRelu, mergeEdge } from "./tile-output";
import { leadingSixes, multiplyListedSixes, multiplyTile, tileRows } from "./microkernels";
import { packPanel, packTransposedPanel } from "./packing";
import { ARGUMENTS, bytes, divideUp } from "./control";
import { addRun, convolveFewColumns, FEW_COLUMNS, MAX_RUNS, packFewColumns, Runs } from "./few-columns";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { CONVOLVE } from "./tasks";
import {
  axisOf, Boxes, Cell, cellAt, cellFrom, classPhase, classStart, cutBoxes, Geometry, phaseTaps, PlanAxis, planAxis, regionStart, tapInOrder,
} from "./window";

// Scratch memory: addresses in the source and numbers in the target of the pixels in hand, a tile.
const MAX_PIXELS = 1536;
const TARGETS: usize = 8192;
const TILE: usize = 32768;
const RUNS: usize = 65536;
/** Multiply-adds of a box: enough for cells of one class to fill tiles, little enough to share between threads. */
const BOX_WORK: f64 = 16000000;
const MAX_CHUNKS = 60000;
// The cut of a task into boxes lies behind its arguments.
const BOXES: usize = ARGUMENTS + 256;

/**
 * Filters [taps, channels / groups, filters] into panels of 16 columns, taps in the plan's order:
 * [groups][columns / 16][taps][depth][16]. backward: columns are the channels and depth the filters of a group.
 */
export function packFilters(geometry: usize, plan: usize, filters: usize, panels: usize, backward: i32): void {
  const g = changetype<Geometry>(geometry), groups = g.groups, all = g.filters;
  const channels = g.channels / groups, outputs = all / groups;
  const taps = axisOf(geometry, 0).window * axisOf(geometry, 1).window * axisOf(geometry, 2).window;
  const columns = backward ? channels : outputs, depth = backward ? outputs : channels;
  if (isFew(groups, columns, taps)) {
    packFewColumns(plan, filters, panels, taps, depth, columns, backward ? all : 1, backward ? 1 : all);
    return;
  }
  for (let group = 0; group < groups; group++) {
    const start = filters + bytes(group * outputs);
    for (let j = 0; j < columns; j += 16) {
      const count = min(16, columns - j);
      for (let place = 0; place < taps; place++) {
        const tap = start + bytes(tapInOrder(plan, place) * channels * all);
        if (backward) packTransposedPanel(tap + bytes(j * all), bytes(all), depth, count, panels);
        else packPanel(tap + bytes(j), bytes(all), depth, count, panels);
        panels += bytes(depth * 16);
      }
    }
  }
}

@inline
function isFew(groups: i32, columns: i32, taps: i32): bool {
  return groups == 1 && columns <= FEW_COLUMNS && taps <= MAX_RUNS;
}

@unmanaged
class ConvolveTask {
  plan: usize;
  source: usize;
  panels: usize;
  target: usize;
  groups: i32;
  /** Channels of a source pixel in all and in a group; the same for the target. */
  sourceChannels: i32;
  depth: i32;
  targetChannels: i32;
  columns: i32;
  taps: i32;
  bias: usize;
  relu: i32;
  boxes: i32;
  chunks: i32;
}

/** target = plan applied to source; then bias and relu. */
export function convolve(
  geometry: usize, plan: usize, source: usize, panels: usize, target: usize, backward: i32, bias: usize, relu: i32,
): void {
  const g = changetype<Geometry>(geometry), z = planAxis(plan, 0), y = planAxis(plan, 1), x = planAxis(plan, 2);
  begin();
  const t = changetype<ConvolveTask>(ARGUMENTS);
  t.plan = plan;
  t.source = source;
  t.panels = panels;
  t.target = target;
  t.groups = g.groups;
  t.sourceChannels = backward ? g.filters : g.channels;
  t.targetChannels = backward ? g.channels : g.filters;
  t.depth = t.sourceChannels / g.groups;
  t.columns = t.targetChannels / g.groups;
  t.taps = axisOf(geometry, 0).window * axisOf(geometry, 1).window * axisOf(geometry, 2).window;
  t.bias = bias;
  t.relu = relu;
  const pixels = (g.batch as f64) * (z.targets as f64) * (y.targets as f64) * (x.targets as f64);
  const depth = t.taps * t.depth;
  if (pixels < 1 || t.columns <= 0) return;
  const pixelWork = max((depth as f64) * (t.targetChannels as f64), 1);
  // Eight boxes or more, unless they would be small.
  const room = max(96, min(BOX_WORK / pixelWork, min(pixels / 8, MAX_PIXELS as f64))) as i32;
  t.boxes = cutBoxes(changetype<Boxes>(BOXES), plan, g.batch, room);
  t.chunks = min(t.boxes, MAX_CHUNKS);
  parallel(CONVOLVE, t.chunks, pixels * pixelWork > WORTH_WAKING);
}

export function convolveChunk(chunk: i32): void {
  const t = changetype<ConvolveTask>(ARGUMENTS), b = changetype<Boxes>(BOXES);
  const last = ((chunk as i64 + 1) * (t.boxes as i64) / t.chunks) as i32;
  for (let box = ((chunk as i64) * (t.boxes as i64) / t.chunks) as i32; box < last; box++) {
    const ix = box % b.widthBoxes, ry = box / b.widthBoxes, iy = ry % b.heightBoxes, rz = ry / b.heightBoxes;
    const iz = rz % b.depthBoxes, image = rz / b.depthBoxes * b.images, images = min(b.images, b.batch - image);
    convolveBox(t, image, images, iz * b.depth, b.depth, iy * b.height, b.height, ix * b.width, b.width);
  }
}

function convolveBox(t: ConvolveTask, image: i32, images: i32, z0: i32, depth: i32, y0: i32, height: i32, x0: i32, width: i32): void {
  const plan = t.plan, az = planAxis(plan, 0), ay = planAxis(plan, 1), ax = planAxis(plan, 2);
  const z1 = min(z0 + depth, az.targets), y1 = min(y0 + height, ay.targets), x1 = min(x0 + width, ax.targets);
  for (let cz = 0; cz < az.classes; cz++) {
    const zEnd = classStart(plan, az, cz + 1), zFrom = cellFrom(plan, az, classStart(plan, az, cz), zEnd, z0);
    if (zFrom == zEnd || cellAt(plan, az, zFrom).target >= z1) continue;
    for (let cy = 0; cy < ay.classes; cy++) {
      const yEnd = classStart(plan, ay, cy + 1), yFrom = cellFrom(plan, ay, classStart(plan, ay, cy), yEnd, y0);
      if (yFrom == yEnd || cellAt(plan, ay, yFrom).target >= y1) continue;
      for (let cx = 0; cx < ax.classes; cx++) {
        const xEnd = classStart(plan, ax, cx + 1), xFrom = cellFrom(plan, ax, classStart(plan, ax, cx), xEnd, x0);
        if (xFrom == xEnd || cellAt(plan, ax, xFrom).target >= x1) continue;
        const pz = classPhase(plan, az, cz), py = classPhase(plan, ay, cy), px = classPhase(plan, ax, cx);
        const nz = phaseTaps(plan, az, pz), ny = phaseTaps(plan, ay, py), nx = phaseTaps(plan, ax, px);
        const region = regionStart(plan, pz, py, px);
        for (let group = 0; group < t.groups; group++) {
          let count = 0;
          for (let b = 0; b < images; b++) {
            for (let i = zFrom; i < zEnd && cellAt(plan, az, i).target < z1; i++) {
              for (let j = yFrom; j < yEnd && cellAt(plan, ay, j).target < y1; j++) {
                count = locateRow(t, image + b, cellAt(plan, az, i), cellAt(plan, ay, j), ax, xFrom, xEnd, x1, group, count);
              }
            }
          }
          tiles(t, count, group, region, ny, nx, cellAt(plan, az, zFrom), cellAt(plan, ay, yFrom), cellAt(plan, ax, xFrom));
        }
      }
    }
  }
  finish(t, image, images, z0, z1, y0, y1, x0, x1);
}

// Appends the pixels of one row to the list.
function locateRow(
  t: ConvolveTask, image: i32, z: Cell, y: Cell, ax: PlanAxis, from: i32, end: i32, x1: i32, group: i32, count: i32,
): i32 {
  const plan = t.plan, az = planAxis(plan, 0), ay = planAxis(plan, 1), pixel = bytes(t.sourceChannels);
  const row = ((image * az.sources + z.source) * ay.sources + y.source) * ax.sources;
  const target = ((image * az.targets + z.target) * ay.targets + y.target) * ax.targets;
  const base = t.source + bytes(group * t.depth);
  for (let i = from; i < end; i++) {
    const x = cellAt(plan, ax, i);
    if (x.target >= x1) break;
    store<u32>(scratch + bytes(count), (base + ((row + x.source) as usize) * pixel) as u32);
    store<i32>(scratch + TARGETS + bytes(count), target + x.target);
    count++;
  }
  return count;
}

// All columns of the group for pixels that meet the taps of the cells z, y, x.
function tiles(t: ConvolveTask, count: i32, group: i32, region: i32, ny: i32, nx: i32, z: Cell, y: Cell, x: Cell): void {
  const plan = t.plan, az = planAxis(plan, 0), ay = planAxis(plan, 1), ax = planAxis(plan, 2);
  const depth = t.depth, columns = t.columns, strips = divideUp(columns, 16), edge = scratch + TILE;
  if (z.count * y.count * x.count == 0) {
    clearPixels(t, count, group);
    return;
  }
  const pixel = bytes(t.sourceChannels), rowBytes = (ax.sources as usize) * pixel, planeBytes = (ay.sources as usize) * rowBytes;
  const stepY = (ay.step as usize) * rowBytes, stepZ = (az.step as usize) * planeBytes;
  // Whole rows of the filter are one stretch where neighbouring taps read neighbouring pixels.
  const together = ax.step == 1 && t.groups == 1, whole = together && x.count == nx;
  const segments = whole ? y.count : together ? 1 : x.count, run = (together ? x.count * depth : depth) as usize;
  const segment = whole ? stepY : (ax.step as usize) * pixel, lines = whole ? 1 : y.count;
  if (isFew(t.groups, columns, t.taps)) {
    fewColumns(t, count, region, ny, nx, z, y, x, stepZ, stepY, (ax.step as usize) * pixel, together);
    return;
  }
  for (let j = 0; j < columns; j += 16) {
    const panel = t.panels + bytes(((group * strips + j / 16) * t.taps + region) * depth * 16), width = min(16, columns - j);
    for (let i = 0; i < count;) {
      const sixes = width == 16 ? sixesTogether(i, count) : 0, rows = sixes ? 6 * sixes : tileRows(count - i), p = scratch + bytes(i);
      const c = sixes ? placeOf(t, i, group, j) : tilePlace(t, i, rows, group, j, width), ldc = c == edge ? 64 : bytes(t.targetChannels);
      let accumulate = 0;
      for (let k = 0; k < z.count; k++) {
        for (let l = 0; l < lines; l++) {
          const q = panel + bytes((((z.first + k) * ny + y.first + l) * nx + x.first) * depth * 16);
          const o = (k as usize) * stepZ + (l as usize) * stepY;
          if (sixes) multiplyListedSixes(sixes, segments, run, segment, p, o, q, c, ldc, accumulate);
          else multiplyListedTile(rows, segments, run, segment, p, o, q, c, ldc, accumulate);
          accumulate = 1;
        }
      }
      if (c == edge) spreadTile(t, i, rows, group, j, width);
      i += rows;
    }
  }
}

function fewColumns(
  t: ConvolveTask, count: i32, region: i32, ny: i32, nx: i32, z: Cell, y: Cell, x: Cell, stepZ: usize, stepY: usize, stepX: usize,
  together: bool,
): void {
  const tap = bytes(t.depth), runs = changetype<Runs>(scratch + RUNS), atOnce = together ? x.count : 1;
  runs.run = (atOnce as usize) * tap;
  runs.count = 0;
  for (let k = 0; k < z.count; k++) {
    for (let l = 0; l < y.count; l++) {
      for (let m = 0; m < x.count; m += atOnce) {
        const place = region + ((z.first + k) * ny + y.first + l) * nx + x.first + m;
        addRun(runs, (k as usize) * stepZ + (l as usize) * stepY + (m as usize) * stepX, (place as usize) * tap);
      }
    }
  }
  convolveFewColumns(runs, scratch, scratch + TARGETS, count, t.panels, (t.taps as usize) * tap, t.columns, t.target);
}

// Tiles of six pixels from number i of the list on that lie side by side in the target.
@inline
function sixesTogether(i: i32, count: i32): i32 {
  const targets = scratch + TARGETS + bytes(i), first = load<i32>(targets), most = leadingSixes(count - i);
  let sixes = 0;
  while (sixes < most && load<i32>(targets + bytes(6 * sixes + 5)) - first == 6 * sixes + 5) sixes++;
  return sixes;
}

@inline
function multiplyListedTile(
  rows: i32, segments: i32, run: usize, segment: usize, addresses: usize, offset: usize, panel: usize, c: usize, ldc: usize, accumulate: i32,
): void {
  const a0 = load<u32>(addresses) + offset, a1 = load<u32>(addresses, 4) + offset, a2 = load<u32>(addresses, 8) + offset;
  const a3 = load<u32>(addresses, 12) + offset, a4 = load<u32>(addresses, 16) + offset, a5 = load<u32>(addresses, 20) + offset;
  multiplyTile(rows, segments, run, segment, 4, a0, a1, a2, a3, a4, a5, panel, 64, c, ldc, accumulate);
}

@inline
function placeOf(t: ConvolveTask, i: i32, group: i32, j: i32): usize {
  const pixel = load<i32>(scratch + TARGETS + bytes(i)) as usize;
  return t.target + pixel * bytes(t.targetChannels) + bytes(group * t.columns + j);
}

// Where a tile is computed: in the target if its pixels lie there side by side, else in scratch memory.
@inline
function tilePlace(t: ConvolveTask, i: i32, rows: i32, group: i32, j: i32, width: i32): usize {
  const targets = scratch + TARGETS + bytes(i), first = load<i32>(targets);
  if (width < 16 || load<i32>(targets + bytes(rows - 1)) - first != rows - 1) return scratch + TILE;
  return placeOf(t, i, group, j);
}

function spreadTile(t: ConvolveTask, i: i32, rows: i32, group: i32, j: i32, width: i32): void {
  const ld = bytes(t.targetChannels), start = t.target + bytes(group * t.columns + j);
  for (let r = 0; r < rows; r++) {
    const tile = scratch + TILE + ((r as usize) << 6), c = start + (load<i32>(scratch + TARGETS + bytes(i + r)) as usize) * ld;
    if (width < 16) {
      mergeEdge(tile, c, ld, 1, width, 0);
      continue;
    }
    const v0 = v128.load(tile), v1 = v128.load(tile, 16), v2 = v128.load(tile, 32), v3 = v128.load(tile, 48);
    v128.store(c, v0);
    v128.store(c, v1, 16);
    v128.store(c, v2, 32);
    v128.store(c, v3, 48);
  }
}

function clearPixels(t: ConvolveTask, count: i32, group: i32): void {
  const ld = bytes(t.targetChannels), start = t.target + bytes(group * t.columns);
  for (let i = 0; i < count; i++) memory.fill(start + (load<i32>(scratch + TARGETS + bytes(i)) as usize) * ld, 0, bytes(t.columns));
}

// Bias and relu over the box, in stretches as long as the box allows.
function finish(t: ConvolveTask, image: i32, images: i32, z0: i32, z1: i32, y0: i32, y1: i32, x0: i32, x1: i32): void {
  if (!t.bias && !t.relu) return;
  const az = planAxis(t.plan, 0), ay = planAxis(t.plan, 1), width = planAxis(t.plan, 2).targets, ld = bytes(t.targetChannels);
  const joined = x1 - x0 == width, rows = joined ? 1 : y1 - y0, length = joined ? (y1 - y0) * width : x1 - x0;
  for (let b = image; b < image + images; b++) {
    for (let z = z0; z < z1; z++) {
      for (let row = 0; row < rows; row++) {
        const first = ((b * az.targets + z) * ay.targets + y0 + row) * width + x0;
        addBiasAndRelu(t.target, ld, first, first + length, 0, t.targetChannels, t.bias, t.relu);
      }
    }
  }
}
