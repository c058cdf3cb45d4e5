// The workers of the thread pool: started in the background, counted by the core when they have reached their loop.
import type { Pointer } from "./core.ts";
import type { Platform, WorkerStart } from "./platform.ts";
import type { Kernels, LoadedCore } from "./wasm.ts";

const START_LIMIT_MS = 10_000;

export class Threads {
  readonly #core: LoadedCore;
  readonly #allocateScratch: () => Pointer;
  readonly #startWorker: Platform["startWorker"];
  #started = 0;
  #failed = 0;
  #limit = 1;

  constructor(core: LoadedCore, allocateScratch: () => Pointer, startWorker: Platform["startWorker"]) {
    this.#core = core;
    this.#allocateScratch = allocateScratch;
    this.#startWorker = startWorker;
  }

  get #kernels(): Kernels {
    return this.#core.kernels;
  }

  /** Threads that take part now, the calling one included. */
  get active(): number {
    return Math.min(this.#limit, 1 + this.#kernels.workersReady());
  }

  get wanted(): number {
    return this.#limit;
  }

  setLimit(count: number): void {
    this.#limit = count;
    this.#kernels.setThreadLimit(count);
    while (this.#started < count - 1) this.#start();
  }

  async ready(): Promise<void> {
    // A thread that an interrupt kept from starting never arrives.
    const deadline = performance.now() + START_LIMIT_MS;
    const isMissing = () => this.#started > this.#failed + this.#kernels.workersReady();
    while (this.active < this.#limit && isMissing() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  #start(): void {
    this.#started++;
    const data: WorkerStart = {
      module: this.#core.module,
      memory: this.#core.memory,
      thread: this.#started,
      scratch: this.#allocateScratch(),
    };
    try {
      // Work goes on with the threads that are left; info() shows their number.
      this.#startWorker(data, () => this.#failed++);
    } catch {
      this.#failed++;
    }
  }
}
