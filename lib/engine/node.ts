// The engine's platform in Node: files, the environment, V8's flags, worker threads.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
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
