// Layers that make one tensor of several: joined along an axis, or combined element by element.
import * as arithmetic from "../ops/arithmetic.ts";
import { concat } from "../ops/join.ts";
import { toFloat } from "../ops/operand.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { describe, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type CallOptions, Layer } from "./layer.ts";
import { report } from "./running.ts";
import { connect, SymbolicTensor } from "./symbolic.ts";

/** Options of {@link concatenate} and the other merging layers. */
export interface MergeOptions {
  /** The layer's name in summaries. */
  name?: string;
}

abstract class Merge extends Layer {
  /** The shape that comes out, from those of all inputs, for one sample. */
  protected abstract mergedShape(shapes: readonly Shape[]): Shape;
  protected abstract merge(inputs: readonly Tensor[]): Tensor;
  /** Whether one sample goes with a batch of several. */
  protected abstract readonly stretches: boolean;

  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }
  override outputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    return [this.mergedShape(inputShapes)];
  }
  override callAll(inputs: readonly Tensor[], _options: CallOptions = {}): readonly Tensor[] {
    this.mergedShape(inputs.map((x) => x.shape.slice(1)));
    const batches = new Set(inputs.map((x) => x.shape[0] ?? 1));
    if (this.stretches) batches.delete(1);
    if (batches.size > 1) {
      throw new Error(`${this.place}: the batches have ${[...batches].join(" and ")} samples`);
    }
    const output = this.merge(inputs.map(toFloat));
    report(this, output);
    return [output];
  }
  protected override forward(x: Tensor): Tensor {
    return this.merge([x]);
  }

  /** @internal @throws Error: inputs of these shapes do not go together. */
  protected refuseShapes(shapes: readonly Shape[], why: string): never {
    const list = shapes.map((shape) => `[${["batch", ...shape].join(", ")}]`).join(" and ");
    throw new Error(`${this.place}: ${list} ${why}`);
  }
}

class Concatenate extends Merge {
  protected override readonly stretches = false;
  readonly axis: number;

  constructor({ axis = -1, ...options }: MergeOptions & { axis?: number }) {
    super("concatenate", options);
    if (!Number.isInteger(axis) || axis === 0) {
      throw new RangeError(
        `${this.place}: axis is 1, 2 … (0 is the batch), or counts from the end; got ${describe(axis)}`,
      );
    }
    this.axis = axis;
  }

  protected override mergedShape(shapes: readonly Shape[]): Shape {
    const [first] = shapes;
    const axis = this.axis < 0 ? this.axis + first.length : this.axis - 1;
    if (!(axis in first)) this.refuseShapes(shapes, `have no axis ${this.axis}`);
    const fits = shapes.every(
      (shape) => shape.length === first.length && shape.every((size, i) => i === axis || size === first[i]),
    );
    if (!fits) {
      const hint = first.length === 3 ? ' — do all paths keep height and width (padding: "same")?' : "";
      this.refuseShapes(shapes, `differ beside axis ${axis + 1}, along which they are joined${hint}`);
    }
    const total = shapes.reduce((sum, shape) => sum + shape[axis], 0);
    return first.map((size, i) => (i === axis ? total : size));
  }
  protected override merge(inputs: readonly Tensor[]): Tensor {
    return concat([...inputs], this.axis);
  }
}

/** How two tensors are combined, and what is done with the result of all. */
interface Combination {
  pair(a: Tensor, b: Tensor): Tensor;
  end?(total: Tensor, count: number): Tensor;
}

class Elementwise extends Merge {
  protected override readonly stretches = true;
  readonly #combination: Combination;

  constructor(kind: string, combination: Combination, options: MergeOptions) {
    super(kind, options);
    this.#combination = combination;
  }

  protected override mergedShape(shapes: readonly Shape[]): Shape {
    return shapes.reduce((a, b) => {
      const fits = a.length === b.length && a.every((size, i) => size === b[i] || size === 1 || b[i] === 1);
      if (!fits) this.refuseShapes(shapes, "cannot be combined element by element: their shapes differ");
      return a.map((size, i) => (size === 1 ? b[i] : size));
    });
  }
  protected override merge(inputs: readonly Tensor[]): Tensor {
    const { pair, end } = this.#combination;
    const total = inputs.reduce(pair);
    return end ? end(total, inputs.length) : total;
  }
}

/** A list of symbolic tensors gives a symbolic tensor, one of tensors a tensor. */
interface Merging {
  (inputs: readonly SymbolicTensor[], options?: MergeOptions): SymbolicTensor;
  (inputs: readonly Tensor[], options?: MergeOptions): Tensor;
}

/** Refuses what is no list, before anything behind it is taken for options: multiply(a, b). */
function checkList(kind: string, inputs: readonly unknown[]): void {
  if (Array.isArray(inputs) && inputs.length > 0) return;
  throw new TypeError(`${kind}: takes a list: ${kind}([a, b]), got ${describe(inputs)}`);
}

