// The functional model: layers called on symbolic tensors, from inputs to outputs, along any paths.
import { describe, formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Model } from "../train/model.ts";
import { InputLayer } from "./input.ts";
import type { CallOptions, Layer } from "./layer.ts";
import type { ModelNode } from "./modelNode.ts";
import { nameLayers } from "./names.ts";
import { inMode, modeNow, report } from "./running.ts";
import { connect, type LayerCall, SymbolicTensor } from "./symbolic.ts";

/** One or several tensors. */
type OneOrMore<T> = T | readonly T[];

/** One layer to be run: where its inputs are among the values of a run, and where its outputs go. */
interface Step {
  readonly layer: Layer;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** A model with one output is called like a layer, with a list where it has several inputs. */
export interface FunctionalModel {
  (x: OneOrMore<SymbolicTensor>): SymbolicTensor;
  (x: OneOrMore<Tensor>): Tensor;
  (x: OneOrMore<Tensor>, options: CallOptions): Tensor;
}

/** A model with a list of outputs gives lists. */
export type MultiOutputModel = {
  (x: OneOrMore<SymbolicTensor>): SymbolicTensor[];
  (x: OneOrMore<Tensor>, options?: CallOptions): Tensor[];
  predict(x: Parameters<Model["predict"]>[0], options?: { batchSize?: number }): Tensor[];
} & FunctionalModel;

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: what can be called is an interface, as for every layer
export class FunctionalModel extends Model {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly #nodes: readonly ModelNode[];
  readonly #steps: readonly Step[];
  readonly #layers: readonly Layer[];
  readonly #names: Map<Layer, string>;
  readonly #slots: readonly number[];
  readonly #givesList: boolean;

  constructor(
    inputs: OneOrMore<SymbolicTensor>,
    outputs: OneOrMore<SymbolicTensor>,
    options: { name?: string } = {},
  ) {
    super("model", options);
    this.inputs = readSymbolic("inputs", inputs);
    this.outputs = readSymbolic("outputs", outputs);
    this.#givesList = Array.isArray(outputs);
    const calls = callsBetween(this.inputs, this.outputs);
    const starts = this.inputs.map(({ call, shape }) =>
      call.layer instanceof InputLayer ? call.layer : new InputLayer(shape),
    );
    this.#layers = [...new Set([...starts, ...calls.map((call) => call.layer)])];
    this.#names = nameLayers(this.name, this.#layers);
    for (const [i, layer] of this.#layers.entries()) {
      layer.place = `layer ${i + 1} of ${this.#layers.length}, ${this.nameOf(layer)}`;
    }

    const slots = new Map<string, number>(this.inputs.map((tensor, slot) => [keyOf(tensor), slot]));
    const sourceOf = this.inputs.map((_, i) => i);
    const nodes = starts.map((layer, i) => this.#nodeOf(layer, this.inputs[i].shape, []));
    const steps: Step[] = [];
    for (const call of calls) {
      const from = call.inputs.map((tensor) => slots.get(keyOf(tensor))!);
      const shapes = call.layer.outputShapes(call.inputs.map((tensor) => tensor.shape));
      const to = shapes.map(() => sourceOf.push(nodes.length) - 1);
      to.forEach((slot, index) => {
        // An output of this call that is an input of the model has its place already.
        const key = keyOf({ call, index });
        if (!slots.has(key)) slots.set(key, slot);
      });
      nodes.push(
        this.#nodeOf(
          call.layer,
          shapes[0],
          from.map((slot) => sourceOf[slot]),
        ),
      );
      steps.push({ layer: call.layer, from, to });
    }
    this.#nodes = nodes;
    this.#steps = steps;
    this.#slots = this.outputs.map((tensor) => slots.get(keyOf(tensor))!);
    this.inputShape = this.inputs[0].shape;
  }

