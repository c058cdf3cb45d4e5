// The average-pooling layers; the plain operations are `avgPool2d.apply` and its like.
import * as operations from "../ops/averagePooling.ts";
import type { Sizes } from "./arguments.ts";
import { PoolLayer, type PoolLayerOptions } from "./poolLayer.ts";

/**
 * The average of each stretch of a sequence, channel by channel.
 *
 * Input `[batch, steps, channels]`, output `[batch, steps', channels]`. See {@link avgPool2d}.
 *
 * @param poolSize how many steps become one; 2 by default
 * @throws Error when an input is no batch of sequences or is shorter than the window
 * @example
 * avgPool1d(3).outputShape([30, 8]) // → [ 10, 8 ]
 * avgPool1d.apply(tensor([1, 3, 2, 5])) // → tensor([2.0, 3.5])
 */
export const avgPool1d: {
  (poolSize?: Sizes<1>, options?: PoolLayerOptions<1>): PoolLayer<1>;
  /** Pools a sequence `[steps]` or `[steps, channels]`, or a batch of sequences. */
  apply: typeof operations.avgPool1d;
} = Object.assign(
  (poolSize?: Sizes<1>, options?: PoolLayerOptions<1>) =>
    new PoolLayer("avgPool1d", 1, operations.avgPool1d, poolSize, options),
  { apply: operations.avgPool1d },
);

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
  (poolSize?: Sizes<2>, options?: PoolLayerOptions<2>): PoolLayer<2>;
  /** Pools an image `[height, width]` or `[height, width, channels]`, or a batch of images. */
  apply: typeof operations.avgPool2d;
} = Object.assign(
  (poolSize?: Sizes<2>, options?: PoolLayerOptions<2>) =>
    new PoolLayer("avgPool2d", 2, operations.avgPool2d, poolSize, options),
  { apply: operations.avgPool2d },
);

/**
 * The average of each block of a volume, channel by channel.
 *
 * Input `[batch, depth, height, width, channels]`, output `[batch, depth', height', width', channels]`. See {@link avgPool2d}.
 *
 * @param poolSize depth, height and width of the window: `2` (default) or `[1, 2, 2]`
 * @throws Error when an input is no batch of volumes or is smaller than the window
 * @example
 * avgPool3d([1, 2, 2]).outputShape([8, 28, 28, 16]) // → [ 8, 14, 14, 16 ]
 */
export const avgPool3d: {
  (poolSize?: Sizes<3>, options?: PoolLayerOptions<3>): PoolLayer<3>;
  /** Pools a volume `[depth, height, width]` or `[depth, height, width, channels]`, or a batch of volumes. */
  apply: typeof operations.avgPool3d;
} = Object.assign(
  (poolSize?: Sizes<3>, options?: PoolLayerOptions<3>) =>
    new PoolLayer("avgPool3d", 3, operations.avgPool3d, poolSize, options),
  { apply: operations.avgPool3d },
);
