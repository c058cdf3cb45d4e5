// Questions about values that have been asked and not yet answered, each with a time limit.
import type { Look, LookReply } from "./protocol.ts";

/** Longer nobody waits for suggestions. A main thread in a native call cannot answer, nor can a process that has died. */
const LIMIT_MS = 150;

export class Looks {
  readonly #waiting = new Map<number, (look: Look | null) => void>();
  #last = 0;

  ask(send: (id: number) => void): Promise<Look | null> {
    const id = ++this.#last;
    const { promise, resolve } = Promise.withResolvers<Look | null>();
    const timer = setTimeout(() => this.answered({ id, look: null }), LIMIT_MS);
    this.#waiting.set(id, (look) => {
      clearTimeout(timer);
      resolve(look);
    });
    send(id);
    return promise;
  }

  answered({ id, look }: LookReply): void {
    this.#waiting.get(id)?.(look);
    this.#waiting.delete(id);
  }
}
