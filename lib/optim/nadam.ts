// Nadam.
import { Step } from "../engine/core.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Stretch } from "./arena.ts";
import { inRange, Optimizer, type OptimizerOptions, readArguments } from "./optimizer.ts";

export interface NadamOptions extends OptimizerOptions {
  /** How much of the mean of gradients is kept from step to step; 0.9 by default. */
  beta1?: number;
  /** How much of the mean of squared gradients is kept from step to step; 0.999 by default. */
  beta2?: number;
  /** Keeps the division from exploding; 1e-8 by default. */
  epsilon?: number;
  /** How fast the momentum grows to β₁: μₜ = β₁ (1 − ½ · 0.96^(t · momentumDecay)); 0.004 by default, as in the paper. */
  momentumDecay?: number;
}

export class Nadam extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly momentumDecay: number;
  protected override readonly slotCount: number = 2;
  /** The product of all μ up to the step whose number is beside it. */
  #product = { upTo: 0, value: 1 };

  constructor(parameters: Iterable<Tensor>, options: NadamOptions = {}) {
    super("nadam", parameters, options, 0.002);
    this.beta1 = inRange("nadam", "beta1", options.beta1 ?? 0.9, 0, 1);
    this.beta2 = inRange("nadam", "beta2", options.beta2 ?? 0.999, 0, 1);
    this.epsilon = inRange("nadam", "epsilon", options.epsilon ?? 1e-8, 0, Number.POSITIVE_INFINITY);
    const { momentumDecay = 0.004 } = options;
    this.momentumDecay = inRange("nadam", "momentumDecay", momentumDecay, 0, Number.POSITIVE_INFINITY);
  }

  #momentum(step: number): number {
    return this.beta1 * (1 - 0.5 * 0.96 ** (step * this.momentumDecay));
  }

  /** The product of all μ so far. */
  #products(): number {
    while (this.#product.upTo < this.iterations) {
      const upTo = this.#product.upTo + 1;
      this.#product = { upTo, value: this.#product.value * this.#momentum(upTo) };
    }
    return this.#product.value;
  }

  protected override update({ core, weights, gradients, slots, length }: Stretch): void {
    const { rate: learningRate, beta1, beta2, epsilon, iterations } = this;
    const product = this.#products();
    const next = this.#momentum(iterations + 1);
    const root = Math.sqrt(1 - beta2 ** iterations);
    const alongGradient = (learningRate * root * (1 - this.#momentum(iterations))) / (1 - product);
    const alongMean = (learningRate * root * next) / (1 - product * next);
    const places = [weights, gradients, slots[0], slots[1], 0] as const;
    core.optimizerStep(Step.adam, ...places, length, alongMean, alongGradient, beta1, beta2, epsilon * root);
  }
}

/**
 * Adam with Nesterov's momentum: m and v as in {@link adam}, and with Mₜ = μ₁ · … · μₜ
 * w ← w − learningRate · ((1 − μₜ) g / (1 − Mₜ) + μₜ₊₁ m / (1 − Mₜ₊₁)) / (√v̂ + ε). Dozat, ICLR workshop 2016; as in PyTorch. Keras
 * has momentumDecay 1 and learning rate 0.001.
 *
 * @param parameters the variables to change; left out when `minimize` or `compile` names them
 * @throws RangeError when an option is out of its range
 * @example
 * const w = variable(1);
 * nadam({ learningRate: 0.5 }).minimize(() => w.square(), [w]) // → 1
 * w.item() < 0.6 // → true
 */
export function nadam(options?: NadamOptions): Nadam;
export function nadam(parameters: Iterable<Tensor>, options?: NadamOptions): Nadam;
export function nadam(first?: Iterable<Tensor> | NadamOptions, second?: NadamOptions): Nadam {
  const { parameters, options } = readArguments("nadam", first, second);
  return new Nadam(parameters, options);
}
