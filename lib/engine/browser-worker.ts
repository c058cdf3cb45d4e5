// A thread of the pool in a browser: worker.ts there, started by browser.ts.
import type { WorkerStart } from "./platform.ts";
import { serve } from "./wasm.ts";

(globalThis as { onmessage?: (event: { data: WorkerStart }) => void }).onmessage = ({ data }) => serve(data);
