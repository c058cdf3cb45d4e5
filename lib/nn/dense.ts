// The fully connected layer.
import { linear } from "../ops/matmul.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Activation, type ActivationPlan, planActivation } from "./activations.ts";
import type { Initializer } from "./initializers.ts";
import { Layer, type LayerOptions, wholeNumber } from "./layer.ts";

export interface DenseOptions extends LayerOptions {
  /** Applied to the result; nothing by default. */
  activation?: Activation;
  /** Whether a bias is added; yes by default. */
  useBias?: boolean;
  /** How the kernel starts: "glorotUniform" by default. */
  kernelInitializer?: Initializer;
  /** How the bias starts: "zeros" by default. */
  biasInitializer?: Initializer;
}

export class Dense extends Layer {
  readonly units: number;
  readonly useBias: boolean;
  readonly #activation: ActivationPlan;
  readonly #kernelInitializer: Initializer;
  readonly #biasInitializer: Initializer;

  constructor(units: number, options: DenseOptions = {}) {
    super("dense", options);
    this.units = wholeNumber(this.place, "units", units);
    this.useBias = options.useBias ?? true;
    this.#activation = planActivation(options.activation);
    this.#kernelInitializer = options.kernelInitializer ?? "glorotUniform";
    this.#biasInitializer = options.biasInitializer ?? "zeros";
    if (options.inputShape) this.build(options.inputShape);
  }

  /** The weights from inputs to units: `[in, units]`. */
  get kernel(): Tensor | undefined {
    return this.weights[0];
  }
  /** One bias per unit: `[units]`. */
  get bias(): Tensor | undefined {
    return this.weights[1];
  }
  /** The name of the activation. */
  get activation(): string {
    return this.#activation.name;
  }

  override outputShape(inputShape: Shape): Shape {
    if (inputShape.length === 0) {
      this.refuse("[batch, features]", ["batch"], "a list of single numbers needs .reshape([-1, 1])");
    }
    const features = inputShape[inputShape.length - 1];
    const expected = this.kernel?.shape[0] ?? features;
    if (features !== expected) this.refuse(`[batch, ${expected}]`, ["batch", ...inputShape]);
    return [...inputShape.slice(0, -1), this.units];
  }

  protected override makeWeights(inputShape: Shape): Tensor[] {
    const kernel = this.addWeight([inputShape[inputShape.length - 1], this.units], this.#kernelInitializer);
    return this.useBias ? [kernel, this.addWeight([this.units], this.#biasInitializer)] : [kernel];
  }

  protected override forward(x: Tensor): Tensor {
    const { fused, after } = this.#activation;
    const result = linear(x, this.weights[0], this.weights[1], { activation: fused });
    return after ? after(result) : result;
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
export function dense(units: number, options?: DenseOptions): Dense {
  return new Dense(units, options);
}
