// The core's memory in blocks: 64-byte boundaries, sizes rounded up by at most an eighth, blocks recycled by size.
// Fresh pages are slow at their first touch, so a freed block serves the next request of its size; only when much lies
// free in sizes that nobody asks for are neighbours merged and cut anew.
import type { Memory, Pointer } from "./core.ts";

const ALIGNMENT = 64;
const PAGE = 65536;
const MAX_PAGES = 65536;
const GROWTH = 8 << 20;
// Free bytes worth the work of merging before the memory grows.
const MERGE_FROM = 32 << 20;

interface Span {
  pointer: Pointer;
  size: number;
}

/** Rounds up to a size class: multiples of 64 up to 512 bytes, then eight classes for each power of two. */
export function sizeClass(bytes: number): number {
  if (bytes <= 512) return Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
  const step = Math.max(ALIGNMENT, 2 ** (Math.ceil(Math.log2(bytes)) - 4));
  return Math.ceil(bytes / step) * step;
}

export class BlockMemory implements Memory {
  #memory: WebAssembly.Memory;
  #buffer: ArrayBufferLike;
  #rest: () => void;
  #top: Pointer;
  readonly limitBytes: number;
  readonly #used = new Map<Pointer, number>();
  readonly #free = new Map<number, Pointer[]>();
  #freeBytes = 0;
  #spans: Span[] = [];
  bytesInUse = 0;
  peakBytes = 0;

  /** Blocks lie from `start` on. `rest` brings the threads to rest after a call that was cut short. */
  constructor(memory: WebAssembly.Memory, start: Pointer, rest: () => void, maxPages = MAX_PAGES) {
    this.#memory = memory;
    this.#buffer = memory.buffer;
    this.#rest = rest;
    this.#top = start;
    // Kernels may read (never write) up to 64 bytes past a block.
    this.limitBytes = maxPages * PAGE - ALIGNMENT;
  }

  allocate(bytes: number): Pointer {
    if (!(bytes >= 0)) throw new RangeError(`engine: cannot allocate ${bytes} bytes`);
    // A thread may still be writing to a block that was in use when an interrupt came.
    this.#rest();
    const size = sizeClass(bytes);
    const pointer = this.#recycled(size) ?? this.#fresh(size);
    this.#used.set(pointer, size);
    this.bytesInUse += size;
    if (this.bytesInUse > this.peakBytes) this.peakBytes = this.bytesInUse;
    return pointer;
  }

  free(pointer: Pointer): void {
    const size = this.#used.get(pointer);
    if (size === undefined) throw new Error(`engine: ${pointer} is not a block in use (freed twice?)`);
    this.#used.delete(pointer);
    this.bytesInUse -= size;
    this.#freeBytes += size;
    const list = this.#free.get(size);
    if (list) list.push(pointer);
    else this.#free.set(size, [pointer]);
  }

  float32(pointer: Pointer, length: number): Float32Array {
    return new Float32Array(this.#buffer, pointer, length);
  }

  float64(pointer: Pointer, length: number): Float64Array {
    return new Float64Array(this.#buffer, pointer, length);
  }

  int32(pointer: Pointer, length: number): Int32Array {
    return new Int32Array(this.#buffer, pointer, length);
  }

  uint8(pointer: Pointer, length: number): Uint8Array {
    return new Uint8Array(this.#buffer, pointer, length);
  }

  get blocksInUse(): number {
    return this.#used.size;
  }

  get reservedBytes(): number {
    return this.#buffer.byteLength;
  }

  #recycled(size: number): Pointer | undefined {
    const pointer = this.#free.get(size)?.pop();
    if (pointer !== undefined) this.#freeBytes -= size;
    return pointer;
  }

  #fresh(size: number): Pointer {
    const fromSpan = this.#cutSpan(size);
    if (fromSpan !== undefined) return fromSpan;
    const grows = this.#top + size + ALIGNMENT > this.#buffer.byteLength;
    const full = this.#top + size > this.limitBytes;
    if (
      (grows && this.#freeBytes >= Math.max(MERGE_FROM, this.bytesInUse / 4)) ||
      (full && this.#freeBytes > 0)
    ) {
      this.#merge();
      const merged = this.#cutSpan(size);
      if (merged !== undefined) return merged;
    }
    if (this.#top + size > this.limitBytes || !this.#growTo(this.#top + size + ALIGNMENT)) {
      throw new Error(
        `engine: no room for ${inWords(size)}: ${inWords(this.bytesInUse)} are in use in ${this.#used.size} blocks ` +
          `and the memory holds at most ${inWords(this.limitBytes)}. Use a smaller batch, or keep fewer large tensors.`,
      );
    }
    const pointer = this.#top;
    this.#top += size;
    return pointer;
  }

  #growTo(bytes: number): boolean {
    const have = this.#buffer.byteLength;
    if (bytes <= have) return true;
    const wanted = Math.min(Math.max(bytes, have + Math.max(GROWTH, have / 4)), this.limitBytes + ALIGNMENT);
    for (const target of [wanted, bytes]) {
      try {
        this.#memory.grow(Math.ceil((target - have) / PAGE));
        this.#buffer = this.#memory.buffer;
        return true;
      } catch {
        // The system refused the generous step: try what is needed, then give up.
      }
    }
    return false;
  }

  #cutSpan(size: number): Pointer | undefined {
    const index = this.#spans.findIndex((span) => span.size >= size);
    if (index < 0) return undefined;
    const span = this.#spans[index]!;
    const pointer = span.pointer;
    if (span.size === size) this.#spans.splice(index, 1);
    else this.#spans[index] = { pointer: pointer + size, size: span.size - size };
    return pointer;
  }

  // Free blocks of all sizes become spans as long as they can be; one that ends at the top gives its room back.
  #merge(): void {
    const pieces = this.#spans;
    for (const [size, list] of this.#free) for (const pointer of list) pieces.push({ pointer, size });
    this.#spans = [];
    this.#free.clear();
    this.#freeBytes = 0;
    pieces.sort((a, b) => a.pointer - b.pointer);
    for (const piece of pieces) {
      const last = this.#spans.at(-1);
      if (last && last.pointer + last.size === piece.pointer) last.size += piece.size;
      else this.#spans.push(piece);
    }
    const last = this.#spans.at(-1);
    if (last && last.pointer + last.size === this.#top) {
      this.#top = last.pointer;
      this.#spans.pop();
    }
  }
}

/** "12.3 MB". */
export function inWords(bytes: number): string {
  if (bytes < 1 << 20) return `${(bytes / 1024).toFixed(1)} KB`;
  if (bytes < 2 ** 30) return `${(bytes / 2 ** 20).toFixed(1)} MB`;
  return `${(bytes / 2 ** 30).toFixed(2)} GB`;
}
