// Convolution (cross-correlation, as deep learning calls it) in one to three dimensions, channels last, with bias and relu fused.
import { attach, give, gradientSlot, mode, needs, type Rule, tracks } from "../autograd/graph.ts";
import type { Convolution } from "../engine/core.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { engineOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mul } from "./arithmetic.ts";
import { greater } from "./compare.ts";
import { checkBias, type Given, readBias, refuseChannels, withAllAxes } from "./filters.ts";
import { biasGradient } from "./matmul.ts";
import { checkFused, checkTensor, toCommonFloat, toFloat } from "./operand.ts";
import { sum } from "./reduce.ts";
import { broadcastTo, expandDims, reshape, squeeze, transpose } from "./shape.ts";
import {
  channelOrder,
  type DataFormat,
  imageAxes,
  lengthsOf,
  type Padding,
  placeWindow,
  positionsOf,
  type Strides,
  spatialAxes,
} from "./window.ts";

/** Options of {@link conv1d}, {@link conv2d} and {@link conv3d}. */
export interface ConvolutionOptions {
  /** One number for each filter, `[filters]`; of a single filter also a plain number. */
  bias?: Tensor | number | null;
  /** Steps of the filter along each axis; one number for all. By default 1. */
  strides?: Strides;
  /** `"valid"` (default), `"same"`, `"causal"` in one dimension, or cells of zeros, such as `1` or `[[1, 0], [2, 2]]`. */
  padding?: Padding;
  /** Distance between neighbouring cells of the filter, by default 1. */
  dilation?: Strides;
  /** Channels and filters fall into this many groups, each filter seeing its own group only. By default 1. */
  groups?: number;
  /** Applied to the result in the same pass. */
  activation?: "linear" | "relu";
  /**
   * `"channelsFirst"`: images `[batch, channels, …]` in and out, at the price of two transpositions. Filters stay as they
   * are, but the single filter of one map is then `[channels, …]` too.
   */
  dataFormat?: DataFormat;
}

/** What the rule of a convolution remembers: the geometry, and the output when it went through relu. */
export interface ConvolutionMemory {
  geometry: Convolution;
  y: Tensor | null;
  /** Set by a pooling layer that has already masked the gradient with the relu. */
  masked: boolean;
}

export const convolutionRule: Rule = {
  name: "convolution",
  backward(gradient, node) {
    const [x, filters, bias] = node.inputs as readonly [Tensor, Tensor, Tensor?];
    const memory = node.saved as ConvolutionMemory;
    const { geometry, y, masked } = memory;
    memory.masked = false;
    if (mode.recording) {
      const g = y === null ? gradient : mul(gradient, toFloat(greater(y, 0)));
      if (needs(x)) give(x, inputGradient(g, filters, geometry));
      if (needs(filters)) give(filters, filterGradient(x, g, geometry, filters.shape));
      if (needs(bias))
        give(
          bias,
          sum(
            g,
            Array.from({ length: g.rank - 1 }, (_, axis) => axis),
          ),
        );
      return;
    }
    const g = biasGradient(gradient, masked ? null : y, bias, geometry.filters);
    if (needs(filters)) {
      const slot = filters.grad === null ? gradientSlot(filters) : null;
      const df = slot ?? empty(filters.shape, g.dtype);
      engineOf(g.dtype).windows.convolveFilterGradient(geometry, x.pointer(), g.pointer(), df.pointer());
      if (slot !== null) filters.grad = slot;
      else give(filters, df);
    }
    if (needs(x)) give(x, inputGradient(g, filters, geometry));
  },
};

/** The convolution alone. It is linear in x and in the filters, so its two gradients and itself are closed under gradients. */
function convolveImages(x: Tensor, filters: Tensor, geometry: Convolution): Tensor {
  const y = empty([x.shape[0]!, ...positionsOf(geometry, x.rank - 2), geometry.filters], x.dtype);
  engineOf(x.dtype).windows.convolve(geometry, x.pointer(), filters.pointer(), 0, y.pointer(), false);
  if (!tracks(x, filters)) return y;
  return attach(y, convolutionRule, [x, filters], { geometry, y: null, masked: false });
}

/** The gradient of a convolution for its images, which is also the transposed convolution. */
export function inputGradient(dy: Tensor, filters: Tensor, geometry: Convolution): Tensor {
  const dx = empty([dy.shape[0]!, ...lengthsOf(geometry, dy.rank - 2), geometry.channels], dy.dtype);
  engineOf(dy.dtype).windows.convolveInputGradient(geometry, dy.pointer(), filters.pointer(), dx.pointer());
  return tracks(dy, filters) ? attach(dx, inputGradientRule, [dy, filters], geometry) : dx;
}

