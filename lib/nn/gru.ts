// The layer of gated recurrent units; the plain operation is `gru.apply`, and `gru.gates` looks into it.
import type { RecurrentOptions, RecurrentWeights } from "../ops/recurrent/arguments.ts";
import {
  type GruForm,
  type GruGates,
  type GruOptions,
  type GruResult,
  gruGates,
  gru as takeSteps,
} from "../ops/recurrent/gru.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { RecurrentLayer, type RecurrentLayerOptions, type RunOptions } from "./recurrentLayer.ts";

export interface GruLayerOptions extends RecurrentLayerOptions, GruForm {}

export class Gru extends RecurrentLayer<GruResult, Tensor> {
  readonly resetAfter: boolean;
  readonly update: "keep" | "replace";
  protected override readonly gates: number = 3;

  constructor(units: number, options: GruLayerOptions = {}) {
    super("gru", units, options);
    this.resetAfter = options.resetAfter ?? true;
    this.update = options.update ?? "keep";
    if (options.inputShape) this.build(options.inputShape);
  }

  protected override biasShape(columns: number): Shape {
    return this.resetAfter ? [2, columns] : [columns];
  }

  protected override steps(
    x: Tensor,
    weights: RecurrentWeights,
    options: RunOptions<Tensor> & RecurrentOptions,
  ): GruResult {
    return takeSteps(x, weights, { ...options, resetAfter: this.resetAfter, update: this.update });
  }
}

/**
 * A layer of gated recurrent units: see {@link gru.apply} for the formulas and their forms.
 *
 * Input `[batch, time, features]`; output `[batch, units]`, that of the last step, or with `returnSequences`
 * `[batch, time, units]`. Weights in Keras's order of gates (update, reset, candidate): kernel `[features, 3 · units]`,
 * recurrentKernel `[units, 3 · units]`, bias `[2, 3 · units]`, with `resetAfter: false` `[3 · units]`.
 * `layer.run(x, { initialState, mask })` gives `{ outputs, h }`; `gru.gates(x, weights)` the values of the gates.
 *
 * @param units how many numbers come out
 * @throws Error when an input is no batch of sequences, or has another number of features than the first one had
 * @example
 * gru(4, { inputShape: [10, 3] }).parameterCount // → 108
 * gru(4, { inputShape: [10, 3], resetAfter: false }).parameterCount // → 96
 */
export const gru: {
  (units: number, options?: GruLayerOptions): Gru;
  /** All steps with weights of your own. */
  apply(x: Tensor, weights: RecurrentWeights, options?: GruOptions): GruResult;
  /** The values of the gates in all steps. */
  gates(x: Tensor, weights: RecurrentWeights, options?: GruOptions): GruGates;
} = Object.assign((units: number, options?: GruLayerOptions) => new Gru(units, options), {
  apply: takeSteps,
  gates: gruGates,
});
