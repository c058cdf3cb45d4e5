// What is convolved with what, checked: filters without all axes, biases, channels that do not fit.

import { tensor } from "../tensor/create.ts";
import { promote } from "../tensor/dtype.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ConvolutionOptions } from "./convolution.ts";
import { checkOperand } from "./operand.ts";
import { expandDims, reshape } from "./shape.ts";
import { channelOrder, spatialAxes } from "./window.ts";

/** The tensors as they were handed over, with the channels where they were: what errors speak of. */
export interface Given {
  x: Tensor;
  filters: Tensor;
  isFirst: boolean;
}

/** Filters `[…, channels, filters]` of one that has no axis for filters, or for channels. */
export function withAllAxes(name: string, rank: number, image: Tensor, filter: Tensor): Tensor {
  const channels = image.shape[rank + 1];
  if (image.rank !== rank + 2 || filter.rank > rank + 1 || filter.rank < rank) return filter;
  if (filter.rank === rank + 1) return expandDims(filter, -1);
  if (channels === 1) return reshape(filter, [...filter.shape, 1, 1]);
  throw new Error(
    `${name}: the filter ${formatShape(filter.shape)} is for images of one channel, x has ${channels} — for one filter over ` +
      `all of them ${formatShape([...filter.shape, channels!])}, for each channel by itself functional.depthwiseConv2d`,
  );
}

/** The bias as a tensor; a plain number is that of a single filter, and loses no digits beside float64. */
export function readBias(
  name: string,
  { bias = null }: ConvolutionOptions,
  x: Tensor,
  filters: Tensor,
): Tensor | null {
  if (bias === null) return null;
  checkOperand(`${name}: the bias`, bias);
  if (typeof bias !== "number") return bias;
  return tensor([bias], { dtype: promote(promote(x.dtype, filters.dtype), "float32") });
}

export function checkBias(name: string, bias: Tensor | null, filters: number): void {
  if (bias === null || (bias.rank === 1 && bias.size === filters)) return;
  throw new Error(
    `${name}: the bias ${formatShape(bias.shape)} must be [${filters}], one number for each filter`,
  );
}

/** Says that the filters are for another number of channels, and which axes may have been mistaken. */
export function refuseChannels(
  name: string,
  rank: number,
  channels: number,
  own: number,
  groups: number,
  given: Given,
): never {
  const [shape, filters] = [given.x.shape, given.filters.shape];
  const order = channelOrder("channelsFirst", name, rank + 2, "last")!;
  const toLast = shape.length === rank + 2 ? order : order.slice(1).map((axis) => axis - 1);
  const spatial = order.slice(1, -1);
  let hint = "";
  if (!given.isFirst && groups === 1 && shape.at(-rank - 1) === own) {
    hint = `; are the channels of x first? Then use .transpose(${formatShape(toLast)}) or dataFormat: "channelsFirst"`;
  } else if (groups === 1 && filters.length === rank + 2 && filters[1] === channels) {
    hint = `; are they [filters, channels, ${spatialAxes(rank)}], as in PyTorch? Then use .transpose(${formatShape([...spatial, 1, 0])})`;
  }
  const place = given.isFirst && filters.length === rank + 1 ? 0 : rank;
  throw new Error(
    `${name}: x ${formatShape(shape)} has ${channels} ${channels === 1 ? "channel" : "channels"}, the filters ` +
      `${formatShape(filters)} expect ${own}${groups === 1 ? "" : ` in each of ${groups} groups`} (their ` +
      `${["first", "second", "third", "fourth"][place]} size)${hint}`,
  );
}
