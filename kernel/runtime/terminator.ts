// Terminations of what runs on the main thread, one at a time, so that none of them hits what comes after it.
//
// A termination that is late, because the kernel had asked once more just before the answer to the first one, would end the
// next cell, or the handler that is to start it, and nobody would ever hear of that cell again.

interface Means {
  /** Stops what runs; `done` is called when that has happened, or when there was nothing to stop. */
  stop(done: () => void): void;
  /** Sends the main thread a message; its answer proves that the thread is back in its event loop. */
  ping(run: number): void;
}

/** Without an answer for so long the thread is busy again: loops of ticks or streams revive, and the next interrupt tries anew. */
const ANSWER_LIMIT_MS = 40;

export class Terminator {
  readonly #means: Means;
  /** The runs up to this one have been stopped. */
  #stopped = 0;
  /** The run with which the termination under way ends. */
  #stopping: number | null = null;
  /** The termination has happened, and the answer to a ping is awaited. */
  #awaiting: NodeJS.Timeout | null = null;
  /** What came meanwhile. */
  #waiting: (() => void)[] = [];

  constructor(means: Means) {
    this.#means = means;
  }

  /** Stops the runs up to this one; to be asked again if there is no answer. */
  interrupt(run: number): void {
    if (run <= this.#stopped || this.#stopping !== null) return;
    this.#stopping = run;
    this.#means.stop(() => {
      // A loop that did not pause in time may report a second time.
      if (this.#stopping !== run || this.#awaiting !== null) return;
      this.#awaiting = setTimeout(() => this.#finish(), ANSWER_LIMIT_MS);
      this.#means.ping(run);
    });
  }

  /** Does something at once, or when the termination that is under way cannot hit it any more. */
  afterwards(action: () => void): void {
    if (this.#stopping === null) action();
    else this.#waiting.push(action);
  }

  /** The main thread has answered a ping, perhaps that of an earlier termination. */
  answered(run: number): void {
    this.#stopped = Math.max(this.#stopped, run);
    if (this.#awaiting !== null) this.#finish();
  }

  #finish(): void {
    clearTimeout(this.#awaiting ?? undefined);
    this.#awaiting = null;
    this.#stopping = null;
    for (const action of this.#waiting.splice(0)) action();
  }
}
