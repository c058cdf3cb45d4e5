// Recurrent layers, backward: through all steps by groups of batch rows, then the weights' gradients as one large product.
import { bytes, divideUp } from "./control";
import { leadingSixes, multiplySixes, multiplyStrip, multiplyTile, tileRows } from "./microkernels";
import { packPanel } from "./packing";
import { parallel, scratch, WORTH_WAKING } from "./pool";
import {
  firstOfState, gateOf, groupsOf, panelsOf, productPanels, RecurrentTask, rowBytes, rowsToBlocks, stateBias,
  stepsAtOnce, takeArguments, task, timeOf,
} from "./recurrent";
import { cellBackward, GRU, LSTM } from "./recurrent-cells";
import { RECURRENT_BACKWARD, RECURRENT_LEFT, RECURRENT_PACK, RECURRENT_WEIGHTS } from "./tasks";

// Blocks of units whose gradients go through one stretch of a product: 256 numbers of depth.
const BLOCKS_AT_ONCE = 4;
// Rows of inputs or states that a chunk packs, and that stay in the first-level cache meanwhile.
const ROWS_A_CHUNK = 64;
const ROWS_AT_ONCE = 16;
// Rows summed in one stretch of the weights' product, and where its tiles are in the scratch memory.
const WEIGHT_DEPTH = 320;
const TILES: usize = 32768;
const TILES_ROOM: usize = 1 << 20;

export function recurrentBackward(source: usize): void {
  takeArguments(source);
  const t = task();
  const weights = (t.features as f64 + (t.units as f64)) * (t.units as f64) * (productPanels(t.cell) as f64);
  const work = weights * (t.batch as f64) * (t.time as f64), groups = groupsOf(t);
  parallel(RECURRENT_PACK, divideUp(t.units, 16), weights > WORTH_WAKING / 4);
  parallel(RECURRENT_BACKWARD, groups, work > WORTH_WAKING);
  parallel(RECURRENT_LEFT, groups * divideUp(t.time * t.groupRows, ROWS_A_CHUNK), work > WORTH_WAKING);
  parallel(RECURRENT_WEIGHTS, divideUp(divideUp(t.units, 16), blocksAChunk(t)), work > WORTH_WAKING);
}

@inline
function addRow(target: usize, source: usize, count: i32): void {
  const end = bytes(count);
  let x: usize = 0;
  for (const whole = end & ~31; x < whole; x += 32) {
    const v0 = f32x4.add(v128.load(target + x), v128.load(source + x));
    const v1 = f32x4.add(v128.load(target + x, 16), v128.load(source + x, 16));
    v128.store(target + x, v0);
    v128.store(target + x, v1, 16);
  }
  for (; x < end; x += 4) store<f32>(target + x, load<f32>(target + x) + load<f32>(source + x));
}

