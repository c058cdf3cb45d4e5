// Images made larger: repeated cells, and interpolation between them.
import { tensor } from "../tensor/create.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { asBatch } from "./images.ts";
import { matmul } from "./matmul.ts";
import { checkTensor, toFloat } from "./operand.ts";
import { broadcastTo, clone, reshape } from "./shape.ts";
import { imageAxes, readSizes, type Strides } from "./window.ts";

/**
 * Every cell repeated `size` times along each axis between batch and channels (nearest neighbour): the counterpart of pooling.
 *
 * Shapes: `[batch, height, width, channels]` → `[batch, height · size, width · size, channels]`; sequences and volumes in the same
 * way. `size`: one number, or one an axis. A matrix is a single image too, and with sizes for both axes so is
 * `[height, width, channels]`.
 *
 * @throws when there is no axis to go along, or not one size an axis.
 * @example
 * upsample(tensor([[1, 2]]), 2).toArray() // → [ [ 1, 1, 2, 2 ], [ 1, 1, 2, 2 ] ]
 * upsample(ones([1, 4, 4, 3])).shape // → [ 1, 8, 8, 3 ]
 * upsample(ones([4, 4, 3]), [2, 2]).shape // → [ 8, 8, 3 ]
 */
export function upsample(x: Tensor, size: Strides = 2): Tensor {
  checkTensor("upsample", x);
  if (typeof size !== "number" && !Array.isArray(size)) {
    throw new TypeError(`upsample: size is a number, or a list of one an axis, got ${describe(size)}`);
  }
  const axes = typeof size === "number" ? (x.rank < 3 ? x.rank : x.rank - 2) : size.length;
  const [images, back] = asBatch(x, axes);
  if (axes < 1 || images.rank !== axes + 2) {
    const sizes = typeof size === "number" ? "" : ` with ${formatShape(size)}`;
    throw new Error(`upsample: x must be such as ${imageAxes(2)}, got ${formatShape(x.shape)}${sizes}`);
  }
  const times = readSizes("upsample", "size", size, axes);
  const larger = times.reduce((result, count, i) => {
    if (count === 1) return result;
    const [before, after] = [result.shape.slice(0, i + 2), result.shape.slice(i + 2)];
    const repeated = broadcastTo(reshape(result, [...before, 1, ...after]), [...before, count, ...after]);
    return reshape(repeated, [...before.slice(0, -1), before.at(-1)! * count, ...after]);
  }, images);
  return back(larger === images ? clone(images) : larger);
}

/** Options of {@link resizeBilinear}. */
export interface ResizeOptions {
  /** Whether the corners of both images are the same points; by default the borders of their cells are, as in Keras and PyTorch. */
  alignCorners?: boolean;
}

/**
 * Images interpolated linearly in both directions to a new height and width (no smoothing when they get smaller).
 *
 * Shapes: `[batch, height, width, channels]` → `[batch, newHeight, newWidth, channels]`; a single image
 * `[height, width, channels]` or a matrix works too.
 *
 * @throws when x is no image, or empty.
 * @example
 * resizeBilinear(tensor([[0, 4]]), [1, 4]) // → tensor([[0, 1, 3, 4]])
 */
export function resizeBilinear(
  x: Tensor,
  size: readonly [number, number],
  options: ResizeOptions = {},
): Tensor {
  checkTensor("resizeBilinear", x);
  const [given, back] = asBatch(x, 2);
  if (given.rank !== 4 || given.shape[1] === 0 || given.shape[2] === 0) {
    throw new Error(`resizeBilinear: x must be ${imageAxes(2)}, got ${formatShape(x.shape)}`);
  }
  const [newHeight, newWidth] = readSizes("resizeBilinear", "size", size, 2) as [number, number];
  const [batch, height, width, channels] = given.shape as [number, number, number, number];
  const images = toFloat(given);
  const aligned = options.alignCorners ?? false;
  const rows = matmul(
    mixing(height, newHeight, aligned, images),
    reshape(images, [batch, height, width * channels]),
  );
  const cells = reshape(rows, [batch * newHeight, width, channels]);
  const resized = matmul(mixing(width, newWidth, aligned, images), cells);
  return back(reshape(resized, [batch, newHeight, newWidth, channels]));
}

/** The matrix `[to, from]` that mixes neighbouring cells into new ones. */
function mixing(from: number, to: number, alignCorners: boolean, like: Tensor): Tensor {
  const weights = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const place = alignCorners ? (i * (from - 1)) / Math.max(to - 1, 1) : ((i + 0.5) * from) / to - 0.5;
    const inside = Math.min(Math.max(place, 0), from - 1);
    const left = Math.min(Math.floor(inside), from - 1);
    const share = inside - left;
    weights[i * from + left]! += 1 - share;
    weights[i * from + Math.min(left + 1, from - 1)]! += share;
  }
  return tensor(weights, { shape: [to, from], dtype: like.dtype });
}
