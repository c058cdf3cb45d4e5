// What `compile` is told, looked up and checked: the optimizer, a loss for each output, the metrics.
import { type Loss, type LossFunction, type LossName, nameOfLoss, resolveLoss } from "../nn/losses.ts";
import { type OptimizerName, resolveOptimizer } from "../optim/choose.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { describe } from "../tensor/shape.ts";
import { type Metric, type NamedMetric, resolveMetric } from "./metrics.ts";

/** What `compile` needs to know. */
export interface CompileOptions {
  /** By name, or made with options: `adam({ learningRate: 1e-4 })`; "adam" by default. */
  optimizer?: OptimizerName | Optimizer;
  /** What training makes small; for a model with several outputs one for all, or a list with one for each. */
  loss: Loss | readonly Loss[];
  /** How much the losses of several outputs count in their sum; 1 each by default. */
  lossWeights?: readonly number[];
  /** What else is reported, of every output. */
  metrics?: readonly Metric[];
}

/** A loss for one output. */
export interface OutputLoss {
  readonly loss: LossFunction;
  /** Its name when it is one of the library's. */
  readonly lossName: LossName | null;
  readonly weight: number;
}

/** How a model is trained, once compiled. */
export interface Compiled {
  readonly optimizer: Optimizer;
  /** One for each output. */
  readonly losses: readonly OutputLoss[];
  readonly metrics: readonly NamedMetric[];
}

/**
 * The options with everything that was named looked up.
 * @throws when a name is not known, or there is not one loss for each output.
 */
export function readCompileOptions(outputs: readonly string[], options: CompileOptions): Compiled {
  checkOptions("compile", options, '{ optimizer: "adam", loss: "meanSquaredError" }');
  const { optimizer = "adam", loss, lossWeights, metrics = [] } = options;
  if (!Array.isArray(metrics)) {
    throw new TypeError(`compile: metrics are a list, such as ["accuracy"]; got ${describe(metrics)}`);
  }
  return {
    optimizer: resolveOptimizer(optimizer),
    losses: readLosses(outputs, loss, lossWeights),
    metrics: metrics.map(resolveMetric),
  };
}

function readLosses(
  outputs: readonly string[],
  given: Loss | readonly Loss[],
  weights: readonly number[] = outputs.map(() => 1),
): OutputLoss[] {
  const list: readonly Loss[] = typeof given === "object" ? given : outputs.map(() => given);
  if (list.length !== outputs.length || weights.length !== outputs.length) {
    const what = list.length !== outputs.length ? `${list.length} losses` : `${weights.length} lossWeights`;
    const places = outputs.length === 1 ? "one output" : `${outputs.length} outputs (${outputs.join(", ")})`;
    throw new Error(`compile: ${what} for ${places}`);
  }
  return list.map((each, i) => {
    const loss = resolveLoss(each);
    return { loss, lossName: nameOfLoss(loss), weight: weights[i] };
  });
}
