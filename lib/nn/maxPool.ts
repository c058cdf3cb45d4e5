// The max-pooling layers; the plain operations are `maxPool2d.apply` and its like.
import * as operations from "../ops/pooling.ts";
import type { Sizes } from "./arguments.ts";
import { PoolLayer, type PoolLayerOptions } from "./poolLayer.ts";

/**
 * Keeps the largest value of each stretch of a sequence, channel by channel.
 *
 * Input `[batch, steps, channels]`, output `[batch, steps', channels]`. See {@link maxPool2d}.
 *
 * @param poolSize how many steps become one; 2 by default
 * @throws Error when an input is no batch of sequences or is shorter than the window
 * @example
 * maxPool1d(3).outputShape([30, 8]) // → [ 10, 8 ]
 * maxPool1d.apply(tensor([1, 3, 2, 5])) // → tensor([3, 5])
 */
export const maxPool1d: {
  (poolSize?: Sizes<1>, options?: PoolLayerOptions<1>): PoolLayer<1>;
  /** Pools a sequence `[steps]` or `[steps, channels]`, or a batch of sequences. */
  apply: typeof operations.maxPool1d;
} = Object.assign(
  (poolSize?: Sizes<1>, options?: PoolLayerOptions<1>) =>
    new PoolLayer("maxPool1d", 1, operations.maxPool1d, poolSize, options),
  { apply: operations.maxPool1d },
);

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
  (poolSize?: Sizes<2>, options?: PoolLayerOptions<2>): PoolLayer<2>;
  /** Pools an image `[height, width]` or `[height, width, channels]`, or a batch of images. */
  apply: typeof operations.maxPool2d;
} = Object.assign(
  (poolSize?: Sizes<2>, options?: PoolLayerOptions<2>) =>
    new PoolLayer("maxPool2d", 2, operations.maxPool2d, poolSize, options),
  { apply: operations.maxPool2d },
);

/**
 * Keeps the largest value of each block of a volume, channel by channel.
 *
 * Input `[batch, depth, height, width, channels]`, output `[batch, depth', height', width', channels]`. See {@link maxPool2d}.
 *
 * @param poolSize depth, height and width of the window: `2` (default) or `[1, 2, 2]`
 * @throws Error when an input is no batch of volumes or is smaller than the window
 * @example
 * maxPool3d([1, 2, 2]).outputShape([8, 28, 28, 16]) // → [ 8, 14, 14, 16 ]
 */
export const maxPool3d: {
  (poolSize?: Sizes<3>, options?: PoolLayerOptions<3>): PoolLayer<3>;
  /** Pools a volume `[depth, height, width]` or `[depth, height, width, channels]`, or a batch of volumes. */
  apply: typeof operations.maxPool3d;
} = Object.assign(
  (poolSize?: Sizes<3>, options?: PoolLayerOptions<3>) =>
    new PoolLayer("maxPool3d", 3, operations.maxPool3d, poolSize, options),
  { apply: operations.maxPool3d },
);
