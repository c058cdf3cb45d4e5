// The plan of a convolution: for each cell of the target, along each axis, which taps of the filter meet which cells of the
// source. Forward, taps are read in their order. Backwards (the gradient for the input, which is also the transposed
// convolution), the cells of the input fall into phases, one a residue of the stride: each phase meets taps of its own,
// so no product with the zeros between strides or around the border is ever computed.
import type { Convolution, Window, WindowAxis } from "./core.ts";

/** A cell of the target: tap `first` of its phase lies on `source`, and `count` taps from there lie inside. */
interface Cell {
  target: number;
  source: number;
  first: number;
  count: number;
  phase: number;
}

interface AxisPlan {
  targets: number;
  sources: number;
  step: number;
  /** The taps of each phase, in the order of ascending source cells. */
  phases: number[][];
  cells: Cell[];
}

/** Numbers of classes and cells go to the core as int32; kernels/window.ts reads them. */
const AXIS_INTS = 8;
const HEAD_INTS = 3 * AXIS_INTS + 2;

/** The geometry as the kernels read it (`Geometry` and three `Axis` in kernels/window.ts). */
export function geometryTable(g: Window | Convolution): number[] {
  const filters = "filters" in g ? g.filters : g.channels;
  const groups = "groups" in g ? g.groups : g.channels;
  const axes = g.axes.flatMap((a) => [a.length, a.window, a.stride, a.dilation, a.before, a.positions]);
  return [g.batch, g.channels, filters, groups, ...axes];
}

/**
 * The plan as the kernels read it. Cells are grouped into classes: those of one phase or, with `byBorder`, those that meet
 * the very same taps, so that the kernel can treat them alike without looking at the border.
 */
export function planTable(g: Window, direction: "forward" | "backward", byBorder: boolean): number[] {
  const plans = g.axes.map(direction === "forward" ? forwardPlan : backwardPlan);
  const head: number[] = [];
  const body: number[] = [];
  const at = () => 4 * (HEAD_INTS + body.length);
  for (const plan of plans) {
    const tapsAt = at();
    body.push(...plan.phases.map((taps) => taps.length));
    const classes = classify(plan.cells, byBorder);
    const classesAt = at();
    let start = 0;
    for (const cells of classes) {
      body.push(start, cells[0]!.phase);
      start += cells.length;
    }
    body.push(start, 0);
    const cellsAt = at();
    for (const cells of classes) {
      for (const cell of cells) body.push(cell.target, cell.source, cell.first, cell.count);
    }
    const { targets, sources, step, phases } = plan;
    head.push(targets, sources, step, phases.length, classes.length, tapsAt, classesAt, cellsAt);
  }
  const [depth, height, width] = plans as [AxisPlan, AxisPlan, AxisPlan];
  const regions: number[] = [];
  const order: number[] = [];
  for (const z of depth.phases) {
    for (const y of height.phases) {
      for (const x of width.phases) {
        regions.push(order.length);
        for (const i of z) {
          for (const j of y) {
            for (const k of x) order.push((i * g.axes[1].window + j) * g.axes[2].window + k);
          }
        }
      }
    }
  }
  head.push(at());
  body.push(...regions);
  head.push(at());
  for (const tap of order) body.push(tap);
  return [...head, ...body];
}

function classify(cells: Cell[], byBorder: boolean): Cell[][] {
  const classes = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = byBorder ? `${cell.phase} ${cell.first} ${cell.count}` : `${cell.phase}`;
    const list = classes.get(key);
    if (list === undefined) classes.set(key, [cell]);
    else list.push(cell);
  }
  return [...classes.values()];
}

/** Output cells made of input cells. */
function forwardPlan(axis: WindowAxis): AxisPlan {
  const taps = Array.from({ length: axis.window }, (_, tap) => tap);
  const cells = Array.from({ length: axis.positions }, (_, target) =>
    inside(target, target * axis.stride - axis.before, axis.dilation, axis.window, axis.length, 0),
  );
  return { targets: axis.positions, sources: axis.length, step: axis.dilation, phases: [taps], cells };
}

/** Input cells made of output cells: cell i meets tap k of position o where i + before = o · stride + k · dilation. */
function backwardPlan(axis: WindowAxis): AxisPlan {
  const { length, window, stride, dilation, before, positions } = axis;
  const step = dilation / divisor(stride, dilation);
  const phases: number[][] = [];
  const phaseOf = new Map<number, number>();
  for (let residue = 0; residue < stride; residue++) {
    const taps: number[] = [];
    for (let tap = window - 1; tap >= 0; tap--) if ((residue - tap * dilation) % stride === 0) taps.push(tap);
    phaseOf.set(residue, phases.length);
    phases.push(taps);
  }
  const cells = Array.from({ length }, (_, target) => {
    const phase = phaseOf.get((target + before) % stride)!;
    const taps = phases[phase]!;
    const source = taps.length === 0 ? 0 : (target + before - taps[0]! * dilation) / stride;
    return inside(target, source, step, taps.length, positions, phase);
  });
  return { targets: length, sources: positions, step, phases, cells };
}

/** The part of `taps` cells, `step` apart from `source` on, that lies between 0 and `limit`. */
function inside(
  target: number,
  source: number,
  step: number,
  taps: number,
  limit: number,
  phase: number,
): Cell {
  const first = Math.max(0, Math.ceil(-source / step));
  const end = Math.min(taps, Math.floor((limit - 1 - source) / step) + 1);
  if (end <= first) return { target, source: 0, first: 0, count: 0, phase };
  return { target, source: source + first * step, first, count: end - first, phase };
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
