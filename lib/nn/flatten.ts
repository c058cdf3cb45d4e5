// The layer that makes each sample one row.
import { type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Layer, type LayerOptions } from "./layer.ts";

export class Flatten extends Layer {
  constructor(options: LayerOptions = {}) {
    super("flatten", options);
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    return [sizeOf(inputShape)];
  }

  protected override forward(x: Tensor): Tensor {
    return x.rank === 1 ? x.reshape([x.shape[0], 1]) : x.flatten(1);
  }
}

/**
 * Makes each sample one row of numbers: `[batch, ...]` → `[batch, product]`.
 *
 * @example
 * flatten()(zeros([2, 3, 3, 64])).shape // → [ 2, 576 ]
 */
export function flatten(options?: LayerOptions): Flatten {
  return new Flatten(options);
}