export function recurrentBackwardChunk(g: i32): void {
  const t = task(), cell = t.cell, units = t.units, time = t.time, R = t.groupRows;
  const first = g * R, rows = min(R, t.batch - first), blocks = divideUp(units, 16), panels = panelsOf(cell);
  const count = productPanels(cell), run = (count as usize) << 4, depth = (blocks as usize) * run;
  const tileStep = (panels as usize) << 6, blockStep = ((time * R) as usize) * tileStep, slotStep = ((blocks * R) as usize) << 6;
  const gates = t.gates + (g as usize) * (blocks as usize) * blockStep;
  const cells = t.cells + ((g * (time + 1)) as usize) * slotStep, tanhs = t.tanhs + ((g * time) as usize) * slotStep;
  const step = rowBytes(units), all = (R as usize) * step, offset = (firstOfState(cell) as usize) << 6;
  const outputs = ((time * units) as usize) << 2, dc = scratch, steps = stepsAtOnce(t), inputs = dc + slotStep + 2 * all;
  let dh = dc + slotStep, dBefore = dh + all;
  memory.fill(scratch, 0, slotStep + 2 * all);
  for (let i = 0; t.dh && i < rows; i++) {
    memory.copy(dh + (i as usize) * step, t.dh + ((first + i) as usize) * bytes(units), bytes(units));
  }
  if (t.dc) rowsToBlocks(rows, R, units, t.dc + (first as usize) * bytes(units), bytes(units), dc, false);
  for (let s = time - 1; s >= 0; s--) {
    const mask = t.mask ? t.mask + bytes(first * time + timeOf(t, s)) : 0;
    if (t.dy) {
      const dy = t.dy + (first as usize) * outputs + bytes(s * units);
      for (let i = 0; i < rows; i++) addRow(dh + (i as usize) * step, dy + (i as usize) * outputs, units);
    }
    const tiles = gates + ((s * R) as usize) * tileStep;
    const onward = s > 0 || t.dh0 != 0;
    // A row that did nothing in this step hands its gradient on as it is.
    if (mask && cell != GRU) memory.fill(dBefore, 0, all);
    if (mask) {
      for (let i = 0; i < rows; i++) {
        if (load<f32>(mask + (i as usize) * bytes(time)) == 0) memory.copy(dBefore + (i as usize) * step, dh + (i as usize) * step, step);
      }
    }
    const accumulate = mask || cell == GRU ? 1 : 0;
    for (let b = 0; b < blocks; b++) {
      const at = ((b * R) as usize) << 6, row = (b as usize) << 6;
      cellBackward(cell, rows, tiles + (b as usize) * blockStep, cells + (s as usize) * slotStep + at,
        tanhs + (s as usize) * slotStep + at, dc + at, dh + row, dBefore + row, step, mask, bytes(time));
      if (rows < R) {
        memory.fill(tiles + (b as usize) * blockStep + (rows as usize) * tileStep, 0, ((R - rows) as usize) * tileStep);
      }
      const start = b & ~(BLOCKS_AT_ONCE - 1);
      if (!onward || (b != start + BLOCKS_AT_ONCE - 1 && b != blocks - 1)) continue;
      // GRU: gates write what goes to the state before directly, so the products wait until all have.
      if (cell == GRU) continue;
      backProduct(R, start, b + 1, blocks, run, blockStep, tiles + offset, tileStep, t.recurrentPanels, depth, dBefore, step, accumulate | start);
    }
    if (cell == GRU && onward) {
      for (let b = 0; b < blocks; b += BLOCKS_AT_ONCE) {
        backProduct(R, b, min(blocks, b + BLOCKS_AT_ONCE), blocks, run, blockStep, tiles + offset, tileStep, t.recurrentPanels, depth,
          dBefore, step, 1);
      }
    }
    const swap = dh;
    dh = dBefore;
    dBefore = swap;
    if (t.dx && s % steps == 0) inputGradient(t, g, s, min(time, s + steps), inputs);
  }
  for (let i = 0; t.dh0 && i < rows; i++) {
    memory.copy(t.dh0 + ((first + i) as usize) * bytes(units), dh + (i as usize) * step, bytes(units));
  }
  if (t.dc0) rowsToBlocks(rows, R, units, t.dc0 + (first as usize) * bytes(units), bytes(units), dc, true);
}

// out[rows][…] (+)= gradients of the sums of blocks start … end − 1 times the transposed weights, in panels of 16 outputs.
function backProduct(
  rows: i32, start: i32, end: i32, outputPanels: i32, run: usize, blockStep: usize, tiles: usize, tileStep: usize,
  panels: usize, depth: usize, out: usize, step: usize, accumulate: i32,
): void {
  const from = tiles + (start as usize) * blockStep, skip = ((start as usize) * run) << 6;
  for (let j = 0; j < outputPanels; j++) {
    const panel = panels + (((j as usize) * depth) << 6) + skip;
    multiplyStrip(rows, end - start, run, blockStep, from, tileStep, 4, 0, panel, 64, out + ((j as usize) << 6), step, accumulate);
  }
}

