// The compute engine as the rest of the library sees it: loaded at first use, with the operations that need working
// memory or planning before they reach the core.
import type { BinaryCode, Convolution, Core, Engine, EngineInfo, Flag, Pointer, Window } from "./core.ts";
import { align, type Images, imagesUnder, panelSize, size, windowArguments } from "./geometry.ts";
import { broadcastStrides, mergeAxes } from "./layout.ts";
import { BlockMemory } from "./memory.ts";
import { widerIsBetter } from "./self-check.ts";
import { defaultThreads, Threads } from "./threads.ts";
import { type Kernels, load } from "./wasm.ts";

// The first megabyte holds the control block, the module's constants and room to spare; blocks start above.
const FIRST_BLOCK = 1 << 20;
const SCRATCH_BYTES = 2 << 20;
// Where int32 layouts are handed to the strided kernels: below 64 KB, beside the control block.
const LAYOUT_AT = 16384;
const MAX_RANK = 6;

interface Parts {
  kernels: Kernels;
  memory: BlockMemory;
  threads: Threads | null;
  simd: 256 | 128;
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
  #workspace: Pointer = 0;
  #workspaceBytes = 0;

  constructor(options: EngineOptions = {}) {
    this.#options = options;
  }

  get core(): Core {
    return (this.#parts ?? this.#load()).kernels;
  }

  get memory(): BlockMemory {
    return (this.#parts ?? this.#load()).memory;
  }

  /** The whole module, for the engine's own tests. */
  get kernels(): Kernels {
    return (this.#parts ?? this.#load()).kernels;
  }

  #load(): Parts {
    const shared = this.#options.shared ?? typeof SharedArrayBuffer !== "undefined";
    const forced = this.#options.simd ?? simdFromEnvironment();
    const core = load(shared, forced !== 128);
    const { kernels } = core;
    const memory = new BlockMemory(core.memory, FIRST_BLOCK, () => kernels.rest());
    kernels.setup(0, memory.allocate(SCRATCH_BYTES));
    kernels.setThreadLimit(1);
    const wide = forced ? forced === 256 : core.wideVectors && widerIsBetter(kernels, memory);
    kernels.setWide(wide ? 1 : 0);
    const threads = shared ? new Threads(core, () => memory.allocate(SCRATCH_BYTES)) : null;
    this.#parts = { kernels, memory, threads, simd: wide ? 256 : 128 };
    threads?.setLimit(this.#options.threads ?? defaultThreads());
    return this.#parts;
  }

  info(): EngineInfo {
    const { memory, threads, simd } = this.#parts ?? this.#load();
    return {
      simd,
      threads: threads?.active ?? 1,
      threadsWanted: threads?.wanted ?? 1,
      bytesInUse: memory.bytesInUse,
      peakBytes: memory.peakBytes,
      reservedBytes: memory.reservedBytes,
    };
  }

  setThreads(count: number): void {
    (this.#parts ?? this.#load()).threads?.setLimit(count);
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

  conv2d(g: Convolution, x: Pointer, filters: Pointer, bias: Pointer, y: Pointer, relu: boolean): void {
    const { kernels } = this.#parts ?? this.#load();
    const depth = g.windowHeight * g.windowWidth * g.channels;
    const panelBytes = panelSize(depth, g.filters);
    const images = imagesUnder(g);
    const panels = this.#reserve(panelBytes + images.bytes);
    kernels.packFilters(filters, depth, g.filters, panels);
    kernels.convolve(
      this.#padded(g, images, x, panels + panelBytes),
      g.batch,
      images.height,
      images.width,
      g.channels,
      panels,
      y,
      g.outHeight,
      g.outWidth,
      g.filters,
      g.windowHeight,
      g.windowWidth,
      g.strideY,
      g.strideX,
      bias,
      relu ? 1 : 0,
      0,
    );
  }

  conv2dInputGradient(g: Convolution, dy: Pointer, filters: Pointer, dx: Pointer, mask: Pointer = 0): void {
    const { kernels } = this.#parts ?? this.#load();
    // dy spread by the stride and padded so that a "valid" convolution with the flipped filters gives exactly dx.
    const height = g.height + g.windowHeight - 1;
    const width = g.width + g.windowWidth - 1;
    const panelBytes = panelSize(g.windowHeight * g.windowWidth * g.filters, g.channels);
    const panels = this.#reserve(panelBytes + 4 * g.batch * height * width * g.filters);
    const spread = panels + panelBytes;
    kernels.packFlippedFilters(filters, g.windowHeight, g.windowWidth, g.channels, g.filters, panels);
    kernels.padImages(
      dy,
      spread,
      g.batch,
      g.outHeight,
      g.outWidth,
      g.filters,
      g.windowHeight - 1 - g.padTop,
      g.windowWidth - 1 - g.padLeft,
      g.strideY,
      g.strideX,
      height,
      width,
    );
    kernels.convolve(
      spread,
      g.batch,
      height,
      width,
      g.filters,
      panels,
      dx,
      g.height,
      g.width,
      g.channels,
      g.windowHeight,
      g.windowWidth,
      1,
      1,
      0,
      0,
      mask,
    );
  }

  conv2dFilterGradient(g: Convolution, x: Pointer, dy: Pointer, dFilters: Pointer): void {
    const { kernels } = this.#parts ?? this.#load();
    const depth = g.windowHeight * g.windowWidth * g.channels;
    const sumsBytes = align(4 * kernels.filterGradientWorkspace(depth, g.filters));
    const images = imagesUnder(g);
    const sums = this.#reserve(sumsBytes + images.bytes);
    kernels.filterGradient(
      this.#padded(g, images, x, sums + sumsBytes),
      g.batch,
      images.height,
      images.width,
      g.channels,
      dy,
      dFilters,
      g.outHeight,
      g.outWidth,
      g.filters,
      g.windowHeight,
      g.windowWidth,
      g.strideY,
      g.strideX,
      sums,
    );
  }

  maxPool2d(g: Window, x: Pointer, y: Pointer): void {
    this.kernels.maxPool(x, y, ...windowArguments(g));
  }

  maxPool2dGradient(g: Window, x: Pointer, y: Pointer, dy: Pointer, dx: Pointer, relu = false): void {
    const flag: Flag = relu ? 1 : 0;
    this.kernels.maxPoolGradient(x, y, dy, dx, ...windowArguments(g), flag);
  }

  // Where the images are that the windows slide over: x itself, or its padded copy at `room`.
  #padded(g: Convolution, images: Images, x: Pointer, room: Pointer): Pointer {
    if (images.bytes === 0) return x;
    this.kernels.padImages(
      x,
      room,
      g.batch,
      g.height,
      g.width,
      g.channels,
      g.padTop,
      g.padLeft,
      1,
      1,
      images.height,
      images.width,
    );
    return room;
  }

  // Working memory of one call, kept for the next.
  #reserve(bytes: number): Pointer {
    if (bytes <= this.#workspaceBytes) return this.#workspace;
    const { memory } = this.#parts ?? this.#load();
    if (this.#workspaceBytes > 0) {
      this.#workspaceBytes = 0;
      memory.free(this.#workspace);
    }
    this.#workspace = memory.allocate(bytes);
    this.#workspaceBytes = bytes;
    return this.#workspace;
  }
}

function simdFromEnvironment(): 256 | 128 | undefined {
  const wanted = process.env.LECTERN_SIMD;
  if (wanted === "256") return 256;
  return wanted === "128" ? 128 : undefined;
}

/** The engine of this process. */
export const engine: ComputeEngine = new ComputeEngine();
