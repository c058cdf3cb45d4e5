// A window that moves over images: what convolution and pooling share.
import type { Window, WindowAxis } from "../engine/core.ts";
import { describe, formatShape, type Shape } from "../tensor/shape.ts";

/** A size for each spatial axis (`[2, 3]`: height and width), or one number for all of them. */
export type Strides = number | readonly number[];

/**
 * Padding around images: `"valid"`: none; `"same"`: so that stride 1 keeps the size, and stride s gives ⌈size / s⌉;
 * `"causal"` (one axis): only before, so that no output looks ahead; or the number of cells: for all axes, or for each axis
 * one number or `[before, after]`.
 */
export type Padding = "valid" | "same" | "causal" | number | readonly (number | readonly [number, number])[];

export interface Placement {
  strides?: Strides;
  padding?: Padding;
  dilation?: Strides;
  /** A last window that the image does not fill counts too (`ceil_mode` in PyTorch). */
  ceilMode?: boolean;
}

export type Axes = readonly [WindowAxis, WindowAxis, WindowAxis];

/** What is behind the missing axes of 1-D and 2-D images. */
const single: WindowAxis = { length: 1, window: 1, stride: 1, dilation: 1, before: 0, positions: 1 };

/** Reads a size given as one number or for each axis. */
export function readSizes(operation: string, name: string, value: Strides, rank: number): readonly number[] {
  const sizes = typeof value === "number" ? new Array<number>(rank).fill(value) : value;
  if (Array.isArray(sizes) && sizes.length === rank && sizes.every((s) => Number.isInteger(s) && s > 0)) {
    return sizes;
  }
  const several = rank === 1 ? "" : `, or ${rank} such as ${formatShape(new Array(rank).fill(2))}`;
  throw new RangeError(
    `${operation}: ${name} must be a whole number from 1 up${several}; got ${describe(value)}`,
  );
}

/** Reads padding: a word, or the cells before and after each axis. */
export function readPadding(operation: string, padding: Padding, rank: number): [number, number][] | string {
  if (padding === "valid" || padding === "same" || (padding === "causal" && rank === 1)) return padding;
  if (typeof padding === "string") {
    const known = rank === 1 ? '"valid", "same", "causal"' : '"valid" and "same"';
    throw new TypeError(
      `${operation}: unknown padding "${padding}" — known are ${known}, or numbers of cells such as 1 or [[1, 2]]`,
    );
  }
  const list = typeof padding === "number" ? new Array<number>(rank).fill(padding) : padding;
  const isCount = (n: unknown) => Number.isInteger(n) && (n as number) >= 0;
  if (Array.isArray(list) && list.length === rank) {
    const pairs = list.map((p): [number, number] => (Array.isArray(p) ? [p[0], p[1]] : [p, p]));
    if (pairs.every((pair) => pair.every(isCount))) return pairs;
  }
  throw new RangeError(
    `${operation}: padding is a whole number from 0 up for each of the ${rank} axes, or [before, after] for each; got ` +
      describe(padding),
  );
}

/** Where windows lie along the axes of images with these sizes, whether they fit or not. */
export interface Placed {
  axes: WindowAxis[];
  /** How many cells a window reaches over, with its dilation. */
  spans: readonly number[];
  /** The sizes with the padding. */
  padded: readonly number[];
  /** Whether there is a place for the window. */
  fits: boolean;
}

