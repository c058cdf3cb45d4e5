// Adagrad.
import { Step } from "../engine/core.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Stretch } from "./arena.ts";
import { inRange, Optimizer, type OptimizerOptions, readArguments } from "./optimizer.ts";

export interface AdagradOptions extends OptimizerOptions {
  /** What the sums of squares start with; 0 by default, as printed and as in PyTorch (Keras: 0.1). */
  initialAccumulator?: number;
  /** Keeps the division from exploding; 1e-7 by default. */
  epsilon?: number;
}

export class Adagrad extends Optimizer {
  readonly initialAccumulator: number;
  readonly epsilon: number;
  protected override readonly slotCount: number = 1;

  constructor(parameters: Iterable<Tensor>, options: AdagradOptions = {}) {
    super("adagrad", parameters, options, 0.01);
    const { initialAccumulator = 0 } = options;
    this.initialAccumulator = inRange(
      "adagrad",
      "initialAccumulator",
      initialAccumulator,
      0,
      Number.POSITIVE_INFINITY,
    );
    this.epsilon = inRange("adagrad", "epsilon", options.epsilon ?? 1e-7, 0, Number.POSITIVE_INFINITY);
  }

  protected override update({ core, weights, gradients, slots, length }: Stretch): void {
    const { rate: learningRate, initialAccumulator, epsilon } = this;
    const places = [weights, gradients, slots[0], 0, 0] as const;
    core.optimizerStep(Step.adagrad, ...places, length, learningRate, initialAccumulator, epsilon, 0, 0);
  }
}

/**
 * Adagrad: G ← G + g², w ← w − learningRate · g / (√G + ε): weights that have moved much move ever less. Duchi, Hazan and
 * Singer, JMLR 2011. The learning rate is 0.01 by default, as in PyTorch (Keras: 0.001).
 *
 * @param parameters the variables to change; left out when `minimize` or `compile` names them
 * @throws RangeError when an option is out of its range
 * @example
 * const w = variable(1);
 * adagrad({ learningRate: 0.1 }).minimize(() => w.square(), [w]) // → 1
 * w.item().toFixed(4) // → '0.9000'
 */
export function adagrad(options?: AdagradOptions): Adagrad;
export function adagrad(parameters: Iterable<Tensor>, options?: AdagradOptions): Adagrad;
export function adagrad(first?: Iterable<Tensor> | AdagradOptions, second?: AdagradOptions): Adagrad {
  const { parameters, options } = readArguments("adagrad", first, second);
  return new Adagrad(parameters, options);
}
