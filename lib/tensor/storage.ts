// Where the numbers of tensors are: blocks of the engine's memory that are freed, or moved out, without anybody disposing them.
//
// WebAssembly memory is invisible to the garbage collector, and finalizers never run inside a synchronous loop. So four
// things together keep memory bounded:
//   1. backward() releases its own gradients and what only the graph had saved;
//   2. scope(fn) releases what a training step made and nobody kept;
//   3. a finalization registry frees the block of a storage that no tensor uses any more;
//   4. above the budget, the blocks that were not used for longest move to ordinary JavaScript arrays. Those of dead
//      tensors then vanish with the garbage collector, the others come back when they are next used.
import { engine } from "../engine/engine.ts";
import { checkSynchronous, resetWhenIdle, whenIdle } from "./interruption.ts";

/** One allocation. Held strongly by the list of resident blocks, so it must not lead back to its Storage. */
class Block {
  /** Address in the engine's memory; 0 when moved out or released. */
  pointer: number;
  readonly bytes: number;
  /** The content while it is moved out. */
  movedOut: Uint8Array | null = null;
  previous: Block | null = null;
  next: Block | null = null;
  /** Reading of the clock at the last use, and when the block was put at the end of the list. */
  lastUse = 0;
  queued = 0;
  /** What the registry holds for this block, once it is registered. */
  watch: Watch | null = null;

  constructor(pointer: number, bytes: number) {
    this.pointer = pointer;
    this.bytes = bytes;
  }
}

/**
 * The registry holds this until its callback runs, which is after the running job at the earliest. So it must not lead to
 * content that was moved out: only to a block in the engine's memory.
 */
interface Watch {
  block: Block | null;
}

/** A block used this few uses ago may be an operand of the operation in progress: it stays. */
const RECENT_USES = 32;

let budget = 512 * 1024 * 1024;
let clock = 0;
let residentBytes = 0;
let oldest: Block | null = null;
let newest: Block | null = null;
/** Storages made in the innermost scope that is running. */
let scoped: Storage[] | null = null;
/** How many times numbers were overwritten in place, and what a backward pass may still read: see guardReads. */
let changes = 0;
let readableUpTo = Number.POSITIVE_INFINITY;
let reader = "";

const registry = new FinalizationRegistry<Watch>(({ block }) => {
  if (block !== null && block.pointer !== 0) freeBlock(block);
});

function watch(storage: Storage, block: Block): void {
  block.watch = { block: block.pointer === 0 ? null : block };
  registry.register(storage, block.watch);
}

/** The numbers that one or several tensors (views) share. */
export class Storage {
  readonly #block: Block;
  /** How many gradients waiting in a backward pass use this storage. */
  waiting = 0;
  /** Which change in place was the last one here; 0 when there was none. */
  changed = 0;
  #kept = false;
  #lifted = false;
  #pinned = false;

