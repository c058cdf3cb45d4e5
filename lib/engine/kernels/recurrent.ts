// Recurrent layers over whole sequences, forward. A chunk is a group of batch rows, carried through all time steps by one
// thread: no barrier between steps, and what a group works on stays in the cache of its core; only weights are shared.
//
// Layouts (16 units make a block, the last one padded with units that stay 0):
//   gates [group][block][step · row][panel][16]   sums, then values of the gates, then gradients of the sums, in place
//   cells [group][step + 1][block][row][16]       slot 0 is the initial cell (LSTM) or state (GRU)
//   tanhs [group][step][block][row][16]           tanh of the cells (LSTM)
//   weights in panels [block][panel][1 + depth][16], the bias first: inputs have a 1 before their features
import { ARGUMENTS, bytes, divideUp } from "./control";
import { multiplyStrip } from "./microkernels";
import { packPanel, packTransposedPanel } from "./packing";
import { begin, parallel, scratch, WORTH_WAKING } from "./pool";
import { cellForward, GRU, LSTM } from "./recurrent-cells";
import { RECURRENT_FORWARD, RECURRENT_PACK } from "./tasks";

/** The depth of a panel that stays in the first-level cache beside the states. */
export const MAX_DEPTH = 288;
// Steps whose inputs go through one matrix product, and the room for them.
const MAX_STEPS = 12;
const INPUT_ROOM = 1 << 20;

/** Fields in the order of lib/engine/recurrent.ts, which fills them; pointers may be 0 for "none". */
@unmanaged
export class RecurrentTask {
  cell: i32;
  batch: i32;
  time: i32;
  features: i32;
  units: i32;
  groupRows: i32;
  /** 1: the sequence is read from its end. */
  backwards: i32;
  /** 1: gates and cells of all steps are kept for the backward pass, 0: those of stepsAtOnce() steps. */
  keep: i32;
  x: usize;
  mask: usize;
  h0: usize;
  c0: usize;
  kernel: usize;
  recurrentKernel: usize;
  bias: usize;
  recurrentBias: usize;
  y: usize;
  h: usize;
  c: usize;
  gates: usize;
  cells: usize;
  tanhs: usize;
  kernelPanels: usize;
  recurrentPanels: usize;
  dy: usize;
  dh: usize;
  dc: usize;
  dx: usize;
  dh0: usize;
  dc0: usize;
  dKernel: usize;
  dRecurrentKernel: usize;
  dBias: usize;
  dRecurrentBias: usize;
  /** Inputs and states of all steps, packed as left sides of the product that gives the weights' gradients. */
  inputRows: usize;
  stateRows: usize;
}

@inline
export function task(): RecurrentTask {
  return changetype<RecurrentTask>(ARGUMENTS);
}

export function takeArguments(source: usize): void {
  begin();
  memory.copy(ARGUMENTS, source, offsetof<RecurrentTask>());
}

@inline
export function panelsOf(cell: i32): i32 {
  return cell <= GRU ? 4 : 1;
}
/** Panels that inputs feed: from 0; panels that states feed: from firstOfState. */
@inline
export function productPanels(cell: i32): i32 {
  return cell == LSTM ? 4 : cell == GRU ? 3 : 1;
}
@inline
export function firstOfState(cell: i32): i32 {
  return cell == GRU ? 1 : 0;
}
/** Where a panel's gate stands in the weights: GRU's are update, reset, candidate. */
@inline
export function gateOf(cell: i32, panel: i32): i32 {
  return cell == GRU ? (panel == 0 ? 2 : panel - 1) : panel;
}
/** Whether states have a bias of their own, and so a 1 before them. */
@inline
export function stateBias(cell: i32): i32 {
  return cell == GRU ? 1 : 0;
}
@inline
export function groupsOf(t: RecurrentTask): i32 {
  return divideUp(t.batch, t.groupRows);
}
/** A row length in bytes for so many floats, in whole vectors; never a multiple of 4 KB, where rows would share cache sets. */
@inline
export function rowBytes(floats: i32): usize {
  const size = bytes((floats + 15) & ~15);
  return size & 4095 ? size : size + 64;
}
@inline
export function timeOf(t: RecurrentTask, step: i32): i32 {
  return t.backwards ? t.time - 1 - step : step;
}
@inline
export function stepsAtOnce(t: RecurrentTask): i32 {
  return recurrentSteps(t.groupRows, t.features);
}
/** How many steps are worked at together: without `keep` the gates and cells of so many are needed. */
export function recurrentSteps(groupRows: i32, features: i32): i32 {
  const size = bytes(groupRows) * ((features + 32) as usize);
  return max(1, min(MAX_STEPS, (INPUT_ROOM / size) as i32));
}

// ---- weights in panels, one block of units a chunk

