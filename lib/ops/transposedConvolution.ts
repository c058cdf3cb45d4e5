// Transposed convolution in one to three dimensions: the gradient of a convolution, used forwards to make images larger.
import type { Convolution, WindowAxis } from "../engine/core.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { add } from "./arithmetic.ts";
import { type ConvolutionOptions, inputGradient } from "./convolution.ts";
import { relu } from "./elementwise.ts";
import { checkBias, readBias } from "./filters.ts";
import { checkFused, checkTensor, toCommonFloat } from "./operand.ts";
import { reshape, transpose } from "./shape.ts";
import { asAxes, channelOrder, imageAxes, readPadding, readSizes, spatialAxes } from "./window.ts";

/** Options of {@link conv1dTranspose}, {@link conv2dTranspose} and {@link conv3dTranspose}. */
export interface TransposedOptions extends ConvolutionOptions {
  /** Cells more at the end of each axis: a stride leaves open which of several sizes the output has. By default 0. */
  outputPadding?: number | readonly number[];
}

/**
 * 1-D transposed convolution. See {@link conv2dTranspose}.
 *
 * Shapes: x `[batch, steps, channels]`, filters `[size, filters / groups, channels]` → `[batch, outSteps, filters]`.
 *
 * @example
 * conv1dTranspose(ones([1, 3, 1]), ones([2, 1, 1]), { strides: 2 }).shape // → [ 1, 6, 1 ]
 */
export function conv1dTranspose(x: Tensor, filters: Tensor, options: TransposedOptions = {}): Tensor {
  return transposed("conv1dTranspose", 1, x, filters, options);
}

/**
 * 2-D transposed convolution: each input cell adds the filter, times its value, to a window of the output. It is the
 * adjoint of {@link conv2d} with the same options, ⟨conv2d(a), b⟩ = ⟨a, conv2dTranspose(b)⟩, and no inverse of it.
 *
 * Shapes: x `[batch, height, width, channels]`, filters `[height, width, filters / groups, channels]` (as in Keras) →
 * `[batch, outHeight, outWidth, filters]`. A single image and plain matrices work too. Output size along an axis, with
 * w = dilation · (window − 1) + 1: padding in numbers, as in PyTorch, (size − 1) · stride + w − padding + outputPadding;
 * `"valid"` (default), as in Keras, size · stride + max(w − stride, 0); `"same"` size · stride.
 *
 * @throws when the channels differ, or when the padding leaves nothing of the output.
 * @example
 * conv2dTranspose(tensor([[1, 2]]), tensor([[1, 1], [1, 1]])).toArray() // → [ [ 1, 3, 2 ], [ 1, 3, 2 ] ]
 * conv2dTranspose(ones([1, 4, 4, 8]), ones([3, 3, 2, 8]), { strides: 2, padding: 1, outputPadding: 1 }).shape // → [ 1, 8, 8, 2 ]
 */
export function conv2dTranspose(x: Tensor, filters: Tensor, options: TransposedOptions = {}): Tensor {
  return transposed("conv2dTranspose", 2, x, filters, options);
}

/**
 * 3-D transposed convolution. See {@link conv2dTranspose}.
 *
 * Shapes: x `[batch, depth, height, width, channels]`, filters `[depth, height, width, filters / groups, channels]` →
 * `[batch, outDepth, outHeight, outWidth, filters]`.
 *
 * @example
 * conv3dTranspose(ones([1, 2, 2, 2, 1]), ones([2, 2, 2, 3, 1]), { strides: 2 }).shape // → [ 1, 4, 4, 4, 3 ]
 */
export function conv3dTranspose(x: Tensor, filters: Tensor, options: TransposedOptions = {}): Tensor {
  return transposed("conv3dTranspose", 3, x, filters, options);
}

function transposed(
  name: string,
  rank: number,
  image: Tensor,
  filter: Tensor,
  options: TransposedOptions,
): Tensor {
  checkTensor(name, image);
  checkTensor(name, filter);
  if (image.rank === rank && filter.rank === rank) {
    const { dataFormat, ...rest } = options;
    const plane = reshape(image, [1, ...image.shape, 1]);
    const y = transposed(name, rank, plane, reshape(filter, [...filter.shape, 1, 1]), rest);
    return reshape(y, y.shape.slice(1, -1));
  }
  if (image.rank === rank + 1) {
    const y = transposed(name, rank, reshape(image, [1, ...image.shape]), filter, options);
    return reshape(y, y.shape.slice(1));
  }
  const toLast = channelOrder(options.dataFormat, name, rank + 2, "last");
  if (toLast !== null && image.rank === rank + 2) {
    const last = { ...options, dataFormat: "channelsLast" } as const;
    const y = transposed(name, rank, transpose(image, toLast), filter, last);
    return transpose(y, channelOrder(options.dataFormat, name, rank + 2, "first")!);
  }
  const [x, filters, bias] = toCommonFloat(image, filter, readBias(name, options, image, filter));
  const geometry = plan(name, rank, x, filters, options);
  checkBias(name, bias, geometry.channels);
  checkFused(name, options.activation);
  const y = inputGradient(x, filters, geometry);
  const shifted = bias === null ? y : add(y, bias);
  return options.activation === "relu" ? relu(shifted) : shifted;
}