  override get layers(): readonly Layer[] {
    return this.#layers;
  }
  /** The calls of layers, with the inputs in front, in the order in which they were written. */
  override get nodes(): readonly ModelNode[] {
    return this.#nodes;
  }
  override get isGraph(): boolean {
    return true;
  }
  override get givesList(): boolean {
    return this.#givesList;
  }
  override get inputNames(): readonly string[] {
    return this.nodes.slice(0, this.inputs.length).map((node) => node.name);
  }
  override get outputNames(): readonly string[] {
    return this.outputs.map(({ call }) => this.#names.get(call.layer) ?? call.layer.name);
  }
  override nameOf(layer: Layer): string {
    return this.#names.get(layer) ?? layer.name;
  }

  override outputShape(inputShape: Shape): Shape {
    return this.outputShapes([inputShape])[0];
  }

  override outputShapes(inputShapes: readonly Shape[]): readonly Shape[] {
    this.#checkCount(inputShapes.length);
    return this.#run(inputShapes, (layer, shapes) => layer.outputShapes(shapes));
  }

  override callAll(inputs: readonly Tensor[], { training = modeNow() }: CallOptions = {}): readonly Tensor[] {
    this.#checkCount(inputs.length);
    const odd = inputs.findIndex((x) => !(x instanceof Tensor));
    if (odd >= 0) throw new TypeError(`${this.place}: expected tensors, got ${describe(inputs[odd])}`);
    const shapes = inputs.map((x) => this.#sampleShape(x));
    // Samples of another size: the layers say whether they can take them.
    if (!shapes.every((shape, i) => sameShape(shape, this.inputs[i].shape))) this.outputShapes(shapes);
    const outputs = inMode(training, () =>
      this.#run(inputs, (layer, values) => layer.callAll(values, { training })),
    );
    report(this, outputs[0]);
    return outputs;
  }

  /** Runs the model; a list of tensors for several inputs, and a list of outputs where it was made with one. */
  override call(x: OneOrMore<Tensor>, options: CallOptions = {}): Tensor {
    const outputs = this.callAll(asList(x), options);
    return (this.#givesList ? outputs : outputs[0]) as Tensor;
  }

  override connect(x: OneOrMore<SymbolicTensor>): SymbolicTensor | SymbolicTensor[] {
    const outputs = connect(this, asList(x));
    return this.#givesList ? outputs : outputs[0];
  }

  override build(): this {
    return this;
  }

  protected override forward(x: Tensor): Tensor {
    return this.callAll([x])[0];
  }

  /** One line for the console. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const shapes = (tensors: readonly SymbolicTensor[]) =>
      tensors.map(({ shape }) => formatShape(shape)).join(", ");
    return `${this.name}: ${shapes(this.inputs)} → ${shapes(this.outputs)}, ${this.parameterCount} parameters`;
  }

  /** Goes through the steps with shapes or with numbers. */
  #run<T>(inputs: readonly T[], step: (layer: Layer, inputs: readonly T[]) => readonly T[]): T[] {
    const values: T[] = [...inputs];
    for (const { layer, from, to } of this.#steps) {
      const outputs = step(
        layer,
        from.map((slot) => values[slot]),
      );
      to.forEach((slot, index) => {
        values[slot] = outputs[index];
      });
    }
    return this.#slots.map((slot) => values[slot]);
  }

  #nodeOf(layer: Layer, outputShape: Shape, from: readonly number[]): ModelNode {
    return { name: this.nameOf(layer), kind: layer.kind, layer, outputShape, from };
  }

  #checkCount(count: number): void {
    if (count === this.inputs.length) return;
    throw new TypeError(
      `${this.place}: takes ${this.inputs.length} inputs (${this.inputNames.join(", ")}) in a list, got ${count}`,
    );
  }

  #sampleShape(x: Tensor): Shape {
    if (x.rank > 0) return x.shape.slice(1);
    this.refuse("a batch of samples", x.shape);
  }
}

/** The same for every symbolic tensor of a call and an output of it. */
function keyOf({ call, index }: Pick<SymbolicTensor, "call" | "index">): string {
  return `${call.order}:${index}`;
}

function asList<T>(x: OneOrMore<T>): readonly T[] {
  return Array.isArray(x) ? x : [x as T];
}

function readSymbolic(what: string, given: OneOrMore<SymbolicTensor>): readonly SymbolicTensor[] {
  const list = asList(given);
  const at = list.findIndex((each) => !(each instanceof SymbolicTensor));
  if (list.length > 0 && at < 0) return list;
  const odd: unknown = list[at];
  const hint = odd instanceof Tensor ? ", which holds numbers already: begin with input(shape)" : "";
  throw new TypeError(
    `model: ${what} are symbolic tensors, as input([28, 28, 1]) and layers called on it give; got ${describe(odd ?? given)}${hint}`,
  );
}

/** The calls that lead from the inputs to the outputs, in the order in which they were made. */
function callsBetween(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]): LayerCall[] {
  const given = new Set(inputs.map(keyOf));
  if (given.size < inputs.length) throw new Error("model: an input is in the list twice");
  const reached = new Set<LayerCall>();
  const used = new Set<string>();
  const waiting = [...outputs];
  for (let tensor = waiting.pop(); tensor !== undefined; tensor = waiting.pop()) {
    const { call } = tensor;
    if (given.has(keyOf(tensor))) {
      used.add(keyOf(tensor));
    } else if (call.inputs.length === 0) {
      throw new Error(
        `model: the outputs need also ${call.layer.name} ${formatShape(tensor.shape)}, which is not among the inputs: ` +
          "model([a, b], output) has several",
      );
    } else if (!reached.has(call)) {
      reached.add(call);
      waiting.push(...call.inputs);
    }
  }
  const unused = inputs.findIndex((tensor) => !used.has(keyOf(tensor)));
  if (unused >= 0) {
    throw new Error(
      `model: no output needs input ${unused + 1} of ${inputs.length} (${inputs[unused].call.layer.name}): is it connected to the outputs?`,
    );
  }
  return [...reached].sort((a, b) => a.order - b.order);
}

/**
 * A model from symbolic inputs to symbolic outputs. Layers may be shared, models called like layers, and further models made
 * from or to any tensor between: they share the layers and their weights.
 *
 * @param inputs what `input` gave, or any symbolic tensor; a list for several
 * @param outputs what comes out; with a list the model gives lists
 * @throws Error when the outputs need an input that is not given, or not all that are given
 * @example
 * const image = input([784]);
 * const code = dense(32, { activation: "relu" })(image);
 * const autoencoder = model(image, dense(784, { activation: "sigmoid" })(code));
 * const encoder = model(image, code);
 * encoder(zeros([5, 784])).shape // → [ 5, 32 ]
 * autoencoder.parameterCount // → 50992
 */
export function model(
  inputs: OneOrMore<SymbolicTensor>,
  outputs: SymbolicTensor,
  options?: { name?: string },
): FunctionalModel;
export function model(
  inputs: OneOrMore<SymbolicTensor>,
  outputs: readonly SymbolicTensor[],
  options?: { name?: string },
): MultiOutputModel;
export function model(
  inputs: OneOrMore<SymbolicTensor>,
  outputs: OneOrMore<SymbolicTensor>,
  options?: { name?: string },
): FunctionalModel {
  return new FunctionalModel(inputs, outputs, options);
}
