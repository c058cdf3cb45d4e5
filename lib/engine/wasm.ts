// Loading of the compiled core: V8's flag for 256-bit vectors, the memory, the module, and the choice between the
// wide and the narrow matrix kernels.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import type { Core, Flag, Pointer } from "./core.ts";

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
  worthGathering(stretch: number, depth: number): Flag;
  convolve(
    geometry: Pointer,
    plan: Pointer,
    source: Pointer,
    panels: Pointer,
    target: Pointer,
    backward: Flag,
    gather: Flag,
    bias: Pointer,
    relu: Flag,
  ): void;
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
  /** Whether V8 took the flag for 256-bit vectors; whether it helps is measured. */
  wideVectors: boolean;
}

const MAX_PAGES = 65536;
const INITIAL_PAGES = 64;

/** Compiles and instantiates build/core.wasm. Without shared memory everything runs on the calling thread. */
export function load(shared: boolean, wideWanted: boolean): LoadedCore {
  const path = new URL("../../build/core.wasm", import.meta.url);
  let code: Uint8Array<ArrayBuffer>;
  try {
    code = new Uint8Array(readFileSync(path));
  } catch {
    throw new Error(`The compute core is missing (${fileURLToPath(path)}): run "npm run prepare" once.`);
  }
  const wideVectors = wideWanted && enableWideVectors();
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES, shared });
  const module = new WebAssembly.Module(shared ? code : withoutSharedMemory(code));
  return { module, memory, kernels: instantiate(module, memory), wideVectors };
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const abort = () => {
    throw new Error("the compute core aborted");
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as Kernels;
}

// V8's "revectorize" pass joins pairs of 128-bit operations to 256-bit ones. It is experimental and off by default, and
// unknown to some builds: those ignore or refuse the flag. V8 reads the flag whenever it optimises a hot function, not when
// a module is compiled, so it has to stay on, and other WebAssembly with SIMD in the process goes through the pass too.
// Optimising all of the core at once and then taking the flag back works, but costs 100 ms at start and three more flags;
// LECTERN_SIMD=128 leaves V8 as it is.
function enableWideVectors(): boolean {
  if (process.arch !== "x64") return false;
  try {
    v8.setFlagsFromString("--experimental-wasm-revectorize");
    return true;
  } catch {
    return false;
  }
}

// The same code for a memory that is not shared: only the import's limits say which it is (3: shared, 1: not).
function withoutSharedMemory(code: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const entry = [3, ...Buffer.from("env"), 6, ...Buffer.from("memory"), 2, 3];
  const at = Buffer.from(code).indexOf(Buffer.from(entry));
  if (at < 0)
    throw new Error('build/core.wasm does not import its memory as expected: run "npm run prepare".');
  const copy = code.slice();
  copy[at + entry.length - 1] = 1;
  return copy;
}
