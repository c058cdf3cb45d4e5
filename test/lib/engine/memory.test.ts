// The allocator: alignment, recycling, merging of free blocks, limits and errors.
import { describe, expect, it } from "vitest";
import { ComputeEngine } from "../../../lib/engine/engine.ts";
import { BlockMemory, inWords, NoRoomError, type Relieve, sizeClass } from "../../../lib/engine/memory.ts";

const PAGE = 65536;

function memoryOf(pages: number): BlockMemory {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: pages, shared: true });
  return new BlockMemory(memory, 1024, () => {}, { maxPages: pages });
}

describe("BlockMemory", () => {
  it("rounds sizes up by an eighth at most", () => {
    for (let bytes = 1; bytes < 1 << 22; bytes += 1 + (bytes >> 3)) {
      const size = sizeClass(bytes);
      expect(size % 64).toBe(0);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size).toBeLessThanOrEqual(Math.max(bytes * 1.125, bytes + 64));
      expect(sizeClass(size)).toBe(size);
    }
  });

  it("hands out aligned blocks that do not overlap and recycles them by size", () => {
    const memory = memoryOf(1024);
    const sizes = [4, 100, 64, 5000, 70000, 0, 1 << 20];
    const blocks = sizes.map((size) => ({ at: memory.allocate(size), size }));
    blocks.sort((a, b) => a.at - b.at);
    blocks.forEach((block, i) => {
      expect(block.at % 64).toBe(0);
      if (i > 0) expect(block.at).toBeGreaterThanOrEqual(blocks[i - 1]!.at + blocks[i - 1]!.size);
    });
    memory.uint8(blocks.at(-1)!.at, blocks.at(-1)!.size).fill(1);
    const before = memory.reservedBytes;
    for (let i = 0; i < 1000; i++) memory.free(memory.allocate(70000));
    expect(memory.reservedBytes).toBe(before);
    const block = memory.allocate(5000);
    memory.free(block);
    expect(memory.allocate(5000)).toBe(block);
  });

  it("counts what is in use", () => {
    const memory = memoryOf(1024);
    const a = memory.allocate(1000);
    const b = memory.allocate(2000);
    expect(memory.bytesInUse).toBe(sizeClass(1000) + sizeClass(2000));
    expect(memory.blocksInUse).toBe(2);
    memory.free(a);
    memory.free(b);
    expect(memory.bytesInUse).toBe(0);
    expect(memory.peakBytes).toBe(sizeClass(1000) + sizeClass(2000));
  });

  it("refuses what is no block in use", () => {
    const memory = memoryOf(64);
    const block = memory.allocate(10);
    memory.free(block);
    expect(() => memory.free(block)).toThrow(/not a block in use/);
    expect(() => memory.free(12345)).toThrow(/not a block in use/);
    expect(() => memory.allocate(Number.NaN)).toThrow(RangeError);
    expect(() => memory.allocate(-1)).toThrow(RangeError);
  });

  it("merges small free blocks when a large one would not fit", () => {
    const memory = memoryOf(64);
    const small = Array.from({ length: 60 }, () => memory.allocate(PAGE));
    expect(() => memory.allocate(10 * PAGE)).toThrow(NoRoomError);
    for (const block of small) memory.free(block);
    const large = memory.allocate(40 * PAGE);
    memory.uint8(large, 40 * PAGE).fill(1);
    const rest = memory.allocate(20 * PAGE);
    expect(rest >= large + 40 * PAGE || rest + 20 * PAGE <= large).toBe(true);
    memory.free(large);
    memory.free(rest);
    expect(memory.bytesInUse).toBe(0);
  });

  it("asks for relief until there is room or nothing is left to free", () => {
    const raw = new WebAssembly.Memory({ initial: 1, maximum: 64, shared: true });
    const asked: unknown[][] = [];
    const blocks: number[] = [];
    const relieve: Relieve = (...need) => {
      asked.push(need);
      const block = blocks.shift();
      if (block !== undefined) memory.free(block);
      return block !== undefined;
    };
    const memory: BlockMemory = new BlockMemory(raw, 1024, () => {}, { maxPages: 64, relieve });
    for (let i = 0; i < 60; i++) blocks.push(memory.allocate(PAGE));
    const block = memory.allocate(4 * PAGE);
    expect(asked).toEqual([1, 2, 3, 4].map((attempt) => [4 * PAGE, attempt, false]));
    expect(memory.blocksInUse).toBe(57);
    expect(() => memory.allocate(63 * PAGE)).toThrow(/the compute core has 4\.0 MB at most/);
    expect(memory.blocksInUse).toBe(1);
    memory.free(block);
    asked.length = 0;
    expect(() => memory.allocate(2 ** 60)).toThrow(NoRoomError);
    expect(asked, "nothing is freed for what can never fit").toEqual([]);
  });

  it("takes no more than the machine has left", () => {
    const raw = new WebAssembly.Memory({ initial: 1, maximum: 1024, shared: true });
    let left = 20 * PAGE;
    const asked: boolean[] = [];
    const relieve: Relieve = (_bytes, _attempt, isRefused) => {
      asked.push(isRefused);
      return false;
    };
    const memory = new BlockMemory(raw, 1024, () => {}, { maxPages: 1024, relieve, available: () => left });
    memory.allocate(10 * PAGE);
    expect(memory.reservedBytes, "only what is needed, where there is no room for more").toBe(11 * PAGE);
    left -= 10 * PAGE;
    expect(() => memory.allocate(12 * PAGE)).toThrow(/the system gives no more memory/);
    expect(asked).toEqual([true]);
    left = 1000 * PAGE;
    expect(memory.allocate(12 * PAGE)).toBeGreaterThan(0);
  });

  it("names sizes", () => {
    expect([0, 1023, 1024, 1536 * 1024, 2 ** 32, 2 ** 62, 2 ** 72].map(inWords)).toEqual([
      "0 bytes",
      "1023 bytes",
      "1.0 KB",
      "1.5 MB",
      "4.00 GB",
      "4.00 EB",
      "4096.00 EB",
    ]);
  });

  it("keeps data through growth, shared or not", () => {
    for (const shared of [true, false]) {
      const { memory } = new ComputeEngine({ shared, threads: 1 });
      const small = memory.allocate(8);
      memory.float32(small, 2).set([1, 2]);
      const reserved = memory.reservedBytes;
      const large = memory.allocate(50 << 20);
      expect(memory.reservedBytes).toBeGreaterThan(reserved);
      memory.float32(large, 13 << 20).fill(3, 13_000_000);
      expect(Array.from(memory.float32(small, 2))).toEqual([1, 2]);
    }
  });
});
