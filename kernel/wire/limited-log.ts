// A log that keeps its head: of a flood of lines the first are written, and then how many more there were.

const LINES = 20;
const PER_MS = 10_000;
const LONGEST_LINE = 2000;

export class LimitedLog {
  readonly #log: (text: string) => void;
  #written = 0;
  #left = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(log: (text: string) => void) {
    this.#log = log;
  }

  write(text: string): void {
    this.#timer ??= setTimeout(() => this.#startAnew(), PER_MS).unref();
    if (this.#written === LINES) {
      this.#left++;
      return;
    }
    this.#written++;
    this.#log(text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text);
  }

  #startAnew(): void {
    this.#timer = null;
    this.#written = 0;
    if (this.#left > 0) this.#log(`… and ${this.#left} more such lines in ${PER_MS / 1000} seconds`);
    this.#left = 0;
  }
}
