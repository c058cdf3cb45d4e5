// The average-pooling layer; the plain operation is `avgPool2d.apply`.
import { avgPool2d as pool } from "../ops/averagePooling.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { PoolLayer, type PoolLayerOptions } from "./poolLayer.ts";

export class AvgPool2d extends PoolLayer {
  constructor(poolSize: number | readonly [number, number] = 2, options: PoolLayerOptions = {}) {
    super("avgPool2d", poolSize, options);
  }

  protected override forward(x: Tensor): Tensor {
    return pool(x, this.placement);
  }
}

/**
 * The average of each window, channel by channel; cells of the padding do not count. `avgPool2d.apply(image, …)` is the
 * operation itself.
 *
 * Input `[batch, height, width, channels]`, output `[batch, height', width', channels]`.
 *
 * @param poolSize height and width of the window: `2` (default) or `[2, 3]`
 * @throws Error when an input is no batch of images or is smaller than the window
 * @example
 * avgPool2d(2).outputShape([28, 28, 6]) // → [ 14, 14, 6 ]
 * avgPool2d.apply(tensor([[1, 3], [5, 7]])).toArray() // → [ [ 4 ] ]
 */
export const avgPool2d: {
  (poolSize?: number | readonly [number, number], options?: PoolLayerOptions): AvgPool2d;
  /** Pools an image `[height, width]` or `[height, width, channels]`, or a batch of images. */
  apply: typeof pool;
} = Object.assign(
  (poolSize?: number | readonly [number, number], options?: PoolLayerOptions) =>
    new AvgPool2d(poolSize, options),
  { apply: pool },
);
