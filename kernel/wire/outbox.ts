// The send queue of one socket: ZeroMQ takes one message at a time, the kernel never waits for it.
import type { MessageLike, Writable } from "zeromq";

export class Outbox {
  readonly #socket: Writable<MessageLike[]>;
  readonly #log: (text: string) => void;
  #waiting: Uint8Array[][] = [];
  #sending: Promise<void> | null = null;

  constructor(socket: Writable<MessageLike[]>, log: (text: string) => void) {
    this.#socket = socket;
    this.#log = log;
  }

  send(frames: Uint8Array[]): void {
    this.#waiting.push(frames);
    this.#sending ??= this.#sendAll();
  }

  /** Resolves when everything has been handed to ZeroMQ. */
  async emptied(): Promise<void> {
    while (this.#sending !== null) await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const frames of batch) {
        try {
          await this.#socket.send(frames);
        } catch (error) {
          this.#log(`a message could not be sent: ${error}`);
        }
      }
    }
    this.#sending = null;
  }
}
