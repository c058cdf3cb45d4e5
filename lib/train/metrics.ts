// Metrics reported while training: plain numbers for a batch, averaged over the samples of an epoch.
import { choose } from "../nn/choose.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** A metric: from what is true and what was predicted to the mean over the batch. */
export type MetricFunction = (yTrue: Tensor, yPred: Tensor) => number;

const metrics = {
  accuracy,
  binaryAccuracy,
  meanSquaredError,
  meanAbsoluteError,
  mse: meanSquaredError,
  mae: meanAbsoluteError,
} as const;

/** A metric by name. */
export type MetricName = keyof typeof metrics;

/** A metric: its name, or a function whose name it takes. */
export type Metric = MetricName | MetricFunction;

/** A metric and the name it is reported under. */
export interface NamedMetric {
  name: string;
  measure: MetricFunction;
}

/** @throws Error with a suggestion when there is no metric of that name. */
export function resolveMetric(metric: Metric): NamedMetric {
  if (typeof metric === "string") return { name: metric, measure: choose("metric", metric, metrics) };
  if (!metric.name)
    throw new TypeError("a metric function needs a name: write function precision(yTrue, yPred) { … }");
  return { name: metric.name, measure: metric };
}

/**
 * The share of samples whose most probable class is the true one. Truth as class numbers `[batch]` or one-hot rows;
 * with a single output, whether it is on the right side of ½.
 */
function accuracy(yTrue: Tensor, yPred: Tensor): number {
  const classes = yPred.shape[yPred.rank - 1];
  if (classes === 1 || yPred.rank === 1) return binaryAccuracy(yTrue, yPred);
  const truth = yTrue.view();
  const prediction = yPred.view();
  const samples = yPred.size / classes;
  const isOneHot = yTrue.size === yPred.size;
  let right = 0;
  for (let sample = 0; sample < samples; sample++) {
    const label = isOneHot ? largestOf(truth, sample * classes, classes) : truth[sample];
    if (largestOf(prediction, sample * classes, classes) === label) right++;
  }
  return right / samples;
}

function binaryAccuracy(yTrue: Tensor, yPred: Tensor): number {
  const truth = yTrue.view();
  const prediction = yPred.view();
  let right = 0;
  for (let i = 0; i < prediction.length; i++) if (prediction[i] > 0.5 === truth[i] > 0.5) right++;
  return right / prediction.length;
}

function meanSquaredError(yTrue: Tensor, yPred: Tensor): number {
  return meanOf(yTrue, yPred, (difference) => difference * difference);
}

function meanAbsoluteError(yTrue: Tensor, yPred: Tensor): number {
  return meanOf(yTrue, yPred, Math.abs);
}

function meanOf(yTrue: Tensor, yPred: Tensor, measure: (difference: number) => number): number {
  const truth = yTrue.view();
  const prediction = yPred.view();
  let total = 0;
  for (let i = 0; i < prediction.length; i++) total += measure(prediction[i] - truth[i]);
  return total / prediction.length;
}

function largestOf(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[start + i] > values[start + best]) best = i;
  return best;
}

/** Means over samples that arrive in batches of different sizes. */
export class Tally {
  readonly #sums: Record<string, number> = {};
  #samples = 0;

  add(batch: Record<string, number>, samples: number): void {
    for (const name in batch) this.#sums[name] = (this.#sums[name] ?? 0) + batch[name] * samples;
    this.#samples += samples;
  }

  means(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#samples]));
  }
}
