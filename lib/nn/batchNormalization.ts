// The batch normalization layer.
import { noGrad } from "../autograd/graph.ts";
import { batchNorm, moments } from "../ops/normalization.ts";
import { describe, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import type { WeightPlan } from "./weights.ts";

export interface BatchNormalizationOptions extends LayerOptions {
  /** How much of the running mean and variance stays at each training step; 0.99 by default. */
  momentum?: number;
  /** Added to the variance; 0.001 by default. */
  epsilon?: number;
}

export class BatchNormalization extends Layer {
  readonly momentum: number;
  readonly epsilon: number;

  constructor(options: BatchNormalizationOptions = {}) {
    super("batchNormalization", options);
    this.momentum = options.momentum ?? 0.99;
    this.epsilon = options.epsilon ?? 1e-3;
    if (typeof this.momentum !== "number" || !(this.momentum >= 0 && this.momentum <= 1)) {
      throw new RangeError(`${this.place}: momentum is between 0 and 1, got ${describe(this.momentum)}`);
    }
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    return this.keepShape(inputShape, "channels");
  }

  protected override weightPlans(inputShape: Shape): WeightPlan[] {
    const shape = inputShape.slice(-1);
    return [
      { shape, initializer: "ones" },
      { shape, initializer: "zeros" },
      { shape, initializer: "zeros", trainable: false },
      { shape, initializer: "ones", trainable: false },
    ];
  }

  protected override forward(x: Tensor, training: boolean): Tensor {
    const [gamma, beta, runningMean, runningVariance] = this.weights;
    const { epsilon, momentum } = this;
    // Frozen, it keeps to what it has seen, as in Keras.
    if (!training || !this.trainable) {
      return batchNorm(x, { mean: runningMean, variance: runningVariance, gamma, beta, epsilon });
    }
    const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
    const { mean, variance } = moments(x, axes);
    noGrad(() => {
      for (const [running, now] of [
        [runningMean, mean],
        [runningVariance, variance],
      ]) {
        running.assign(running.mul(momentum).add(now.mul(1 - momentum)));
      }
    });
    return batchNorm(x, { mean, variance, gamma, beta, epsilon });
  }
}

/**
 * Normalizes each channel (the last axis) to mean 0 and variance 1, then stretches it by γ and moves it by β, which are
 * learnt. While training with the mean and variance of the batch, at other times with their running means. Ioffe and Szegedy,
 * ICML 2015.
 *
 * Input and output have the same shape. Weights `[channels]` each: γ, β, and, which training does not change but keeps record
 * of, the running mean and variance.
 *
 * @throws Error when an input has another number of channels than the first one had
 * @example
 * const layer = batchNormalization({ inputShape: [28, 28, 64] });
 * [layer.parameterCount, layer.trainableCount] // → [ 256, 128 ]
 */
export function batchNormalization(options?: BatchNormalizationOptions): BatchNormalization {
  return new BatchNormalization(options);
}
