// A thread of the pool in Node, started by node.ts.
import { workerData } from "node:worker_threads";
import { serve } from "./wasm.ts";

serve(workerData);
