// What every model can do: compile, fit, evaluate, predict, summary. How it computes is up to the subclass.
import { noGrad } from "../autograd/graph.ts";
import { choose } from "../nn/choose.ts";
import { Layer } from "../nn/layer.ts";
import { type Loss, type LossFunction, type LossName, nameOfLoss, resolveLoss } from "../nn/losses.ts";
import { ModelSummary } from "../nn/summary.ts";
import { concat } from "../ops/shape.ts";
import { type OptimizerName, resolveOptimizer } from "../optim/choose.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { describe, formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { scope } from "../tensor/storage.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type EvaluateOptions, evaluateModel } from "./evaluate.ts";
import { type FitOptions, fitModel } from "./fit.ts";
import type { History, Logs } from "./history.ts";
import { type Metric, type NamedMetric, resolveMetric } from "./metrics.ts";
import { readInputs, readPairs, requireWhole, type Samples } from "./samples.ts";

/** What `compile` needs to know. */
export interface CompileOptions {
  /** By name, or made with options: `adam({ learningRate: 1e-4 })`; "adam" by default. */
  optimizer?: OptimizerName | Optimizer;
  /** What training makes small. */
  loss: Loss;
  /** What else is reported. */
  metrics?: readonly Metric[];
}

/** How a model is trained, once compiled. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: LossFunction;
  /** The loss's name when it is one of the library's. */
  readonly lossName: LossName | null;
  readonly metrics: readonly NamedMetric[];
}

const whileTraining = { training: true } as const;

/** A layer made of layers, which can be trained. */
export abstract class Model extends Layer {
  #compiled: Compiled | null = null;
  /** The layers that train, as `compile` found them; null where the weights were not known then. */
  #toTrain: readonly Layer[] | null = null;
  /** Whether the optimizer knows the variables: they are made with the first step. */
  #isAttached = false;
  /** The last input shape that was checked layer by layer, and the output's for it. */
  #checked: { input: Shape; output: Shape } | null = null;

  /** The layers, in the order in which they are shown. */
  abstract get layers(): readonly Layer[];

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
      Object.fromEntries(this.layers.map((layer) => [layer.name, layer])),
    );
  }

  /** The table of layers, output shapes and numbers of parameters. */
  summary(): ModelSummary {
    return new ModelSummary(this);
  }

  /**
   * Says how the model is trained. Layers whose `trainable` is false now will not change.
   * @throws Error with a suggestion when a name is not known
   */
  compile({ optimizer = "adam", loss, metrics = [] }: CompileOptions): this {
    const resolved = resolveLoss(loss);
    if (!Array.isArray(metrics)) {
      throw new TypeError(`compile: metrics are a list, such as ["accuracy"]; got ${describe(metrics)}`);
    }
    this.#compiled = {
      optimizer: resolveOptimizer(optimizer),
      loss: resolved,
      lossName: nameOfLoss(resolved),
      metrics: metrics.map(resolveMetric),
    };
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
    const inputs = readInputs("predict", x);
    const parts: Tensor[] = [];
    for (let start = 0; start < inputs.shape[0]; start += batchSize) {
      const end = Math.min(start + batchSize, inputs.shape[0]);
      parts.push(scope(() => noGrad(() => this.call(inputs.slice(start, end)).keep())));
    }
    return parts.length === 1 ? parts[0] : concat(parts);
  }

  /**
   * One step on one batch.
   * @returns the loss before the step; when it is not finite, the weights stay as they are
   * @throws Error when the model is not compiled, or shapes or labels are wrong
   */
  trainOnBatch(x: Samples, y: Samples): number {
    const { lossName } = this.compiledFor("trainOnBatch");
    const inputs = readInputs("trainOnBatch", x);
    const pairs = readPairs("trainOnBatch", inputs, y, lossName, this.outputShapeFor(inputs.shape.slice(1)));
    return this.trainStep(pairs.x, pairs.y).loss;
  }

  /** @internal Sees to it that the model takes samples of this shape, and says what shape it gives for them. */
  outputShapeFor(sampleShape: Shape): Shape {
    if (this.#checked === null || !sameShape(this.#checked.input, sampleShape)) {
      this.build(sampleShape);
      this.#checked = { input: sampleShape, output: this.outputShape(sampleShape) };
    }
    return this.#checked.output;
  }

  /**
   * @internal One step on a batch that has been checked; gives the loss and the metrics before it. Where the loss is not
   * finite, the weights stay as they are.
   */
  trainStep(x: Tensor, y: Tensor): Logs {
    const { optimizer, loss, metrics } = this.compiledFor("fit");
    if (!this.#isAttached) this.#attachOptimizer(optimizer);
    return scope(() => {
      optimizer.zeroGrad();
      const prediction = this.call(x, whileTraining);
      const value = scalarLoss(loss(y, prediction));
      const logs: Logs = { loss: value.item() };
      for (const { name, measure } of metrics) logs[name] = measure(y, prediction);
      // A step on such a loss would make every weight NaN.
      if (!Number.isFinite(logs.loss)) return logs;
      value.backward();
      optimizer.step();
      return logs;
    });
  }

  /** @internal The loss and the metrics of a batch that has been checked. */
  testStep(x: Tensor, y: Tensor): Logs {
    const { loss, metrics } = this.compiledFor("evaluate");
    return scope(() =>
      noGrad(() => {
        const prediction = this.call(x);
        const logs: Logs = { loss: scalarLoss(loss(y, prediction)).item() };
        for (const { name, measure } of metrics) logs[name] = measure(y, prediction);
        return logs;
      }),
    );
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
