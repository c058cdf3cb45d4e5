// The training loop: epochs of shuffled batches, validation, callbacks, progress.
import { TrainingProgress } from "../plot/progress.ts";
import { random } from "../random/random.ts";
import { describe } from "../tensor/shape.ts";
import { scope } from "../tensor/storage.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Callback, Training } from "./callbacks.ts";
import { evaluatePairs } from "./evaluate.ts";
import { History, type Logs } from "./history.ts";
import { Tally } from "./metrics.ts";
import type { Model } from "./model.ts";
import { Breath } from "./pause.ts";
import { type Pairs, requireWhole, rowsOf, type Samples } from "./samples.ts";

export interface FitOptions {
  /** How often all samples are gone through; 1 by default. */
  epochs?: number;
  /** How many samples make one step; 32 by default. The last batch of an epoch may be shorter. */
  batchSize?: number;
  /** The share of the samples, taken from the end, that is not learnt from but measured after each epoch. */
  validationSplit?: number;
  /** Samples and targets that are measured after each epoch; goes before `validationSplit`. */
  validationData?: readonly [Samples, Samples];
  /** Whether each epoch takes the samples in a new random order; yes by default. */
  shuffle?: boolean;
  /** 0 shows nothing; 1 (default) shows progress. */
  verbose?: 0 | 1;
  /** Code of your own to be run after batches and epochs. */
  callbacks?: readonly Callback[];
}

/** See {@link Model.fit}. */
export async function fitModel(model: Model, x: Samples, y: Samples, options: FitOptions): Promise<History> {
  const { epochs = 1, batchSize = 32, shuffle = true, verbose = 1, callbacks = [] } = options;
  requireWhole("fit", "epochs", epochs);
  requireWhole("fit", "batchSize", batchSize);
  if (!Array.isArray(callbacks)) {
    throw new TypeError(
      `fit: callbacks are a list: callbacks: [{ onEpochEnd() { … } }], got ${describe(callbacks)}`,
    );
  }
  const { train, validation } = readSamples(model, x, y, options);

  const batches = Math.ceil(train.x[0].shape[0] / batchSize);
  const progress = verbose === 0 ? null : new TrainingProgress({ epochs, batches });
  const history = new History();
  const breath = new Breath();
  let order: Tensor | null = null;
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
  };
  try {
    for (let epoch = 1; epoch <= epochs && !isStopped; epoch++) {
      const startedAt = performance.now();
      const training: Training = { model, epoch, stop };
      order?.storage.release();
      order = shuffle ? random.permutation(train.x[0].shape[0]) : null;
      const tally = new Tally();
      for (let batch = 1; batch <= batches && !isStopped; batch++) {
        const logs = trainOn(model, train, order, (batch - 1) * batchSize, batchSize, tally);
        if (!Number.isFinite(logs.loss)) {
          throw new Error(explainDivergence(model, train.x, logs.loss, epoch, batch));
        }
        for (const callback of callbacks) await callback.onBatchEnd?.(batch, logs, training);
        progress?.update({ epoch, batch, logs: () => tally.means() });
        if (breath.isDue) await breath.take();
      }
      const logs: Logs = tally.means();
      if (validation) Object.assign(logs, asValidation(await evaluatePairs(model, validation, 256, breath)));
      history.add(logs, (performance.now() - startedAt) / 1000);
      progress?.epochEnd(logs);
      for (const callback of callbacks) await callback.onEpochEnd?.(epoch, logs, training);
      await breath.take();
    }
  } catch (error) {
    progress?.failed();
    throw error;
  } finally {
    order?.storage.release();
  }
  progress?.done();
  return history;
}

/** One step on the samples from `start` on, in the given order; counts it in the tally. */
function trainOn(
  model: Model,
  pairs: Pairs,
  order: Tensor | null,
  start: number,
  size: number,
  tally: Tally,
): Logs {
  const end = Math.min(start + size, pairs.x[0].shape[0]);
  const logs = scope(() => {
    if (order === null) return model.trainStep(rowsOf(pairs, start, end));
    const chosen = order.slice(start, end);
    const pick = (each: Tensor) => each.gather(chosen);
    return model.trainStep({ x: pairs.x.map(pick), y: pairs.y.map(pick) });
  });
  tally.add(logs, end - start);
  return logs;
}

function readSamples(
  model: Model,
  x: Samples,
  y: Samples,
  options: FitOptions,
): { train: Pairs; validation: Pairs | null } {
  const all = model.readSamples("fit", x, y);
  if (options.validationData) {
    if (!Array.isArray(options.validationData) || options.validationData.length !== 2) {
      const got = describe(options.validationData);
      throw new TypeError(`fit: validationData is a pair [x, y], such as [test.x, test.y]; got ${got}`);
    }
    const [validationX, validationY] = options.validationData;
    return { train: all, validation: model.readSamples("fit, validationData", validationX, validationY) };
  }
  const { validationSplit } = options;
  if (validationSplit === undefined || validationSplit === 0) return { train: all, validation: null };
  const samples = all.x[0].shape[0];
  const kept = Math.floor(samples * (1 - validationSplit));
  if (!(validationSplit > 0 && validationSplit < 1) || kept === 0 || kept === samples) {
    throw new RangeError(
      `fit: validationSplit is a share between 0 and 1, got ${validationSplit}; of ${samples} samples some must remain ` +
        "for training and some for validation",
    );
  }
  return {
    train: rowsOf(all, 0, kept),
    validation: rowsOf(all, kept, samples),
  };
}

/** `accuracy` becomes `valAccuracy`. */
function asValidation(logs: Logs): Logs {
  return Object.fromEntries(
    Object.entries(logs).map(([name, value]) => [`val${name[0].toUpperCase()}${name.slice(1)}`, value]),
  );
}

function explainDivergence(
  model: Model,
  inputs: readonly Tensor[],
  loss: number,
  epoch: number,
  batch: number,
): string {
  const { optimizer } = model.compiledFor("fit");
  const kind = Number.isNaN(loss) ? "not a number (NaN)" : "infinite";
  const what = `fit: the loss is ${kind} in epoch ${epoch}, batch ${batch}`;
  for (const x of inputs) {
    const values = x.view();
    const odd = values.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0) {
      const sample = Math.floor(odd / (x.size / x.shape[0]));
      return `${what}: x holds ${values[odd]}, first in sample ${sample}`;
    }
  }
  return (
    `${what}. Likely causes: a learning rate that is too high ` +
    `(${optimizer.name} has ${optimizer.learningRate}: try ${Number((optimizer.learningRate / 10).toPrecision(12))}), inputs far from ` +
    "the range 0 to 1, or a loss that takes the logarithm of zero"
  );
}
