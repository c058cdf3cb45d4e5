// An activation as a layer of its own.
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Activation, activationFunction } from "./activations.ts";
import { Layer, type LayerOptions } from "./layer.ts";

export class ActivationLayer extends Layer {
  readonly #apply: (x: Tensor) => Tensor;

  constructor(activation: Activation, options: LayerOptions = {}) {
    super("activation", options);
    this.#apply = activationFunction(activation);
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  protected override forward(x: Tensor): Tensor {
    return this.#apply(x);
  }
}

/**
 * Applies an activation; input and output have the same shape. For where it does not stand right behind the weights, as
 * after a sum or a normalization.
 *
 * @param activation its name, or a function of a tensor that keeps the shape
 * @throws Error with a suggestion when there is no activation of that name
 * @example
 * activation("relu")(tensor([[-1, 2]])).toArray() // → [ [ 0, 2 ] ]
 */
export function activation(activation: Activation, options?: LayerOptions): ActivationLayer {
  return new ActivationLayer(activation, options);
}
