// Pooling over all of an image: one number a channel.
import { globalAveragePool, globalMaxPool } from "../ops/averagePooling.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { imageHint } from "./arguments.ts";
import { Layer, type LayerOptions } from "./layer.ts";

class GlobalPool2d extends Layer {
  readonly #pool: (x: Tensor) => Tensor;

  constructor(kind: string, pool: (x: Tensor) => Tensor, options: LayerOptions = {}) {
    super(kind, options);
    this.#pool = pool;
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    if (inputShape.length !== 3) {
      this.refuse("input [batch, height, width, channels]", ["batch", ...inputShape], imageHint(inputShape));
    }
    return inputShape.slice(-1);
  }

  protected override forward(x: Tensor): Tensor {
    return this.#pool(x);
  }
}

/**
 * The average of each channel over the whole image: `[batch, height, width, channels]` → `[batch, channels]`.
 *
 * @throws Error when an input is no batch of images
 * @example
 * globalAvgPool2d().outputShape([7, 7, 1024]) // → [ 1024 ]
 */
export function globalAvgPool2d(options?: LayerOptions): Layer {
  return new GlobalPool2d("globalAvgPool2d", globalAveragePool, options);
}

/**
 * The largest number of each channel over the whole image: `[batch, height, width, channels]` → `[batch, channels]`.
 *
 * @throws Error when an input is no batch of images
 * @example
 * globalMaxPool2d()(tensor([[[[1], [5]], [[3], [2]]]])).toArray() // → [ [ 5 ] ]
 */
export function globalMaxPool2d(options?: LayerOptions): Layer {
  return new GlobalPool2d("globalMaxPool2d", globalMaxPool, options);
}
