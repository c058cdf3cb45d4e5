// The blocks of the engine's memory that tensors use: which are there, which are dead, which move out when there are too many.
import { engine } from "../engine/engine.ts";
import { resetWhenIdle, whenIdle } from "./interruption.ts";

/** How many times blocks were used so far. */
let uses = 0;

/** One allocation. Held strongly by the list of resident blocks, so it must not lead back to its owner. */
export class Block {
  /** Address in the engine's memory; 0 when moved out or released. */
  pointer: number;
  readonly bytes: number;
  /** The content while it is moved out. */
  movedOut: Uint8Array | null = null;
  /** Who uses the block. When it is dead, so is the block; null: whoever made the block will say so. */
  owner: WeakRef<object> | null = null;
  previous: Block | null = null;
  next: Block | null = null;
  /** How many uses of blocks there had been at its last use, and when it was put at the end of the list. */
  lastUse = ++uses;
  queued = 0;

  constructor(pointer: number, bytes: number) {
    this.pointer = pointer;
    this.bytes = bytes;
  }
}

/** A block used this few uses ago may be an operand of the operation in progress: it stays. */
const RECENT_USES = 32;
/** So much has to come together before the collector is asked: few enough bytes that they stay in a processor's cache. */
const COLLECT_FROM = 32 * 1024 * 1024;
/** What a block costs besides its numbers: so small tensors count too. */
const OVERHEAD = 1024;

let budget = 3 * 1024 ** 3;
let residentBytes = 0;
let residentBlocks = 0;
let oldest: Block | null = null;
let newest: Block | null = null;
const pinned = new Set<Block>();

/** What the collector might find dead: resident blocks and those moved out since it was last asked. */
let doubtful = 0;
/** When to ask it again, and what was left the last time that it looked at all objects. */
let askAt = COLLECT_FROM;
let settled = 0;

/** A new block of `bytes` bytes with undefined content. */
export function newBlock(bytes: number): Block {
  resetWhenIdle();
  const block = new Block(reserve(bytes), bytes);
  settle(block);
  return block;
}

// When the running job has ended, no operation is in progress.
whenIdle(() => {
  uses += RECENT_USES;
});

/** Address of a block in the engine's memory; brings the content back if it was moved out; 0 when it was released. */
export function pointerTo(block: Block): number {
  block.lastUse = ++uses;
  if (block.pointer !== 0 || block.movedOut === null) return block.pointer;
  block.pointer = reserve(block.bytes);
  engine.memory.uint8(block.pointer, block.bytes).set(block.movedOut);
  block.movedOut = null;
  settle(block);
  return block.pointer;
}

/** The block stays at its address until it is freed. */
export function pinBlock(block: Block): void {
  dequeue(block);
  pinned.add(block);
}

/** Gives the memory of a block back. */
export function freeBlock(block: Block): void {
  block.movedOut = null;
  if (block.pointer !== 0) evict(block);
}

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

/** How many blocks they are in. */
export function blocksResident(): number {
  return residentBlocks;
}

/** Between two jobs the collector comes when it likes: whenever it has been, this object is dead, and the others are looked at. */
const collected = new FinalizationRegistry<null>(() => {
  sweep();
  collected.register({}, null);
});
collected.register({}, null);

/** Finds room in the engine's memory. @throws NoRoomError when there is none */
function reserve(bytes: number): number {
  const { memory } = engine;
  if (bytes <= memory.limitBytes) {
    if (doubtful + bytes > askAt) freeDead(bytes);
    if (residentBytes + bytes > budget) moveOut(Math.max(0, budget - bytes - budget / 16));
  }
  return memory.allocate(bytes === 0 ? 4 : bytes);
}

engine.relieve = (bytes, attempt, isRefused) => {
  if (attempt === 1) {
    engine.collect(true);
    sweep();
    return true;
  }
  // Arrays outside would take still more of what the system has no more of.
  if (isRefused) return false;
  const before = residentBytes;
  for (let chance = 1; chance <= 2; chance++) moveOut(Math.max(0, before - bytes));
  return residentBytes < before;
};

/** Frees the blocks of dead tensors. */
function freeDead(bytes: number): void {
  engine.collect(false);
  sweep();
  // What lived through some collections of young objects is found by one of all.
  if (residentBytes + bytes > Math.min(budget, 1.5 * settled + COLLECT_FROM)) {
    engine.collect(true);
    sweep();
    settled = residentBytes;
  }
  doubtful = residentBytes + residentBlocks * OVERHEAD;
  askAt = doubtful + Math.max(COLLECT_FROM, Math.min(doubtful, budget - residentBytes) / 2);
}

function sweep(): void {
  for (let block = oldest; block !== null; ) {
    const { next } = block;
    if (isDead(block)) evict(block);
    block = next;
  }
  for (const block of pinned) if (isDead(block)) evict(block);
}

function isDead({ owner, lastUse }: Block): boolean {
  return owner !== null && uses - lastUse >= RECENT_USES && owner.deref() === undefined;
}

/** Moves blocks out, the oldest first, until no more than `target` bytes are left. Those used meanwhile have a second chance. */
function moveOut(target: number): void {
  const last = newest;
  let isLast = last === null;
  for (let block = oldest; block !== null && !isLast && residentBytes > target; ) {
    const { next } = block;
    isLast = block === last;
    if (block.lastUse > block.queued || uses - block.lastUse < RECENT_USES) {
      dequeue(block);
      enqueue(block);
    } else {
      try {
        block.movedOut = engine.memory.uint8(block.pointer, block.bytes).slice();
      } catch {
        return; // The system has no room for the copy.
      }
      evict(block);
      doubtful += block.bytes + OVERHEAD;
    }
    block = next;
  }
}

/** Counts a block that has come into the engine's memory. */
function settle(block: Block): void {
  residentBytes += block.bytes;
  residentBlocks++;
  doubtful += block.bytes + OVERHEAD;
  enqueue(block);
}

function evict(block: Block): void {
  engine.memory.free(block.pointer);
  block.pointer = 0;
  residentBytes -= block.bytes;
  residentBlocks--;
  doubtful -= block.bytes + OVERHEAD;
  dequeue(block);
  pinned.delete(block);
}

function enqueue(block: Block): void {
  block.queued = uses;
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
