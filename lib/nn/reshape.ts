// The layer that gives samples another shape.
import { reshape as reshapeTensor } from "../ops/shape.ts";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Layer, type LayerOptions } from "./layer.ts";

export class Reshape extends Layer {
  readonly target: Shape;

  constructor(target: Shape, options: LayerOptions = {}) {
    super("reshape", options);
    this.target = target;
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    const open = this.target.filter((size) => size === -1).length;
    const known = sizeOf(this.target.filter((size) => size !== -1));
    const size = sizeOf(inputShape);
    if (open > 1 || (open === 0 ? known !== size : size % known !== 0)) {
      this.refuse(
        `samples that fill ${formatShape(this.target)}`,
        ["batch", ...inputShape],
        `these have ${size} numbers`,
      );
    }
    return this.target.map((length) => (length === -1 ? size / known : length));
  }

  protected override forward(x: Tensor): Tensor {
    return reshapeTensor(x, [x.shape[0], ...this.outputShape(x.shape.slice(1))]);
  }
}

/**
 * The same numbers in another shape: of a tensor at once (see `Tensor.reshape`), `reshape(x, [3, 2])`; without one, a layer
 * that gives samples this shape, the batch apart. One size may be -1: what is left.
 *
 * @throws Error when the numbers do not fill the shape
 * @example
 * reshape(arange(6), [3, 2]).shape // → [ 3, 2 ]
 * reshape([7, 7, 64])(zeros([5, 3136])).shape // → [ 5, 7, 7, 64 ]
 */
export const reshape: {
  (x: Tensor, shape: Shape): Tensor;
  (shape: Shape, options?: LayerOptions): Reshape;
} = (first: Tensor | Shape, second: Shape | LayerOptions | undefined) =>
  (first instanceof Tensor
    ? reshapeTensor(first, second as Shape)
    : new Reshape(first, second as LayerOptions | undefined)) as never;
