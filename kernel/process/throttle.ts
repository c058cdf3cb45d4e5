// Keeps the text of a program that prints a lot below the rate at which Jupyter's server starts to drop it.
import type { Readable } from "node:stream";

// The server's default limit is 1 MB of text a second, measured over 3 seconds.
const BURST = 1_000_000;
const PER_SECOND = 600_000;

export class Throttle {
  readonly #sources: Readable[] = [];
  #allowance = BURST;
  #last = performance.now();
  #timer: NodeJS.Timeout | null = null;
  #released = false;

  add(source: Readable): void {
    this.#sources.push(source);
  }

  /** Counts what was read; the sources wait when it was too much. */
  count(characters: number): void {
    const now = performance.now();
    this.#allowance = Math.min(BURST, this.#allowance + ((now - this.#last) / 1000) * PER_SECOND);
    this.#last = now;
    this.#allowance -= characters;
    if (this.#allowance >= 0 || this.#released || this.#timer !== null) return;
    for (const source of this.#sources) source.pause();
    this.#timer = setTimeout(() => this.#resume(), (-this.#allowance / PER_SECOND) * 1000);
  }

  /** Lets everything through: an interrupted cell must not wait for what it had printed. */
  release(): void {
    this.#released = true;
    this.#resume();
  }

  /** Limits again, after `release`. */
  hold(): void {
    this.#released = false;
  }

  #resume(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const source of this.#sources) source.resume();
  }
}
