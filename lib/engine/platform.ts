// What the engine needs of the place it runs in. node.ts has it for Node; a bundle for browsers puts browser.ts in its place.
import type { Pointer } from "./core.ts";
import type { ThreadCount } from "./cpus.ts";

/** What a thread of the pool starts with. */
export interface WorkerStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  thread: number;
  scratch: Pointer;
}

export interface Platform {
  /** The compiled core; throws with what to do when it is not there. */
  readCore(): Uint8Array<ArrayBuffer>;
  /** A setting from the environment. */
  variable(name: string): string | undefined;
  /** How many threads to run unless somebody says otherwise. */
  threadCount(): ThreadCount;
  /** Why there can be no other threads here, although memory can be shared; null when there can. */
  readonly singleThread: string | null;
  /** Switches V8's 256-bit vectors on: "refused" by this V8, "absent" on this kind of machine. */
  enableWideVectors(): "on" | "refused" | "absent";
  /** Runs the garbage collector now, over the young objects or over all, as far as that can be asked for. */
  collect(all: boolean): void;
  /** Memory that this process may still take; infinite where that cannot be known. */
  availableBytes(): number;
  /** Starts a thread of the pool, which does not keep the process alive. `failed` is called when it ends with an error. */
  startWorker(start: WorkerStart, failed: () => void): void;
}