function packForward(source: usize, bias: usize, withBias: i32, depth: i32, ld: usize, column: i32, columns: i32, panel: usize): void {
  if (withBias) {
    if (bias) packPanel(bias + bytes(column), ld, 1, columns, panel);
    else memory.fill(panel, 0, 64);
    panel += 64;
  }
  packPanel(source + bytes(column), ld, depth, columns, panel);
}

/** Panels of 16 outputs with all units below each other, for the products that take gradients back. */
function packBackward(source: usize, outputs: i32, ld: usize, column: i32, rows: i32, panels: usize, depth: usize): void {
  for (let j = 0; j < outputs; j += 16) {
    const target = panels + ((j >> 4) as usize) * depth * 64;
    packTransposedPanel(source + (j as usize) * ld + bytes(column), ld, rows, min(16, outputs - j), target);
    if (rows < 16) memory.fill(target + ((rows as usize) << 6), 0, ((16 - rows) as usize) << 6);
  }
}

export function recurrentPackChunk(chunk: i32): void {
  const t = task(), cell = t.cell, units = t.units, count = productPanels(cell), first = firstOfState(cell);
  const gates = cell <= GRU ? (cell == LSTM ? 4 : 3) : 1, ld = bytes(gates * units);
  const column = chunk * 16, columns = min(16, units - column), blocks = divideUp(units, 16), depth = (blocks * count * 16) as usize;
  const own = stateBias(cell);
  for (let p = 0; p < count; p++) {
    const at = chunk * count + p;
    const inputColumn = gateOf(cell, p) * units + column, stateColumn = gateOf(cell, p + first) * units + column;
    if (!t.dy && !t.dh && !t.dc) {
      packForward(t.kernel, t.bias, 1, t.features, ld, inputColumn, columns, t.kernelPanels + (((t.features + 1) * at) as usize << 6));
      packForward(t.recurrentKernel, t.recurrentBias, own, units, ld, stateColumn, columns,
        t.recurrentPanels + (((units + own) * at) as usize << 6));
    } else {
      const offset = (at * 16) as usize << 6;
      if (t.dx) packBackward(t.kernel, t.features, ld, inputColumn, columns, t.kernelPanels + offset, depth);
      packBackward(t.recurrentKernel, units, ld, stateColumn, columns, t.recurrentPanels + offset, depth);
    }
  }
}

// ---- forward

export function recurrentForward(source: usize): void {
  takeArguments(source);
  const t = task();
  const perRow = (t.features as f64 + (t.units as f64)) * (t.units as f64) * (productPanels(t.cell) as f64);
  parallel(RECURRENT_PACK, divideUp(t.units, 16), perRow > WORTH_WAKING / 4);
  parallel(RECURRENT_FORWARD, groupsOf(t), perRow * (t.batch as f64) * (t.time as f64) > WORTH_WAKING);
}

/** Copies rows of `count` floats, `step` bytes apart, to blocks [block][row][16] (or back); padding units become 0. */
export function rowsToBlocks(rows: i32, groupRows: i32, count: i32, source: usize, step: usize, blocks: usize, back: bool): void {
  for (let j = 0; j < count; j += 16) {
    const size = bytes(min(16, count - j));
    for (let i = 0; i < rows; i++) {
      const block = blocks + (((j >> 4) * groupRows + i) as usize << 6), row = source + (i as usize) * step + bytes(j);
      if (back) memory.copy(row, block, size);
      else memory.copy(block, row, size);
    }
  }
}

