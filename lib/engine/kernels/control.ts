// Fixed addresses in the memory's first 64 KB, shared by all threads, and the address arithmetic of all kernels.

// The control block of the thread pool, one cache line a word.

/** i64: [generation 16 | number of chunks 16 | next chunk 32]. */
export const CLAIM: usize = 4096;
/** Bumped to wake sleeping workers. */
export const SEQUENCE: usize = 4096 + 64;
/** Chunks of the current task finished by workers. */
export const DONE: usize = 4096 + 128;
export const SLEEPING: usize = 4096 + 192;
export const QUIT: usize = 4096 + 256;
/** Workers that have reached their loop. */
export const WORKERS: usize = 4096 + 320;
/** Threads allowed to take part, the calling one included. */
export const LIMIT: usize = 4096 + 384;
/** Workers between their first claim and their last chunk. */
export const ACTIVE: usize = 4096 + 448;
/** 1 from before a task is published until all its chunks are done: still 1 at the next call if the last was terminated. */
export const IN_FLIGHT: usize = 4096 + 512;
/** Set by a worker that died of a trap. */
export const BROKEN: usize = 4096 + 576;
/** 1: matrix kernels 16 columns wide (for 256-bit vectors), 0: 8 columns. */
export const WIDE: usize = 4096 + 640;
export const TASK: usize = 4096 + 704;
/** Where a family keeps the arguments of its task (an @unmanaged class laid over it). */
export const ARGUMENTS: usize = 8192;

@inline
export function bytes(count: i32): usize {
  return (count as usize) << 2;
}

@inline
export function divideUp(a: i32, b: i32): i32 {
  return (a + b - 1) / b;
}
