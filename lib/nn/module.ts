// Models written as classes: layers as fields, and a method that says how they work together.
import { noGrad } from "../autograd/graph.ts";
import { zeros } from "../tensor/create.ts";
import type { Shape } from "../tensor/shape.ts";
import { scope } from "../tensor/storage.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Model } from "../train/model.ts";
import { Layer } from "./layer.ts";

/**
 * The base of a model written as a class: its layers are fields (or arrays of layers in fields), and `forward` computes
 * the output from them. It can be trained by a loop of its own, or compiled and fitted as any model.
 *
 * Calling the model with `{ training: true }` makes dropout in it act.
 *
 * @example
 * class Net extends Module {
 *   hidden = dense(8);
 *   out = dense(2);
 *   forward(x: Tensor): Tensor {
 *     return this.out(relu(this.hidden(x)));
 *   }
 * }
 * const net = new Net();
 * net(zeros([5, 3])).shape // → [ 5, 2 ]
 * net.parameterCount // → 50
 */
export abstract class Module extends Model {
  constructor() {
    super(new.target.name);
  }

  abstract override forward(x: Tensor, training?: boolean): Tensor;

  /** The layers in the fields, named after them. */
  override get layers(): readonly Layer[] {
    const found: Layer[] = [];
    for (const [field, value] of Object.entries(this)) {
      if (value instanceof Layer) found.push(this.#adopt(value, field));
      else if (Array.isArray(value)) {
        for (const [index, item] of value.entries()) {
          if (item instanceof Layer) found.push(this.#adopt(item, `${field}[${index}]`));
        }
      }
    }
    return found;
  }

  /** The shape that comes out, found by running the model on zeros. */
  override outputShape(inputShape: Shape): Shape {
    // Names the layers before the first of them can fail.
    void this.layers;
    return scope(() => noGrad(() => this.forward(zeros([1, ...inputShape]), false).shape.slice(1)));
  }

  #adopt(layer: Layer, field: string): Layer {
    if (!layer.isNamed) layer.name = field;
    layer.place = `${this.name}.${layer.name}`;
    return layer;
  }
}
