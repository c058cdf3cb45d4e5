// A convolution as a matrix product: windows as rows (im2col), and the convolution's own matrix (Toeplitz).
import type { Window } from "../engine/core.ts";
import { eye, tensor, zeros } from "../tensor/create.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ConvolutionOptions, convolution } from "./convolution.ts";
import { gather } from "./gather.ts";
import { concat } from "./join.ts";
import { checkTensor } from "./operand.ts";
import { reshape, transpose } from "./shape.ts";
import { imageAxes, type Placement, placeWindow, positionsOf, readSizes, type Strides } from "./window.ts";

/** Options of {@link im2col}: where the windows lie. */
export type WindowOptions = Pick<Placement, "strides" | "padding" | "dilation">;

/**
 * The windows of images as rows of a matrix, so that a convolution is a matrix product:
 * `im2col(x, [h, w]).matmul(filters.reshape([h * w * channels, count]))`.
 *
 * Shapes: x `[batch, height, width, channels]` → `[batch, outHeight, outWidth, h · w · channels]`; sequences
 * `[batch, steps, channels]` and volumes in the same way. `windowSize`: one number, or one an axis.
 *
 * @throws when the window is larger than the image with its padding.
 * @example
 * im2col(tensor([1, 2, 3, 4], { shape: [1, 4, 1] }), 2).toArray() // → [ [ [ 1, 2 ], [ 2, 3 ], [ 3, 4 ] ] ]
 */
export function im2col(x: Tensor, windowSize: Strides, options: WindowOptions = {}): Tensor {
  checkTensor("im2col", x);
  const rank = x.rank - 2;
  if (rank < 1 || rank > 3) {
    throw new Error(
      `im2col: x must be ${imageAxes(2)} or such with one or three axes of places, got ${formatShape(x.shape)}`,
    );
  }
  const sizes = readSizes("im2col", "windowSize", windowSize, rank);
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const axes = placeWindow("im2col", x.shape, x.shape.slice(1, -1), sizes, options);
  const window: Window = { batch, channels, axes };
  const pixels = reshape(x, [-1, channels]);
  // One more row, of zeros, is what stands in the padding.
  const rows = concat([pixels, zeros([1, channels], { dtype: x.dtype })]);
  const picked = gather(rows, tensor(pixelsUnder(window, pixels.shape[0]!)));
  return reshape(picked, [batch, ...positionsOf(window, rank), sizeOf(sizes) * channels]);
}

/** For each output position the pixels under its window, `outside` where it leaves the image. */
function pixelsUnder({ batch, axes }: Window, outside: number): Int32Array {
  const cells = axes.map(({ length, window, stride, dilation, before, positions }) =>
    Array.from({ length: positions }, (_, position) =>
      Array.from({ length: window }, (_, tap) => {
        const cell = position * stride - before + tap * dilation;
        return cell >= 0 && cell < length ? cell : -1;
      }),
    ),
  ) as [number[][], number[][], number[][]];
  const [, height, width] = axes;
  const found: number[] = [];
  for (let b = 0; b < batch; b++) {
    for (const zs of cells[0]) {
      for (const ys of cells[1]) {
        for (const xs of cells[2]) {
          for (const z of zs) {
            for (const y of ys) {
              const row = ((b * axes[0].length + z) * height.length + y) * width.length;
              for (const x of xs) found.push(z < 0 || y < 0 || x < 0 ? outside : row + x);
            }
          }
        }
      }
    }
  }
  return Int32Array.from(found);
}

/**
 * The matrix of a convolution: `convolutionMatrix(filters, shape)` times an image as one long vector is the output as one
 * long vector. In one dimension it is a Toeplitz matrix, the same numbers along every diagonal; in two it is made of such
 * blocks. It shows what a convolution is among dense layers: mostly zeros, and few different weights.
 *
 * Shapes: filters as for {@link conv2d} (rank 4, `shape` `[height, width, channels]`), or a plain filter (rank 1 to 3,
 * `shape` of the same rank) → `[outputs, inputs]`. Options are those of the convolution, without bias.
 *
 * @throws when the ranks do not fit.
 * @example
 * convolutionMatrix(tensor([1, -1]), [3]).toArray() // → [ [ 1, -1, 0 ], [ 0, 1, -1 ] ]
 */
export function convolutionMatrix(
  filters: Tensor,
  shape: Shape,
  options: WindowOptions & Pick<ConvolutionOptions, "groups"> = {},
): Tensor {
  checkTensor("convolutionMatrix", filters);
  checkShape("convolutionMatrix", shape);
  const plain = filters.rank === shape.length;
  const rank = plain ? filters.rank : filters.rank - 2;
  if (rank < 1 || rank > 3 || (!plain && shape.length !== rank + 1)) {
    throw new Error(
      `convolutionMatrix: filters ${formatShape(filters.shape)} do not fit images ${formatShape(shape)} — filters of rank 1 to 3 ` +
        "go with images of the same rank, filters [height, width, channels, filters] with [height, width, channels]",
    );
  }
  const weights = plain ? reshape(filters, [...filters.shape, 1, 1]) : filters;
  const images = plain ? [...shape, 1] : shape;
  const inputs = sizeOf(shape);
  // Each image with a single 1 gives one column.
  const units = reshape(eye(inputs, { dtype: filters.dtype }), [inputs, ...images]);
  return transpose(reshape(convolution("convolutionMatrix", rank, units, weights, options), [inputs, -1]));
}
