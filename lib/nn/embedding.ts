// The embedding layer; the plain operation is `embedding.apply`.
import { embedding as lookUp } from "../ops/embedding.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { wholeNumber } from "./arguments.ts";
import type { Initializer } from "./initializers.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import type { WeightPlan } from "./weights.ts";

export interface EmbeddingOptions extends LayerOptions {
  /** How the table starts: "randomUniform" by default, between −0.05 and 0.05. */
  embeddingsInitializer?: Initializer;
}

export class Embedding extends Layer {
  readonly vocabulary: number;
  readonly size: number;
  readonly #initializer: Initializer;

  constructor(vocabulary: number, size: number, options: EmbeddingOptions = {}) {
    super("embedding", options);
    this.vocabulary = wholeNumber(this.place, "vocabulary", vocabulary);
    this.size = wholeNumber(this.place, "size", size);
    this.#initializer = options.embeddingsInitializer ?? "randomUniform";
    if (options.inputShape) this.build(options.inputShape);
  }

  /** The table, `[vocabulary, size]`. */
  get table(): Tensor | undefined {
    return this.weights[0];
  }

  override outputShape(inputShape: Shape): Shape {
    return [...inputShape, this.size];
  }

  protected override weightPlans(): WeightPlan[] {
    return [{ shape: [this.vocabulary, this.size], initializer: this.#initializer }];
  }

  protected override forward(x: Tensor): Tensor {
    return lookUp(x, this.weights[0]);
  }
}

/**
 * Turns whole numbers (words, categories) into vectors that learn: number i becomes row i of a table.
 *
 * Input `[batch, time]` of numbers from 0 to `vocabulary` − 1 (or of any other shape), output `[batch, time, size]`. The table is
 * `[vocabulary, size]`. `embedding.apply(indices, table)` is the operation itself; which places are padding says
 * `functional.maskZero`.
 *
 * @param vocabulary how many different numbers there are
 * @param size how many numbers each of them becomes
 * @throws RangeError when a number is not whole or not in the vocabulary
 * @example
 * const layer = embedding(1000, 16, { inputShape: [20] });
 * layer.outputShape([20]) // → [ 20, 16 ]
 * layer.parameterCount // → 16000
 */
export const embedding: {
  (vocabulary: number, size: number, options?: EmbeddingOptions): Embedding;
  /** The rows of a table of your own. */
  apply: typeof lookUp;
} = Object.assign(
  (vocabulary: number, size: number, options?: EmbeddingOptions) => new Embedding(vocabulary, size, options),
  { apply: lookUp },
);
