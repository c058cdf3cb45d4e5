// The rectifier whose slope learns: as a layer, and of a tensor at once.
import { prelu as rectify } from "../ops/activations.ts";
import { describe, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Initializer } from "./initializers.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import { constant } from "./startingValues.ts";
import type { WeightPlan } from "./weights.ts";

/** Options of {@link prelu}. */
export interface PreluOptions extends LayerOptions {
  /** How the slopes start: all 0.25 by default, as in the paper. */
  alphaInitializer?: Initializer;
  /** Axes along which all places share a slope, counted with the batch as axis 0: `[1, 2]` gives images one a channel. */
  sharedAxes?: readonly number[];
}

export class Prelu extends Layer {
  readonly sharedAxes: readonly number[];
  readonly #initializer: Initializer;

  constructor(options: PreluOptions = {}) {
    super("prelu", options);
    this.sharedAxes = options.sharedAxes ?? [];
    this.#initializer = options.alphaInitializer ?? constant(0.25);
    if (options.inputShape) this.build(options.inputShape);
  }

  /** The slopes. */
  get alpha(): Tensor | undefined {
    return this.weights[0];
  }

  override outputShape(inputShape: Shape): Shape {
    const slopes = this.ownWeights?.plans[0].shape;
    const fits =
      slopes === undefined ||
      (slopes.length === inputShape.length && slopes.every((n, i) => n === this.#slopesFor(inputShape)[i]));
    if (!fits) this.refuse(`[batch, ${slopes.join(", ")}]`, ["batch", ...inputShape]);
    return inputShape;
  }

  protected override weightPlans(inputShape: Shape): WeightPlan[] {
    const isAxis = (axis: number) => Number.isInteger(axis) && axis > 0 && axis <= inputShape.length;
    if (!Array.isArray(this.sharedAxes) || !this.sharedAxes.every(isAxis)) {
      throw new RangeError(
        `sharedAxes are axes from 1 to ${inputShape.length}, such as [1, 2]; got ` +
          (Array.isArray(this.sharedAxes) ? `[${this.sharedAxes.join(", ")}]` : describe(this.sharedAxes)),
      );
    }
    return [{ shape: this.#slopesFor(inputShape), initializer: this.#initializer }];
  }

  protected override forward(x: Tensor): Tensor {
    return rectify(x, this.weights[0]);
  }

  #slopesFor(inputShape: Shape): Shape {
    return inputShape.map((size, i) => (this.sharedAxes.includes(i + 1) ? 1 : size));
  }
}

/**
 * leakyRelu with slopes that learn: x where it is above 0, α · x elsewhere. He et al., ICCV 2015. Of a tensor at once,
 * `prelu(x, slope)`; without one, a layer with one slope for every place of a sample, or fewer with `sharedAxes`.
 *
 * @param slope broadcasts over x: one number for all, or `[channels]` for images `[batch, height, width, channels]`
 * @throws Error when the shapes do not broadcast, or a layer's axes are not those of its input
 * @example
 * prelu(tensor([[-1, -1, 2]]), variable([0.25, 0.5, 0.5])) // → tensor([[-0.25, -0.50,  2.00]])
 * prelu({ sharedAxes: [1, 2] }).countParams([28, 28, 32]) // → 32
 */
export const prelu: {
  (x: Tensor, slope: Tensor): Tensor;
  (options?: PreluOptions): Prelu;
} = (first?: Tensor | PreluOptions, slope?: Tensor) =>
  (first instanceof Tensor || slope !== undefined
    ? rectify(first as Tensor, slope as Tensor)
    : new Prelu(first)) as never;
