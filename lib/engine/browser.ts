// The engine's platform in a browser, for bundles that put this file in the place of node.ts. The page fetches core.wasm and
// hands it over before the first tensor; browser-worker.ts has to lie beside the bundle as worker.js. Threads need shared
// memory, which a page gets that is isolated from others (COOP and COEP headers), and a Web Worker that runs the engine:
// the thread of the page itself must never wait.
import type { Platform } from "./platform.ts";

interface BrowserGlobals {
  Worker: new (
    url: URL,
    options: { type: "module"; name: string },
  ) => { onerror: (() => void) | null; postMessage(message: unknown): void };
  /** Only in Web Workers. */
  WorkerGlobalScope?: unknown;
  navigator: { hardwareConcurrency: number };
}

const { Worker, WorkerGlobalScope, navigator } = globalThis as unknown as BrowserGlobals;
const MOST_THREADS = 8;

let core: Uint8Array<ArrayBuffer> | null = null;

/** Hands over the content of build/core.wasm. */
export function provideCore(code: ArrayBuffer): void {
  core = new Uint8Array(code);
}

export const platform: Platform = {
  readCore() {
    if (core === null)
      throw new Error(
        "The compute core is missing: fetch core.wasm and call provideCore before the first tensor.",
      );
    return core;
  },

  variable: () => undefined,

  threadCount() {
    const cpus = navigator.hardwareConcurrency;
    return {
      threads: Math.min(cpus, MOST_THREADS),
      reason: `${cpus === 1 ? "1 CPU" : `${cpus} CPUs`}, as the browser says`,
    };
  },

  singleThread:
    WorkerGlobalScope === undefined
      ? "the thread of a page must not wait: run the library in a Web Worker"
      : null,

  // V8's flags are the browser's.
  enableWideVectors: () => "absent",

  // It cannot be asked for: tensors that are dead are found between two tasks.
  collect() {},

  availableBytes: () => Number.POSITIVE_INFINITY,

  startWorker(start, failed) {
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      type: "module",
      name: "lectern compute",
    });
    worker.onerror = failed;
    worker.postMessage(start);
  },
};
