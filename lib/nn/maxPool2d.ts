// The max-pooling layer; the plain operation is `maxPool2d.apply`.
import { maxPool2d as pool } from "../ops/pooling.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { PoolLayer, type PoolLayerOptions } from "./poolLayer.ts";

export class MaxPool2d extends PoolLayer {
  constructor(poolSize: number | readonly [number, number] = 2, options: PoolLayerOptions = {}) {
    super("maxPool2d", poolSize, options);
  }

  protected override forward(x: Tensor): Tensor {
    return pool(x, this.placement);
  }
}

/**
 * Keeps the largest value of each window, channel by channel. `maxPool2d.apply(image, { poolSize: 2 })` is the operation itself.
 *
 * Input `[batch, height, width, channels]`, output `[batch, height', width', channels]`.
 *
 * @param poolSize height and width of the window: `2` (default) or `[2, 3]`
 * @throws Error when an input is no batch of images or is smaller than the window
 * @example
 * maxPool2d(2).outputShape([26, 26, 32]) // → [ 13, 13, 32 ]
 * maxPool2d(3, { strides: 1, padding: "same" }).outputShape([28, 28, 192]) // → [ 28, 28, 192 ]
 * maxPool2d(3, { strides: 2, ceilMode: true }).outputShape([110, 110, 96]) // → [ 55, 55, 96 ]
 * maxPool2d.apply(tensor([[7, 3, 5, 2], [8, 7, 1, 6], [4, 9, 3, 9], [0, 8, 4, 5]])).toArray() // → [ [ 8, 6 ], [ 9, 9 ] ]
 */
export const maxPool2d: {
  (poolSize?: number | readonly [number, number], options?: PoolLayerOptions): MaxPool2d;
  /** Pools an image `[height, width]` or `[height, width, channels]`, or a batch of images. */
  apply: typeof pool;
} = Object.assign(
  (poolSize?: number | readonly [number, number], options?: PoolLayerOptions) =>
    new MaxPool2d(poolSize, options),
  { apply: pool },
);
