// Convolutions whose weights differ from place to place: locally connected and tiled ones.
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { gather } from "./gather.ts";
import { im2col, type WindowOptions } from "./im2col.ts";
import { matmul } from "./matmul.ts";
import { checkTensor, toCommonFloat } from "./operand.ts";
import { reshape, transpose } from "./shape.ts";
import { imageAxes, type Padding, placeWindow } from "./window.ts";

/** Options of {@link locallyConnected1d} and {@link tiledConv1d}. */
export interface SequenceWindowOptions {
  /** Steps of the filter; 1 by default. */
  strides?: number;
  /** `"valid"` (default), `"same"`, or cells of zeros: `1`, or before and after, `[1, 0]`. */
  padding?: "valid" | "same" | number | readonly [number, number];
  /** Distance between neighbouring cells of the filter; 1 by default. */
  dilation?: number;
}

/**
 * A locally connected layer over sequences: like a convolution, but with a filter of its own at every place.
 *
 * Shapes: x `[batch, steps, channels]`, filters `[outSteps, size, channels, filters]` → `[batch, outSteps, filters]`; plain
 * vectors x `[steps]` with filters `[outSteps, size]` give `[outSteps]`.
 *
 * @throws when the filters are not as many as places.
 * @example
 * locallyConnected1d(tensor([1, 2, 3]), tensor([[1, 0], [10, 1]])) // → tensor([ 1, 23])
 */
export function locallyConnected1d(x: Tensor, filters: Tensor, options: SequenceWindowOptions = {}): Tensor {
  return alongSteps("locallyConnected1d", "outSteps", x, filters, options, locallyConnected2d);
}

/**
 * Tiled convolution of sequences: t filters take turns from place to place, y[i] = Σⱼ w[i mod t, j] · x[i + j]. t = 1 is a
 * convolution, t as large as the output a locally connected layer. Le et al., NeurIPS 2010.
 *
 * Shapes: x `[batch, steps, channels]`, filters `[t, size, channels, filters]` → `[batch, outSteps, filters]`; plain vectors
 * x `[steps]` with filters `[t, size]` give `[outSteps]`.
 *
 * @example
 * tiledConv1d(tensor([1, 2, 3, 4]), tensor([[1], [-1]])) // → tensor([ 1, -2,  3, -4])
 */
export function tiledConv1d(x: Tensor, filters: Tensor, options: SequenceWindowOptions = {}): Tensor {
  return alongSteps("tiledConv1d", "t", x, filters, options, tiledConv2d);
}

/** An operation on images applied to sequences, which are images one row high. */
function alongSteps(
  name: string,
  tiles: string,
  x: Tensor,
  filters: Tensor,
  { strides = 1, padding = "valid", dilation = 1 }: SequenceWindowOptions,
  operation: (x: Tensor, filters: Tensor, options: WindowOptions) => Tensor,
): Tensor {
  checkTensor(name, x);
  checkTensor(name, filters);
  const isPlain = x.rank === 1 && filters.rank === 2;
  if (!isPlain && !(x.rank === 3 && filters.rank === 4 && filters.shape[2] === x.shape[2])) {
    throw new Error(
      `${name}: x must be ${imageAxes(1)} and filters [${tiles}, size, channels, filters], or [steps] and [${tiles}, size]; got ` +
        `${formatShape(x.shape)} and ${formatShape(filters.shape)}`,
    );
  }
  const [batch, steps, channels] = isPlain ? [1, x.size, 1] : (x.shape as [number, number, number]);
  const [count, size] = filters.shape as [number, number];
  const along = { strides, padding: typeof padding === "string" ? padding : [padding], dilation };
  const [, , { positions }] = placeWindow(name, x.shape, [steps], [size], along);
  if (tiles === "outSteps") checkPlaces(name, x, filters, [positions]);
  const around: Padding = typeof padding === "string" ? padding : [0, padding];
  const y = operation(
    reshape(x, [batch, 1, steps, channels]),
    reshape(filters, [1, count, 1, size, ...(isPlain ? [1, 1] : filters.shape.slice(2))]),
    { strides: [1, strides], padding: around, dilation: [1, dilation] },
  );
  return reshape(y, isPlain ? [y.size] : [batch, y.shape[2]!, y.shape[3]!]);
}

