// What dense and convolutional layers share: a kernel, a bias unless it is left out, and an activation behind them.
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Activation, type ActivationPlan, planActivation } from "./activations.ts";
import type { Initializer } from "./initializers.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import type { WeightPlan } from "./weights.ts";

export interface KernelLayerOptions extends LayerOptions {
  /** Applied to the result; nothing by default. */
  activation?: Activation;
  /** Whether a bias is added; yes by default. */
  useBias?: boolean;
  /** How the kernel starts: "glorotUniform" by default. */
  kernelInitializer?: Initializer;
  /** How the bias starts: "zeros" by default. */
  biasInitializer?: Initializer;
}

export abstract class KernelLayer extends Layer {
  readonly useBias: boolean;
  /** What the operation applies while it writes its result, and what comes after it. */
  protected readonly plan: ActivationPlan;
  readonly #kernelInitializer: Initializer;
  readonly #biasInitializer: Initializer;

  constructor(kind: string, options: KernelLayerOptions) {
    super(kind, options);
    this.useBias = options.useBias ?? true;
    this.plan = planActivation(options.activation);
    this.#kernelInitializer = options.kernelInitializer ?? "glorotUniform";
    this.#biasInitializer = options.biasInitializer ?? "zeros";
  }

  /** The weights that inputs are multiplied with: `[in, units]`, or filters `[height, width, in, out]`. */
  get kernel(): Tensor | undefined {
    return this.weights[0];
  }
  /** One bias per unit or filter. */
  get bias(): Tensor | undefined {
    return this.useBias ? this.weights.at(-1) : undefined;
  }
  /** The name of the activation. */
  get activation(): string {
    return this.plan.name;
  }

  /** The kernel's shape for samples of this shape; its last size is the number of outputs, where the layer does not say otherwise. */
  protected abstract kernelShape(inputShape: Shape): Shape;

  /** The kernel's shape, once the input's is known. */
  protected get builtKernel(): Shape | undefined {
    return this.ownWeights?.plans[0].shape;
  }

  /** What comes before the bias: the kernel, for layers that do not say otherwise. */
  protected kernelPlans(inputShape: Shape): WeightPlan[] {
    return [this.kernelPlan(this.kernelShape(inputShape))];
  }

  /** A kernel of this shape. */
  protected kernelPlan(shape: Shape): WeightPlan {
    return { shape, initializer: this.#kernelInitializer };
  }

  /** The shape of the bias: one for each output. */
  protected biasShape(inputShape: Shape): Shape {
    return this.kernelShape(inputShape).slice(-1);
  }

  protected override weightPlans(inputShape: Shape): WeightPlan[] {
    const kernels = this.kernelPlans(inputShape);
    if (!this.useBias) return kernels;
    return [...kernels, { shape: this.biasShape(inputShape), initializer: this.#biasInitializer }];
  }

  /** What the operation is told beside the weights: the bias, and the activation that it can apply itself. */
  protected get biasAndActivation(): { bias: Tensor | undefined; activation: ActivationPlan["fused"] } {
    return { bias: this.bias, activation: this.plan.fused };
  }

  /** The result with the rest of the activation. */
  protected activate(result: Tensor): Tensor {
    return this.plan.after ? this.plan.after(result) : result;
  }
}
