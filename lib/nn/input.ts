// Where a functional model begins: a symbolic tensor for its samples.
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Layer } from "./layer.ts";
import { connect, type SymbolicTensor } from "./symbolic.ts";

export class InputLayer extends Layer {
  constructor(shape: Shape, options: { name?: string } = {}) {
    super("input", { ...options, inputShape: shape });
    if (shape === undefined)
      throw new TypeError("input: needs the shape of a sample, such as input([28, 28, 1])");
    this.build(shape);
  }

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }

  override buildFor(): readonly Shape[] {
    return [this.inputShape!];
  }

  protected override forward(x: Tensor): Tensor {
    return x;
  }
}

/**
 * The input of a functional model, for samples of this shape (without the batch). Layers are called on it and on what they
 * give; `model(inputs, outputs)` makes a model of that.
 *
 * @throws TypeError when the shape is none
 * @example
 * const image = input([28, 28, 192]);
 * const path = conv2d(64, 1, { activation: "relu" })(image);
 * path.shape // → [ 28, 28, 64 ]
 */
export function input(shape: Shape, options?: { name?: string }): SymbolicTensor {
  return connect(new InputLayer(shape, options), [])[0];
}
