// The layer that adds noise while training.
import { add } from "../ops/arithmetic.ts";
import { random } from "../random/random.ts";
import { describe, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Layer, type LayerOptions } from "./layer.ts";

export class GaussianNoise extends Layer {
  readonly std: number;

  constructor(std: number, options: LayerOptions = {}) {
    super("gaussianNoise", options);
    if (typeof std !== "number" || !(std >= 0 && std < Infinity)) {
      throw new RangeError(
        `${this.place}: std is the noise's standard deviation, 0 or more, got ${describe(std)}`,
      );
    }
    this.std = std;
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  protected override forward(x: Tensor, training: boolean): Tensor {
    if (!training || this.std === 0) return x;
    return add(x, random.normal(x.shape, { std: this.std }).cast(x.dtype));
  }
}

/**
 * While training, adds normal noise of mean 0 to each number; at other times it does nothing. A small disturbance of the
 * inputs acts like weight decay. Bishop, Neural Computation 7 (1995).
 *
 * Input and output have the same shape. Outside of `fit`, `layer(x, { training: true })` makes it act.
 *
 * @param std the noise's standard deviation
 * @throws RangeError when it is negative
 * @example
 * gaussianNoise(0.1)(tensor([[1, 2]])).toArray() // → [ [ 1, 2 ] ]
 */
export function gaussianNoise(std: number, options?: LayerOptions): GaussianNoise {
  return new GaussianNoise(std, options);
}
