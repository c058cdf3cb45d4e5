// The thread pool: one claim word in shared memory from which every thread takes the next chunk of the current task.
// The calling thread publishes a task, takes part itself and waits for the chunks that others claimed. A chunk owns its
// part of the output, so results do not depend on which thread ran it or when.
import { ACTIVE, BROKEN, CLAIM, DONE, IN_FLIGHT, LIMIT, QUIT, SEQUENCE, SLEEPING, TASK, WIDE, WORKERS } from "./control";
import { runChunk } from "./tasks";

// Polls before a worker goes to sleep (20–40 µs): bridges the JavaScript between the calls of one training step.
const SPINS: i32 = 20000;
// Polls before the caller, waiting for the last chunks, starts to give up its time slice.
const PATIENCE: i32 = 2000000;
const PAUSE_NANOSECONDS: i64 = 50000;

/** Work below this many multiply-adds or 4-byte elements moved is not worth waking a sleeping thread for. */
export const WORTH_WAKING: f64 = 2000000;

// Globals belong to an instance, hence to one thread.
let thread: i32 = 0;
let generation: i64 = 0;
/** This thread's scratch memory, 2 MB. */
export let scratch: usize = 0;

export function setup(threadIndex: i32, scratchPointer: usize): void {
  thread = threadIndex;
  scratch = scratchPointer;
}

export function setThreadLimit(count: i32): void {
  begin();
  atomic.store<i32>(LIMIT, count);
}

export function workersReady(): i32 {
  return atomic.load<i32>(WORKERS);
}

export function setWide(on: i32): void {
  begin();
  atomic.store<i32>(WIDE, on);
}

@inline
export function isWide(): bool {
  return load<i32>(WIDE) != 0;
}

@inline
function claimable(): bool {
  const claim = atomic.load<i64>(CLAIM);
  return (claim as i32) < (((claim >> 32) as i32) & 0xffff) && thread < atomic.load<i32>(LIMIT);
}

// Runs chunks until none is left; returns how many this thread ran.
function work(): i32 {
  let count = 0;
  for (;;) {
    const claim = atomic.add<i64>(CLAIM, 1);
    const chunk = claim as i32;
    if (chunk >= (((claim >> 32) as i32) & 0xffff)) break;
    runChunk(load<i32>(TASK), chunk);
    count++;
    if (thread) atomic.add<i32>(DONE, 1);
  }
  return count;
}

/** A worker's life. Never returns before quit(). */
export function workerLoop(): void {
  atomic.add<i32>(WORKERS, 1);
  for (;;) {
    let found = false;
    for (let spin = 0; spin < SPINS; spin++) {
      if (claimable()) {
        found = true;
        break;
      }
    }
    if (!found) {
      const sequence = atomic.load<i32>(SEQUENCE);
      atomic.add<i32>(SLEEPING, 1);
      if (!claimable() && !atomic.load<i32>(QUIT)) atomic.wait<i32>(SEQUENCE, sequence, -1);
      atomic.sub<i32>(SLEEPING, 1);
    }
    if (atomic.load<i32>(QUIT)) return;
    if (!claimable()) continue;
    // ACTIVE is raised before the claim: whoever closes the claim word and then sees ACTIVE at 0 knows that no worker
    // is inside a chunk or can still enter one.
    atomic.add<i32>(ACTIVE, 1);
    work();
    atomic.sub<i32>(ACTIVE, 1);
  }
}

/** Called for a worker whose loop ended with a trap, by its TypeScript side. */
export function workerDied(): void {
  atomic.sub<i32>(WORKERS, 1);
  atomic.store<i32>(BROKEN, 1);
  atomic.sub<i32>(ACTIVE, 1);
}

export function quit(): void {
  atomic.store<i32>(QUIT, 1);
  atomic.add<i32>(SEQUENCE, 1);
  atomic.notify(SEQUENCE, -1);
}

/**
 * To be called before the arguments of a task are written. If the last call was terminated in its middle (an interrupt),
 * workers may still be at its chunks: nothing more can be claimed, and those in hand are waited for.
 */
@inline
export function begin(): void {
  if (atomic.load<i32>(IN_FLIGHT)) rest();
}

/** Brings the pool to rest after a terminated call; without one it returns at once. */
export function rest(): void {
  if (!atomic.load<i32>(IN_FLIGHT)) return;
  atomic.store<i64>(CLAIM, 0);
  let spin = 0;
  while (atomic.load<i32>(ACTIVE) > 0) {
    if (++spin > PATIENCE) atomic.wait<i32>(IN_FLIGHT, 1, PAUSE_NANOSECONDS);
  }
  atomic.store<i32>(BROKEN, 0);
  atomic.store<i32>(IN_FLIGHT, 0);
}

/** Runs chunks 0 … chunks − 1 (at most 65535) of a task; wake: worth waking sleeping workers for. */
export function parallel(task: i32, chunks: i32, wake: bool): void {
  if (chunks <= 1 || atomic.load<i32>(WORKERS) == 0 || atomic.load<i32>(LIMIT) < 2) {
    for (let chunk = 0; chunk < chunks; chunk++) runChunk(task, chunk);
    return;
  }
  atomic.store<i32>(IN_FLIGHT, 1);
  store<i32>(TASK, task);
  atomic.store<i32>(DONE, 0);
  generation = (generation + 1) & 0x7fff;
  atomic.store<i64>(CLAIM, (generation << 48) | ((chunks as i64) << 32));
  if (wake && atomic.load<i32>(SLEEPING) > 0) {
    atomic.add<i32>(SEQUENCE, 1);
    atomic.notify(SEQUENCE, -1);
  }
  const mine = work();
  let spin = 0;
  while (atomic.load<i32>(DONE) + mine < chunks) {
    if (atomic.load<i32>(BROKEN)) unreachable();
    if (++spin > PATIENCE) {
      atomic.wait<i32>(IN_FLIGHT, 1, PAUSE_NANOSECONDS);
      spin = PATIENCE - PATIENCE / 20;
    }
  }
  atomic.store<i32>(IN_FLIGHT, 0);
}
