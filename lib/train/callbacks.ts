// Callbacks: code of the user's that runs while a model trains.

import type { Logs } from "./history.ts";
import type { Model } from "./model.ts";

/** What a callback can reach. */
export interface Training {
  /** The model that is being trained. */
  readonly model: Model;
  /** The epoch that is running, from 1. */
  readonly epoch: number;
  /** Ends the training after this batch; `fit` then returns what it has. */
  stop(): void;
}

/**
 * Functions that `fit` calls. Each may be asynchronous; `fit` waits for it.
 *
 * @example
 * const untilGood: Callback = { onEpochEnd: (epoch, logs, training) => logs.valLoss < 0.1 && training.stop() };
 * typeof untilGood.onEpochEnd // → 'function'
 */
export interface Callback {
  /** After each epoch: its number from 1, and its means. */
  onEpochEnd?(epoch: number, logs: Logs, training: Training): unknown;
  /** After each batch: its number from 1, and its own numbers. */
  onBatchEnd?(batch: number, logs: Logs, training: Training): unknown;
}