export function recurrentForwardChunk(g: i32): void {
  const t = task(), cell = t.cell, units = t.units, features = t.features, time = t.time, R = t.groupRows;
  const first = g * R, rows = min(R, t.batch - first), blocks = divideUp(units, 16), panels = panelsOf(cell);
  const count = productPanels(cell), offset = (firstOfState(cell) as usize) << 6, own = stateBias(cell);
  const steps = stepsAtOnce(t), slots = t.keep ? time : min(steps, time);
  const tileStep = (panels as usize) << 6, blockStep = ((slots * R) as usize) * tileStep, slotStep = ((blocks * R) as usize) << 6;
  const gates = t.gates + (g as usize) * (blocks as usize) * blockStep;
  const cells = t.cells + ((g * (slots + 1)) as usize) * slotStep, tanhs = t.tanhs + ((g * slots) as usize) * slotStep;
  // Rows of states: [15 unused, 1, units …], so that the 1 of a bias stands before the units, and those on a vector.
  const stateStep = rowBytes(units + 16), inputStep = rowBytes(features + 1);
  let before = scratch, after = scratch + (R as usize) * stateStep;
  const inputs = scratch + 2 * (R as usize) * stateStep;
  const sequence = ((time * features) as usize) << 2, outputs = ((time * units) as usize) << 2;
  memory.fill(scratch, 0, 2 * (R as usize) * stateStep);
  for (let i = 0; i < rows; i++) {
    store<f32>(before + (i as usize) * stateStep + 60, 1);
    store<f32>(after + (i as usize) * stateStep + 60, 1);
    if (t.h0) memory.copy(before + (i as usize) * stateStep + 64, t.h0 + ((first + i) as usize) * bytes(units), bytes(units));
  }
  if (cell <= GRU) {
    memory.fill(cells, 0, slotStep);
    const initial = cell == LSTM ? t.c0 : t.h0;
    if (initial) rowsToBlocks(rows, R, units, initial + (first as usize) * bytes(units), bytes(units), cells, false);
  }
  for (let start = 0; start < time; start += steps) {
    const end = min(time, start + steps), base = t.keep ? start : 0;
    for (let step = start; step < end; step++) {
      const target = inputs + (((step - start) * R) as usize) * inputStep;
      if (rows < R) memory.fill(target + (rows as usize) * inputStep, 0, ((R - rows) as usize) * inputStep);
      const source = t.x + (first as usize) * sequence + bytes(timeOf(t, step) * features);
      for (let i = 0; i < rows; i++) {
        const row = target + (i as usize) * inputStep;
        store<f32>(row, 1);
        memory.copy(row + 4, source + (i as usize) * sequence, bytes(features));
      }
    }
    const depth = features + 1, stretch = divideUp(depth, divideUp(depth, MAX_DEPTH));
    for (let k = 0; k < depth; k += stretch) {
      for (let b = 0; b < blocks; b++) {
        const tiles = gates + (b as usize) * blockStep + ((base * R) as usize) * tileStep;
        for (let p = 0; p < count; p++) {
          const panel = t.kernelPanels + (((b * count + p) * depth + k) as usize << 6), run = min(stretch, depth - k) as usize;
          multiplyStrip(
            (end - start) * R, 1, run, 0, inputs + bytes(k), inputStep, 4, 0, panel, 64, tiles + ((p as usize) << 6), tileStep, k ? 1 : 0,
          );
        }
      }
    }
    for (let step = start; step < end; step++) {
      const slot = base + step - start, cellsBefore = cells + (slot as usize) * slotStep;
      for (let b = 0; b < blocks; b++) {
        const tile = gates + (b as usize) * blockStep + ((slot * R) as usize) * tileStep;
        if (step || own || t.h0) stateProduct(t, b, before + 64 - bytes(own), stateStep, tile + offset, tileStep);
        const at = ((b * R) as usize) << 6;
        cellForward(cell, R, tile, cellsBefore + at, cellsBefore + slotStep + at, tanhs + (slot as usize) * slotStep + at,
          after + 64 + ((b as usize) << 6), stateStep);
      }
      if (t.mask) {
        const mask = t.mask + bytes(first * time + timeOf(t, step));
        for (let i = 0; i < rows; i++) {
          if (load<f32>(mask + (i as usize) * bytes(time)) != 0) continue;
          memory.copy(after + (i as usize) * stateStep + 64, before + (i as usize) * stateStep + 64, bytes(blocks * 16));
          if (cell > GRU) continue;
          for (let b = 0; b < blocks; b++) {
            const at = cellsBefore + ((b * R + i) as usize << 6);
            memory.copy(at + slotStep, at, 64);
          }
        }
      }
      const y = t.y + (first as usize) * outputs + bytes(step * units);
      for (let i = 0; i < rows; i++) memory.copy(y + (i as usize) * outputs, after + (i as usize) * stateStep + 64, bytes(units));
      const swap = before;
      before = after;
      after = swap;
    }
    if (!t.keep && cell <= GRU) memory.copy(cells, cells + ((end - start) as usize) * slotStep, slotStep);
  }
  for (let i = 0; i < rows; i++) {
    memory.copy(t.h + ((first + i) as usize) * bytes(units), before + (i as usize) * stateStep + 64, bytes(units));
  }
  if (cell == LSTM) {
    const last = cells + ((t.keep ? time : 0) as usize) * slotStep;
    rowsToBlocks(rows, R, units, t.c + (first as usize) * bytes(units), bytes(units), last, true);
  }
}

// The products of the states before with the panels of one block of units.
function stateProduct(t: RecurrentTask, block: i32, state: usize, stateStep: usize, target: usize, tileStep: usize): void {
  const cell = t.cell, own = stateBias(cell), depth = t.units + own, stretch = divideUp(depth, divideUp(depth, MAX_DEPTH));
  const count = productPanels(cell);
  for (let p = 0; p < count; p++) {
    // Inputs have no part in the last panel of a GRU.
    const apart = cell == GRU && p == 2;
    for (let k = 0; k < depth; k += stretch) {
      const panel = t.recurrentPanels + (((block * count + p) * depth + k) as usize << 6), run = min(stretch, depth - k) as usize;
      multiplyStrip(
        t.groupRows, 1, run, 0, state + bytes(k), stateStep, 4, 0, panel, 64, target + ((p as usize) << 6), tileStep,
        apart && k == 0 ? 0 : 1,
      );
    }
  }
}
