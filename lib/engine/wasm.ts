// The compiled core as a module with its memory, and as one instance of it a thread.
import type { Core, Flag, Pointer } from "./core.ts";
import type { WorkerStart } from "./platform.ts";

/** All that the module exports: besides the public operations the thread pool's and those that engine.ts wraps. */
export interface Kernels extends Core {
  setup(thread: number, scratch: Pointer): void;
  setThreadLimit(count: number): void;
  workersReady(): number;
  workerLoop(): void;
  workerDied(): void;
  quit(): void;
  /** After a call was terminated in its middle: waits until no thread works at it any more. */
  rest(): void;
  setWide(on: Flag): void;
  philoxBlock(counter: number, seed: number, stream: number, out: Pointer): void;
  packFilters(geometry: Pointer, plan: Pointer, filters: Pointer, panels: Pointer, backward: Flag): void;
  convolve(
    geometry: Pointer,
    plan: Pointer,
    source: Pointer,
    panels: Pointer,
    target: Pointer,
    backward: Flag,
    bias: Pointer,
    relu: Flag,
  ): void;
  winogradWorkspace(depth: number, columns: number): number;
  winograd(
    geometry: Pointer,
    source: Pointer,
    filters: Pointer,
    workspace: Pointer,
    target: Pointer,
    backward: Flag,
    bias: Pointer,
    relu: Flag,
  ): void;
  winogradGradientWorkspace(channels: number, filters: number): number;
  winogradGradient(geometry: Pointer, x: Pointer, dy: Pointer, dFilters: Pointer, workspace: Pointer): void;
  orderTaps(geometry: Pointer, plan: Pointer, filters: Pointer, ordered: Pointer): void;
  depthwise(
    geometry: Pointer,
    plan: Pointer,
    source: Pointer,
    filters: Pointer,
    target: Pointer,
    scale: number,
    bias: Pointer,
    relu: Flag,
  ): void;
  depthwiseFilterGradient(
    geometry: Pointer,
    x: Pointer,
    dy: Pointer,
    dFilters: Pointer,
    workspace: Pointer,
  ): void;
  filterGradientWorkspace(depth: number, filters: number): number;
  filterGradient(geometry: Pointer, x: Pointer, dy: Pointer, dFilters: Pointer, workspace: Pointer): void;
  maxPool(geometry: Pointer, x: Pointer, y: Pointer): void;
  maxPoolGradient(geometry: Pointer, x: Pointer, y: Pointer, dy: Pointer, dx: Pointer, relu: Flag): void;
  maxPoolWinners(geometry: Pointer, x: Pointer, y: Pointer, winners: Pointer): void;
  /** Recurrent layers, see recurrent.ts: the arguments are in memory. */
  recurrentForward(args: Pointer): void;
  recurrentBackward(args: Pointer): void;
  /** How many steps the forward pass works at together. */
  recurrentSteps(groupRows: number, features: number): number;
}

export interface LoadedCore {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  kernels: Kernels;
}

const MAX_PAGES = 65536;
const INITIAL_PAGES = 64;

/** Compiles and instantiates the core. Without shared memory everything runs on the calling thread. */
export function load(code: Uint8Array<ArrayBuffer>, shared: boolean): LoadedCore {
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES, shared });
  const module = new WebAssembly.Module(shared ? code : withoutSharedMemory(code));
  return { module, memory, kernels: instantiate(module, memory) };
}

/** The life of a thread of the pool: its own instance of the module over the shared memory, in the pool's loop for good. */
export function serve({ module, memory, thread, scratch }: WorkerStart): void {
  const kernels = instantiate(module, memory);
  kernels.setup(thread, scratch);
  try {
    kernels.workerLoop();
  } catch (error) {
    kernels.workerDied();
    throw error;
  }
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const abort = () => {
    throw new Error("the compute core aborted");
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as Kernels;
}

// The same code for a memory that is not shared: only the import's limits say which it is (3: shared, 1: not).
function withoutSharedMemory(code: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const text = (name: string) => [name.length, ...Array.from(name, (character) => character.charCodeAt(0))];
  const entry = [...text("env"), ...text("memory"), 2, 3];
  const at = code.findIndex((_, start) => entry.every((byte, i) => code[start + i] === byte));
  if (at < 0)
    throw new Error('build/core.wasm does not import its memory as expected: run "npm run prepare".');
  const copy = code.slice();
  copy[at + entry.length - 1] = 1;
  return copy;
}
