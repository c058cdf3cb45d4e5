// The convolution layers in one, two and three dimensions, and the plain operations as `conv2d.apply`.

import type { ConvolutionOptions } from "../ops/convolution.ts";
import * as operations from "../ops/convolution.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Sizes } from "./arguments.ts";
import { ConvolutionLayer, type ConvolutionLayerOptions } from "./convolutionLayer.ts";

/**
 * A convolution along sequences, such as time series or words as vectors; the filters are not flipped.
 *
 * Input `[batch, steps, in]`, output `[batch, steps', filters]`; kernel `[size, in / groups, filters]`, bias `[filters]`. With
 * `padding: "causal"` an output sees no later step than its own. `conv1d.apply(x, filters, options)` is the operation itself.
 *
 * @param filters how many filters, so how many channels come out
 * @param kernelSize how many steps a filter sees
 * @throws Error when an input is no batch of sequences, has another number of channels, or is shorter than a filter
 * @example
 * const layer = conv1d(64, 5, { activation: "relu", inputShape: [200, 128] });
 * layer.outputShape([200, 128]) // → [ 196, 64 ]
 * layer.parameterCount // → 41024
 * conv1d(8, 2, { padding: "causal", dilation: 4 }).outputShape([30, 3]) // → [ 30, 8 ]
 */
export const conv1d: {
  (filters: number, kernelSize: Sizes<1>, options?: ConvolutionLayerOptions<1>): ConvolutionLayer<1>;
  /** The convolution of `x` `[batch, steps, in]` with `filters` `[size, in, out]`. */
  apply(x: Tensor, filters: Tensor, options?: ConvolutionOptions): Tensor;
} = Object.assign(
  (filters: number, kernelSize: Sizes<1>, options?: ConvolutionLayerOptions<1>) =>
    new ConvolutionLayer(1, filters, kernelSize, options),
  { apply: operations.conv1d },
);

/**
 * A two-dimensional convolution (as in all of deep learning, a cross-correlation: the filters are not flipped).
 *
 * Input `[batch, height, width, in]`, output `[batch, height', width', filters]`; kernel `[kh, kw, in / groups, filters]`,
 * bias `[filters]`. `conv2d.apply(x, filters, options)` is the operation itself, with filters of your own.
 *
 * @param filters how many filters, so how many channels come out
 * @param kernelSize height and width of a filter: `3` or `[3, 5]`
 * @throws Error when an input is no batch of images, has another number of channels, or is smaller than a filter
 * @example
 * const layer = conv2d(32, 3, { activation: "relu", inputShape: [28, 28, 1] });
 * layer.outputShape([28, 28, 1]) // → [ 26, 26, 32 ]
 * layer.parameterCount // → 320
 * conv2d(256, 5, { groups: 2 }).countParams([27, 27, 96]) // → 307456
 */
export const conv2d: {
  (filters: number, kernelSize: Sizes<2>, options?: ConvolutionLayerOptions<2>): ConvolutionLayer<2>;
  /** The convolution of `x` `[batch, height, width, in]` with `filters` `[kh, kw, in, out]`. */
  apply(x: Tensor, filters: Tensor, options?: ConvolutionOptions): Tensor;
} = Object.assign(
  (filters: number, kernelSize: Sizes<2>, options?: ConvolutionLayerOptions<2>) =>
    new ConvolutionLayer(2, filters, kernelSize, options),
  { apply: operations.conv2d },
);

/**
 * A convolution over volumes or videos; the filters are not flipped.
 *
 * Input `[batch, depth, height, width, in]`, output `[batch, depth', height', width', filters]`; kernel
 * `[kd, kh, kw, in / groups, filters]`, bias `[filters]`. `conv3d.apply(x, filters, options)` is the operation itself.
 *
 * @param filters how many filters, so how many channels come out
 * @param kernelSize depth, height and width of a filter: `3` or `[3, 5, 5]`
 * @throws Error when an input is no batch of volumes, has another number of channels, or is smaller than a filter
 * @example
 * const layer = conv3d(16, [3, 5, 5], { inputShape: [10, 32, 32, 3] });
 * layer.outputShape([10, 32, 32, 3]) // → [ 8, 28, 28, 16 ]
 * layer.parameterCount // → 3616
 */
export const conv3d: {
  (filters: number, kernelSize: Sizes<3>, options?: ConvolutionLayerOptions<3>): ConvolutionLayer<3>;
  /** The convolution of `x` `[batch, depth, height, width, in]` with `filters` `[kd, kh, kw, in, out]`. */
  apply(x: Tensor, filters: Tensor, options?: ConvolutionOptions): Tensor;
} = Object.assign(
  (filters: number, kernelSize: Sizes<3>, options?: ConvolutionLayerOptions<3>) =>
    new ConvolutionLayer(3, filters, kernelSize, options),
  { apply: operations.conv3d },
);
