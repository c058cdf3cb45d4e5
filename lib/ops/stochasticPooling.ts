// Stochastic pooling: one cell of each window, drawn with a probability in proportion to its activation.
import { random } from "../random/random.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { div, mul, where } from "./arithmetic.ts";
import { greater } from "./compare.ts";
import { im2col } from "./im2col.ts";
import { asBatch } from "./images.ts";
import { checkTensor, toFloat } from "./operand.ts";
import type { PoolOptions } from "./pooling.ts";
import { moveAxis } from "./rearrange.ts";
import { sum } from "./reduce.ts";
import { takeAlongAxis } from "./scatter.ts";
import { expandDims, reshape, squeeze } from "./shape.ts";

/** Options of {@link stochasticPool2d}. */
export interface StochasticPoolOptions extends Pick<PoolOptions, "poolSize" | "strides" | "padding"> {
  /** Whether cells are drawn; by default the mean that drawing would give is computed. */
  training?: boolean;
}

/**
 * Pools by chance: while training, the number of one cell of each window, drawn with probability a / Σ a; otherwise the
 * mean of that, Σ a² / Σ a. Draws from the library's random numbers. Zeiler and Fergus, ICLR 2013.
 *
 * @param input activations from 0 up, such as behind relu, `[batch, height, width, channels]`; a single image
 *   `[height, width, channels]` or a matrix works too
 * @throws when an activation is below 0, or the window does not fit.
 * @example
 * functional.stochasticPool2d(tensor([[1, 0], [0, 3]])) // → tensor([[2.5]])
 */
export function stochasticPool2d(input: Tensor, options: StochasticPoolOptions = {}): Tensor {
  checkTensor("stochasticPool2d", input);
  checkOptions("stochasticPool2d", options, "{ poolSize: 2 }");
  const { poolSize = 2, strides = poolSize, padding, training = false } = options;
  const [images, back] = asBatch(input, 2);
  if (images.rank !== 4) {
    throw new Error(
      `stochasticPool2d: x must be [batch, height, width, channels], got ${formatShape(input.shape)}`,
    );
  }
  const x = toFloat(images);
  if (x.size > 0 && x.detach().min().item() < 0) {
    throw new RangeError("stochasticPool2d: activations below 0 are no probabilities — apply relu first");
  }
  const windows = im2col(x, poolSize, { strides, padding });
  const [batch, height, width] = windows.shape as [number, number, number, number];
  const channels = x.shape[3]!;
  const cells = windows.shape[3]! / channels;
  const values = reshape(windows, [batch, height, width, cells, channels]);
  const total = sum(values, 3, { keepDims: true });
  // A window of zeros is pooled to 0 whichever cell is taken.
  const shares = where(greater(total, 0), div(values, where(greater(total, 0), total, 1)), 1 / cells);
  if (!training) return back(sum(mul(shares, values), 3));
  const probabilities = moveAxis(shares.detach(), 3, -1);
  const chosen = random.categorical([batch, height, width, channels], { probabilities });
  return back(squeeze(takeAlongAxis(values, expandDims(chosen, 3), 3), 3));
}
