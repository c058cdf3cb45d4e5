// The simple recurrent layer; the plain operation is `simpleRnn.apply`.
import type { RecurrentOptions, RecurrentWeights } from "../ops/recurrent/arguments.ts";
import {
  type SimpleRnnOptions,
  type SimpleRnnResult,
  simpleRnn as takeSteps,
} from "../ops/recurrent/simpleRnn.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Activation, activationFunction } from "./activations.ts";
import { RecurrentLayer, type RecurrentLayerOptions, type RunOptions } from "./recurrentLayer.ts";

export interface SimpleRnnLayerOptions extends RecurrentLayerOptions {
  /** `"tanh"` by default; others than it and `"relu"` take the steps one by one. */
  activation?: Activation;
}

/** Options of `simpleRnn.apply`. */
export type SimpleRnnApplyOptions = Omit<SimpleRnnOptions, "activation"> & { activation?: Activation };

/** What the operation is to be told: kernels know tanh and relu. */
function forSteps(activation: Activation): "tanh" | "relu" | ((x: Tensor) => Tensor) {
  return activation === "tanh" || activation === "relu" ? activation : activationFunction(activation);
}

/** All steps with weights of one's own, the activation by any of its names. */
function apply(
  x: Tensor,
  weights: RecurrentWeights,
  { activation = "tanh", ...options }: SimpleRnnApplyOptions = {},
): SimpleRnnResult {
  return takeSteps(x, weights, { ...options, activation: forSteps(activation) });
}

export class SimpleRnn extends RecurrentLayer<SimpleRnnResult, Tensor> {
  readonly activation: Activation;
  readonly #activate: ReturnType<typeof forSteps>;
  protected override readonly gates: number = 1;

  constructor(units: number, options: SimpleRnnLayerOptions = {}) {
    super("simpleRnn", units, options);
    this.activation = options.activation ?? "tanh";
    this.#activate = forSteps(this.activation);
    if (options.inputShape) this.build(options.inputShape);
  }

  protected override steps(
    x: Tensor,
    weights: RecurrentWeights,
    options: RunOptions<Tensor> & RecurrentOptions,
  ): SimpleRnnResult {
    return takeSteps(x, weights, { ...options, activation: this.#activate });
  }
}

/**
 * A simple recurrent layer: h = tanh(x·W + h₋₁·U + b), or another activation.
 *
 * Input `[batch, time, features]`; output `[batch, units]`, that of the last step, or with `returnSequences`
 * `[batch, time, units]`. Kernel `[features, units]`, recurrentKernel `[units, units]`, bias `[units]`.
 * `layer.run(x, { initialState, mask })` gives `{ outputs, h }`.
 *
 * @param units how many numbers come out
 * @throws Error when an input is no batch of sequences, or has another number of features than the first one had
 * @example
 * simpleRnn(4, { inputShape: [10, 3] }).parameterCount // → 32
 * const memory = { kernel: tensor([[1]]), recurrentKernel: tensor([[0.5]]) };
 * simpleRnn.apply(tensor([[[8], [0], [0]]]), memory, { activation: "linear" }).outputs.flatten() // → tensor([8, 4, 2])
 */
export const simpleRnn: {
  (units: number, options?: SimpleRnnLayerOptions): SimpleRnn;
  /** All steps with weights of your own. */
  apply(x: Tensor, weights: RecurrentWeights, options?: SimpleRnnApplyOptions): SimpleRnnResult;
} = Object.assign((units: number, options?: SimpleRnnLayerOptions) => new SimpleRnn(units, options), {
  apply,
});
