// 2-D convolution (cross-correlation, as deep learning calls it) on [batch, height, width, channels], with bias and relu fused.
import { attach, give, gradientSlot, mode, needs, type Rule, tracks } from "../autograd/graph.ts";
import type { Convolution } from "../engine/core.ts";
import { engineOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mul } from "./arithmetic.ts";
import { greater } from "./compare.ts";
import { biasGradient } from "./matmul.ts";
import { checkFused, checkTensor, toCommonFloat, toFloat } from "./operand.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./shape.ts";
import { type Padding, placeWindow, readPair, type Strides } from "./window.ts";

/** Options of {@link conv2d}. */
export interface Conv2dOptions {
  /** One number for each filter, `[filters]`. */
  bias?: Tensor | null;
  /** Steps of the filter downwards and to the right; one number for both. By default 1. */
  strides?: Strides;
  /** `"valid"` (default): only where the filter fits; `"same"`: zeros around, so that stride 1 keeps the size. */
  padding?: Padding;
  /** Applied to the result in the same pass. */
  activation?: "linear" | "relu";
}

/** What the rule of conv2d remembers: the geometry, and the output when it went through relu. */
export interface ConvolutionMemory {
  geometry: Convolution;
  y: Tensor | null;
  /** Set by a pooling layer that has already masked the gradient with the relu. */
  masked: boolean;
}

export const conv2dRule: Rule = {
  name: "conv2d",
  backward(gradient, node) {
    const [x, filters, bias] = node.inputs as readonly [Tensor, Tensor, Tensor?];
    const memory = node.saved as ConvolutionMemory;
    const { geometry, y, masked } = memory;
    memory.masked = false;
    if (mode.recording) {
      const g = y === null ? gradient : mul(gradient, toFloat(greater(y, 0)));
      if (needs(x)) give(x, inputGradient(g, filters, geometry));
      if (needs(filters)) give(filters, filterGradient(x, g, geometry));
      if (needs(bias)) give(bias, sum(g, [0, 1, 2]));
      return;
    }
    const g = biasGradient(gradient, masked ? null : y, bias, geometry.filters);
    if (needs(filters)) {
      const slot = filters.grad === null ? gradientSlot(filters) : null;
      const df = slot ?? empty(filters.shape, g.dtype);
      engineOf(g.dtype).conv2dFilterGradient(geometry, x.pointer(), g.pointer(), df.pointer());
      if (slot !== null) filters.grad = slot;
      else give(filters, df);
    }
    if (needs(x)) give(x, inputGradient(g, filters, geometry));
  },
};

/** The convolution alone. It is linear in x and in the filters, so its two gradients and itself are closed under gradients. */
function convolve(x: Tensor, filters: Tensor, geometry: Convolution): Tensor {
  const y = empty([geometry.batch, geometry.outHeight, geometry.outWidth, geometry.filters], x.dtype);
  engineOf(x.dtype).conv2d(geometry, x.pointer(), filters.pointer(), 0, y.pointer(), false);
  return tracks(x, filters) ? attach(y, conv2dRule, [x, filters], { geometry, y: null, masked: false }) : y;
}

function inputGradient(dy: Tensor, filters: Tensor, geometry: Convolution): Tensor {
  const dx = empty([geometry.batch, geometry.height, geometry.width, geometry.channels], dy.dtype);
  engineOf(dy.dtype).conv2dInputGradient(geometry, dy.pointer(), filters.pointer(), dx.pointer());
  return tracks(dy, filters) ? attach(dx, inputGradientRule, [dy, filters], geometry) : dx;
}

const inputGradientRule: Rule = {
  name: "conv2d input gradient",
  backward(gradient, node) {
    const [dy, filters] = node.inputs as readonly [Tensor, Tensor];
    const geometry = node.saved as Convolution;
    if (needs(dy)) give(dy, convolve(gradient, filters, geometry));
    if (needs(filters)) give(filters, filterGradient(gradient, dy, geometry));
  },
};

