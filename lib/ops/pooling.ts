// Max pooling in one to three dimensions, channels last, and its undoing.
import { attach, give, mode, type Rule, tracks } from "../autograd/graph.ts";
import type { Window } from "../engine/core.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { engineOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ConvolutionMemory, convolutionRule } from "./convolution.ts";
import { scatterRows } from "./gather.ts";
import { asBatch } from "./images.ts";
import { checkTensor, toFloat, toIndices } from "./operand.ts";
import { reshape, transpose } from "./shape.ts";
import {
  channelOrder,
  type DataFormat,
  imageAxes,
  type Padding,
  placeWindow,
  positionsOf,
  readSizes,
  type Strides,
} from "./window.ts";

/** Options of {@link maxPool2d} and the other kinds of pooling. */
export interface PoolOptions {
  /** Size of the window along each axis; one number for all. By default 2. */
  poolSize?: Strides;
  /** Steps of the window; by default its size, so that windows do not overlap. */
  strides?: Strides;
  /** `"valid"` (default) drops what does not fill a window, `"same"` keeps it; or cells, such as `1` or `[[0, 1], [0, 1]]`. */
  padding?: Padding;
  /** Distance between neighbouring cells of the window, by default 1. */
  dilation?: Strides;
  /** Whether a last window that the image does not fill counts; no by default. */
  ceilMode?: boolean;
  /** `"channelsFirst"`: images `[batch, channels, …]` in and out. */
  dataFormat?: DataFormat;
}

const maxPoolRule: Rule = {
  name: "maxPool",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const [geometry, y] = node.saved as [Window, Tensor];
    if (mode.recording) {
      give(x, maxUnpool(gradient, winnersOf(geometry, x, y), x.shape));
      return;
    }
    const dx = empty(x.shape, x.dtype);
    const masks = masksFor(x);
    engineOf(x.dtype).windows.maxPoolGradient(
      geometry,
      x.pointer(),
      y.pointer(),
      gradient.pointer(),
      dx.pointer(),
      masks,
    );
    give(x, dx);
  },
};

/**
 * Whether the relu of the convolution that made `x` can be taken back here, in the same pass: when no other gradient
 * reaches the convolution. It is then told so.
 */
function masksFor(x: Tensor): boolean {
  const source = x.node;
  if (source === null || source.rule !== convolutionRule || source.pending !== 1 || source.gradient !== null)
    return false;
  // Somebody wants to see the gradient of the convolution's own output.
  if (source.keeper !== null || mode.targets !== null) return false;
  const memory = source.saved as ConvolutionMemory;
  memory.masked = memory.y !== null;
  return memory.masked;
}

function winnersOf(geometry: Window, x: Tensor, y: Tensor): Tensor {
  const winners = empty(y.shape, "int32");
  engineOf(x.dtype).windows.maxPoolWinners(geometry, x.pointer(), y.pointer(), winners.pointer());
  return winners;
}

/**
 * The largest number of each stretch of a sequence, for each channel: `[batch, steps, channels]` →
 * `[batch, outSteps, channels]`. See {@link maxPool2d}.
 *
 * @example
 * maxPool1d(tensor([1, 3, 2, 5])) // → tensor([3, 5])
 */
export function maxPool1d(x: Tensor, options: PoolOptions = {}): Tensor {
  return pooled("maxPool1d", 1, x, options, maximum);
}

/**
 * The largest number of each window, for each channel. The gradient goes to the first maximum of the window.
 *
 * Shapes: `[batch, height, width, channels]` → `[batch, outHeight, outWidth, channels]`; a single image
 * `[height, width, channels]` or a matrix `[height, width]` works too. Cells of the padding never win; a NaN does.
 *
 * @throws when the window is larger than the image with its padding.
 * @example
 * maxPool2d(tensor([[1, 2, 5, 6], [3, 4, 7, 8]])).toArray() // → [ [ 4, 8 ] ]
 * maxPool2d(tensor([[1, 2, 5], [3, 4, 7]]), { strides: 1 }).toArray() // → [ [ 4, 7 ] ]
 */
export function maxPool2d(x: Tensor, options: PoolOptions = {}): Tensor {
  return pooled("maxPool2d", 2, x, options, maximum);
}

/**
 * The largest number of each block of a volume, for each channel: `[batch, depth, height, width, channels]` →
 * `[batch, outDepth, outHeight, outWidth, channels]`. See {@link maxPool2d}.
 *
 * @example
 * maxPool3d(ones([4, 4, 4])).shape // → [ 2, 2, 2 ]
 */
export function maxPool3d(x: Tensor, options: PoolOptions = {}): Tensor {
  return pooled("maxPool3d", 3, x, options, maximum);
}

function maximum(x: Tensor, geometry: Window): Tensor {
  const y = empty(outputShape(x, geometry), x.dtype);
  engineOf(x.dtype).windows.maxPool(geometry, x.pointer(), y.pointer());
  return tracks(x) ? attach(y, maxPoolRule, [x], [geometry, y]) : y;
}

