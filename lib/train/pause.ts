// Letting the event loop breathe in the middle of long work, so that output appears, interrupts arrive and memory that
// nobody uses any more is given back.

/** Longest time without a pause, in milliseconds. */
const longest = 50;

/** A pause that is due only when the last one was long enough ago. */
export class Breath {
  #last = performance.now();

  /** Whether work has gone on long enough. */
  get isDue(): boolean {
    return performance.now() - this.#last > longest;
  }

  /** Continues in a later task of the event loop. A promise alone would not do: nothing else runs before it. */
  async take(): Promise<void> {
    await nextTask();
    this.#last = performance.now();
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
