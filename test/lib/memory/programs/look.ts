// What a process holds when everything dead has been collected.
import { setTimeout as wait } from "node:timers/promises";
import { engine } from "../../../../lib/engine/engine.ts";

export interface Held {
  /** In the engine's memory. */
  bytesInUse: number;
  blocksInUse: number;
  reservedBytes: number;
  /** In JavaScript. */
  heapUsed: number;
  arrayBuffers: number;
  /** In all. */
  rss: number;
}

const { gc } = globalThis as unknown as { gc: () => void };

/** Registries are called some time after the collector: it is asked until nothing more goes for three times. */
export async function look(): Promise<Held> {
  let least = Infinity;
  for (let unchanged = 0; unchanged < 3; unchanged++) {
    gc();
    await wait(1);
    const { blocksInUse } = engine.memory;
    if (blocksInUse < least) unchanged = -1;
    least = Math.min(least, blocksInUse);
  }
  return lookNow();
}

/** The same with what is dead. */
export function lookNow(): Held {
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const { bytesInUse, blocksInUse, reservedBytes } = engine.memory;
  return { bytesInUse, blocksInUse, reservedBytes, heapUsed, arrayBuffers, rss };
}
