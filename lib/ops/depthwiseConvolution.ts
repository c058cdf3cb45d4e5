// Convolution of each channel by itself, and what mixes the channels afterwards.
import { checkOptions } from "../tensor/arguments.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ConvolutionOptions, convolution } from "./convolution.ts";
import { checkTensor } from "./operand.ts";
import { broadcastTo, expandDims, reshape } from "./shape.ts";

/** Options of {@link depthwiseConv2d}. */
export type DepthwiseOptions = Omit<ConvolutionOptions, "groups">;

/**
 * Depthwise convolution: every channel is convolved with filters of its own, channels are not mixed.
 *
 * Shapes: x `[batch, height, width, channels]`, filters `[height, width, channels, multiplier]` →
 * `[batch, outHeight, outWidth, channels · multiplier]`, output c · multiplier + m from channel c and filter m (as in Keras).
 * One filter for each channel may be `[height, width, channels]`, the same for all of them `[height, width]`. A single image
 * `[height, width, channels]` works too.
 *
 * @throws when the channels differ or the filter is larger than the image with its padding.
 * @example
 * depthwiseConv2d(ones([1, 3, 3, 2]), ones([2, 2, 2, 3])).shape // → [ 1, 2, 2, 6 ]
 * const blur = tensor([[1, 2, 1], [2, 4, 2], [1, 2, 1]]).div(16);
 * depthwiseConv2d(ones([8, 8, 3]), blur, { padding: "same" }).shape // → [ 8, 8, 3 ]
 */
export function depthwiseConv2d(x: Tensor, filters: Tensor, options: DepthwiseOptions = {}): Tensor {
  return depthwise("depthwiseConv2d", x, filters, options);
}

function depthwise(name: string, x: Tensor, filters: Tensor, options: DepthwiseOptions): Tensor {
  checkTensor(name, x);
  checkTensor(name, filters);
  if (x.rank === 2 && filters.rank === 2) return convolution(name, 2, x, filters, options);
  const each = forEachChannel(x, filters, options);
  if (each.rank !== 4) {
    throw new Error(
      `${name}: filters must be [height, width, channels, multiplier], got ${formatShape(filters.shape)}`,
    );
  }
  const [height, width, channels, multiplier] = each.shape as [number, number, number, number];
  const grouped = reshape(each, [height, width, 1, channels * multiplier]);
  return convolution(name, 2, x, grouped, { ...options, groups: channels });
}

/** Filters `[height, width, channels, multiplier]` of those that have fewer axes. */
function forEachChannel(x: Tensor, filters: Tensor, { dataFormat }: DepthwiseOptions): Tensor {
  if (filters.rank === 3) return expandDims(filters, -1);
  const channels = x.shape.at(dataFormat === "channelsFirst" ? -3 : -1);
  if (filters.rank !== 2 || channels === undefined) return filters;
  return broadcastTo(reshape(filters, [...filters.shape, 1, 1]), [...filters.shape, channels, 1]);
}

/**
 * Separable convolution: a depthwise convolution, then a 1×1 convolution that mixes the channels. Options other than bias
 * and activation are those of the depthwise part.
 *
 * Shapes: x `[batch, height, width, channels]`, perChannel `[height, width, channels, multiplier]`, pointwise
 * `[1, 1, channels · multiplier, filters]` → `[batch, outHeight, outWidth, filters]`.
 *
 * @example
 * separableConv2d(ones([1, 3, 3, 2]), ones([2, 2, 2, 1]), ones([1, 1, 2, 5])).shape // → [ 1, 2, 2, 5 ]
 */
export function separableConv2d(
  x: Tensor,
  perChannel: Tensor,
  pointwise: Tensor,
  options: DepthwiseOptions = {},
): Tensor {
  const name = "separableConv2d";
  checkOptions(name, options, '{ padding: "same" }');
  const { bias, activation, ...first } = options;
  const { dataFormat } = options;
  const parts = depthwise(`${name}, depthwise`, x, perChannel, first);
  return convolution(`${name}, pointwise`, 2, parts, pointwise, { bias, activation, dataFormat });
}
