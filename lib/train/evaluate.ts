// Evaluation: the loss and the metrics on samples that the model does not learn from.
import type { Logs } from "./history.ts";
import { Tally } from "./metrics.ts";
import type { Model } from "./model.ts";
import { Breath } from "./pause.ts";
import { type Pairs, requireWhole, rowsOf, type Samples } from "./samples.ts";

export interface EvaluateOptions {
  /** How many samples are computed at a time; it does not change the result. 256 by default. */
  batchSize?: number;
}

/** See {@link Model.evaluate}. */
export async function evaluateModel(
  model: Model,
  x: Samples,
  y: Samples,
  { batchSize = 256 }: EvaluateOptions,
): Promise<Logs> {
  requireWhole("evaluate", "batchSize", batchSize);
  return evaluatePairs(model, model.readSamples("evaluate", x, y), batchSize, new Breath());
}

/** The means over samples that have been checked. */
export async function evaluatePairs(
  model: Model,
  pairs: Pairs,
  batchSize: number,
  breath: Breath,
): Promise<Logs> {
  const tally = new Tally();
  const samples = pairs.x[0].shape[0];
  for (let start = 0; start < samples; start += batchSize) {
    const end = Math.min(start + batchSize, samples);
    tally.add(model.testStep(rowsOf(pairs, start, end)), end - start);
    if (breath.isDue) await breath.take();
  }
  return tally.means();
}