/** Calls a merging layer on what was given. */
function mergeAll(layer: Merge, inputs: readonly (Tensor | SymbolicTensor)[]): never {
  const stranger = inputs.find((each) => !(each instanceof Tensor || each instanceof SymbolicTensor));
  if (stranger !== undefined) {
    throw new TypeError(`${layer.place}: takes a list of tensors, ${describe(stranger)} is in it`);
  }
  const areNumbers = inputs.filter((each) => each instanceof Tensor).length;
  if (areNumbers > 0 && areNumbers < inputs.length) {
    throw new TypeError(
      `${layer.place}: tensors with numbers and symbolic tensors are mixed; begin every path with input(shape)`,
    );
  }
  return (
    areNumbers > 0
      ? layer.callAll(inputs as readonly Tensor[])[0]
      : connect(layer, inputs as readonly SymbolicTensor[])[0]
  ) as never;
}

const merging =
  (kind: string, combination: Combination): Merging =>
  (inputs: readonly (Tensor | SymbolicTensor)[], options: MergeOptions = {}) => {
    checkList(kind, inputs);
    return mergeAll(new Elementwise(kind, combination, options), inputs);
  };

/**
 * Joins tensors along an axis, by default the last one: channels, in images. A layer for the paths of a functional model;
 * on tensors with numbers it gives the result at once.
 *
 * @param axis counted with the batch as 0, or from the end
 * @throws Error when the shapes differ along another axis
 * @example
 * const image = input([28, 28, 192]);
 * concatenate([conv2d(64, 1)(image), conv2d(128, 3, { padding: "same" })(image)]).shape // → [ 28, 28, 192 ]
 * concatenate([ones([2, 3]), ones([2, 4])]).shape // → [ 2, 7 ]
 */
export const concatenate: {
  (inputs: readonly SymbolicTensor[], options?: MergeOptions & { axis?: number }): SymbolicTensor;
  (inputs: readonly Tensor[], options?: MergeOptions & { axis?: number }): Tensor;
} = (inputs: readonly (Tensor | SymbolicTensor)[], options: MergeOptions & { axis?: number } = {}) => {
  checkList("concatenate", inputs);
  checkOptions("concatenate", options, "{ axis: 1 }");
  return mergeAll(new Concatenate(options), inputs);
};

/**
 * Multiplies tensors element by element; axes of size 1 are stretched.
 *
 * @throws Error when the shapes do not go together
 * @example
 * multiply([tensor([[1, 2]]), tensor([[3, 4]])]).toArray() // → [ [ 3, 8 ] ]
 */
export const multiply: Merging = merging("multiply", { pair: arithmetic.mul });

/**
 * Subtracts the second of two tensors from the first, element by element.
 *
 * @throws Error when the shapes do not go together
 * @example
 * subtract([tensor([[1, 2]]), tensor([[3, 5]])]).toArray() // → [ [ -2, -3 ] ]
 */
export const subtract: Merging = merging("subtract", { pair: arithmetic.sub });

/**
 * The mean of tensors, element by element.
 *
 * @throws Error when the shapes do not go together
 * @example
 * average([tensor([[1, 2]]), tensor([[3, 4]])]).toArray() // → [ [ 2, 3 ] ]
 */
export const average: Merging = merging("average", {
  pair: arithmetic.add,
  end: (total, count) => total.div(count),
});

/** An operation on two tensors that takes also a list: then it is a layer of a functional model. */
interface PairOrMerging extends Merging {
  (a: Tensor | number, b: Tensor | number): Tensor;
}

const pairOrMerging =
  (kind: string, pair: (a: Tensor | number, b: Tensor | number) => Tensor): PairOrMerging =>
  (
    a: Tensor | number | readonly (Tensor | SymbolicTensor)[],
    b: Tensor | number | MergeOptions | undefined,
  ) => {
    if (!Array.isArray(a)) return pair(a as Tensor, b as Tensor) as never;
    checkList(kind, a);
    return mergeAll(new Elementwise(kind, { pair }, (b ?? {}) as MergeOptions), a);
  };

/**
 * The sum of two tensors, element by element, with broadcasting. Of a list it is a layer: the sum of the paths of a
 * functional model, as where a residual block joins its shortcut.
 *
 * @throws when the shapes do not go together
 * @example
 * add(tensor([1, 2]), 10) // → tensor([11, 12])
 * const x = input([8]);
 * add([dense(8)(x), x]).shape // → [ 8 ]
 */
export const add: PairOrMerging = pairOrMerging("add", arithmetic.add);

/**
 * The larger of two tensors, element by element, with broadcasting; of a list, a layer of a functional model.
 *
 * @throws when the shapes do not go together
 * @example
 * maximum(tensor([1, 5]), 3) // → tensor([3, 5])
 */
export const maximum: PairOrMerging = pairOrMerging("maximum", arithmetic.maximum);

/**
 * The smaller of two tensors, element by element, with broadcasting; of a list, a layer of a functional model.
 *
 * @throws when the shapes do not go together
 * @example
 * minimum(tensor([1, 5]), 3) // → tensor([1, 3])
 */
export const minimum: PairOrMerging = pairOrMerging("minimum", arithmetic.minimum);
