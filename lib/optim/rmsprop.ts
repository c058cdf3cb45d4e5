// RMSprop.
import { Step } from "../engine/core.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Stretch } from "./arena.ts";
import { inRange, Optimizer, type OptimizerOptions, readArguments } from "./optimizer.ts";

export interface RmspropOptions extends OptimizerOptions {
  /** How much of the mean of squared gradients is kept from step to step; 0.9 by default, as in Keras (PyTorch: 0.99). */
  rho?: number;
  /** How much of the last step is kept; 0 by default. */
  momentum?: number;
  /** Keeps the division from exploding; 1e-7 by default. */
  epsilon?: number;
  /** Divides by the estimated deviation of the gradient in place of its root mean square. Graves 2013. */
  centered?: boolean;
}

export class Rmsprop extends Optimizer {
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;
  protected override readonly slotCount: number;

  constructor(parameters: Iterable<Tensor>, options: RmspropOptions = {}) {
    super("rmsprop", parameters, options, 0.001);
    this.rho = inRange("rmsprop", "rho", options.rho ?? 0.9, 0, 1);
    this.momentum = inRange("rmsprop", "momentum", options.momentum ?? 0, 0, 1);
    this.epsilon = inRange("rmsprop", "epsilon", options.epsilon ?? 1e-7, 0, Number.POSITIVE_INFINITY);
    this.centered = options.centered ?? false;
    this.slotCount = 1 + (this.centered ? 1 : 0) + (this.momentum > 0 ? 1 : 0);
  }

  protected override update({ core, weights, gradients, slots, length }: Stretch): void {
    const { rate: learningRate, rho, epsilon, momentum } = this;
    const mean = this.centered ? slots[1] : 0;
    const velocity = momentum > 0 ? slots[slots.length - 1] : 0;
    const places = [weights, gradients, slots[0], mean, velocity] as const;
    core.optimizerStep(Step.rmsprop, ...places, length, learningRate, rho, epsilon, momentum, 1 - rho);
  }
}

/**
 * RMSprop: v ← ρ v + (1 − ρ) g², w ← w − learningRate · g / (√v + ε); lectures also call this formula Adadelta. With momentum μ
 * the quotient goes through u ← μ u + g / (√v + ε) first. Hinton, Coursera 2012, lecture 6e. ε stands outside the root,
 * as printed and as in PyTorch (Keras has it inside).
 *
 * @param parameters the variables to change; left out when `minimize` or `compile` names them
 * @throws RangeError when an option is out of its range
 * @example
 * const w = variable(1);
 * rmsprop({ learningRate: 0.1 }).minimize(() => w.square(), [w]) // → 1
 * w.item().toFixed(4) // → '0.6838'
 */
export function rmsprop(options?: RmspropOptions): Rmsprop;
export function rmsprop(parameters: Iterable<Tensor>, options?: RmspropOptions): Rmsprop;
export function rmsprop(first?: Iterable<Tensor> | RmspropOptions, second?: RmspropOptions): Rmsprop {
  const { parameters, options } = readArguments("rmsprop", first, second);
  return new Rmsprop(parameters, options);
}