/**
 * A locally connected layer: like a convolution, but with filters of its own at every place.
 *
 * Shapes: x `[batch, height, width, channels]`, filters `[outHeight, outWidth, h, w, channels, filters]` →
 * `[batch, outHeight, outWidth, filters]`.
 *
 * @throws when the filters are not as many as places.
 * @example
 * locallyConnected2d(ones([1, 3, 3, 1]), ones([2, 2, 2, 2, 1, 5])).shape // → [ 1, 2, 2, 5 ]
 */
export function locallyConnected2d(x: Tensor, filters: Tensor, options: WindowOptions = {}): Tensor {
  const name = "locallyConnected2d";
  checkTensor(name, x);
  checkTensor(name, filters);
  if (x.rank !== 4 || filters.rank !== 6 || filters.shape[4] !== x.shape[3]) {
    throw new Error(
      `${name}: x must be ${imageAxes(2)} and filters [outHeight, outWidth, h, w, channels, filters], got ` +
        `${formatShape(x.shape)} and ${formatShape(filters.shape)}`,
    );
  }
  const sizes = filters.shape.slice(2, 4);
  const [, ...places] = placeWindow(name, x.shape, x.shape.slice(1, 3), sizes, options);
  checkPlaces(
    name,
    x,
    filters,
    places.map((axis) => axis.positions),
  );
  const [images, weights] = toCommonFloat(x, filters);
  const windows = im2col(images, sizes, options);
  const [batch, height, width, depth] = windows.shape as [number, number, number, number];
  const count = weights.shape[5]!;
  const rows = transpose(reshape(windows, [batch, height * width, depth]), [1, 0, 2]);
  const products = matmul(rows, reshape(weights, [height * width, depth, count]));
  return reshape(transpose(products, [1, 0, 2]), [batch, height, width, count]);
}

/** Refuses filters, the first axes of `filters`, that are not as many as places. */
function checkPlaces(name: string, x: Tensor, filters: Tensor, places: readonly number[]): void {
  if (places.every((count, i) => count === filters.shape[i])) return;
  throw new Error(
    `${name}: there are ${places.join(" × ")} places on x ${formatShape(x.shape)}, and filters ${formatShape(filters.shape)} for ` +
      filters.shape.slice(0, places.length).join(" × "),
  );
}

/**
 * Tiled convolution: t × t sets of filters take turns from place to place, in both directions. See {@link tiledConv1d}.
 *
 * Shapes: x `[batch, height, width, channels]`, filters `[t, t, h, w, channels, filters]` → `[batch, outHeight, outWidth, filters]`.
 *
 * @throws when the shapes do not fit, or the filters are larger than the images with their padding.
 * @example
 * tiledConv2d(tensor([[1, 2, 3, 4]]).reshape([1, 1, 4, 1]), tensor([1, -1]).reshape([1, 2, 1, 1, 1, 1])).flatten() // → tensor([ 1, -2,  3, -4])
 */
export function tiledConv2d(x: Tensor, filters: Tensor, options: WindowOptions = {}): Tensor {
  checkTensor("tiledConv2d", x);
  checkTensor("tiledConv2d", filters);
  if (x.rank !== 4 || filters.rank !== 6 || filters.shape[4] !== x.shape[3]) {
    throw new Error(
      `tiledConv2d: x must be ${imageAxes(2)} and filters [t, t, h, w, channels, filters], got ` +
        `${formatShape(x.shape)} and ${formatShape(filters.shape)}`,
    );
  }
  const sizes = filters.shape.slice(2, 4);
  const [, height, width] = placeWindow("tiledConv2d", x.shape, x.shape.slice(1, 3), sizes, options);
  const turns = (count: number, tiles: number) => Array.from({ length: count }, (_, i) => i % tiles);
  const rows = gather(filters, turns(height.positions, filters.shape[0]!));
  return locallyConnected2d(x, gather(rows, turns(width.positions, filters.shape[1]!), { axis: 1 }), options);
}
