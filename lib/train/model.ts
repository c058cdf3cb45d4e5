// What every model can do: compile, fit, evaluate, predict, summary. How it computes is up to the subclass.
import { noGrad, recorded } from "../autograd/graph.ts";
import { choose } from "../nn/choose.ts";
import { Layer } from "../nn/layer.ts";
import { chainOf, type ModelNode } from "../nn/modelNode.ts";
import { observe } from "../nn/running.ts";
import { ModelSummary } from "../nn/summary.ts";
import { concat } from "../ops/join.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { describe, formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { scope } from "../tensor/storage.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Compiled, type CompileOptions, readCompileOptions } from "./compile.ts";
import { type EvaluateOptions, evaluateModel } from "./evaluate.ts";
import { type FitOptions, fitModel } from "./fit.ts";
import type { History, Logs } from "./history.ts";
import { type Pairs, readInputs, readPairs, requireWhole, type Samples } from "./samples.ts";

const whileTraining = { training: true } as const;

/**
 * A layer made of layers, which can be trained.
 *
 * @example
 * const model = sequential([dense(1, { inputShape: [1], kernelInitializer: "zeros" })]);
 * model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "meanSquaredError" });
 * await model.fit(tensor([[1], [2]]), tensor([[2], [4]]), { epochs: 300, verbose: 0 });
 * model.predict(tensor([[3]])).item().toFixed(1) // → '6.0'
 */
export abstract class Model extends Layer {
  #compiled: Compiled | null = null;
  /** The layers that train, as `compile` found them; null where the weights were not known then. */
  #toTrain: readonly Layer[] | null = null;
  /** Whether the optimizer knows the variables: they are made with the first step. */
  #isAttached = false;
  /** The last input shapes that were checked layer by layer, and the outputs' for them. */
  #checked: { inputs: readonly Shape[]; outputs: readonly Shape[] } | null = null;

  /** The layers, in the order in which they are shown. */
  abstract get layers(): readonly Layer[];

  /** The graph of the layers. Of a model written as a class only the layers are known, not how they go together. */
  get nodes(): readonly ModelNode[] {
    return chainOf(this.layers).map((node) => ({ ...node, from: [] }));
  }

  /** Whether layers may be connected in any way: then summaries say how they are. */
  get isGraph(): boolean {
    return false;
  }

  /** @internal */
  get inputNames(): readonly string[] {
    return ["x"];
  }
  /** @internal Whether it gives its outputs in a list. */
  get givesList(): boolean {
    return false;
  }
  /** @internal */
  get outputNames(): readonly string[] {
    return ["y"];
  }

  /** A drawing of the layers, or their table when they are many. The drawing code is only loaded when something is shown. */
  async [DISPLAY](): Promise<MimeBundle> {
    const { architecture, MOST_LAYERS } = await import("../plot/architecture.ts");
    const many = this.nodes.length > MOST_LAYERS;
    return many ? this.summary()[DISPLAY]() : architecture(this)[DISPLAY]();
  }

  /** The name of one of the layers within this model. */
  nameOf(layer: Layer): string {
    return layer.name;
  }

  override get weights(): readonly Tensor[] {
    return [...new Set(this.withWeights().flatMap((layer) => layer.weights))];
  }

  override withWeights(onlyTrainable = false): readonly Layer[] {
    if (onlyTrainable && !this.trainable) return [];
    return [...new Set(this.layers.flatMap((layer) => layer.withWeights(onlyTrainable)))];
  }

  override countParams(inputShape: Shape): number {
    return this.build(inputShape).parameterCount;
  }

  /** The layer of that name. @throws Error with a suggestion when there is none. */
  layer(name: string): Layer {
    return choose(
      `layer of ${this.name}`,
      name,
      Object.fromEntries(this.layers.map((layer) => [this.nameOf(layer), layer])),
    );
  }

  /**
   * What every layer gives, by the names of the layers, in their order: for a batch `[batch, ...]` with the batch, for one
   * sample without it. Of a layer that is used several times it is the last output.
   *
   * @example
   * const net = sequential([conv2d(6, 5, { inputShape: [32, 32, 1] }), maxPool2d(2), flatten()]);
   * Object.entries(net.activations(zeros([32, 32, 1]))).map(([name, y]) => `${name} ${y.shape}`)[1] // → 'maxPool2d_1 14,14,6'
   */
  activations(x: Samples): Record<string, Tensor> {
    const given = readInputs("activations", x, this.inputNames);
    const isOne = this.inputShape !== null && given[0].rank === this.inputShape.length;
    const inputs = isOne ? given.map((each) => each.expandDims(0)) : given;
    // Names the layers before they run.
    const layers = new Set(this.layers);
    const found: Record<string, Tensor> = {};
    const see = (layer: Layer, y: Tensor): void => {
      if (layers.has(layer)) found[this.nameOf(layer)] = isOne ? y.reshape(y.shape.slice(1)) : y;
    };
    observe(see, () => noGrad(() => this.callAll(inputs, { training: false })));
    return found;
  }

  /** The table of layers, output shapes and numbers of parameters. */
  summary(): ModelSummary {
    return new ModelSummary(this);
  }

  /**
   * Says how the model is trained. Layers whose `trainable` is false now will not change.
   * @throws Error with a suggestion when a name is not known
   */
  compile(options: CompileOptions): this {
    this.#compiled = readCompileOptions(this.outputNames, options);
    this.#isAttached = false;
    this.#toTrain = this.isBuilt ? this.withWeights(true) : null;
    return this;
  }

