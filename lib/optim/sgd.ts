// Stochastic gradient descent, with momentum.
import { Step } from "../engine/core.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Stretch } from "./arena.ts";
import { inRange, Optimizer, type OptimizerOptions, readArguments } from "./optimizer.ts";

export interface SgdOptions extends OptimizerOptions {
  /** How much of the velocity is kept from step to step; 0 by default. */
  momentum?: number;
  /** Nesterov's momentum: looks at the gradient where the velocity leads. */
  nesterov?: boolean;
}

export class Sgd extends Optimizer {
  readonly momentum: number;
  readonly nesterov: boolean;
  protected override readonly slotCount: number;

  constructor(parameters: Iterable<Tensor>, options: SgdOptions = {}) {
    super("sgd", parameters, options, 0.01);
    this.momentum = inRange("sgd", "momentum", options.momentum ?? 0, 0, 1);
    this.nesterov = options.nesterov ?? false;
    if (this.nesterov && this.momentum === 0)
      throw new RangeError("sgd: nesterov needs a momentum above 0, such as 0.9");
    this.slotCount = this.momentum > 0 ? 1 : 0;
  }

  protected override update({ core, weights, gradients, slots, length }: Stretch): void {
    const { rate: learningRate, momentum } = this;
    if (!this.nesterov) {
      core.sgd(weights, gradients, slots[0] ?? 0, length, learningRate, momentum);
      return;
    }
    const [velocity] = slots;
    core.optimizerStep(
      Step.nesterov,
      weights,
      gradients,
      velocity,
      0,
      0,
      length,
      learningRate,
      momentum,
      0,
      0,
      0,
    );
  }
}

/**
 * Stochastic gradient descent: w ← w − learningRate · g. With momentum μ: v ← μ · v + g, w ← w − learningRate · v, and with
 * Nesterov's: w ← w − learningRate · (g + μ · v). The form of PyTorch; at a constant learning rate it is Keras's too.
 * Sutskever et al., ICML 2013.
 *
 * @param parameters the variables to change, such as `model.parameters()`; left out when `minimize` or `compile` names them
 * @throws RangeError when an option is out of its range
 * @example
 * const w = variable(5);
 * const optimizer = sgd([w], { learningRate: 0.1 });
 * w.square().backward();
 * optimizer.step();
 * w.item() // → 4
 */
export function sgd(options?: SgdOptions): Sgd;
export function sgd(parameters: Iterable<Tensor>, options?: SgdOptions): Sgd;
export function sgd(first?: Iterable<Tensor> | SgdOptions, second?: SgdOptions): Sgd {
  const { parameters, options } = readArguments("sgd", first, second);
  return new Sgd(parameters, options);
}
