// Adamax.
import { Step } from "../engine/core.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Stretch } from "./arena.ts";
import { inRange, Optimizer, type OptimizerOptions, readArguments } from "./optimizer.ts";

export interface AdamaxOptions extends OptimizerOptions {
  /** How much of the mean of gradients is kept from step to step; 0.9 by default. */
  beta1?: number;
  /** How much of the largest gradient is kept from step to step; 0.999 by default. */
  beta2?: number;
  /** Keeps the division from exploding; 1e-8 by default. */
  epsilon?: number;
}

export class Adamax extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  protected override readonly slotCount: number = 2;

  constructor(parameters: Iterable<Tensor>, options: AdamaxOptions = {}) {
    super("adamax", parameters, options, 0.001);
    this.beta1 = inRange("adamax", "beta1", options.beta1 ?? 0.9, 0, 1);
    this.beta2 = inRange("adamax", "beta2", options.beta2 ?? 0.999, 0, 1);
    this.epsilon = inRange("adamax", "epsilon", options.epsilon ?? 1e-8, 0, Number.POSITIVE_INFINITY);
  }

  protected override update({ core, weights, gradients, slots, length }: Stretch): void {
    const { rate: learningRate, beta1, beta2, epsilon } = this;
    const rate = learningRate / (1 - beta1 ** this.iterations);
    const places = [weights, gradients, slots[0], slots[1], 0] as const;
    core.optimizerStep(Step.adamax, ...places, length, rate, beta1, beta2, epsilon, 1 - beta1);
  }
}

/**
 * Adamax: m ← β₁ m + (1 − β₁) g, u ← max(β₂ u, |g| + ε), w ← w − learningRate / (1 − β₁ᵗ) · m / u. Kingma and Ba, ICLR 2015,
 * algorithm 2; ε as in PyTorch (Keras adds it to u in the division).
 *
 * @param parameters the variables to change; left out when `minimize` or `compile` names them
 * @throws RangeError when an option is out of its range
 * @example
 * const w = variable(1);
 * adamax({ learningRate: 0.5 }).minimize(() => w.square(), [w]) // → 1
 * w.item().toFixed(4) // → '0.5000'
 */
export function adamax(options?: AdamaxOptions): Adamax;
export function adamax(parameters: Iterable<Tensor>, options?: AdamaxOptions): Adamax;
export function adamax(first?: Iterable<Tensor> | AdamaxOptions, second?: AdamaxOptions): Adamax {
  const { parameters, options } = readArguments("adamax", first, second);
  return new Adamax(parameters, options);
}
