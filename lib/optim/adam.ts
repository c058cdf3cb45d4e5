// Adam.
import type { Tensor } from "../tensor/tensor.ts";
import type { Stretch } from "./arena.ts";
import { inRange, Optimizer, type OptimizerOptions, readArguments } from "./optimizer.ts";

export interface AdamOptions extends OptimizerOptions {
  /** How much of the mean of gradients is kept from step to step; 0.9 by default. */
  beta1?: number;
  /** How much of the mean of squared gradients is kept from step to step; 0.999 by default. */
  beta2?: number;
  /** Keeps the division from exploding; 1e-8 by default, as in the paper. */
  epsilon?: number;
}

export class Adam extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  protected override readonly slotCount = 2;

  constructor(parameters: Iterable<Tensor>, options: AdamOptions = {}) {
    super("adam", parameters, options.learningRate ?? 0.001);
    this.beta1 = inRange("adam", "beta1", options.beta1 ?? 0.9, 0, 1);
    this.beta2 = inRange("adam", "beta2", options.beta2 ?? 0.999, 0, 1);
    this.epsilon = inRange("adam", "epsilon", options.epsilon ?? 1e-8, 0, Number.POSITIVE_INFINITY);
  }

  protected override update({ core, weights, gradients, slots, length }: Stretch): void {
    const { learningRate, beta1, beta2, epsilon, iterations } = this;
    const [mean, square] = slots;
    core.adam(weights, gradients, mean, square, length, learningRate, beta1, beta2, epsilon, iterations);
  }
}

/**
 * Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − learningRate · m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ) and
 * v̂ = v / (1 − β₂ᵗ). Kingma and Ba, ICLR 2015, algorithm 1; ε stands outside the root, as in PyTorch. Keras adds its
 * ε = 1e-7 before the correction of v (the paper's "ε̂"), which differs by less than the ε does.
 *
 * @param parameters the variables to change, such as `model.parameters()`; left out when `minimize` or `compile` names them
 * @throws RangeError when an option is out of its range
 * @example
 * const w = variable(1);
 * adam({ learningRate: 0.5 }).minimize(() => w.square(), [w]) // → 1
 * w.item().toFixed(4) // → '0.5000'
 */
export function adam(options?: AdamOptions): Adam;
export function adam(parameters: Iterable<Tensor>, options?: AdamOptions): Adam;
export function adam(first?: Iterable<Tensor> | AdamOptions, second?: AdamOptions): Adam {
  const { parameters, options } = readArguments(first, second);
  return new Adam(parameters, options);
}