const inputGradientRule: Rule = {
  name: "transposed convolution",
  backward(gradient, node) {
    const [dy, filters] = node.inputs as readonly [Tensor, Tensor];
    const geometry = node.saved as Convolution;
    if (needs(dy)) give(dy, convolveImages(gradient, filters, geometry));
    if (needs(filters)) give(filters, filterGradient(gradient, dy, geometry, filters.shape));
  },
};

function filterGradient(x: Tensor, dy: Tensor, geometry: Convolution, shape: readonly number[]): Tensor {
  const df = empty(shape, x.dtype);
  engineOf(x.dtype).windows.convolveFilterGradient(geometry, x.pointer(), dy.pointer(), df.pointer());
  return tracks(x, dy) ? attach(df, filterGradientRule, [x, dy], geometry) : df;
}

const filterGradientRule: Rule = {
  name: "convolution filter gradient",
  backward(gradient, node) {
    const [x, dy] = node.inputs as readonly [Tensor, Tensor];
    const geometry = node.saved as Convolution;
    if (needs(x)) give(x, inputGradient(dy, gradient, geometry));
    if (needs(dy)) give(dy, convolveImages(x, gradient, geometry));
  },
};

/**
 * 1-D convolution along `steps`: each output is the sum over a stretch of the sequence times the filter (not flipped).
 *
 * Shapes: x `[batch, steps, channels]`, filters `[size, channels / groups, filters]` → `[batch, outSteps, filters]`. One
 * sequence `[steps, channels]` with such filters, and plain vectors x `[steps]`, filter `[size]`, work too and give a result of the same kind.
 *
 * @throws when the channels differ or the filter is longer than the sequence with its padding.
 * @example
 * conv1d(tensor([1, 2, 4, 8]), tensor([1, -1])) // → tensor([-1, -2, -4])
 * conv1d(tensor([1, 2, 4, 8]), tensor([1, 1]), { padding: "causal" }) // → tensor([ 1,  3,  6, 12])
 */
export function conv1d(x: Tensor, filters: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolution("conv1d", 1, x, filters, options);
}

/**
 * 2-D convolution: each output is the sum over a window of the image times the filter (the filter is not flipped).
 *
 * Shapes: x `[batch, height, width, channels]`, filters `[height, width, channels / groups, filters]` →
 * `[batch, outHeight, outWidth, filters]`. A single image `[height, width, channels]` works too, and a single filter
 * `[height, width, channels]`, which gives one map; where there is one channel it may be `[height, width]`. The result has
 * those axes that x has: of a plain matrix and such a filter a matrix.
 * Output size along an axis: ⌊(size + padding − dilation · (window − 1) − 1) / stride⌋ + 1.
 *
 * In float32, 3×3 filters with stride 1 over 16 channels and more mostly go through Winograd's algorithm (Lavin and Gray, 2016): its
 * rounding error is two to three times the direct sum's, and a NaN or an infinity in a cell may reach outputs up to 3 cells beyond its windows.
 *
 * @throws when the channels differ or the filter is larger than the image with its padding.
 * @example
 * const image = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
 * conv2d(image, tensor([[1, 0], [0, 1]])).toArray() // → [ [ 6, 8 ], [ 12, 14 ] ]
 * conv2d(image, tensor([[1, 0], [0, 1]]), { dilation: 2 }).toArray() // → [ [ 10 ] ]
 * const rgb = ones([3, 7, 9]);
 * conv2d(rgb, ones([3, 5, 2]), { dataFormat: "channelsFirst", bias: 1 }).shape // → [ 1, 3, 8 ]
 */
export function conv2d(x: Tensor, filters: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolution("conv2d", 2, x, filters, options);
}

/**
 * 3-D convolution over volumes or image sequences; the filter is not flipped.
 *
 * Shapes: x `[batch, depth, height, width, channels]`, filters `[depth, height, width, channels / groups, filters]` →
 * `[batch, outDepth, outHeight, outWidth, filters]`; a single volume with channels, and x and filter of rank 3, work too.
 *
 * @throws when the channels differ or the filter is larger than the volume with its padding.
 * @example
 * conv3d(ones([3, 3, 3]), ones([2, 2, 2])).shape // → [ 2, 2, 2 ]
 */
export function conv3d(x: Tensor, filters: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolution("conv3d", 3, x, filters, options);
}

