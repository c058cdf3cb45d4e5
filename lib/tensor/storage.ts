// Where the numbers of tensors are: blocks of the engine's memory that are freed, or moved out, without anybody disposing them.
//
// WebAssembly memory is invisible to the garbage collector, and finalizers never run inside a synchronous loop. So four
// things together keep memory bounded:
//   1. backward() releases its own gradients and what only the graph had saved;
//   2. scope(fn) releases what a training step made and nobody kept;
//   3. a weak reference leads from each block to its storage; the blocks of dead ones are freed after the collector has
//      been there, and it is called when much has come together (blocks.ts);
//   4. above the budget, the blocks that were not used for longest move to ordinary JavaScript arrays and come back when
//      they are next used.
import { checkFunction } from "./arguments.ts";
import { type Block, freeBlock, newBlock, pinBlock, pointerTo } from "./blocks.ts";
import { checkSynchronous, resetWhenIdle, whenIdle } from "./interruption.ts";

/** Storages made in the innermost scope that is running. */
let scoped: Storage[] | null = null;
/** How many times numbers were overwritten in place, and what a backward pass may still read: see guardReads. */
let changes = 0;
let readableUpTo = Number.POSITIVE_INFINITY;
let reader = "";

/** The numbers that one or several tensors (views) share. */
export class Storage {
  readonly #block: Block;
  /** How many gradients waiting in a backward pass use this storage. */
  waiting = 0;
  /** Which change in place was the last one here; 0 when there was none. */
  changed = 0;
  /** The scope that ends its life, unless it is kept. */
  #scope: Storage[] | null = scoped;
  #kept = false;
  #lifted = false;

  /** A block of `bytes` bytes with undefined content. */
  constructor(bytes: number) {
    this.#block = newBlock(bytes);
    if (scoped !== null) scoped.push(this);
    else this.#watch();
  }

  /** From now on the block lives as long as this storage. */
  #watch(): void {
    this.#block.owner = new WeakRef(this);
  }

  get bytes(): number {
    return this.#block.bytes;
  }

  /** Whether the scope that is running made it and will release it. */
  get isPassing(): boolean {
    return this.#scope !== null && this.#scope === scoped && !this.#kept && !this.#lifted;
  }

  get isReleased(): boolean {
    return this.#block.pointer === 0 && this.#block.movedOut === null;
  }

  /** Address in the engine's memory, valid through the operation in progress; brings the content back if it was moved out. */
  pointer(): number {
    if (this.changed > readableUpTo) throw changedError();
    const pointer = pointerTo(this.#block);
    if (pointer === 0) throw releasedError();
    return pointer;
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
    pinBlock(this.#block);
    return pointer;
  }

  /** Gives the memory back now. A later use throws. */
  release(): void {
    freeBlock(this.#block);
  }

  /** The end of the scope that made it: released, or passed on to the scope around, or to the garbage collector. */
  leave(): void {
    this.#scope = scoped;
    if (this.isReleased) return;
    if (!this.#kept && !this.#lifted) this.release();
    else if (scoped !== null) scoped.push(this);
    else this.#watch();
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
 * Runs a piece of work, such as a training step, and gives the memory of all tensors that it made back at its end, except of
 * those that were kept (`tensor.keep()`), of variables and of their gradients. It is never needed: tensors that nobody can
 * reach any more are found anyway. With it their memory is used again at once, which a loop over large tensors may notice.
 *
 * A later use of a tensor that was given back throws. Scopes may lie in each other: what is kept outlives all of them.
 *
 * @throws TypeError when the function is asynchronous.
 * @example
 * const w = variable([1, 2]);
 * const before = scope(() => {
 *   const loss = w.square().sum();
 *   loss.backward();
 *   return loss.item();
 * });
 * before // → 5
 * w.grad // → tensor([2, 4])
 * scope(() => w.mul(10).keep()) // → tensor([10, 20])
 */
export function scope<T>(work: () => T): T {
  checkFunction("scope", work, "() => model(x)");
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
  resetWhenIdle();
  scoped = [];
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
