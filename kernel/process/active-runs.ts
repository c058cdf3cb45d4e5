// The runs that the user's process has to do or is doing: at most one cell, and handlers of comm messages.
import type { CommDelivery, RunEnd, RunRequest } from "./protocol.ts";

/** How a run ended, as the kernel tells it. */
export type Outcome =
  | RunEnd
  /** `restarted`: the cell could not be stopped otherwise, so the process was replaced. */
  | { readonly status: "interrupted"; readonly restarted: boolean }
  /** The process ended under the cell. */
  | { readonly status: "died"; readonly reason: string };

interface ActiveRun {
  readonly message: RunRequest | CommDelivery;
  readonly settle: (outcome: Outcome) => void;
  isSent: boolean;
}

export class ActiveRuns {
  /** By their numbers, which only grow. */
  readonly #runs = new Map<number, ActiveRun>();

  add(message: RunRequest | CommDelivery): Promise<Outcome> {
    return new Promise((settle) => this.#runs.set(message.run, { message, settle, isSent: false }));
  }

  has(run: number): boolean {
    return this.#runs.has(run);
  }

  /** The number of the run that is a cell. */
  get cell(): number | null {
    for (const [run, { message }] of this.#runs) if (message.type === "run") return run;
    return null;
  }

  get oldest(): number | undefined {
    return this.#runs.keys().next().value;
  }

  /** Those that the process has got. */
  get sent(): number[] {
    return this.#numbers(({ isSent }) => isSent);
  }

  get waiting(): number[] {
    return this.#numbers(({ isSent }) => !isSent);
  }

  get handlers(): number[] {
    return this.#numbers(({ message }) => message.type === "comm");
  }

  /** What has not been sent yet, which counts as sent from now on. */
  takeWaiting(): (RunRequest | CommDelivery)[] {
    const waiting = [...this.#runs.values()].filter(({ isSent }) => !isSent);
    for (const run of waiting) run.isSent = true;
    return waiting.map(({ message }) => message);
  }

  /** Takes a run out; the function tells its outcome to who waits for it. */
  remove(run: number): ((outcome: Outcome) => void) | undefined {
    const settle = this.#runs.get(run)?.settle;
    this.#runs.delete(run);
    return settle;
  }

  #numbers(condition: (run: ActiveRun) => boolean): number[] {
    return [...this.#runs].filter(([, run]) => condition(run)).map(([run]) => run);
  }
}
