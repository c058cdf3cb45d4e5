// The layer that makes images larger by repeating cells; the plain operation is `functional.upsample`.
import { upsample } from "../ops/upsampling.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkAxes, readSizes, type Sizes } from "./arguments.ts";
import { Layer, type LayerOptions } from "./layer.ts";

export class UpSampling2d extends Layer {
  readonly size: readonly [number, number];

  constructor(size: Sizes<2> = 2, options: LayerOptions = {}) {
    super("upSampling2d", options);
    this.size = readSizes(this.place, "size", size, 2);
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    checkAxes(this, inputShape, 2);
    const [height, width, channels] = inputShape;
    return [height * this.size[0], width * this.size[1], channels];
  }

  protected override forward(x: Tensor): Tensor {
    return upsample(x, this.size);
  }
}

/**
 * Repeats every cell of an image (nearest neighbour), the counterpart of pooling in a decoder.
 *
 * Input `[batch, height, width, channels]`, output `[batch, height · size, width · size, channels]`.
 *
 * @param size how often a cell is repeated: `2` (default), or `[vertical, horizontal]`
 * @throws Error when an input is no batch of images
 * @example
 * upSampling2d(2)(tensor([[[[1], [2]]]])).reshape([2, 4]).toArray() // → [ [ 1, 1, 2, 2 ], [ 1, 1, 2, 2 ] ]
 */
export function upSampling2d(size?: Sizes<2>, options?: LayerOptions): UpSampling2d {
  return new UpSampling2d(size, options);
}
