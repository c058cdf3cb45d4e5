// The tables that describe a window moving over images: its geometry, and the plan of a convolution (see ../plan.ts).

/** One axis of the geometry, as lib/engine/plan.ts writes it. */
@unmanaged
export class Axis {
  length: i32;
  window: i32;
  stride: i32;
  dilation: i32;
  before: i32;
  positions: i32;
}

/** Geometry: sizes of images and filters, and the three axes depth, height, width behind each other. */
@unmanaged
export class Geometry {
  batch: i32;
  channels: i32;
  filters: i32;
  groups: i32;
}

const GEOMETRY_HEAD: usize = 16;
const AXIS_BYTES: usize = 24;

@inline
export function axisOf(geometry: usize, axis: i32): Axis {
  return changetype<Axis>(geometry + GEOMETRY_HEAD + (axis as usize) * AXIS_BYTES);
}

/** Taps of an axis that lie in the input when the window is at `position`: the first, and one past the last. */
@inline
export function firstTap(axis: Axis, position: i32): i32 {
  const missing = axis.before - position * axis.stride;
  return missing <= 0 ? 0 : min(axis.window, (missing + axis.dilation - 1) / axis.dilation);
}

@inline
export function endTap(axis: Axis, position: i32): i32 {
  const left = axis.length - 1 + axis.before - position * axis.stride;
  return left < 0 ? 0 : min(axis.window, left / axis.dilation + 1);
}

/** The cell of the input under tap 0. */
@inline
export function origin(axis: Axis, position: i32): i32 {
  return position * axis.stride - axis.before;
}

/** Cells from the first to the last tap of `positions` neighbouring positions. */
@inline
export function span(axis: Axis, positions: i32): i32 {
  return (positions - 1) * axis.stride + (axis.window - 1) * axis.dilation + 1;
}

/** One axis of a plan: which cells of the source each cell of the target is made of. */
@unmanaged
export class PlanAxis {
  targets: i32;
  sources: i32;
  /** Cells of the source from one tap to the next. */
  step: i32;
  /** Number of phases and of classes. */
  phases: i32;
  classes: i32;
  /** Offsets in bytes from the start of the plan: taps of each phase; (first cell, phase) of each class; the cells. */
  tapsAt: i32;
  classesAt: i32;
  cellsAt: i32;
}

/** A cell of the target: the cell of the source under the first of `count` taps, which is tap `first` of its phase. */
@unmanaged
export class Cell {
  target: i32;
  source: i32;
  first: i32;
  count: i32;
}

const PLAN_AXIS_BYTES: usize = 32;
const REGIONS_AT: usize = 96;
const ORDER_AT: usize = 100;

@inline
export function planAxis(plan: usize, axis: i32): PlanAxis {
  return changetype<PlanAxis>(plan + (axis as usize) * PLAN_AXIS_BYTES);
}

@inline
export function phaseTaps(plan: usize, axis: PlanAxis, phase: i32): i32 {
  return load<i32>(plan + axis.tapsAt + ((phase as usize) << 2));
}

/** The first cell of a class; that of the class behind the last is the end. */
@inline
export function classStart(plan: usize, axis: PlanAxis, index: i32): i32 {
  return load<i32>(plan + axis.classesAt + ((index as usize) << 3));
}

@inline
export function classPhase(plan: usize, axis: PlanAxis, index: i32): i32 {
  return load<i32>(plan + axis.classesAt + ((index as usize) << 3), 4);
}

@inline
export function cellAt(plan: usize, axis: PlanAxis, index: i32): Cell {
  return changetype<Cell>(plan + axis.cellsAt + ((index as usize) << 4));
}

/** Where the taps of a combination of phases begin in the order of the plan. */
@inline
export function regionStart(plan: usize, phaseZ: i32, phaseY: i32, phaseX: i32): i32 {
  const region = (phaseZ * planAxis(plan, 1).phases + phaseY) * planAxis(plan, 2).phases + phaseX;
  return load<i32>(plan + load<i32>(plan + REGIONS_AT) + ((region as usize) << 2));
}

/** Which tap of the filter stands at a place of the plan's order. */
@inline
export function tapInOrder(plan: usize, place: i32): i32 {
  return load<i32>(plan + load<i32>(plan + ORDER_AT) + ((place as usize) << 2));
}

/** The first cell of a class whose target is not below `target`: the targets of a class ascend. */
export function cellFrom(plan: usize, axis: PlanAxis, start: i32, end: i32, target: i32): i32 {
  while (start < end) {
    const middle = (start + end) >> 1;
    if (cellAt(plan, axis, middle).target < target) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** The target cut into boxes of images × depth × height × width, one after the other: what one call of a chunk computes. */
@unmanaged
export class Boxes {
  batch: i32;
  /** Positions along each axis in a box, then the number of boxes along it. */
  images: i32;
  depth: i32;
  height: i32;
  width: i32;
  imageBoxes: i32;
  depthBoxes: i32;
  heightBoxes: i32;
  widthBoxes: i32;
}

@inline
function cut(length: i32, room: i32): i32 {
  const parts = (length + room - 1) / room;
  return (length + parts - 1) / parts;
}

/** Boxes of at most `pixels` pixels; returns their number. */
export function cutBoxes(b: Boxes, plan: usize, batch: i32, pixels: i32): i32 {
  const depth = planAxis(plan, 0).targets, height = planAxis(plan, 1).targets, width = planAxis(plan, 2).targets;
  b.batch = batch;
  b.width = cut(width, min(width, max(pixels, 1)));
  b.height = cut(height, min(height, max(pixels / b.width, 1)));
  b.depth = cut(depth, min(depth, max(pixels / (b.width * b.height), 1)));
  const image = b.width * b.height * b.depth;
  b.images = image == width * height * depth ? cut(batch, min(batch, max(pixels / image, 1))) : 1;
  b.imageBoxes = (batch + b.images - 1) / b.images;
  b.depthBoxes = (depth + b.depth - 1) / b.depth;
  b.heightBoxes = (height + b.height - 1) / b.height;
  b.widthBoxes = (width + b.width - 1) / b.width;
  return b.imageBoxes * b.depthBoxes * b.heightBoxes * b.widthBoxes;
}