/** Places windows on images with these spatial sizes; output sizes as in Keras and PyTorch. */
export function layWindows(
  operation: string,
  lengths: readonly number[],
  windows: readonly number[],
  placement: Placement,
): Placed {
  const rank = lengths.length;
  const strides = readSizes(operation, "strides", placement.strides ?? 1, rank);
  const dilations = readSizes(operation, "dilation", placement.dilation ?? 1, rank);
  const padding = readPadding(operation, placement.padding ?? "valid", rank);
  const spans = windows.map((window, i) => (window - 1) * dilations[i]! + 1);
  const around = lengths.map((length, i): readonly [number, number] => {
    if (typeof padding !== "string") return padding[i]!;
    if (padding === "valid") return [0, 0];
    if (padding === "causal") return [spans[i]! - 1, 0];
    const needed = Math.max((Math.ceil(length / strides[i]!) - 1) * strides[i]! + spans[i]! - length, 0);
    return [needed >> 1, needed - (needed >> 1)];
  });
  const padded = lengths.map((length, i) => length + around[i]![0] + around[i]![1]);
  const axes = lengths.map((length, i): WindowAxis => {
    const stride = strides[i]!;
    const before = around[i]![0];
    const free = padded[i]! - spans[i]!;
    let positions = length === 0 && padding === "same" ? 0 : Math.floor(free / stride) + 1;
    // The last window must begin inside the image or the padding before it, as in PyTorch. It may be the only one.
    const rest = free - Math.floor(free / stride) * stride;
    if (placement.ceilMode && rest > 0 && positions * stride < length + before) positions++;
    return { length, window: windows[i]!, stride, dilation: dilations[i]!, before, positions };
  });
  const fits = padding === "same" || axes.every((axis) => axis.positions > 0);
  return { axes, spans, padded, fits };
}

/** The windows of an operation. @throws Error when they do not fit into the images */
export function placeWindow(
  operation: string,
  shape: Shape,
  lengths: readonly number[],
  windows: readonly number[],
  placement: Placement,
): Axes {
  const { axes, spans, padded, fits } = layWindows(operation, lengths, windows, placement);
  if (!fits) {
    const spread = placement.dilation === undefined ? "" : ` (${spans.join(" × ")} with its dilation)`;
    const isPadded = placement.padding !== undefined && placement.padding !== "valid";
    const borders = isPadded ? `, ${padded.join(" × ")} with its padding` : "";
    throw new Error(
      `${operation}: a window of ${windows.join(" × ")}${spread} does not fit into an image of ${lengths.join(" × ")}${borders} ` +
        `(x is ${formatShape(shape)}) — use padding: "same", a smaller window, or fewer layers that shrink the image`,
    );
  }
  return asAxes(axes);
}

/** One to three axes as depth, height and width. */
export function asAxes(axes: readonly WindowAxis[]): Axes {
  const missing = new Array<WindowAxis>(3 - axes.length).fill(single);
  return [...missing, ...axes] as unknown as Axes;
}

/** The sizes of the output along the axes that the images have. */
export function positionsOf(g: Window, rank: number): number[] {
  return g.axes.slice(3 - rank).map((axis) => axis.positions);
}

/** The sizes of the input along the axes that the images have. */
export function lengthsOf(g: Window, rank: number): number[] {
  return g.axes.slice(3 - rank).map((axis) => axis.length);
}

/** The axes of images in words: `[batch, height, width, channels]`. */
export function imageAxes(rank: number): string {
  return `[batch, ${spatialAxes(rank)}, channels]`;
}

export function spatialAxes(rank: number): string {
  return rank === 1 ? "steps" : ["depth", "height", "width"].slice(3 - rank).join(", ");
}

/** Where the channels stand: last, as here throughout, or behind the batch, as in PyTorch. */
export type DataFormat = "channelsLast" | "channelsFirst";

/** The order of axes that brings channels from behind the batch to the end, or back. */
export function channelOrder(
  format: DataFormat | undefined,
  operation: string,
  rank: number,
  to: "last" | "first",
) {
  if (format === undefined || format === "channelsLast") return null;
  if (format !== "channelsFirst") {
    throw new TypeError(
      `${operation}: unknown dataFormat ${describe(format)} — known are "channelsLast" and "channelsFirst"`,
    );
  }
  const spatial = Array.from({ length: rank - 2 }, (_, i) => (to === "last" ? i + 2 : i + 1));
  return to === "last" ? [0, ...spatial, 1] : [0, rank - 1, ...spatial];
}
