// The weights of a layer: what they will be as soon as its input's shape is known, and the variables, made at their first use.
import { variable } from "../tensor/create.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Initializer, planValues } from "./initializers.ts";

/** One weight that a layer will have. */
export interface WeightPlan {
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** Whether training changes it; yes by default. What a layer only keeps record of, such as a running mean, is not. */
  readonly trainable?: boolean;
}

/** How many numbers weights of these plans have. */
export function countOf(plans: readonly WeightPlan[]): number {
  return plans.reduce((total, { shape }) => total + sizeOf(shape), 0);
}

/**
 * The weights of one layer. Until somebody asks for the numbers only their shapes exist, so that a model of any size can be
 * drawn and counted. The random numbers they start with are settled from the beginning, whenever they are made.
 */
export class Weights {
  readonly plans: readonly WeightPlan[];
  readonly #values: (() => Tensor)[];
  #variables: readonly Tensor[] | null = null;

  /** @throws Error with a suggestion when there is no initializer of a name */
  constructor(plans: readonly WeightPlan[]) {
    this.plans = plans;
    this.#values = plans.map(({ initializer, shape }) => planValues(initializer, shape));
  }

  /** The variables, in the order of the plans. */
  get variables(): readonly Tensor[] {
    // Kept beyond the training step in which they may be made.
    this.#variables ??= this.#values.map((values, i) => {
      return this.plans[i].trainable === false ? values().keep() : variable(values()).keep();
    });
    return this.#variables;
  }

  /** Those that training may change. */
  get trainable(): readonly Tensor[] {
    return this.variables.filter((_, i) => this.plans[i].trainable !== false);
  }
}
