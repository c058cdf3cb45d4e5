// A thread of the pool: its own instance of the module over the shared memory, in the pool's loop for good.
import { workerData } from "node:worker_threads";
import type { WorkerStart } from "./threads.ts";
import { instantiate } from "./wasm.ts";

const { module, memory, thread, scratch } = workerData as WorkerStart;
const kernels = instantiate(module, memory);
kernels.setup(thread, scratch);
try {
  kernels.workerLoop();
} catch (error) {
  kernels.workerDied();
  throw error;
}