/** What {@link maxPoolWithIndices} gives. */
export interface PooledWithIndices {
  values: Tensor;
  /** For each value its position in x, counted through all axes (int32). */
  indices: Tensor;
}

/**
 * Max pooling that also says where each maximum stood, for {@link maxUnpool}. Images as for {@link maxPool2d}.
 *
 * @throws when x is no image or batch of images, or the window does not fit into it.
 * @example
 * maxPoolWithIndices(tensor([[1, 2], [5, 3]])).indices // → tensor([[2]], int32)
 */
export function maxPoolWithIndices(
  x: Tensor,
  options: Omit<PoolOptions, "dataFormat"> = {},
): PooledWithIndices {
  checkTensor("maxPoolWithIndices", x);
  checkOptions("maxPoolWithIndices", options, "{ poolSize: 2 }");
  const [batch, back] = asBatch(x, 2);
  if (batch.rank !== 4) {
    throw new Error(`maxPoolWithIndices: x must be ${imageAxes(2)}, got ${formatShape(x.shape)}`);
  }
  const images = toFloat(batch);
  const geometry = planPooling("maxPoolWithIndices", 2, images, options);
  const values = maximum(images, geometry);
  return { values: back(values), indices: back(winnersOf(geometry, images, values)) };
}

/**
 * Undoes max pooling: zeros of `shape`, with each value added where its index says (max unpooling of decoders).
 *
 * @throws when values and indices differ in shape, or an index lies outside.
 * @example
 * maxUnpool(tensor([7, 8]), tensor([3, 0], { dtype: "int32" }), [4]) // → tensor([8, 0, 0, 7])
 */
export function maxUnpool(values: Tensor, indices: Tensor, shape: Shape): Tensor {
  checkTensor("maxUnpool", values);
  checkTensor("maxUnpool", indices);
  const positions = toIndices("maxUnpool", indices);
  const size = sizeOf(checkShape("maxUnpool", shape));
  if (positions.size !== values.size) {
    throw new Error(
      `maxUnpool: ${formatShape(values.shape)} values need as many indices, got ${formatShape(indices.shape)}`,
    );
  }
  if (positions.view().some((position) => position < 0 || position >= size)) {
    throw new RangeError(
      `maxUnpool: an index lies outside of ${formatShape(shape)}, which has ${size} elements`,
    );
  }
  return reshape(scatterRows(reshape(values, [values.size, 1]), positions.flatten(), [size, 1]), shape);
}

/** Brings images to [batch, …, channels], pools them, and gives back the same kind of images. */
export function pooled(
  name: string,
  rank: number,
  image: Tensor,
  options: PoolOptions,
  pool: (x: Tensor, geometry: Window) => Tensor,
): Tensor {
  checkTensor(name, image);
  checkOptions(name, options, "{ poolSize: 2 }");
  const again = (x: Tensor) => pooled(name, rank, x, { ...options, dataFormat: "channelsLast" }, pool);
  if (image.rank === rank || image.rank === rank + 1) {
    const [batch, back] = asBatch(image, rank);
    return back(image.rank === rank ? again(batch) : pooled(name, rank, batch, options, pool));
  }
  if (image.rank !== rank + 2) {
    throw new Error(`${name}: x must be ${imageAxes(rank)}, got ${formatShape(image.shape)}`);
  }
  const toLast = channelOrder(options.dataFormat, name, rank + 2, "last");
  if (toLast !== null) {
    const y = again(transpose(image, toLast));
    return transpose(y, channelOrder(options.dataFormat, name, rank + 2, "first")!);
  }
  const x = toFloat(image);
  return pool(x, planPooling(name, rank, x, options));
}

export function outputShape(x: Tensor, geometry: Window): number[] {
  return [x.shape[0]!, ...positionsOf(geometry, x.rank - 2), geometry.channels];
}

function planPooling(name: string, rank: number, x: Tensor, options: PoolOptions): Window {
  const size = readSizes(name, "poolSize", options.poolSize ?? 2, rank);
  const placement = { ...options, strides: options.strides ?? size };
  const axes = placeWindow(name, x.shape, x.shape.slice(1, -1), size, placement);
  const empty = axes.find((axis) => axis.positions > 0 && lastWindowIsOutside(axis));
  if (empty) {
    throw new Error(
      `${name}: with this padding some windows of ${size.join(" × ")} lie outside of the image (x is ${formatShape(x.shape)}) — ` +
        "pad less than the window is wide",
    );
  }
  return { batch: x.shape[0]!, channels: x.shape.at(-1)!, axes };
}

function lastWindowIsOutside({ length, window, stride, dilation, before, positions }: Window["axes"][0]) {
  const last = (positions - 1) * stride - before;
  const first = -before + (window - 1) * dilation;
  return last >= length || first < 0;
}
