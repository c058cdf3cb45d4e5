// The fully connected layer.
import { linear } from "../ops/matmul.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { wholeNumber } from "./arguments.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernelLayer.ts";

export class Dense extends KernelLayer {
  readonly units: number;

  constructor(units: number, options: KernelLayerOptions = {}) {
    super("dense", options);
    this.units = wholeNumber(this.place, "units", units);
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    if (inputShape.length === 0) {
      this.refuse("[batch, features]", ["batch"], "a list of single numbers needs .reshape([-1, 1])");
    }
    const features = inputShape[inputShape.length - 1];
    const expected = this.builtKernel?.[0] ?? features;
    if (features !== expected) this.refuse(`[batch, ${expected}]`, ["batch", ...inputShape]);
    return [...inputShape.slice(0, -1), this.units];
  }

  protected override kernelShape(inputShape: Shape): Shape {
    return [inputShape[inputShape.length - 1], this.units];
  }

  protected override forward(x: Tensor): Tensor {
    const { bias, activation } = this.biasAndActivation;
    return this.activate(linear(x, this.weights[0], bias, { activation }));
  }
}

/**
 * A fully connected layer: activation(x · kernel + bias).
 *
 * Input `[batch, ..., in]`, output `[batch, ..., units]`; kernel `[in, units]`, bias `[units]`.
 *
 * @param units how many outputs
 * @throws Error when an input has another number of features than the first one had
 * @example
 * const layer = dense(2, { inputShape: [3], kernelInitializer: "ones" });
 * layer(tensor([[1, 2, 3]])).toArray() // → [ [ 6, 6 ] ]
 * layer.parameterCount // → 8
 */
export function dense(units: number, options?: KernelLayerOptions): Dense {
  return new Dense(units, options);
}
