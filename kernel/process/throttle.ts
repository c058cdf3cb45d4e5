// Keeps what a program prints and shows below the rate at which Jupyter's server starts to drop it.
import type { Readable } from "node:stream";

// By default the server forwards at most 3 MB of stream messages and 3000 messages in any 3 seconds. It counts when it
// gets to a message, which on a busy machine is later than it was sent: hence the longer window.
const WINDOW_MS = 4000;
const BYTES = 2_700_000;
/** What a pipe has handed over when it is paused still goes out: 64 KiB, up to 700 of the shortest messages. */
const MESSAGES = 2_200;
/** So often it is looked whether there is room again. */
const LOOK_MS = 50;

export class Throttle {
  readonly #sources: Readable[] = [];
  /** What was sent in the window. */
  #sent: { readonly at: number; readonly bytes: number }[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #released = false;

  add(source: Readable): void {
    this.#sources.push(source);
  }

  /** Counts a message, and the bytes that it takes on the wire if its bytes matter; the sources wait when it was too much. */
  count(bytes: number): void {
    this.#sent.push({ at: performance.now(), bytes });
    this.#bytes += bytes;
    if (this.#timer !== null || this.#released || !this.full) return;
    for (const source of this.#sources) source.pause();
    this.#timer = setInterval(() => this.full || this.#resume(), LOOK_MS);
  }

  /** The server would drop what comes now. */
  get full(): boolean {
    const start = performance.now() - WINDOW_MS;
    let expired = 0;
    for (const { at, bytes } of this.#sent) {
      if (at > start) break;
      expired++;
      this.#bytes -= bytes;
    }
    if (expired > 0) this.#sent = this.#sent.slice(expired);
    return this.#bytes > BYTES || this.#sent.length > MESSAGES;
  }

  /** A cell has ended: with its idle status the server starts to count anew. */
  reset(): void {
    this.#sent = [];
    this.#bytes = 0;
    this.#released = false;
    this.#resume();
  }

  /** The sources wait no more: an interrupted cell must not wait for what it had printed. */
  release(): void {
    this.#released = true;
    this.#resume();
  }

  #resume(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    for (const source of this.#sources) source.resume();
  }
}
