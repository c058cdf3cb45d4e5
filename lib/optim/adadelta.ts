// Adadelta.
import { Step } from "../engine/core.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Stretch } from "./arena.ts";
import { inRange, Optimizer, type OptimizerOptions, readArguments } from "./optimizer.ts";

export interface AdadeltaOptions extends OptimizerOptions {
  /** How much of the means of squares is kept from step to step; 0.95 by default, as in the paper and in Keras. */
  rho?: number;
  /** Keeps the quotient from vanishing and exploding; 1e-6 by default, as in the paper and in PyTorch. */
  epsilon?: number;
}

export class Adadelta extends Optimizer {
  readonly rho: number;
  readonly epsilon: number;
  protected override readonly slotCount: number = 2;

  constructor(parameters: Iterable<Tensor>, options: AdadeltaOptions = {}) {
    super("adadelta", parameters, options, 1);
    this.rho = inRange("adadelta", "rho", options.rho ?? 0.95, 0, 1);
    this.epsilon = inRange("adadelta", "epsilon", options.epsilon ?? 1e-6, 0, Number.POSITIVE_INFINITY);
  }

  protected override update({ core, weights, gradients, slots, length }: Stretch): void {
    const { rate: learningRate, rho, epsilon } = this;
    const places = [weights, gradients, slots[0], slots[1], 0] as const;
    core.optimizerStep(Step.adadelta, ...places, length, learningRate, rho, epsilon, 1 - rho, 0);
  }
}

/**
 * Adadelta: v ← ρ v + (1 − ρ) g², Δ = √(d + ε) / √(v + ε) · g, d ← ρ d + (1 − ρ) Δ², w ← w − learningRate · Δ. Zeiler 2012.
 * The learning rate is 1 by default, as in the paper, which has none (Keras: 0.001).
 *
 * @param parameters the variables to change; left out when `minimize` or `compile` names them
 * @throws RangeError when an option is out of its range
 * @example
 * const w = variable(1);
 * adadelta().minimize(() => w.square(), [w]) // → 1
 * w.item().toFixed(4) // → '0.9955'
 */
export function adadelta(options?: AdadeltaOptions): Adadelta;
export function adadelta(parameters: Iterable<Tensor>, options?: AdadeltaOptions): Adadelta;
export function adadelta(first?: Iterable<Tensor> | AdadeltaOptions, second?: AdadeltaOptions): Adadelta {
  const { parameters, options } = readArguments("adadelta", first, second);
  return new Adadelta(parameters, options);
}
