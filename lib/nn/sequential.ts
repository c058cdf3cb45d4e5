// The sequential model: layers one after the other.
import { describe, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Model } from "../train/model.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import { chainOf, type ModelNode } from "./modelNode.ts";
import { SymbolicTensor } from "./symbolic.ts";

/** Layers one after the other, each with the output of the one before as its input. Made by {@link sequential}. */
export class Sequential extends Model {
  readonly #layers: readonly Layer[];

  constructor(layers: readonly Layer[], options: LayerOptions = {}) {
    checkLayers(layers);
    super("sequential", options);
    this.#layers = [...layers];
    this.#nameLayers();
    const inputShape = options.inputShape ?? layers[0].inputShape;
    if (inputShape) this.build(inputShape);
  }

  override get layers(): readonly Layer[] {
    return this.#layers;
  }

  override get nodes(): readonly ModelNode[] {
    return chainOf(this.#layers);
  }

  override build(inputShape: Shape): this {
    let shape = inputShape;
    for (const layer of this.#layers) shape = layer.build(shape).outputShape(shape);
    this.inputShape ??= inputShape;
    return this;
  }

  override outputShape(inputShape: Shape): Shape {
    return this.#layers.reduce((shape, layer) => layer.outputShape(shape), inputShape);
  }

  override countParams(inputShape: Shape): number {
    const counted = new Map<Layer, number>();
    let shape = inputShape;
    for (const layer of this.#layers) {
      counted.set(layer, layer.countParams(shape));
      shape = layer.outputShape(shape);
    }
    return [...counted.values()].reduce((total, count) => total + count, 0);
  }

  protected override forward(x: Tensor, training: boolean): Tensor {
    const options = { training };
    let result = x;
    for (const layer of this.#layers) result = layer.call(result, options);
    return result;
  }

  /** Numbers the layers of each kind within this model, and tells each where it stands, for its errors. */
  #nameLayers(): void {
    const counts = new Map<string, number>();
    const taken = new Set<string>();
    for (const layer of this.#layers) {
      if (!layer.isNamed) continue;
      if (taken.has(layer.name)) throw new Error(`${this.name}: two layers are named "${layer.name}"`);
      taken.add(layer.name);
    }
    for (const [index, layer] of this.#layers.entries()) {
      if (!layer.isNamed && this.#layers.indexOf(layer) === index) {
        const number = (counts.get(layer.kind) ?? 0) + 1;
        counts.set(layer.kind, number);
        layer.name = `${layer.kind}_${number}`;
      }
      layer.place = `layer ${index + 1} of ${this.#layers.length}, ${layer.name}`;
    }
  }
}

function checkLayers(layers: readonly Layer[]): void {
  if (!Array.isArray(layers)) {
    throw new TypeError(
      `sequential: the layers are a list: sequential([dense(8), dense(1)]), got ${describe(layers)}`,
    );
  }
  if (layers.length === 0) throw new Error("sequential: a model needs at least one layer");
  for (const [index, layer] of layers.entries()) {
    if (layer instanceof Layer) continue;
    const given: unknown = layer;
    const hint =
      given instanceof SymbolicTensor
        ? " — the shape of the samples is an option here: sequential([…], { inputShape: [28, 28, 1] })"
        : typeof given === "function"
          ? " — was it meant to be called, as in flatten()?"
          : "";
    throw new TypeError(
      `sequential: element ${index + 1} of ${layers.length} is no layer but ${describe(layer)}${hint}`,
    );
  }
}

/**
 * A model of layers one after the other. It is a layer itself: `model(x)` runs it, and it may stand in another model.
 *
 * When the first layer has an `inputShape` the shapes of all weights are known at once, otherwise from the first input on; the
 * weights themselves are made when they are first used.
 *
 * @throws Error that names the layer, and where it stands, when a layer cannot take what the one before it gives
 * @example
 * const model = sequential([
 *   conv2d(32, 3, { activation: "relu", inputShape: [28, 28, 1] }),
 *   maxPool2d(2),
 *   flatten(),
 *   dense(10, { activation: "softmax" }),
 * ]);
 * model(zeros([5, 28, 28, 1])).shape // → [ 5, 10 ]
 * model.parameterCount // → 54410
 */
export function sequential(layers: readonly Layer[], options?: LayerOptions): Sequential {
  return new Sequential(layers, options);
}
