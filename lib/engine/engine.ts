// The compute engine as the rest of the library sees it: loaded at first use, with the operations that need working
// memory or planning before they reach the core.
import type { BinaryCode, Core, Engine, EngineInfo, Pointer, WidthReason, Windows } from "./core.ts";
import { checkThreads, type ThreadCount } from "./cpus.ts";
import { size } from "./geometry.ts";
import { broadcastStrides, mergeAxes } from "./layout.ts";
import { BlockMemory, type Relieve } from "./memory.ts";
import { platform } from "./node.ts";
import { compareWidths } from "./self-check.ts";
import { Threads } from "./threads.ts";
import { type Kernels, load } from "./wasm.ts";
import { CompiledWindows } from "./windows.ts";

// The first megabyte holds the control block, the module's constants and room to spare; blocks start above.
const FIRST_BLOCK = 1 << 20;
const SCRATCH_BYTES = 2 << 20;
// Where int32 layouts are handed to the strided kernels: below 64 KB, beside the control block.
const LAYOUT_AT = 16384;
const MAX_RANK = 6;

interface Parts {
  kernels: Kernels;
  memory: BlockMemory;
  windows: Windows;
  shared: boolean;
  threads: Threads | null;
  threadsReason: string;
  simd: 256 | 128;
  simdReason: WidthReason;
}

export interface EngineOptions {
  /** Forces the width of the matrix kernels; by default LECTERN_SIMD, or what the self-check finds faster. */
  simd?: 256 | 128;
  threads?: number;
  /** False: memory of its own, one thread (what a page without SharedArrayBuffer gets). */
  shared?: boolean;
}

export class ComputeEngine implements Engine {
  readonly #options: EngineOptions;
  #parts: Parts | null = null;
  /** Asked when there is no room in the memory; set by whoever holds blocks. */
  relieve: Relieve = () => false;

  constructor(options: EngineOptions = {}) {
    this.#options = options;
  }

