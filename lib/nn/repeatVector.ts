// The layer that makes sequences of vectors.
import { broadcastTo, expandDims } from "../ops/shape.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { wholeNumber } from "./arguments.ts";
import { Layer, type LayerOptions } from "./layer.ts";

export class RepeatVector extends Layer {
  readonly times: number;

  constructor(times: number, options: LayerOptions = {}) {
    super("repeatVector", options);
    this.times = wholeNumber(this.place, "times", times);
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    if (inputShape.length !== 1) this.refuse("vectors [batch, features]", ["batch", ...inputShape]);
    return [this.times, ...inputShape];
  }

  protected override forward(x: Tensor): Tensor {
    const [batch, features] = x.shape;
    return broadcastTo(expandDims(x, 1), [batch, this.times, features]);
  }
}

/**
 * Repeats every vector along a new axis of time, so that a recurrent layer can make a sequence of it: the step between encoder and
 * decoder.
 *
 * Input `[batch, features]`, output `[batch, times, features]`.
 *
 * @throws Error when an input is no batch of vectors
 * @example
 * repeatVector(3)(tensor([[1, 2]])).toArray() // → [ [ [ 1, 2 ], [ 1, 2 ], [ 1, 2 ] ] ]
 */
export function repeatVector(times: number, options?: LayerOptions): RepeatVector {
  return new RepeatVector(times, options);
}