function inputGradient(t: RecurrentTask, g: i32, start: i32, end: i32, room: usize): void {
  const cell = t.cell, R = t.groupRows, first = g * R, rows = min(R, t.batch - first), features = t.features;
  const blocks = divideUp(t.units, 16), run = (productPanels(cell) as usize) << 4, tileStep = (panelsOf(cell) as usize) << 6;
  const blockStep = ((t.time * R) as usize) * tileStep, step = rowBytes(features);
  const tiles = t.gates + (g as usize) * (blocks as usize) * blockStep + ((start * R) as usize) * tileStep;
  for (let b = 0; b < blocks; b += BLOCKS_AT_ONCE) {
    backProduct((end - start) * R, b, min(blocks, b + BLOCKS_AT_ONCE), divideUp(features, 16), run, blockStep, tiles, tileStep,
      t.kernelPanels, (blocks as usize) * run, room, step, b);
  }
  for (let s = start; s < end; s++) {
    for (let i = 0; i < rows; i++) {
      memory.copy(t.dx + bytes(((first + i) * t.time + timeOf(t, s)) * features), room + (((s - start) * R + i) as usize) * step, bytes(features));
    }
  }
}

// ---- the weights' gradients: inputs and states with a 1 before them, transposed in tiles, times gradients of the sums

/** Blocks of units a chunk takes: eight chunks or more, and their tiles must fit. */
function blocksAChunk(t: RecurrentTask): i32 {
  const tiles = ((t.units + t.features + 2) * productPanels(t.cell)) as usize << 6;
  return max(1, min(divideUp(t.units, 16) / 8, (TILES_ROOM / tiles) as i32));
}

// Rows of [1, x] or [1, h] in the order of the gates, packed so that the tiles of a product read them in order.
function packLeft(source: usize, stride: usize, count: i32, from: i32, total: i32, target: usize): void {
  const columns = (stride >> 2) as i32;
  for (let i = 0; i < columns;) {
    const size = tileRows(columns - i);
    let p = target + bytes(i * total + from * size), q = source + bytes(i);
    for (let k = 0; k < count; k++) {
      if (size == 6) {
        v128.store(p, v128.load(q));
        store<i64>(p, load<i64>(q, 16), 16);
      } else if (size == 4) v128.store(p, v128.load(q));
      else for (let e = 0; e < size; e++) store<f32>(p + bytes(e), load<f32>(q + bytes(e)));
      p += bytes(size);
      q += stride;
    }
    i += size;
  }
}

export function recurrentLeftChunk(chunk: i32): void {
  const t = task(), units = t.units, features = t.features, time = t.time, R = t.groupRows, own = stateBias(t.cell);
  const total = time * R, chunks = divideUp(total, ROWS_A_CHUNK), g = chunk / chunks, start = (chunk - g * chunks) * ROWS_A_CHUNK;
  const first = g * R, rows = min(R, t.batch - first), end = min(total, start + ROWS_A_CHUNK);
  const inputStep = bytes(features + 1), stateStep = bytes(units + own);
  for (let n = start; n < end; n += ROWS_AT_ONCE) {
    const count = min(ROWS_AT_ONCE, end - n);
    let x = scratch, h = scratch + ROWS_AT_ONCE * inputStep;
    for (let k = 0; k < count; k++) {
      const step = (n + k) / R, i = (n + k) - step * R, row = first + i;
      if (i >= rows) {
        memory.fill(x, 0, inputStep);
        memory.fill(h, 0, stateStep);
      } else {
        store<f32>(x, 1);
        memory.copy(x + 4, t.x + bytes((row * time + timeOf(t, step)) * features), bytes(features));
        if (own) store<f32>(h, 1);
        const state = h + bytes(own);
        if (step) memory.copy(state, t.y + bytes((row * time + step - 1) * units), bytes(units));
        else if (t.h0) memory.copy(state, t.h0 + bytes(row * units), bytes(units));
        else memory.fill(state, 0, bytes(units));
      }
      x += inputStep;
      h += stateStep;
    }
    packLeft(scratch, inputStep, count, n, total, t.inputRows + ((g * total) as usize) * inputStep);
    packLeft(scratch + ROWS_AT_ONCE * inputStep, stateStep, count, n, total, t.stateRows + ((g * total) as usize) * stateStep);
  }
}

