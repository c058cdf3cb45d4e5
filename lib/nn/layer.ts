// What every layer is: a value that can be called on a tensor, with a name and weights that it makes on its first input.
import { toFloat } from "../ops/operand.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { tensor } from "../tensor/create.ts";
import { describe, formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { type NestedArray, Tensor } from "../tensor/tensor.ts";
import { Parameters } from "./parameters.ts";
import { inMode, modeNow, report } from "./running.ts";
import { connect, SymbolicTensor } from "./symbolic.ts";
import { countOf, type WeightPlan, Weights } from "./weights.ts";

/** Options every layer takes. */
export interface LayerOptions {
  /** The layer's name in summaries and errors; without it, its kind and a number: `dense_2`. */
  name?: string;
  /** The shape of one sample (without the batch). The layer then knows at once what weights it has. */
  inputShape?: Shape;
  /** Whether training changes the weights; yes by default. */
  trainable?: boolean;
}

/** How a layer or a model is run. */
export interface CallOptions {
  /** Whether this is a training step: dropout acts only then. */
  training?: boolean;
}

/** Layers and models are called like functions: `dense(64)(x)`, on numbers or while a functional model is put together. */
export interface Layer {
  (x: SymbolicTensor): SymbolicTensor;
  (x: Tensor): Tensor;
  (x: Tensor, options: CallOptions): Tensor;
}

/**
 * The base of layers. A layer of your own extends it with `outputShape`, `forward` and, if it has weights, `weightPlans`.
 * Shapes are those of one sample: the batch axis comes in front of them.
 *
 * @example
 * class Scale extends Layer {
 *   constructor() {
 *     super("scale");
 *   }
 *   outputShape(inputShape: Shape): Shape {
 *     return inputShape;
 *   }
 *   weightPlans(inputShape: Shape): WeightPlan[] {
 *     return [{ shape: inputShape.slice(-1), initializer: "ones" }];
 *   }
 *   forward(x: Tensor): Tensor {
 *     return x.mul(this.weights[0]);
 *   }
 * }
 * const scale = new Scale();
 * scale(tensor([[1, 2, 3]])).toArray() // → [ [ 1, 2, 3 ] ]
 * scale.parameterCount // → 3
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
  /** @internal Null before the shape of the input is known. */
  declare ownWeights: Weights | null;

  constructor(kind: string, options: LayerOptions = {}) {
    if (options instanceof Tensor) {
      throw new TypeError(`${kind}: makes a layer, and the layer takes the tensor: ${kind}(…)(x)`);
    }
    checkOptions(kind, options, '{ name: "first" }');
    const place = options.name ?? kind;
    if (options.inputShape !== undefined) checkInputShape(place, options.inputShape);
    // Returned in the place of `this`: a function, so that the layer can be called, that inherits from the subclass.
    const layer: Layer = Object.setPrototypeOf(
      (x: Tensor | SymbolicTensor, callOptions?: CallOptions) =>
        isSymbolic(x) ? layer.connect(x) : layer.call(x, callOptions),
      new.target.prototype,
    );
    const fields = {
      kind,
      name: place,
      isNamed: options.name !== undefined,
      place,
      inputShape: null,
      trainable: options.trainable ?? true,
      ownWeights: null,
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

  /** What weights the layer has for inputs of this shape; none, unless it says so. */
  protected weightPlans(_inputShape: Shape): WeightPlan[] {
    return [];
  }

  /** The weights, as variables: kernel, then bias. Made when they are first asked for; empty before the input's shape is known. */
  get weights(): readonly Tensor[] {
    return this.withPlace(() => this.ownWeights?.variables ?? []);
  }

  /** The weights that training changes. The list may be made before they exist: an optimizer looks into it when it steps. */
  parameters(): Parameters {
    return new Parameters(() => [
      ...new Set(this.withWeights(true).flatMap((layer) => layer.ownWeights?.trainable ?? [])),
    ]);
  }

  /** @internal The layers that the weights belong to: this one; those inside a model. On wish only those that training may change. */
  withWeights(onlyTrainable = false): readonly Layer[] {
    return onlyTrainable && !this.trainable ? [] : [this];
  }

  /** How many numbers the weights have; the weights themselves need not exist for that. */
  get parameterCount(): number {
    return this.withWeights().reduce((total, layer) => total + countOf(layer.ownWeights?.plans ?? []), 0);
  }

  /** How many of these training changes. */
  get trainableCount(): number {
    return this.withWeights(true).reduce((total, layer) => {
      const plans = layer.ownWeights?.plans ?? [];
      return total + countOf(plans.filter(({ trainable }) => trainable !== false));
    }, 0);
  }

  /**
   * How many numbers the weights have, or would have, for samples of this shape. Nothing is made for it.
   * @throws Error when the layer cannot take such samples
   */
  countParams(inputShape: Shape): number {
    checkInputShape(this.place, inputShape);
    this.outputShape(inputShape);
    return this.isBuilt ? this.parameterCount : countOf(this.weightPlans(inputShape));
  }

  /** Whether the shape of the input, and so that of the weights, is known. */
  get isBuilt(): boolean {
    return this.inputShape !== null;
  }

  /**
   * Says what the samples are like, and so what the weights are, if that was not known yet.
   * @throws Error that names the layer when its weights are for another shape
   */
  build(inputShape: Shape): this {
    if (!Array.isArray(inputShape)) checkInputShape(this.place, inputShape);
    if (this.inputShape === null) {
      this.outputShape(inputShape);
      this.ownWeights = this.withPlace(() => new Weights(this.weightPlans(inputShape)));
      this.inputShape = inputShape;
    } else {
      this.outputShape(inputShape);
    }
    return this;
  }

  /** @internal {@link build} for one sample of each input; gives the shapes of the outputs. */
  buildFor(inputShapes: readonly Shape[]): readonly Shape[] {
    this.build(inputShapes[0]);
    return this.outputShapes(inputShapes);
  }

  /** @internal The shapes of all outputs, from those of all inputs: for nearly all layers one of each. */
  outputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    return [this.outputShape(inputShapes[0])];
  }

  /** @internal Runs the layer on all its inputs and gives all its outputs. */
  callAll(inputs: readonly Tensor[], options: CallOptions): readonly Tensor[] {
    return [this.call(inputs[0], options)];
  }

  /** @internal What calling the layer on symbolic tensors gives. */
  connect(x: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor | SymbolicTensor[] {
    if (x instanceof SymbolicTensor) return connect(this, [x])[0];
    throw new TypeError(
      `${this.place}: takes one input, got a list of ${x.length}: join them first, concatenate([a, b])`,
    );
  }

  /**
   * Runs the layer on a batch: `[batch, ...inputShape]`. `layer(x)` is the same.
   * @throws Error that names the layer, what it expected and what it got
   */
  call(x: Tensor, { training = modeNow() }: CallOptions = {}): Tensor {
    if (!(x instanceof Tensor)) this.refuseInput(x);
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
    return inMode(training, () => report(this, this.forward(input, training)));
  }

  /**
   * Replaces the numbers of all weights, in the order of `weights`.
   * @throws Error when their number or a shape differs
   */
  setWeights(values: readonly (Tensor | NestedArray)[]): this {
    if (!Array.isArray(values)) {
      throw new TypeError(`${this.place}: setWeights takes a list, [kernel, bias], got ${describe(values)}`);
    }
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

  /** @internal Says in errors which layer it was. */
  protected withPlace<T>(make: () => T): T {
    try {
      return make();
    } catch (cause) {
      throw new Error(`${this.place}: ${(cause as Error).message}`, { cause });
    }
  }

  /**
   * @internal The shape as it came, where the weights go with its last axis, which `name` calls by its name.
   * @throws Error when that axis has another length than the weights
   */
  protected keepShape(inputShape: Shape, name: string): Shape {
    const length = inputShape.at(-1);
    const expected = this.ownWeights?.plans[0].shape[0] ?? length;
    if (length === undefined || length !== expected) {
      this.refuse(`[batch, …, ${expected ?? name}]`, ["batch", ...inputShape]);
    }
    return inputShape;
  }

  /** @internal @throws TypeError: the input is no tensor. */
  protected refuseInput(x: unknown): never {
    const isList = Array.isArray(x) && x.some((each) => each instanceof Tensor);
    const fix = isList ? ", which it takes one of: join them, concatenate([a, b])" : ": wrap it in tensor(…)";
    const got = isList ? `a list of ${x.length} tensors` : describe(x);
    throw new TypeError(`${this.place}: expected a tensor, got ${got}${Array.isArray(x) ? fix : ""}`);
  }

  /** @internal @throws Error: the layer cannot take an input of this shape (`batch` included). */
  refuse(expected: string, got: readonly (number | string)[], hint = ""): never {
    throw new Error(
      `${this.place}: expected ${expected}, got [${got.join(", ")}]${hint ? ` — ${hint}` : ""}`,
    );
  }
}

function isSymbolic(x: unknown): x is SymbolicTensor | readonly SymbolicTensor[] {
  return x instanceof SymbolicTensor || (Array.isArray(x) && x.length > 0 && x.every(isSymbolic));
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