  get core(): Core {
    return (this.#parts ?? this.#load()).kernels;
  }

  get memory(): BlockMemory {
    return (this.#parts ?? this.#load()).memory;
  }

  get windows(): Windows {
    return (this.#parts ?? this.#load()).windows;
  }

  /** Runs the garbage collector now, over the young objects or over all, where the platform can. */
  collect(all: boolean): void {
    platform.collect(all);
  }

  /** The whole module, for the engine's own tests. */
  get kernels(): Kernels {
    return (this.#parts ?? this.#load()).kernels;
  }

  #load(): Parts {
    const shared = this.#options.shared ?? typeof SharedArrayBuffer !== "undefined";
    const count = this.#threadCount(shared);
    const forced = this.#options.simd ?? simdFromEnvironment();
    const flag = forced === 128 ? "absent" : platform.enableWideVectors();
    const core = load(platform.readCore(), shared);
    const { kernels } = core;
    const relieve: Relieve = (...need) => this.relieve(...need);
    const memory = new BlockMemory(core.memory, FIRST_BLOCK, () => kernels.rest(), {
      relieve,
      available: platform.availableBytes,
    });
    const scratch = () => memory.allocate(SCRATCH_BYTES);
    kernels.setup(0, scratch());
    kernels.setThreadLimit(1);
    const simdReason = forced ? "asked for" : flag === "on" ? compareWidths(kernels, memory) : flag;
    const simd = forced ?? (simdReason === "faster" || simdReason === "unsure" ? 256 : 128);
    kernels.setWide(simd === 256 ? 1 : 0);
    const pool = shared && platform.singleThread === null;
    this.#parts = {
      kernels,
      memory,
      windows: new CompiledWindows(kernels, memory),
      shared,
      threads: pool ? new Threads(core, scratch, platform.startWorker) : null,
      threadsReason: count.reason,
      simd,
      simdReason,
    };
    this.#parts.threads?.setLimit(count.threads);
    return this.#parts;
  }

  #threadCount(shared: boolean): ThreadCount {
    if (!shared) return { threads: 1, reason: "memory cannot be shared between threads here" };
    if (platform.singleThread !== null) return { threads: 1, reason: platform.singleThread };
    const { threads } = this.#options;
    return threads === undefined ? platform.threadCount() : { threads, reason: "asked for" };
  }

  info(): EngineInfo {
    const { memory, shared, threads, threadsReason, simd, simdReason } = this.#parts ?? this.#load();
    return {
      simd,
      simdReason,
      shared,
      threads: threads?.active ?? 1,
      threadsWanted: threads?.wanted ?? 1,
      threadsReason,
      bytesInUse: memory.bytesInUse,
      peakBytes: memory.peakBytes,
      reservedBytes: memory.reservedBytes,
      limitBytes: memory.limitBytes,
    };
  }

  setThreads(count: number): void {
    checkThreads(count);
    const parts = this.#parts ?? this.#load();
    if (parts.threads === null) return;
    parts.threads.setLimit(count);
    parts.threadsReason = `setThreads(${count})`;
  }

  async threadsReady(): Promise<void> {
    await (this.#parts ?? this.#load()).threads?.ready();
  }

  binary(
    op: BinaryCode,
    a: Pointer,
    aShape: readonly number[],
    b: Pointer,
    bShape: readonly number[],
    out: Pointer,
    outShape: readonly number[],
  ): void {
    const { kernels, memory } = this.#parts ?? this.#load();
    const total = size(outShape);
    if (total === 0) return;
    const aSize = size(aShape);
    const bSize = size(bShape);
    if (aSize === total && bSize === total) {
      kernels.binary(op, a, b, out, total);
      return;
    }
    if (bSize === 1) {
      kernels.binaryScalar(op, a, memory.float32(b, 1)[0]!, out, total);
      return;
    }
    if (aSize === 1) {
      kernels.scalarBinary(op, memory.float32(a, 1)[0]!, b, out, total);
      return;
    }
    const { shape, strides } = mergeAxes(outShape, [
      broadcastStrides(aShape, outShape),
      broadcastStrides(bShape, outShape),
    ]);
    const [aStrides, bStrides] = strides as [number[], number[]];
    const [rows, columns] = shape as [number, number];
    const isRow = (list: number[]) => list[0] === 0 && list[1] === 1;
    if (shape.length === 2 && isRow(bStrides) && aSize === total) {
      kernels.binaryRow(op, a, b, out, rows, columns, 0);
      return;
    }
    if (shape.length === 2 && isRow(aStrides) && bSize === total) {
      kernels.binaryRow(op, b, a, out, rows, columns, 1);
      return;
    }
    kernels.binaryStrided(op, a, b, out, shape.length, this.#writeLayout(shape, aStrides, bStrides));
  }

  copyStrided(
    source: Pointer,
    sourceStrides: readonly number[],
    target: Pointer,
    targetStrides: readonly number[],
    shape: readonly number[],
    accumulate = false,
  ): void {
    if (size(shape) === 0) return;
    const merged = mergeAxes(shape, [sourceStrides, targetStrides]);
    const [from, to] = merged.strides as [number[], number[]];
    this.kernels.copyStrided(
      source,
      target,
      merged.shape.length,
      this.#writeLayout(merged.shape, from, to),
      accumulate ? 1 : 0,
    );
  }

  #writeLayout(...lists: number[][]): Pointer {
    const rank = lists[0]!.length;
    if (rank > MAX_RANK) {
      throw new Error(`engine: ${rank} axes that cannot be merged are more than the ${MAX_RANK} supported`);
    }
    const view = this.memory.int32(LAYOUT_AT, lists.length * rank);
    lists.forEach((list, index) => {
      view.set(list, index * rank);
    });
    return LAYOUT_AT;
  }
}

function simdFromEnvironment(): 256 | 128 | undefined {
  const wanted = platform.variable("LECTERN_SIMD");
  if (wanted === undefined || wanted === "") return undefined;
  if (wanted === "256") return 256;
  if (wanted === "128") return 128;
  throw new RangeError(
    `LECTERN_SIMD=${wanted}: vectors have 128 or 256 bits; leave it unset for the faster ones`,
  );
}

/** The engine of this process. */
export const engine: ComputeEngine = new ComputeEngine();
