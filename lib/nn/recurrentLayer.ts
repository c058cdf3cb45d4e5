// What the recurrent layers share: kernels for inputs and states, a bias, and which outputs are given.
import { checkTensor } from "../ops/operand.ts";
import type { RecurrentOptions, RecurrentWeights } from "../ops/recurrent/arguments.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { wholeNumber } from "./arguments.ts";
import type { Initializer } from "./initializers.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import type { WeightPlan } from "./weights.ts";

export interface RecurrentLayerOptions extends LayerOptions {
  /** Gives the outputs of all steps, `[batch, time, units]`, in place of the last one. For the layer below another one. */
  returnSequences?: boolean;
  /** Reads each sequence from its end. */
  goBackwards?: boolean;
  /** Whether a bias is added; yes by default. */
  useBias?: boolean;
  /** How the kernel for inputs starts: "glorotUniform" by default. */
  kernelInitializer?: Initializer;
  /** How the kernel for states starts: "orthogonal" by default. */
  recurrentInitializer?: Initializer;
  /** How the bias starts: "zeros" by default. */
  biasInitializer?: Initializer;
}

/** What {@link RecurrentLayer.run} is given beside the input. */
export type RunOptions<State> = Pick<RecurrentOptions, "mask"> & { initialState?: State };

/** The base of recurrent layers: Result has what a run gives, State what it may start with. */
export abstract class RecurrentLayer<Result extends { outputs: Tensor; h: Tensor }, State> extends Layer {
  readonly units: number;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
  readonly useBias: boolean;
  readonly #kernelInitializer: Initializer;
  readonly #recurrentInitializer: Initializer;
  readonly #biasInitializer: Initializer;

  constructor(kind: string, units: number, options: RecurrentLayerOptions) {
    super(kind, options);
    this.units = wholeNumber(this.place, "units", units);
    this.returnSequences = options.returnSequences ?? false;
    this.goBackwards = options.goBackwards ?? false;
    this.useBias = options.useBias ?? true;
    this.#kernelInitializer = options.kernelInitializer ?? "glorotUniform";
    this.#recurrentInitializer = options.recurrentInitializer ?? "orthogonal";
    this.#biasInitializer = options.biasInitializer ?? "zeros";
  }

  /** How many gates the weights have. */
  protected abstract readonly gates: number;

  /** What inputs are multiplied with, `[features, gates · units]`. */
  get kernel(): Tensor | undefined {
    return this.weights[0];
  }
  /** What states are multiplied with, `[units, gates · units]`. */
  get recurrentKernel(): Tensor | undefined {
    return this.weights[1];
  }
  get bias(): Tensor | undefined {
    return this.weights[2];
  }

  override outputShape(inputShape: Shape): Shape {
    const got = ["batch", ...inputShape];
    if (inputShape.length !== 2) {
      const hint = inputShape.length === 1 ? "one feature a step? Then use .expandDims(-1)" : "";
      this.refuse("sequences [batch, time, features]", got, hint);
    }
    const [time, features] = inputShape;
    const expected = this.ownWeights?.plans[0].shape[0] ?? features;
    if (features !== expected) this.refuse(`sequences [batch, time, ${expected}]`, got);
    return this.returnSequences ? [time, this.units] : [this.units];
  }

  /** The shape of the bias. */
  protected biasShape(columns: number): Shape {
    return [columns];
  }

  protected override weightPlans([, features]: Shape): WeightPlan[] {
    const columns = this.gates * this.units;
    const plans = [
      { shape: [features, columns], initializer: this.#kernelInitializer },
      { shape: [this.units, columns], initializer: this.#recurrentInitializer },
    ];
    if (!this.useBias) return plans;
    return [...plans, { shape: this.biasShape(columns), initializer: this.#biasInitializer }];
  }

  /** Computes all steps. */
  protected abstract steps(
    x: Tensor,
    weights: RecurrentWeights,
    options: RunOptions<State> & RecurrentOptions,
  ): Result;

  /**
   * Runs the layer and gives all that comes out: the outputs of all steps and the last states. It may start with a state,
   * and a mask `[batch, time]` says which steps count.
   */
  run(x: Tensor, options: RunOptions<State> = {}): Result {
    checkTensor(this.place, x);
    this.build(x.shape.slice(1));
    return this.runWith(this.weights, x, { ...options, goBackwards: this.goBackwards });
  }

  /** @internal What weights such a layer has for sequences of this shape. */
  plansFor(inputShape: Shape): WeightPlan[] {
    return this.weightPlans(inputShape);
  }

  /** @internal Runs such a layer with weights that are not its own. */
  runWith(weights: readonly Tensor[], x: Tensor, options: RunOptions<State> & RecurrentOptions): Result {
    const [kernel, recurrentKernel, bias] = weights;
    return this.steps(x, { kernel, recurrentKernel, bias }, options);
  }

  protected override forward(x: Tensor): Tensor {
    const { outputs, h } = this.run(x);
    return this.returnSequences ? outputs : h;
  }
}