  /** A block of `bytes` bytes with undefined content. */
  constructor(bytes: number) {
    if (residentBytes + bytes > budget) moveOut(Math.max(0, budget - bytes - budget / 16));
    this.#block = new Block(engine.memory.allocate(bytes === 0 ? 4 : bytes), bytes);
    residentBytes += bytes;
    enqueue(this.#block);
    if (scoped !== null) scoped.push(this);
    else watch(this, this.#block);
  }

  get bytes(): number {
    return this.#block.bytes;
  }

  get isReleased(): boolean {
    return this.#block.pointer === 0 && this.#block.movedOut === null;
  }

  /** Address in the engine's memory, valid through the operation in progress; brings the content back if it was moved out. */
  pointer(): number {
    const block = this.#block;
    block.lastUse = ++clock;
    if (this.changed > readableUpTo) throw changedError();
    return block.pointer !== 0 ? block.pointer : moveIn(block);
  }

  /** To be called when the numbers have been overwritten in place. */
  markChanged(): void {
    this.changed = ++changes;
  }

  /** Survives every scope; the garbage collector frees it when no tensor uses it any more. */
  keep(): void {
    if (this.isReleased) throw releasedError();
    this.#kept = true;
  }

  /** Survives the scope that made it and lands in the one around it: for the results of a piece of work. */
  lift(): void {
    this.#lifted = true;
  }

  /** Stays where it is in the engine's memory for good (until collected): for the arenas of optimizers. */
  pin(): number {
    this.keep();
    const pointer = this.pointer();
    if (!this.#pinned) dequeue(this.#block);
    this.#pinned = true;
    return pointer;
  }

  /** Gives the memory back now. A later use throws. */
  release(): void {
    const block = this.#block;
    block.movedOut = null;
    if (block.pointer !== 0) freeBlock(block);
  }

  /** The end of the scope that made it: released, or passed on to the scope around, or to the garbage collector. */
  leave(): void {
    if (this.isReleased) return;
    if (!this.#kept && !this.#lifted) this.release();
    else if (scoped !== null) scoped.push(this);
    else watch(this, this.#block);
    this.#lifted = false;
  }
}

/** How many times numbers were overwritten in place so far. */
export function changesSoFar(): number {
  return changes;
}

/**
 * From here on, reading numbers that were overwritten in place after the given change throws, until {@link allowReads}: an
 * operation's gradient is only right with the numbers that the operation saw.
 */
export function guardReads(after: number, operation: string): void {
  readableUpTo = after;
  reader = operation;
}

/** Ends {@link guardReads}. */
export function allowReads(): void {
  readableUpTo = Number.POSITIVE_INFINITY;
}

/**
 * Runs a piece of work, such as a training step, and releases the tensors it made that were not kept (`tensor.keep()`).
 * A later use of a released tensor throws. Not for asynchronous functions.
 */
export function scope<T>(work: () => T): T {
  const outer = enterScope();
  try {
    return checkSynchronous("scope", work());
  } finally {
    leaveScope(outer);
  }
}

/** Starts a scope; the result goes to `leaveScope`. `scope` without a closure, for backward. */
export function enterScope(): Storage[] | null {
  const outer = scoped;
  scoped = [];
  resetWhenIdle();
  return outer;
}

export function leaveScope(outer: Storage[] | null): void {
  const made = scoped!;
  scoped = outer;
  for (let i = 0; i < made.length; i++) made[i]!.leave();
}

whenIdle(allowReads);

// An interrupted step: what it made may be in use by now, so the garbage collector decides.
whenIdle(() => {
  const made = scoped ?? [];
  scoped = null;
  for (const storage of made) {
    storage.lift();
    storage.leave();
  }
});

/** Sets how many bytes tensors may hold in the engine's memory before the oldest are moved out. Returns the former budget. */
export function setMemoryBudget(bytes: number): number {
  const former = budget;
  budget = bytes;
  if (residentBytes > budget) moveOut(budget);
  return former;
}

/** Bytes of tensors in the engine's memory now. */
export function bytesResident(): number {
  return residentBytes;
}

function moveOut(target: number): void {
  const started = clock;
  let block = oldest;
  while (block !== null && residentBytes > target) {
    const next: Block | null = block.next;
    if (block.queued > started) break;
    if (block.lastUse > block.queued || clock - block.lastUse < RECENT_USES) {
      dequeue(block);
      enqueue(block);
    } else {
      block.movedOut = engine.memory.uint8(block.pointer, block.bytes).slice();
      freeBlock(block);
      if (block.watch !== null) block.watch.block = null;
    }
    block = next;
  }
}

function moveIn(block: Block): number {
  const content = block.movedOut;
  if (content === null) throw releasedError();
  if (residentBytes + block.bytes > budget) moveOut(Math.max(0, budget - block.bytes - budget / 16));
  block.pointer = engine.memory.allocate(block.bytes === 0 ? 4 : block.bytes);
  engine.memory.uint8(block.pointer, block.bytes).set(content);
  block.movedOut = null;
  if (block.watch !== null) block.watch.block = block;
  residentBytes += block.bytes;
  enqueue(block);
  return block.pointer;
}

function freeBlock(block: Block): void {
  engine.memory.free(block.pointer);
  block.pointer = 0;
  residentBytes -= block.bytes;
  dequeue(block);
}

function enqueue(block: Block): void {
  block.queued = ++clock;
  block.lastUse = block.queued;
  block.previous = newest;
  block.next = null;
  if (newest === null) oldest = block;
  else newest.next = block;
  newest = block;
}

/** Takes a block out of the list; harmless for one that is not in it (a pinned one). */
function dequeue(block: Block): void {
  if (block.previous !== null) block.previous.next = block.next;
  else if (oldest === block) oldest = block.next;
  if (block.next !== null) block.next.previous = block.previous;
  else if (newest === block) newest = block.previous;
  block.previous = null;
  block.next = null;
}

function changedError(): Error {
  return new Error(
    `backward: a tensor that ${reader} needs for its gradient was overwritten in place (by assign(…) or an optimizer's ` +
      "step) after it was used, so the gradient would be wrong — call backward() before, or compute the loss again",
  );
}

function releasedError(): Error {
  return new Error(
    "this tensor was released: it was made inside a training step (fit, trainOnBatch or scope) and given back when the " +
      "step ended — call .keep() on it inside the step, or read its numbers there with item(), toArray() or data()",
  );
}
