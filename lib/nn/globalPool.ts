// Pooling over all of a sequence, an image or a volume: one number a channel.
import { globalAveragePool, globalMaxPool } from "../ops/averagePooling.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkAxes, type SpatialRank } from "./arguments.ts";
import { Layer, type LayerOptions } from "./layer.ts";

class GlobalPool extends Layer {
  readonly #rank: SpatialRank;
  readonly #pool: (x: Tensor) => Tensor;

  constructor(kind: string, rank: SpatialRank, pool: (x: Tensor) => Tensor, options: LayerOptions = {}) {
    super(`${kind}${rank}d`, options);
    this.#rank = rank;
    this.#pool = pool;
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    checkAxes(this, inputShape, this.#rank);
    return inputShape.slice(-1);
  }

  protected override forward(x: Tensor): Tensor {
    return this.#pool(x);
  }
}

/**
 * The average of each channel over the whole sequence: `[batch, steps, channels]` → `[batch, channels]`.
 *
 * @throws Error when an input is no batch of sequences
 * @example
 * globalAvgPool1d()(tensor([[[1], [2], [6]]])).toArray() // → [ [ 3 ] ]
 */
export function globalAvgPool1d(options?: LayerOptions): Layer {
  return new GlobalPool("globalAvgPool", 1, globalAveragePool, options);
}

/**
 * The average of each channel over the whole image: `[batch, height, width, channels]` → `[batch, channels]`.
 *
 * @throws Error when an input is no batch of images
 * @example
 * globalAvgPool2d().outputShape([7, 7, 1024]) // → [ 1024 ]
 */
export function globalAvgPool2d(options?: LayerOptions): Layer {
  return new GlobalPool("globalAvgPool", 2, globalAveragePool, options);
}

/**
 * The average of each channel over the whole volume: `[batch, depth, height, width, channels]` → `[batch, channels]`.
 *
 * @throws Error when an input is no batch of volumes
 * @example
 * globalAvgPool3d().outputShape([4, 7, 7, 64]) // → [ 64 ]
 */
export function globalAvgPool3d(options?: LayerOptions): Layer {
  return new GlobalPool("globalAvgPool", 3, globalAveragePool, options);
}

/**
 * The largest number of each channel over the whole sequence: `[batch, steps, channels]` → `[batch, channels]`.
 *
 * @throws Error when an input is no batch of sequences
 * @example
 * globalMaxPool1d()(tensor([[[1], [6], [2]]])).toArray() // → [ [ 6 ] ]
 */
export function globalMaxPool1d(options?: LayerOptions): Layer {
  return new GlobalPool("globalMaxPool", 1, globalMaxPool, options);
}

/**
 * The largest number of each channel over the whole image: `[batch, height, width, channels]` → `[batch, channels]`.
 *
 * @throws Error when an input is no batch of images
 * @example
 * globalMaxPool2d()(tensor([[[[1], [5]], [[3], [2]]]])).toArray() // → [ [ 5 ] ]
 */
export function globalMaxPool2d(options?: LayerOptions): Layer {
  return new GlobalPool("globalMaxPool", 2, globalMaxPool, options);
}

/**
 * The largest number of each channel over the whole volume: `[batch, depth, height, width, channels]` → `[batch, channels]`.
 *
 * @throws Error when an input is no batch of volumes
 * @example
 * globalMaxPool3d().outputShape([4, 7, 7, 64]) // → [ 64 ]
 */
export function globalMaxPool3d(options?: LayerOptions): Layer {
  return new GlobalPool("globalMaxPool", 3, globalMaxPool, options);
}
