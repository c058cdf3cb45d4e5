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

/** There is no room for a block; the message says why. */
export class NoRoomError extends RangeError {}

/**
 * Frees something when there is no room for `bytes`, attempt after attempt (from 1); false: there is nothing left that it
 * can free. `isRefused`: the system gives no more, though the memory could grow.
 */
export type Relieve = (bytes: number, attempt: number, isRefused: boolean) => boolean;

export interface Limits {
  maxPages?: number;
  relieve?: Relieve;
  /** Bytes that the machine has left. What is beyond them would be granted at first, and kill the process when it is used. */
  available?: () => number;
}

export class BlockMemory implements Memory {
  #memory: WebAssembly.Memory;
  #buffer: ArrayBufferLike;
  #rest: () => void;
  #top: Pointer;
  /** The most that all blocks together can hold. */
  readonly limitBytes: number;
  readonly #relieve: Relieve;
  readonly #available: () => number;
  /** Whether the system refused to give more, when there was last no room. */
  #isRefused = false;
  readonly #used = new Map<Pointer, number>();
  readonly #free = new Map<number, Pointer[]>();
  #freeBytes = 0;
  #spans: Span[] = [];
  bytesInUse = 0;
  peakBytes = 0;

  /** Blocks lie from `start` on. `rest` brings the threads to rest after a call that was cut short. */
  constructor(
    memory: WebAssembly.Memory,
    start: Pointer,
    rest: () => void,
    { maxPages = MAX_PAGES, relieve = () => false, available = () => Number.POSITIVE_INFINITY }: Limits = {},
  ) {
    this.#memory = memory;
    this.#buffer = memory.buffer;
    this.#rest = rest;
    this.#relieve = relieve;
    this.#available = available;
    this.#top = start;
    // Kernels may read (never write) up to 64 bytes past a block.
    this.limitBytes = maxPages * PAGE - ALIGNMENT;
  }

  /** @throws NoRoomError when there is no room, and nothing that could be freed for it */
  allocate(bytes: number): Pointer {
    if (!(bytes >= 0)) throw new RangeError(`engine: cannot allocate ${bytes} bytes`);
    if (bytes > this.limitBytes) throw this.#noRoom();
    // A thread may still be writing to a block that was in use when an interrupt came.
    this.#rest();
    const size = sizeClass(bytes);
    let pointer = this.#recycled(size) ?? this.#fresh(size);
    for (let attempt = 1; pointer === undefined; attempt++) {
      const isRefused = this.#isRefused;
      if (!this.#relieve(size, attempt, isRefused)) {
        throw isRefused ? new NoRoomError("the system gives no more memory") : this.#noRoom();
      }
      pointer = this.#recycled(size) ?? this.#fresh(size);
    }
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

  #fresh(size: number): Pointer | undefined {
    const fromSpan = this.#cutSpan(size);
    if (fromSpan !== undefined) return fromSpan;
    const grows = this.#top + size + ALIGNMENT > this.#buffer.byteLength;
    if (grows && this.#freeBytes >= Math.max(MERGE_FROM, this.bytesInUse / 4)) {
      const merged = this.#mergeAndCut(size);
      if (merged !== undefined) return merged;
    }
    return (
      this.#atTop(size) ?? (this.#freeBytes > 0 ? (this.#mergeAndCut(size) ?? this.#atTop(size)) : undefined)
    );
  }

  #noRoom(): NoRoomError {
    return new NoRoomError(`the compute core has ${inWords(this.limitBytes)} at most`);
  }

  #mergeAndCut(size: number): Pointer | undefined {
    this.#merge();
    return this.#cutSpan(size);
  }

  #atTop(size: number): Pointer | undefined {
    const pointer = this.#top;
    const isWithin = pointer + size <= this.limitBytes;
    this.#isRefused = isWithin && !this.#growTo(pointer + size + ALIGNMENT);
    if (!isWithin || this.#isRefused) return undefined;
    this.#top += size;
    return pointer;
  }

  #growTo(bytes: number): boolean {
    const have = this.#buffer.byteLength;
    if (bytes <= have) return true;
    const wanted = Math.min(Math.max(bytes, have + Math.max(GROWTH, have / 4)), this.limitBytes + ALIGNMENT);
    const most = have + this.#available();
    for (const target of [wanted, bytes]) {
      if (target > most) continue;
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

const units = ["bytes", "KB", "MB", "GB", "TB", "PB", "EB"];

/** A number of bytes as people say it. */
export function inWords(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const digits = power === 0 ? 0 : power < 3 ? 1 : 2;
  return `${(bytes / 1024 ** power).toFixed(digits)} ${units[power]}`;
}
