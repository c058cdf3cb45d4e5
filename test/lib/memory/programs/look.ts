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

export async function look(): Promise<Held> {
  // Registries are called some time after the collector.
  for (let i = 0; i < 3; i++) {
    gc();
    await wait(1);
  }
  return lookNow();
}

/** The same with what is dead. */
export function lookNow(): Held {
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const { bytesInUse, blocksInUse, reservedBytes } = engine.memory;
  return { bytesInUse, blocksInUse, reservedBytes, heapUsed, arrayBuffers, rss };
}