function filterGradient(x: Tensor, dy: Tensor, geometry: Convolution): Tensor {
  const df = empty(
    [geometry.windowHeight, geometry.windowWidth, geometry.channels, geometry.filters],
    x.dtype,
  );
  engineOf(x.dtype).conv2dFilterGradient(geometry, x.pointer(), dy.pointer(), df.pointer());
  return tracks(x, dy) ? attach(df, filterGradientRule, [x, dy], geometry) : df;
}

const filterGradientRule: Rule = {
  name: "conv2d filter gradient",
  backward(gradient, node) {
    const [x, dy] = node.inputs as readonly [Tensor, Tensor];
    const geometry = node.saved as Convolution;
    if (needs(x)) give(x, inputGradient(dy, gradient, geometry));
    if (needs(dy)) give(dy, convolve(x, gradient, geometry));
  },
};

/**
 * 2-D convolution: each output is the sum over a window of the image times the filter (the filter is not flipped).
 *
 * Shapes: x `[batch, height, width, channels]`, filters `[height, width, channels, filters]` →
 * `[batch, outHeight, outWidth, filters]`. A single image `[height, width, channels]` and plain matrices
 * (image `[height, width]`, filter `[height, width]`) work too and give a result of the same kind.
 *
 * @throws when the channels differ or the filter is larger than the image.
 * @example
 * const image = tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
 * conv2d(image, tensor([[1, 0], [0, 1]])).toArray() // → [ [ 6, 8 ], [ 12, 14 ] ]
 */
export function conv2d(image: Tensor, filter: Tensor, options: Conv2dOptions = {}): Tensor {
  checkTensor("conv2d", image);
  checkTensor("conv2d", filter);
  if (image.rank === 2 && filter.rank === 2) {
    const y = conv2d(
      reshape(image, [1, ...image.shape, 1]),
      reshape(filter, [...filter.shape, 1, 1]),
      options,
    );
    return reshape(y, y.shape.slice(1, 3));
  }
  if (image.rank === 3) {
    const y = conv2d(reshape(image, [1, ...image.shape]), filter, options);
    return reshape(y, y.shape.slice(1));
  }
  const [x, filters, bias] = toCommonFloat(image, filter, options.bias ?? null);
  const geometry = plan(x, filters, options);
  if (bias !== null && (bias.rank !== 1 || bias.size !== geometry.filters)) {
    throw new Error(
      `conv2d: the bias ${formatShape(bias.shape)} must be [${geometry.filters}], one number for each filter`,
    );
  }
  checkFused("conv2d", options.activation);
  const rectify = options.activation === "relu";
  const y = empty([geometry.batch, geometry.outHeight, geometry.outWidth, geometry.filters], x.dtype);
  const biasPointer = bias === null ? 0 : bias.pointer();
  engineOf(x.dtype).conv2d(geometry, x.pointer(), filters.pointer(), biasPointer, y.pointer(), rectify);
  if (!tracks(x, filters, bias)) return y;
  const memory: ConvolutionMemory = { geometry, y: rectify ? y : null, masked: false };
  return attach(y, conv2dRule, bias === null ? [x, filters] : [x, filters, bias], memory);
}

function plan(x: Tensor, filters: Tensor, options: Conv2dOptions): Convolution {
  if (x.rank !== 4 || filters.rank !== 4) {
    const hint = x.rank === 4 ? "" : " — for images without channels, use .expandDims(-1)";
    throw new Error(
      `conv2d: x must be [batch, height, width, channels] and filters [height, width, channels, filters], got ` +
        `${formatShape(x.shape)} and ${formatShape(filters.shape)}${hint}`,
    );
  }
  const [windowHeight, windowWidth, channels, count] = filters.shape as [number, number, number, number];
  if (x.shape[3] !== channels) {
    const first =
      x.shape[1] === channels ? "; are the channels of x first? Then use .transpose([0, 2, 3, 1])" : "";
    throw new Error(
      `conv2d: x ${formatShape(x.shape)} has ${x.shape[3]} channels, the filters ${formatShape(filters.shape)} expect ` +
        `${channels} (their third size)${first}`,
    );
  }
  const strides = readPair("conv2d", "strides", options.strides ?? 1);
  const window = placeWindow("conv2d", x.shape, [windowHeight, windowWidth], strides, options.padding);
  return { ...window, filters: count };
}