/** The convolution whose gradient this is: from the output, which is its image, to x. */
function plan(
  name: string,
  rank: number,
  x: Tensor,
  filters: Tensor,
  options: TransposedOptions,
): Convolution {
  if (x.rank !== rank + 2 || filters.rank !== rank + 2) {
    throw new Error(
      `${name}: x must be ${imageAxes(rank)} and filters [${spatialAxes(rank)}, filters, channels], got ` +
        `${formatShape(x.shape)} and ${formatShape(filters.shape)}`,
    );
  }
  const groups = options.groups ?? 1;
  const [own, channels] = filters.shape.slice(-2) as [number, number];
  if (x.shape[rank + 1] !== channels) {
    const hint =
      x.shape[rank + 1] === own ? " — the filters' last two sizes stand the other way round here" : "";
    throw new Error(
      `${name}: x ${formatShape(x.shape)} has ${x.shape[rank + 1]} channels, the filters ${formatShape(filters.shape)} expect ` +
        `${channels} (their last size)${hint}`,
    );
  }
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new RangeError(`${name}: ${groups} groups do not divide ${channels} channels evenly`);
  }
  const axes = transposedAxes(name, x.shape.slice(1, -1), filters.shape.slice(0, -2), options);
  const unfit = axes.find(({ length, positions }) => length < 1 && positions > 0);
  if (unfit) {
    const { before, after, full } = unfit;
    throw new Error(
      `${name}: padding ${before} + ${after} leaves nothing of the output, which is ${full} long without it (x is ${formatShape(x.shape)})`,
    );
  }
  return { batch: x.shape[0]!, channels: own * groups, axes: asAxes(axes), filters: channels, groups };
}

/** An axis of the output, with the padding that is cut off behind it and how long it is without any. */
export interface TransposedAxis extends WindowAxis {
  after: number;
  full: number;
}

/** The axes of the output for images with these spatial sizes; a length below 1 says that the padding leaves nothing. */
export function transposedAxes(
  name: string,
  sizes: readonly number[],
  windows: readonly number[],
  options: TransposedOptions,
): TransposedAxis[] {
  const rank = sizes.length;
  const strides = readSizes(name, "strides", options.strides ?? 1, rank);
  const dilations = readSizes(name, "dilation", options.dilation ?? 1, rank);
  const padding = readPadding(name, options.padding ?? "valid", rank);
  const more = readOutputPadding(name, options.outputPadding ?? 0, strides, dilations);
  return sizes.map((positions, i): TransposedAxis => {
    const [window, stride, dilation] = [windows[i]!, strides[i]!, dilations[i]!];
    const span = (window - 1) * dilation + 1;
    const full = positions === 0 ? 0 : (positions - 1) * stride + span;
    const axis = { window, stride, dilation, positions, before: 0, after: 0, full };
    if (padding === "valid") return { ...axis, length: Math.max(full, positions * stride) + more[i]! };
    if (padding === "causal") return { ...axis, length: positions * stride + more[i]! };
    if (padding === "same") {
      const before = Math.max(span - stride, 0) >> 1;
      return { ...axis, length: positions * stride + more[i]!, before };
    }
    const [before, after] = padding[i] as [number, number];
    const length = full - before - after + more[i]!;
    return { ...axis, length: positions === 0 ? Math.max(length, 0) : length, before, after };
  });
}

function readOutputPadding(
  name: string,
  value: number | readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
): readonly number[] {
  const list = typeof value === "number" ? strides.map(() => value) : value;
  const fits = (n: number, i: number) =>
    Number.isInteger(n) && n >= 0 && n < Math.max(strides[i]!, dilations[i]!);
  if (Array.isArray(list) && list.length === strides.length && list.every(fits)) return list;
  throw new RangeError(
    `${name}: outputPadding is a whole number from 0 up and smaller than the stride or the dilation; got ${formatShape(list)}`,
  );
}
