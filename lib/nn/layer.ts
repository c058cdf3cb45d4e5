// What every layer is: a value that can be called on a tensor, with a name and weights that it makes on its first input.
import { toFloat } from "../ops/operand.ts";
import { tensor, variable } from "../tensor/create.ts";
import { resetWhenIdle, whenIdle } from "../tensor/interruption.ts";
import { describe, formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { type NestedArray, Tensor } from "../tensor/tensor.ts";
import { type Initializer, initialize } from "./initializers.ts";
import { Parameters } from "./parameters.ts";

/** Options every layer takes. */
export interface LayerOptions {
  /** The layer's name in summaries and errors; without it, its kind and a number: `dense_2`. */
  name?: string;
  /** The shape of one sample (without the batch). The layer then makes its weights at once. */
  inputShape?: Shape;
}

/** How a layer or a model is run. */
export interface CallOptions {
  /** Whether this is a training step: dropout acts only then. */
  training?: boolean;
}

/** Whether the innermost model that is running is in a training step: so the layers that it calls know. */
let isTraining = false;
whenIdle(() => {
  isTraining = false;
});

/** Layers and models are called like functions: `dense(64)(x)`. */
// One signature would be enough for the eye; two keep the linter from turning the interface into a type, which cannot merge.
export interface Layer {
  (x: Tensor): Tensor;
  (x: Tensor, options: CallOptions): Tensor;
}

/**
 * The base of layers. A layer of your own extends it with `outputShape`, `forward` and, if it has weights, `makeWeights`.
 * Shapes are those of one sample: the batch axis comes in front of them.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see the interface above
export abstract class Layer {
  /** What sort of layer this is: "dense". */
  declare readonly kind: string;
  /** The name in summaries and errors. */
  declare name: string;
  /** Whether the name was given, so that no model may change it. */
  declare readonly isNamed: boolean;
  /** Where the layer stands, for errors: "layer 3 of 8, conv2d_2". */
  declare place: string;
  /** The shape of one input sample, once known. */
  declare inputShape: Shape | null;
  /** Whether training changes the weights. */
  declare trainable: boolean;
  /** @internal */
  declare ownWeights: Tensor[];

  constructor(kind: string, options: LayerOptions = {}) {
    const place = options.name ?? kind;
    if (options.inputShape !== undefined) checkInputShape(place, options.inputShape);
    // Returned in the place of `this`: a function, so that the layer can be called, that inherits from the subclass.
    const layer: Layer = Object.setPrototypeOf(
      (x: Tensor, callOptions?: CallOptions) => layer.call(x, callOptions),
      new.target.prototype,
    );
    const fields = {
      kind,
      name: place,
      isNamed: options.name !== undefined,
      place,
      inputShape: null,
      trainable: true,
      ownWeights: [],
    };
    for (const [key, value] of Object.entries(fields)) {
      // Defined, not assigned: a function's own `name` cannot be assigned.
      Object.defineProperty(layer, key, { value, writable: true, enumerable: true, configurable: true });
    }
    // biome-ignore lint/correctness/noConstructorReturn: this is what makes layers callable
    return layer;
  }

  /** The shape of one output sample for an input sample of this shape. @throws Error when the layer cannot take it. */
  abstract outputShape(inputShape: Shape): Shape;

  /** Computes the output; the input's shape has been checked. */
  protected abstract forward(x: Tensor, training: boolean): Tensor;

  /** Makes the weights for inputs of this shape. Layers without weights leave it as it is. */
  protected makeWeights(_inputShape: Shape): Tensor[] {
    return [];
  }

  /** The weights, as variables: kernel, then bias. Empty before the layer knows its input's shape. */
  get weights(): readonly Tensor[] {
    return this.ownWeights;
  }

  /** The weights that training changes. The list may be made before they exist: an optimizer looks into it when it steps. */
  parameters(): Parameters {
    return new Parameters(() => (this.trainable ? this.weights : []));
  }

  /** How many numbers the weights have. */
  get parameterCount(): number {
    return this.weights.reduce((total, weight) => total + weight.size, 0);
  }

  /** Whether the weights exist. */
  get isBuilt(): boolean {
    return this.inputShape !== null;
  }

  /**
   * Makes the weights for samples of this shape, if they do not exist yet.
   * @throws Error that names the layer when its weights are for another shape
   */
  build(inputShape: Shape): this {
    if (this.inputShape === null) {
      this.outputShape(inputShape);
      this.ownWeights = this.makeWeights(inputShape);
      this.inputShape = inputShape;
    } else {
      this.outputShape(inputShape);
    }
    return this;
  }

  /**
   * Runs the layer on a batch: `[batch, ...inputShape]`. `layer(x)` is the same.
   * @throws Error that names the layer, what it expected and what it got
   */
  call(x: Tensor, { training = isTraining }: CallOptions = {}): Tensor {
    if (!(x instanceof Tensor))
      throw new TypeError(
        `${this.place}: expected a tensor, got ${describe(x)}${Array.isArray(x) ? ": wrap it in tensor(…)" : ""}`,
      );
    if (this.inputShape === null || !isBatchOf(x.shape, this.inputShape)) {
      if (x.shape.length === 0) this.refuse("a batch of samples", x.shape);
      if (this.inputShape !== null && sameShape(x.shape, this.inputShape)) {
        this.refuse(
          `[batch, ${x.shape.join(", ")}]`,
          x.shape,
          "for a batch of this one sample: .expandDims(0)",
        );
      }
      this.build(x.shape.slice(1));
    }
    const input = toFloat(x);
    const before = isTraining;
    if (training === before) return this.forward(input, training);
    isTraining = training;
    resetWhenIdle();
    try {
      return this.forward(input, training);
    } finally {
      isTraining = before;
    }
  }

  /**
   * Replaces the numbers of all weights, in the order of `weights`.
   * @throws Error when their number or a shape differs
   */
  setWeights(values: readonly (Tensor | NestedArray)[]): this {
    if (values.length !== this.weights.length) {
      const why = this.isBuilt ? "" : " (it has not seen an input yet: give inputShape, or call it once)";
      throw new Error(
        `${this.place}: it has ${this.weights.length} weights, ${values.length} were given${why}`,
      );
    }
    this.weights.forEach((weight, index) => {
      const given = values[index];
      const value = given instanceof Tensor ? given : tensor(given);
      if (!sameShape(value.shape, weight.shape)) {
        throw new Error(
          `${this.place}: weight ${index} has shape ${formatShape(weight.shape)}, got ${formatShape(value.shape)}`,
        );
      }
      weight.assign(value);
    });
    return this;
  }

  /** One line for the console. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const count = this.parameterCount;
    const shape = this.inputShape
      ? `: ${formatShape(this.inputShape)} → ${formatShape(this.outputShape(this.inputShape))}, ${count} parameters`
      : "";
    return `${this.name}${shape}`;
  }

  /** @internal A weight with its starting values, kept beyond the training step in which it may be made. */
  protected addWeight(shape: Shape, initializer: Initializer): Tensor {
    try {
      return variable(initialize(initializer, shape)).keep();
    } catch (cause) {
      throw new Error(`${this.place}: ${(cause as Error).message}`, { cause });
    }
  }

  /** @internal @throws Error: the layer cannot take an input of this shape (`batch` included). */
  refuse(expected: string, got: readonly (number | string)[], hint = ""): never {
    throw new Error(
      `${this.place}: expected ${expected}, got [${got.join(", ")}]${hint ? ` — ${hint}` : ""}`,
    );
  }
}

function checkInputShape(layer: string, shape: Shape): void {
  if (Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size > 0)) return;
  const got = Array.isArray(shape) ? formatShape(shape) : describe(shape);
  throw new TypeError(
    `${layer}: inputShape is the shape of one sample without the batch, such as [4] or [28, 28, 1]; got ${got}`,
  );
}

function isBatchOf(batchShape: Shape, sampleShape: Shape): boolean {
  if (batchShape.length !== sampleShape.length + 1) return false;
  for (let axis = 0; axis < sampleShape.length; axis++) {
    if (batchShape[axis + 1] !== sampleShape[axis]) return false;
  }
  return true;
}
