// What a training run left behind: the loss and the metrics of every epoch.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { historyBundle } from "../plot/history.ts";

/** Named numbers of a batch or an epoch: `{ loss: 0.3, accuracy: 0.9, valLoss: 0.4 }`. */
export type Logs = Record<string, number>;

/**
 * The record of a `fit`. Shown as curves.
 *
 * `history.history.loss` has one number per epoch; names of validation numbers begin with `val`: `valLoss`.
 *
 * @example
 * const model = sequential([dense(1, { inputShape: [2] })]).compile({ loss: "mse" });
 * const history = await model.fit(ones([8, 2]), zeros([8]), { epochs: 3, verbose: 0 });
 * history.epoch // → [ 1, 2, 3 ]
 * history.loss.length // → 3
 */
export class History {
  /** One list per name, one number per epoch. */
  readonly history: Record<string, number[]> = {};
  /** How long each epoch took, in seconds, validation included. */
  readonly seconds: number[] = [];

  /** The numbers of the epochs, from 1. */
  get epoch(): number[] {
    return this.seconds.map((_, index) => index + 1);
  }

  /** The loss of each epoch: the mean over its samples while the weights were changing. */
  get loss(): readonly number[] {
    return this.history.loss ?? [];
  }

  /** The numbers of the last epoch. */
  get last(): Logs {
    return Object.fromEntries(
      Object.entries(this.history).map(([name, values]) => [name, values[values.length - 1]]),
    );
  }

  /** Adds an epoch. */
  add(logs: Logs, seconds: number): void {
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
    this.seconds.push(seconds);
  }

  [DISPLAY](): Promise<MimeBundle> {
    return historyBundle(this.history);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const last = Object.entries(this.last).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    return `History of ${this.seconds.length} epochs; last: ${last.join(", ")}`;
  }
}
