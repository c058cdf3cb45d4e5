// The LSTM layer; the plain operation is `lstm.apply`, and `lstm.gates` looks into it.
import type { RecurrentOptions, RecurrentWeights } from "../ops/recurrent/arguments.ts";
import {
  type LstmGates,
  type LstmOptions,
  type LstmResult,
  lstmGates,
  lstm as takeSteps,
} from "../ops/recurrent/lstm.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { planValues } from "./initializers.ts";
import { RecurrentLayer, type RecurrentLayerOptions, type RunOptions } from "./recurrentLayer.ts";
import type { WeightPlan } from "./weights.ts";

export interface LstmLayerOptions extends RecurrentLayerOptions {
  /** Starts the forget gate's bias at 1, so that a new layer remembers; yes by default. Jozefowicz et al., ICML 2015. */
  unitForgetBias?: boolean;
}

type State = readonly [h: Tensor, c: Tensor];

export class Lstm extends RecurrentLayer<LstmResult, State> {
  readonly unitForgetBias: boolean;
  protected override readonly gates: number = 4;

  constructor(units: number, options: LstmLayerOptions = {}) {
    super("lstm", units, options);
    this.unitForgetBias = options.unitForgetBias ?? true;
    if (options.inputShape) this.build(options.inputShape);
  }

  protected override weightPlans(inputShape: Shape): WeightPlan[] {
    const plans = super.weightPlans(inputShape);
    if (!this.useBias || !this.unitForgetBias) return plans;
    const [kernel, recurrentKernel, { shape, initializer }] = plans;
    const start = planValues(initializer, shape);
    const withForgetBias = () => start().set(`${this.units}:${2 * this.units}`, 1);
    return [kernel, recurrentKernel, { shape, initializer: withForgetBias }];
  }

  protected override steps(
    x: Tensor,
    weights: RecurrentWeights,
    options: RunOptions<State> & RecurrentOptions,
  ): LstmResult {
    return takeSteps(x, weights, options);
  }
}

/**
 * A layer of long short-term memory: see {@link lstm.apply} for the formulas.
 *
 * Input `[batch, time, features]`; output `[batch, units]`, that of the last step, or with `returnSequences`
 * `[batch, time, units]`. Weights in Keras's order of gates (input, forget, candidate, output): kernel
 * `[features, 4 · units]`, recurrentKernel `[units, 4 · units]`, bias `[4 · units]`. `layer.run(x, { initialState, mask })`
 * gives `{ outputs, h, c }`; `lstm.gates(x, weights)` the values of the gates.
 *
 * @param units how many cells, so how many numbers come out
 * @throws Error when an input is no batch of sequences, or has another number of features than the first one had
 * @example
 * const layer = lstm(256, { inputShape: [60, 1], returnSequences: true });
 * layer.outputShape([60, 1]) // → [ 60, 256 ]
 * layer.parameterCount // → 264192
 */
export const lstm: {
  (units: number, options?: LstmLayerOptions): Lstm;
  /** All steps with weights of your own. */
  apply(x: Tensor, weights: RecurrentWeights, options?: LstmOptions): LstmResult;
  /** The values of the gates in all steps. */
  gates(x: Tensor, weights: RecurrentWeights, options?: LstmOptions): LstmGates;
} = Object.assign((units: number, options?: LstmLayerOptions) => new Lstm(units, options), {
  apply: takeSteps,
  gates: lstmGates,
});
