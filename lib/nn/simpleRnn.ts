// The simple recurrent layer; the plain operation is `simpleRnn.apply`.
import type { RecurrentOptions, RecurrentWeights } from "../ops/recurrent/arguments.ts";
import {
  type SimpleRnnOptions,
  type SimpleRnnResult,
  simpleRnn as takeSteps,
} from "../ops/recurrent/simpleRnn.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { choose } from "./choose.ts";
import { RecurrentLayer, type RecurrentLayerOptions, type RunOptions } from "./recurrentLayer.ts";

export interface SimpleRnnLayerOptions extends RecurrentLayerOptions {
  /** `"tanh"` (by default) or `"relu"`. */
  activation?: "tanh" | "relu";
}

export class SimpleRnn extends RecurrentLayer<SimpleRnnResult, Tensor> {
  readonly activation: "tanh" | "relu";
  protected override readonly gates: number = 1;

  constructor(units: number, options: SimpleRnnLayerOptions = {}) {
    super("simpleRnn", units, options);
    const known = { tanh: "tanh", relu: "relu" } as const;
    this.activation = choose("activation of simpleRnn", options.activation ?? "tanh", known);
    if (options.inputShape) this.build(options.inputShape);
  }

  protected override steps(
    x: Tensor,
    weights: RecurrentWeights,
    options: RunOptions<Tensor> & RecurrentOptions,
  ): SimpleRnnResult {
    return takeSteps(x, weights, { ...options, activation: this.activation });
  }
}

/**
 * A simple recurrent layer: h = tanh(x·W + h₋₁·U + b).
 *
 * Input `[batch, time, features]`; output `[batch, units]`, that of the last step, or with `returnSequences`
 * `[batch, time, units]`. Kernel `[features, units]`, recurrentKernel `[units, units]`, bias `[units]`.
 * `layer.run(x, { initialState, mask })` gives `{ outputs, h }`.
 *
 * @param units how many numbers come out
 * @throws Error when an input is no batch of sequences, or has another number of features than the first one had
 * @example
 * simpleRnn(4, { inputShape: [10, 3] }).parameterCount // → 32
 */
export const simpleRnn: {
  (units: number, options?: SimpleRnnLayerOptions): SimpleRnn;
  /** All steps with weights of your own. */
  apply(x: Tensor, weights: RecurrentWeights, options?: SimpleRnnOptions): SimpleRnnResult;
} = Object.assign((units: number, options?: SimpleRnnLayerOptions) => new SimpleRnn(units, options), {
  apply: takeSteps,
});
