// Recurrent layers over whole sequences: the sizes of what the kernels work on, and their arguments in the order in which
// kernels/recurrent.ts reads them.
import type { Pointer } from "./core.ts";
import { engine } from "./engine.ts";

/** The cells that there are kernels for. */
export const RecurrentCell = { lstm: 0, gru: 1, tanh: 2, relu: 3 } as const;
export type RecurrentCellCode = (typeof RecurrentCell)[keyof typeof RecurrentCell];

/** The sizes of a layer and its input `[batch, time, features]`. */
export interface RecurrentGeometry {
  cell: RecurrentCellCode;
  batch: number;
  time: number;
  features: number;
  units: number;
  /** Reads the sequence from its end. */
  backwards: boolean;
}

/** Weights in Keras's layout; GRU: update, reset, candidate, with a bias for each side. 0 for "none". */
interface Weights {
  kernel: Pointer;
  recurrentKernel: Pointer;
  bias: Pointer;
  recurrentBias: Pointer;
}

/** What the forward pass reads and writes. `mask` `[batch, time]` float32, states `[batch, units]`; 0 for "none". */
export interface RecurrentForward extends Weights {
  x: Pointer;
  mask: Pointer;
  h0: Pointer;
  c0: Pointer;
  /** Outputs of all steps `[batch, time, units]`, in the order in which they are computed. */
  y: Pointer;
  h: Pointer;
  /** Last cells; only LSTM has them. */
  c: Pointer;
  /** Room of {@link recurrentMemory} floats for gates and cells, which the backward pass needs; 0 when there is none. */
  memory: Pointer;
}

/**
 * What the backward pass reads beyond that, and writes: gradients of y, h and c (0: none), and those wanted (0: not).
 * It uses the memory up.
 */
export interface RecurrentBackward extends RecurrentForward {
  dy: Pointer;
  dh: Pointer;
  dc: Pointer;
  dx: Pointer;
  dh0: Pointer;
  dc0: Pointer;
  dKernel: Pointer;
  dRecurrentKernel: Pointer;
  dBias: Pointer;
  dRecurrentBias: Pointer;
}

// Where the arguments are handed over: below 64 KB, beside the control block and the layouts.
const ARGUMENTS_AT = 20480;
/** Above these sizes a group's rows do not fit into a thread's scratch memory. */
const MAX_UNITS = 2048;
const MAX_FEATURES = 3072;
/** Rows that one thread carries through all steps. */
const GROUP_ROWS = 16;

/** Whether the kernels can work on layers of this size. */
export function fitsKernels(g: RecurrentGeometry): boolean {
  return g.batch > 0 && g.time > 0 && g.features > 0 && g.units <= MAX_UNITS && g.features <= MAX_FEATURES;
}

/**
 * Rows in a group: from the batch alone, so that sums are taken in one order on any number of threads. Two groups from 7
 * rows on; six rows go through a matrix product together, fewer would read the weights more often.
 */
function groupRowsOf({ batch }: RecurrentGeometry): number {
  const groups = batch <= 6 ? 1 : Math.max(2, Math.ceil(batch / GROUP_ROWS));
  return Math.ceil(batch / groups);
}

interface Layout {
  groupRows: number;
  gates: number;
  cells: number;
  tanhs: number;
  total: number;
}

/** Floats of gates, cells and tanh of cells for so many steps. */
function layoutOf(g: RecurrentGeometry, steps: number): Layout {
  const groupRows = groupRowsOf(g);
  const rows = groupRows * Math.ceil(g.batch / groupRows);
  const state = rows * 16 * Math.ceil(g.units / 16);
  const gates = state * steps * (g.cell <= RecurrentCell.gru ? 4 : 1);
  const cells = g.cell <= RecurrentCell.gru ? state * (steps + 1) : 0;
  const tanhs = g.cell === RecurrentCell.lstm ? state * steps : 0;
  return { groupRows, gates, cells, tanhs, total: gates + cells + tanhs };
}

/** How many floats a training step remembers. */
export function recurrentMemory(g: RecurrentGeometry): number {
  return layoutOf(g, g.time).total;
}

function productPanels(cell: RecurrentCellCode): number {
  return cell === RecurrentCell.lstm ? 4 : cell === RecurrentCell.gru ? 3 : 1;
}

/** Computes y, h and c; with `memory` it also leaves there what the backward pass needs. */
export function recurrentForward(g: RecurrentGeometry, io: RecurrentForward): void {
  const blocks = Math.ceil(g.units / 16);
  const panels = 64 * blocks * productPanels(g.cell);
  const kernelBytes = panels * (g.features + 1);
  const panelBytes = kernelBytes + panels * (g.units + 1);
  const keep = io.memory !== 0;
  const rows = groupRowsOf(g);
  const steps = keep ? g.time : Math.min(g.time, engine.kernels.recurrentSteps(rows, g.features));
  const layout = layoutOf(g, steps);
  const room = engine.memory.allocate(panelBytes + (keep ? 0 : 4 * layout.total));
  try {
    const gates = keep ? io.memory : room + panelBytes;
    writeArguments(g, layout, gates, io, room, room + kernelBytes, 0, 0);
    engine.kernels.recurrentForward(ARGUMENTS_AT);
  } finally {
    engine.memory.free(room);
  }
}

/** Computes the gradients that are wanted, from what the forward pass left in `memory`. */
export function recurrentBackward(g: RecurrentGeometry, io: RecurrentBackward): void {
  const blocks = Math.ceil(g.units / 16);
  const layout = layoutOf(g, g.time);
  const depth = 64 * 16 * blocks * productPanels(g.cell);
  const kernelBytes = io.dx === 0 ? 0 : depth * Math.ceil(g.features / 16);
  const panelBytes = kernelBytes + depth * blocks;
  const rows = layout.groupRows * Math.ceil(g.batch / layout.groupRows) * g.time;
  // The last tile is read as whole vectors.
  const inputBytes = 64 * Math.ceil((rows * (g.features + 1)) / 16);
  const room = engine.memory.allocate(panelBytes + inputBytes + 4 * rows * (g.units + 1));
  try {
    const left = room + panelBytes;
    writeArguments(g, layout, io.memory, io, room, room + kernelBytes, left, left + inputBytes);
    engine.kernels.recurrentBackward(ARGUMENTS_AT);
  } finally {
    engine.memory.free(room);
  }
}

function writeArguments(
  g: RecurrentGeometry,
  layout: Layout,
  gates: Pointer,
  io: RecurrentForward & Partial<RecurrentBackward>,
  kernelPanels: Pointer,
  recurrentPanels: Pointer,
  inputRows: Pointer,
  stateRows: Pointer,
): void {
  const cells = gates + 4 * layout.gates;
  const list = [
    ...[g.cell, g.batch, g.time, g.features, g.units, layout.groupRows],
    ...[g.backwards ? 1 : 0, io.memory === 0 ? 0 : 1],
    ...[io.x, io.mask, io.h0, io.c0, io.kernel, io.recurrentKernel, io.bias, io.recurrentBias],
    ...[io.y, io.h, io.c, gates, cells, cells + 4 * layout.cells, kernelPanels, recurrentPanels],
    ...[io.dy ?? 0, io.dh ?? 0, io.dc ?? 0, io.dx ?? 0, io.dh0 ?? 0, io.dc0 ?? 0],
    ...[io.dKernel ?? 0, io.dRecurrentKernel ?? 0, io.dBias ?? 0, io.dRecurrentBias ?? 0],
    ...[inputRows, stateRows],
  ];
  engine.memory.int32(ARGUMENTS_AT, list.length).set(list);
}
