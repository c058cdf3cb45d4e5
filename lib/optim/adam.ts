// Adam and AdamW.
import { Step } from "../engine/core.ts";
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
  /** Divides by the largest v there has been, so that steps do not grow again. Reddi, Kale and Kumar, ICLR 2018. */
  amsgrad?: boolean;
  /**
   * Whether m and v are corrected for having started at 0; yes by default. Without it the steps are the printed
   * w ← w − learningRate · m / (√v + ε), which are too long at first.
   */
  biasCorrection?: boolean;
}

export class Adam extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
  readonly biasCorrection: boolean;
  protected override readonly slotCount: number;

  constructor(parameters: Iterable<Tensor>, options: AdamOptions = {}, name = "adam") {
    super(name, parameters, options, 0.001);
    this.beta1 = inRange(name, "beta1", options.beta1 ?? 0.9, 0, 1);
    this.beta2 = inRange(name, "beta2", options.beta2 ?? 0.999, 0, 1);
    this.epsilon = inRange(name, "epsilon", options.epsilon ?? 1e-8, 0, Number.POSITIVE_INFINITY);
    this.amsgrad = options.amsgrad ?? false;
    this.biasCorrection = options.biasCorrection ?? true;
    this.slotCount = this.amsgrad ? 3 : 2;
  }

  protected override update({ core, weights, gradients, slots, length }: Stretch): void {
    const { rate: learningRate, beta1, beta2, epsilon } = this;
    const [mean, square, largest] = slots;
    // After infinitely many steps there is nothing left to correct.
    const step = this.biasCorrection ? this.iterations : Number.POSITIVE_INFINITY;
    if (!this.amsgrad) {
      core.adam(weights, gradients, mean, square, length, learningRate, beta1, beta2, epsilon, step);
      return;
    }
    const root = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * root) / (1 - beta1 ** step);
    const places = [weights, gradients, mean, square, largest] as const;
    core.optimizerStep(Step.adam, ...places, length, rate, 0, beta1, beta2, epsilon * root);
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
  const { parameters, options } = readArguments("adam", first, second);
  return new Adam(parameters, options);
}

/** Keras's default of {@link adamW}. */
const usualDecay = 0.004;

/**
 * Adam with decoupled weight decay, 0.004 by default as in Keras: each step also takes learningRate · weightDecay · w off.
 * Loshchilov and Hutter, ICLR 2019.
 *
 * @param parameters the variables to change; left out when `minimize` or `compile` names them
 * @throws RangeError when an option is out of its range
 * @example
 * const w = variable(1);
 * adamW({ learningRate: 0.5, weightDecay: 0.1 }).minimize(() => w.square(), [w]) // → 1
 * w.item().toFixed(4) // → '0.4500'
 */
export function adamW(options?: AdamOptions): Adam;
export function adamW(parameters: Iterable<Tensor>, options?: AdamOptions): Adam;
export function adamW(first?: Iterable<Tensor> | AdamOptions, second?: AdamOptions): Adam {
  const { parameters, options } = readArguments("adamW", first, second);
  return new Adam(parameters, { weightDecay: usualDecay, ...options }, "adamW");
}
