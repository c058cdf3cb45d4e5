// The engine's platform in Node: files, the environment, V8's flags, worker threads.
import { readFileSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import vm from "node:vm";
import { Worker } from "node:worker_threads";
import { threadCount } from "./cpus.ts";
import type { Platform } from "./platform.ts";

export const platform: Platform = {
  readCore() {
    const path = new URL("../../build/core.wasm", import.meta.url);
    try {
      return new Uint8Array(readFileSync(path));
    } catch {
      throw new Error(`The compute core is missing (${fileURLToPath(path)}): run "npm run prepare" once.`);
    }
  },

  variable: (name) => process.env[name],

  threadCount: () => threadCount(process.env.LECTERN_THREADS, availableParallelism(), readText),

  singleThread: null,

  // V8's "revectorize" pass joins pairs of 128-bit operations to 256-bit ones. It is experimental and off by default, and
  // unknown to some builds: those ignore or refuse the flag. V8 reads the flag whenever it optimises a hot function, not when
  // a module is compiled, so it has to stay on, and other WebAssembly with SIMD in the process goes through the pass too.
  // Optimising all of the core at once and then taking the flag back works, but costs 100 ms at start and three more flags;
  // LECTERN_SIMD=128 leaves V8 as it is.
  enableWideVectors() {
    if (process.arch !== "x64") return "absent";
    try {
      v8.setFlagsFromString("--experimental-wasm-revectorize");
      return "on";
    } catch {
      return "refused";
    }
  },

  collect,

  // Linux kills who takes more than there is; other systems begin to swap. It counts what caches could give back as free, others do not.
  availableBytes: () =>
    process.platform === "linux" ? Math.min(freemem(), process.availableMemory()) : Number.POSITIVE_INFINITY,

  startWorker(start, failed) {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: start,
      execArgv: [],
      name: "lectern compute",
    });
    worker.on("error", failed);
    worker.unref();
  },
};

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

let collectNow: ((all: boolean) => void) | null = null;

/**
 * Runs the collector over the young objects, or over all; `WeakRef`s to dead ones are empty then.
 *
 * The language keeps what a `WeakRef` leads to until the running job ends, in a loop without `await` for ever. A script in a
 * context with a microtask queue of its own ends a job in the middle of ours, which makes V8 forget that (5 µs). The
 * price: code that asks a `WeakRef` of its own twice in one job, with tensors made in between, may get nothing the second time.
 */
function collect(all: boolean): void {
  collectNow ??= prepare();
  collectNow(all);
}

function prepare(): (all: boolean) => void {
  v8.setFlagsFromString("--expose-gc");
  const gc = vm.runInNewContext("gc") as (options: { type: "minor" | "major"; execution: "sync" }) => void;
  // Later contexts shall not have it.
  v8.setFlagsFromString("--no-expose-gc");
  const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
  const nothing = new vm.Script("0");
  return (all) => {
    nothing.runInContext(context);
    gc({ type: all ? "major" : "minor", execution: "sync" });
  };
}
