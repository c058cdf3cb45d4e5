// The layer of layer normalization.
import { layerNorm } from "../ops/normalization.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import type { WeightPlan } from "./weights.ts";

export interface LayerNormalizationOptions extends LayerOptions {
  /** Added to the variance; 0.001 by default. */
  epsilon?: number;
}

export class LayerNormalization extends Layer {
  readonly epsilon: number;

  constructor(options: LayerNormalizationOptions = {}) {
    super("layerNormalization", options);
    this.epsilon = options.epsilon ?? 1e-3;
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    return this.keepShape(inputShape, "features");
  }

  protected override weightPlans(inputShape: Shape): WeightPlan[] {
    const shape = inputShape.slice(-1);
    return [
      { shape, initializer: "ones" },
      { shape, initializer: "zeros" },
    ];
  }

  protected override forward(x: Tensor): Tensor {
    const [gamma, beta] = this.weights;
    return layerNorm(x, { gamma, beta, epsilon: this.epsilon });
  }
}

/**
 * Normalizes the last axis of each sample by itself to mean 0 and variance 1, then stretches it by γ and moves it by β, which
 * are learnt. The same while training and later, and whatever else is in the batch; for sequences, where batch normalization
 * is not. Ba, Kiros and Hinton, 2016.
 *
 * Input and output have the same shape. Weights `[features]` each: γ, β.
 *
 * @throws Error when an input has another number of features than the first one had
 * @example
 * layerNormalization({ epsilon: 0 })(tensor([[1, 3], [2, 6]])).toArray() // → [ [ -1, 1 ], [ -1, 1 ] ]
 */
export function layerNormalization(options?: LayerNormalizationOptions): LayerNormalization {
  return new LayerNormalization(options);
}