  /** How the model is trained. @throws Error when it was not compiled. */
  compiledFor(action: string): Compiled {
    if (this.#compiled) return this.#compiled;
    throw new Error(
      `${action}: the model is not compiled; first say model.compile({ optimizer: "adam", loss: "meanSquaredError" })`,
    );
  }

  /**
   * Trains the model on samples `x` `[samples, ...]` with targets `y`: in each epoch once on all of them, in batches.
   *
   * Shows its progress while it runs (`verbose: 0` does not). A `validationSplit` takes the last part of the samples, before
   * they are shuffled. The order of samples follows `seed`.
   *
   * @returns the loss and the metrics of each epoch
   * @throws Error before it begins when shapes, labels or options are wrong, and as soon as the loss is not a number
   */
  async fit(x: Samples, y: Samples, options: FitOptions = {}): Promise<History> {
    return fitModel(this, x, y, options);
  }

  /** The loss and the metrics on samples that it does not learn from. */
  async evaluate(x: Samples, y: Samples, options: EvaluateOptions = {}): Promise<Logs> {
    return evaluateModel(this, x, y, options);
  }

  /** What the model gives for samples `[samples, ...]`, computed batch by batch, without gradients. */
  predict(x: Samples, { batchSize = 256 }: { batchSize?: number } = {}): Tensor {
    requireWhole("predict", "batchSize", batchSize);
    const inputs = readInputs("predict", x, this.inputNames);
    const samples = inputs[0].shape[0];
    const parts: (readonly Tensor[])[] = [];
    for (let start = 0; start < samples; start += batchSize) {
      const batch = inputs.map((each) => each.slice(start, Math.min(start + batchSize, samples)));
      parts.push(scope(() => noGrad(() => this.callAll(batch, {}).map((y) => y.keep()))));
    }
    const outputs = parts[0].map((y, i) => (parts.length === 1 ? y : concat(parts.map((part) => part[i]))));
    return (this.givesList ? outputs : outputs[0]) as Tensor;
  }

  /**
   * One step on one batch.
   * @returns the loss before the step; when it is not finite, the weights stay as they are
   * @throws Error when the model is not compiled, or shapes or labels are wrong
   */
  trainOnBatch(x: Samples, y: Samples): number {
    return this.trainStep(this.readSamples("trainOnBatch", x, y)).loss;
  }

  /** @internal Samples and targets, checked against each other, the model and its losses. */
  readSamples(action: string, x: Samples, y: Samples): Pairs {
    const { losses } = this.compiledFor(action.replace(/,.*/, ""));
    const inputs = readInputs(action, x, this.inputNames);
    const shapes = this.#outputShapesFor(inputs.map((each) => each.shape.slice(1)));
    const outputs = this.outputNames.map((name, i) => ({
      name,
      lossName: losses[i].lossName,
      shape: shapes[i],
    }));
    return readPairs(action, inputs, y, outputs);
  }

  /** Sees to it that the model takes samples of these shapes, and says what shapes it gives for them. */
  #outputShapesFor(inputs: readonly Shape[]): readonly Shape[] {
    const known = this.#checked;
    if (known === null || !inputs.every((shape, i) => sameShape(shape, known.inputs[i]))) {
      this.#checked = { inputs, outputs: this.buildFor(inputs) };
    }
    return this.#checked!.outputs;
  }

  /**
   * @internal One step on a batch that has been checked; gives the loss and the metrics before it. Where the loss is not
   * finite, the weights stay as they are.
   */
  trainStep({ x, y }: Pairs): Logs {
    const { optimizer } = this.compiledFor("fit");
    if (!this.#isAttached) this.#attachOptimizer(optimizer);
    return scope(() => {
      optimizer.zeroGrad();
      const { total, logs } = recorded("fit", () => this.#measure(y, this.callAll(x, whileTraining)));
      // A step on such a loss would make every weight NaN.
      if (!Number.isFinite(logs.loss)) return logs;
      total.backward();
      optimizer.step();
      return logs;
    });
  }

  /** @internal The loss and the metrics of a batch that has been checked. */
  testStep({ x, y }: Pairs): Logs {
    return scope(() => noGrad(() => this.#measure(y, this.callAll(x, {})).logs));
  }

  /** The sum of the losses, and the numbers that are reported. */
  #measure(y: readonly Tensor[], predictions: readonly Tensor[]): { total: Tensor; logs: Logs } {
    const { losses, metrics } = this.compiledFor("fit");
    const isSingle = predictions.length === 1;
    const values = losses.map(({ loss }, i) => scalarLoss(loss(y[i], predictions[i])));
    const weighted = values.map((value, i) => (losses[i].weight === 1 ? value : value.mul(losses[i].weight)));
    const total = weighted.reduce((sum, value) => sum.add(value));
    const logs: Logs = { loss: total.item() };
    for (const [i, output] of this.outputNames.entries()) {
      if (!isSingle) logs[`${output}Loss`] = values[i].item();
      for (const { name, measure } of metrics) {
        const key = isSingle ? name : `${output}${name[0].toUpperCase()}${name.slice(1)}`;
        logs[key] = measure(y[i], predictions[i]);
      }
    }
    return { total, logs };
  }

  #attachOptimizer(optimizer: Optimizer): void {
    const layers = this.#toTrain ?? this.withWeights(true);
    optimizer.attach(layers.flatMap((layer) => layer.ownWeights?.trainable ?? []));
    this.#isAttached = true;
  }
}

/** What a loss function of the user's gave. @throws TypeError unless it is one number. */
function scalarLoss(value: Tensor): Tensor {
  if (value instanceof Tensor && value.size === 1) return value;
  const got = value instanceof Tensor ? `shape ${formatShape(value.shape)}` : describe(value);
  throw new TypeError(
    `the loss function must give a tensor with one number for the batch, got ${got} — end it with .mean()`,
  );
}
