// The steps by which a running cell is stopped, each harsher than the one before.

export interface InterruptSteps {
  /** Ends the JavaScript that is running; harmless if none is. */
  terminate(): void;
  /** Interrupts the child processes of the cell, one of which it may be waiting for. */
  signal(signal: "SIGINT" | "SIGTERM"): void;
  /** Tells that the cell is in a call of native code, and that its process is given up after so many seconds more. */
  announce(seconds: number): void;
  /** Gives the process up. */
  restart(): void;
}

const RETRY_MS = 100;
const SIGNAL_AFTER_MS = 500;
const HARSHER_SIGNAL_AFTER_MS = 800;
const ANNOUNCE_AFTER_MS = 950;
const RESTART_AFTER_MS = 5000;

/** An interrupt on its way through the steps. Termination is repeated because a tick or stream loop may survive one. */
export class Interrupt {
  readonly #steps: InterruptSteps;
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout;
  /** What is still to be done, and when. */
  readonly #ahead: [number, () => void][];

  constructor(steps: InterruptSteps) {
    this.#steps = steps;
    this.#ahead = [
      [SIGNAL_AFTER_MS, () => steps.signal("SIGINT")],
      [HARSHER_SIGNAL_AFTER_MS, () => steps.signal("SIGTERM")],
      [ANNOUNCE_AFTER_MS, () => steps.announce(Math.round((RESTART_AFTER_MS - ANNOUNCE_AFTER_MS) / 1000))],
      [RESTART_AFTER_MS, () => this.#restart()],
    ];
    steps.terminate();
    this.#timer = setInterval(() => this.#next(), RETRY_MS);
  }

  /** The user has interrupted once more; who has read the announcement means the restart. */
  again(): void {
    if (this.#ahead.length === 1) this.#restart();
  }

  /** The cell has stopped. */
  end(): void {
    clearInterval(this.#timer);
  }

  #next(): void {
    const elapsed = performance.now() - this.#started;
    const [step] = this.#ahead;
    if (step !== undefined && elapsed >= step[0]) {
      this.#ahead.shift();
      step[1]();
    }
    if (this.#ahead.length > 0) this.#steps.terminate();
  }

  #restart(): void {
    this.end();
    this.#steps.restart();
  }
}