/** What the convolutions have in common; `name` is theirs in errors. */
export function convolution(
  name: string,
  rank: number,
  image: Tensor,
  filter: Tensor,
  options: ConvolutionOptions,
  given: Given = { x: image, filters: filter, isFirst: options?.dataFormat === "channelsFirst" },
): Tensor {
  checkTensor(name, image);
  checkTensor(name, filter);
  checkOptions(name, options, '{ padding: "same" }');
  if (image.rank < rank + 2 && image.rank >= rank) {
    const hasChannels = image.rank > rank || filter.rank > rank + 1;
    const isFirst = channelOrder(options.dataFormat, name, rank + 2, "last") !== null;
    const single = image.rank > rank ? image : isFirst ? expandDims(image, 0) : expandDims(image, -1);
    const y = convolution(name, rank, expandDims(single, 0), filter, options, given);
    return squeeze(y, hasChannels ? 0 : isFirst ? [0, 1] : [0, -1]);
  }
  const toLast = channelOrder(options.dataFormat, name, rank + 2, "last");
  if (toLast !== null && image.rank === rank + 2) {
    // A filter of one map has its channels where the images have them.
    const last =
      filter.rank === rank + 1
        ? transpose(filter, [...toLast.slice(1, -1).map((axis) => axis - 1), 0])
        : filter;
    const plain = { ...options, dataFormat: "channelsLast" } as const;
    const y = convolution(name, rank, transpose(image, toLast), last, plain, given);
    return transpose(y, channelOrder(options.dataFormat, name, rank + 2, "first")!);
  }
  const whole = withAllAxes(name, rank, image, filter);
  const [converted, filters, bias] = toCommonFloat(image, whole, readBias(name, options, image, whole));
  const planned = planConvolution(name, rank, converted, filters, options, given);
  const [x, geometry] = spreadChannels(converted, planned);
  checkBias(name, bias, geometry.filters);
  checkFused(name, options.activation);
  const rectify = options.activation === "relu";
  const y = empty([x.shape[0]!, ...positionsOf(geometry, rank), geometry.filters], x.dtype);
  const biasPointer = bias === null ? 0 : bias.pointer();
  engineOf(x.dtype).windows.convolve(
    geometry,
    x.pointer(),
    filters.pointer(),
    biasPointer,
    y.pointer(),
    rectify,
  );
  if (!tracks(x, filters, bias)) return y;
  const memory: ConvolutionMemory = { geometry, y: rectify ? y : null, masked: false };
  return attach(y, convolutionRule, bias === null ? [x, filters] : [x, filters, bias], memory);
}

/**
 * Several filters for each channel of its own: each channel is repeated as often as it has filters, and the kernels meet
 * one filter a channel.
 */
function spreadChannels(x: Tensor, g: Convolution): [Tensor, Convolution] {
  const multiplier = g.filters / g.channels;
  if (g.groups !== g.channels || multiplier === 1 || g.groups === 1) return [x, g];
  const spread = broadcastTo(expandDims(x, -1), [...x.shape, multiplier]);
  const repeated = reshape(spread, [...x.shape.slice(0, -1), g.filters]);
  return [repeated, { ...g, channels: g.filters, groups: g.filters }];
}

function planConvolution(
  name: string,
  rank: number,
  x: Tensor,
  filters: Tensor,
  options: ConvolutionOptions,
  given: Given,
): Convolution {
  const groups = options.groups ?? 1;
  if (x.rank !== rank + 2 || filters.rank !== rank + 2) {
    const hint = x.rank === rank + 2 ? "" : " — for images without channels, use .expandDims(-1)";
    throw new Error(
      `${name}: x must be ${imageAxes(rank)} and filters [${spatialAxes(rank)}, channels, filters], got ` +
        `${formatShape(x.shape)} and ${formatShape(filters.shape)}${hint}`,
    );
  }
  const channels = x.shape[rank + 1]!;
  const [own, count] = filters.shape.slice(-2) as [number, number];
  if (!Number.isInteger(groups) || groups < 1 || count % groups !== 0) {
    throw new RangeError(`${name}: ${groups} groups do not divide ${count} filters evenly`);
  }
  if (channels !== own * groups) refuseChannels(name, rank, channels, own, groups, given);
  const lengths = x.shape.slice(1, -1);
  const axes = placeWindow(name, given.x.shape, lengths, filters.shape.slice(0, -2), options);
  return { batch: x.shape[0]!, channels, axes, filters: count, groups };
}
