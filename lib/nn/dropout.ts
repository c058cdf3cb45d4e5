// The dropout layer.
import { dropout as drop } from "../ops/dropout.ts";
import { describe, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Layer, type LayerOptions } from "./layer.ts";

export class Dropout extends Layer {
  readonly rate: number;

  constructor(rate: number, options: LayerOptions = {}) {
    super("dropout", options);
    if (typeof rate !== "number" || !(rate >= 0 && rate < 1)) {
      throw new RangeError(
        `${this.place}: rate is the share that is dropped, from 0 up to but not 1, got ${describe(rate)}`,
      );
    }
    this.rate = rate;
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  protected override forward(x: Tensor, training: boolean): Tensor {
    return training && this.rate > 0 ? drop(x, this.rate, true) : x;
  }
}

/**
 * While training, sets each number to zero with probability `rate` and scales the others by 1 / (1 − rate); at other
 * times it does nothing. Srivastava et al., JMLR 15 (2014).
 *
 * Input and output have the same shape. Outside of `fit`, `layer(x, { training: true })` makes it act.
 *
 * @param rate the share that is dropped, from 0 up to but not 1
 * @throws RangeError when the rate is outside that range
 * @example
 * dropout(0.5)(tensor([[1, 2]])).toArray() // → [ [ 1, 2 ] ]
 */
export function dropout(rate: number, options?: LayerOptions): Dropout {
  return new Dropout(rate, options);
}