export function recurrentWeightsChunk(chunk: i32): void {
  const t = task(), cell = t.cell, R = t.groupRows, total = t.time * R, groups = groupsOf(t), own = stateBias(cell);
  const blocks = divideUp(t.units, 16), each = blocksAChunk(t), from = chunk * each, to = min(blocks, from + each);
  const panels = panelsOf(cell), tileStep = (panels as usize) << 6, count = productPanels(cell), state0 = firstOfState(cell);
  const blockStep = (total as usize) * tileStep, inputs = t.features + 1, states = t.units + own;
  const panel = scratch, stretch = divideUp(total, divideUp(total, WEIGHT_DEPTH));
  const inputTiles = scratch + TILES, stateTiles = inputTiles + (((to - from) * count * inputs) as usize << 6);
  let accumulate = 0;
  for (let g = 0; g < groups; g++) {
    for (let n = 0; n < total; n += stretch) {
      const depth = min(stretch, total - n);
      for (let b = from; b < to; b++) {
        for (let p = 0; p < panels; p++) {
          packPanel(t.gates + ((g * blocks + b) as usize) * blockStep + (n as usize) * tileStep + ((p as usize) << 6), tileStep, depth, 16, panel);
          const at = (b - from) * count;
          if (p < count) {
            leftProduct(t.inputRows + bytes(g * total * inputs), inputs, total, n, depth, panel,
              inputTiles + (((at + p) * inputs) as usize << 6), accumulate);
          }
          if (p >= state0) {
            leftProduct(t.stateRows + bytes(g * total * states), states, total, n, depth, panel,
              stateTiles + (((at + p - state0) * states) as usize << 6), accumulate);
          }
        }
      }
      accumulate = 1;
    }
  }
  const ld = bytes((cell == GRU ? 3 : panels) * t.units);
  for (let b = from; b < to; b++) {
    const columns = min(16, t.units - b * 16);
    for (let p = 0; p < count; p++) {
      const at = (b - from) * count + p;
      unpack(inputTiles + ((at * inputs) as usize << 6), inputs, 1, t.dBias, t.dKernel, ld, gateOf(cell, p) * t.units + b * 16, columns);
      unpack(stateTiles + ((at * states) as usize << 6), states, own, t.dRecurrentBias, t.dRecurrentKernel, ld,
        gateOf(cell, p + state0) * t.units + b * 16, columns);
    }
  }
}

function leftProduct(left: usize, columns: i32, total: i32, from: i32, depth: i32, panel: usize, out: usize, accumulate: i32): void {
  const sixes = leadingSixes(columns);
  multiplySixes(sixes, 1, depth as usize, 0, 24, left + bytes(6 * from), 4, bytes(6 * total), panel, 64, out, 64, 6 * 64, accumulate);
  for (let i = 6 * sixes; i < columns;) {
    const size = tileRows(columns - i), a = left + bytes(i * total + from * size);
    multiplyTile(size, 1, depth as usize, 0, bytes(size), a, a + 4, a + 8, a + 12, a + 16, a + 20, panel, 64, out + ((i as usize) << 6), 64, accumulate);
    i += size;
  }
}

// Tiles [1 + rows][16] to the columns of a bias and a matrix, either of which may not be wanted.
function unpack(tiles: usize, count: i32, own: i32, bias: usize, matrix: usize, ld: usize, column: i32, columns: i32): void {
  const size = bytes(columns), at = bytes(column);
  if (own && bias) memory.copy(bias + at, tiles, size);
  if (!matrix) return;
  for (let i = own; i < count; i++) memory.copy(matrix + ((i - own) as usize) * ld + at, tiles + ((i as usize) << 6), size);
}
