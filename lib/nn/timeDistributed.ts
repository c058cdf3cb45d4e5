// A layer that is applied to every step of a sequence.
import { reshape } from "../ops/shape.ts";
import { describe, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Layer, type LayerOptions } from "./layer.ts";

export class TimeDistributed extends Layer {
  /** What every step goes through. */
  readonly layer: Layer;

  constructor(layer: Layer, options: LayerOptions = {}) {
    super("timeDistributed", options);
    if (!(layer instanceof Layer)) {
      throw new TypeError(`${this.place}: takes a layer or a model such as dense(8), got ${describe(layer)}`);
    }
    this.layer = layer;
    if (options.inputShape) this.build(options.inputShape);
  }

  override get weights(): readonly Tensor[] {
    return this.layer.weights;
  }

  override withWeights(onlyTrainable = false): readonly Layer[] {
    return onlyTrainable && !this.trainable ? [] : this.layer.withWeights(onlyTrainable);
  }

  override countParams(inputShape: Shape): number {
    return this.layer.countParams(this.#stepOf(inputShape));
  }

  override build(inputShape: Shape): this {
    const step = this.#stepOf(inputShape);
    this.withPlace(() => this.layer.build(step));
    return super.build(inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    const step = this.#stepOf(inputShape);
    return [inputShape[0], ...this.withPlace(() => this.layer.outputShape(step))];
  }

  protected override forward(x: Tensor, training: boolean): Tensor {
    const [batch, time, ...step] = x.shape;
    const y = this.layer.call(reshape(x, [batch * time, ...step]), { training });
    return reshape(y, [batch, time, ...y.shape.slice(1)]);
  }

  #stepOf(inputShape: Shape): Shape {
    if (inputShape.length < 2) this.refuse("sequences [batch, time, …]", ["batch", ...inputShape]);
    return inputShape.slice(1);
  }
}

/**
 * Applies a layer, or a whole model, to every step of a sequence with the same weights.
 *
 * Input `[batch, time, …]`, output `[batch, time, …]` with what the layer makes of one step. Weights are those of the layer.
 * `dense` goes over the last axis by itself and does not need it; a convolution over the frames of a video does.
 *
 * @throws TypeError when it is no layer
 * @throws Error when an input has no axis of time, or the layer cannot take a step
 * @example
 * const frames = timeDistributed(conv2d(8, 3), { inputShape: [10, 28, 28, 1] });
 * frames.outputShape([10, 28, 28, 1]) // → [ 10, 26, 26, 8 ]
 * frames.parameterCount // → 80
 */
export function timeDistributed(layer: Layer, options?: LayerOptions): TimeDistributed {
  return new TimeDistributed(layer, options);
}
