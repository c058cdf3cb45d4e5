// A recurrent layer in both directions.
import { add, div, mul } from "../ops/arithmetic.ts";
import { concat } from "../ops/join.ts";
import { flip } from "../ops/rearrange.ts";
import { describe, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { choose } from "./choose.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import { RecurrentLayer, type RunOptions } from "./recurrentLayer.ts";
import type { WeightPlan } from "./weights.ts";

const merges = {
  concat: (a: Tensor, b: Tensor) => concat([a, b], -1),
  sum: add,
  mul,
  ave: (a: Tensor, b: Tensor) => div(add(a, b), 2),
} as const;

export interface BidirectionalOptions extends LayerOptions {
  /** How the two outputs become one: side by side, `"concat"` (default), or their `"sum"`, product `"mul"` or mean `"ave"`. */
  mergeMode?: keyof typeof merges;
}

/** What a run of each direction gives. */
interface Run {
  outputs: Tensor;
  h: Tensor;
}

/** What {@link Bidirectional.run} gives. */
export interface BidirectionalResult<Result extends Run> {
  /** The merged outputs of all steps, `[batch, time, units or 2 · units]`. */
  outputs: Tensor;
  /** What reading from the beginning gives. */
  forward: Result;
  /** What reading from the end gives; its `outputs` are in the order of the input too. */
  backward: Result;
}

export class Bidirectional<Result extends Run, State> extends Layer {
  /** What both directions are like. */
  readonly layer: RecurrentLayer<Result, State>;
  readonly mergeMode: keyof typeof merges;
  readonly #merge: (a: Tensor, b: Tensor) => Tensor;

  constructor(layer: RecurrentLayer<Result, State>, options: BidirectionalOptions = {}) {
    super("bidirectional", options);
    if (!(layer instanceof RecurrentLayer)) {
      throw new TypeError(`${this.place}: takes a recurrent layer such as lstm(8), got ${describe(layer)}`);
    }
    this.layer = layer;
    this.mergeMode = options.mergeMode ?? "concat";
    this.#merge = choose("mergeMode", this.mergeMode, merges);
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    const features = this.ownWeights?.plans[0].shape[0];
    if (features !== undefined && inputShape[1] !== features) {
      this.refuse(`sequences [batch, time, ${features}]`, ["batch", ...inputShape]);
    }
    const shape = this.layer.outputShape(inputShape);
    return this.mergeMode === "concat" ? [...shape.slice(0, -1), 2 * shape.at(-1)!] : shape;
  }

  protected override weightPlans(inputShape: Shape): WeightPlan[] {
    return [...this.layer.plansFor(inputShape), ...this.layer.plansFor(inputShape)];
  }

  /** Runs both directions and gives all that comes out. A mask `[batch, time]` says which steps count. */
  run(x: Tensor, options: Pick<RunOptions<State>, "mask"> = {}): BidirectionalResult<Result> {
    this.build(x.shape.slice(1));
    const half = this.weights.length / 2;
    const forward = this.layer.runWith(this.weights.slice(0, half), x, options);
    const fromEnd = this.layer.runWith(this.weights.slice(half), x, { ...options, goBackwards: true });
    const backward = { ...fromEnd, outputs: flip(fromEnd.outputs, 1) };
    return { outputs: this.#merge(forward.outputs, backward.outputs), forward, backward };
  }

  protected override forward(x: Tensor): Tensor {
    const { outputs, forward, backward } = this.run(x);
    return this.layer.returnSequences ? outputs : this.#merge(forward.h, backward.h);
  }
}

/**
 * A recurrent layer that reads each sequence from its beginning and, with weights of its own, from its end, so that every
 * step knows what comes before and after it. Schuster and Paliwal, IEEE Transactions on Signal Processing 45, 1997.
 *
 * Input `[batch, time, features]`; output `[batch, 2 · units]`, the last output of each direction, or with `returnSequences` of
 * the layer `[batch, time, 2 · units]`; merged otherwise than by `"concat"` it has `units`. Weights: those of the layer twice,
 * first for reading forwards. `layer.run(x, { mask })` gives `{ outputs, forward, backward }`.
 *
 * @param layer what both directions are like; it has no weights itself
 * @throws TypeError when it is no recurrent layer
 * @example
 * const layer = bidirectional(lstm(8, { returnSequences: true }), { inputShape: [20, 3] });
 * layer.outputShape([20, 3]) // → [ 20, 16 ]
 * layer.parameterCount // → 768
 */
export function bidirectional<Result extends Run, State>(
  layer: RecurrentLayer<Result, State>,
  options?: BidirectionalOptions,
): Bidirectional<Result, State> {
  return new Bidirectional(layer, options);
}
