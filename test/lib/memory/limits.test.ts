// When there is no more memory: the error says what was asked and what is in use, and the session goes on.
import { describe, expect, test } from "vitest";
import { engine } from "../../../lib/engine/engine.ts";
import { arange, eye, linspace, oneHot, ones, pad, random, repeat, tile, zeros } from "../../../lib/index.ts";
import { inFreshProcess } from "./fresh.ts";

interface Found {
  first: string;
  count: number;
  before: number;
  others: [string, string];
  sum: number;
  after: number;
  large: string;
  blocks: number;
}

function expectToGoOn({ before, others, sum, after, large, blocks }: Found, why: RegExp): void {
  expect(others[0]).toMatch(/no room for a tensor \[16384, 16384\] of float64, 2\.00 GB: /);
  expect(others[1]).toMatch(/no room for a tensor \[65536, 32768\] of uint8, 2\.00 GB: /);
  for (const other of others) expect(other).toMatch(why);
  expect(sum).toBe(1000);
  // The two small ones that were summed; the collector has not been asked for them.
  expect(after).toBeLessThanOrEqual(before + 2);
  expect(large, "when the names have other values there is room").toBe("none");
  expect(blocks).toBeLessThan(before);
}

describe("an allocation that cannot be met", () => {
  test("beyond the 4 GB of WebAssembly", async () => {
    const found = await inFreshProcess<Found>("limits.ts", ["512"]);
    expect(found.count).toBe(7);
    expect(found.first).toBe(
      "RangeError: no room for a tensor [524288, 256] of float32, 512.0 MB: the compute core has 4.00 GB at most; " +
        "3.50 GB are in use in 7 tensors — work in smaller batches, or let go of large tensors (in a notebook a name " +
        "keeps its tensor until it gets another value)",
    );
    expectToGoOn(
      found,
      /: the compute core has 4\.00 GB at most; 3\.50 GB are in use in 7 tensors — work in/,
    );
  });

  test("refused by the system", async () => {
    const found = await inFreshProcess<Found>("limits.ts", ["64"], { dataLimitKilobytes: 2_000_000 });
    expect(found.count).toBeGreaterThan(2);
    expect(found.count).toBeLessThan(31);
    expect(found.first).toMatch(
      /\[65536, 256\] of float32, 64\.0 MB: the system gives no more memory; .*B are in use/,
    );
    expectToGoOn(
      found,
      new RegExp(`the system gives no more memory; .*B are in use in ${found.count} tensors — `),
    );
  });
});

describe("shapes that no memory holds are refused before anything is allocated", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["float32", () => zeros([1e6, 1e6]), /\[1000000, 1000000\] of float32, 3\.64 TB: .*in parts/],
    ["float64", () => zeros([1e6, 1e6], { dtype: "float64" }), /of float64, 7\.28 TB/],
    ["uint8", () => zeros([1e6, 1e6], { dtype: "uint8" }), /of uint8, 931\.32 GB/],
    ["more elements than a number counts", () => zeros([2 ** 31, 2 ** 31, 8]), /of float32, 128\.00 EB/],
    ["a size that is no exact number", () => ones([1e20]), /\[100000000000000000000\] of float32/],
    ["arange", () => arange(0, 1e12, 1, { dtype: "float64" }), /\[1000000000000\] of float64/],
    ["linspace", () => linspace(0, 1, 1e11), /\[100000000000\] of float32/],
    ["eye", () => eye(1e6), /\[1000000, 1000000\]/],
    ["random numbers", () => random.normal([1e6, 1e6]), /\[1000000, 1000000\]/],
    ["broadcasting", () => zeros([1]).broadcastTo([1e6, 1e6]), /\[1000000, 1000000\]/],
    ["tile", () => tile(zeros([1000]), [1e8]), /of float32, 372\.53 GB/],
    ["repeat", () => repeat(zeros([1000]), 1e8), /of float32, 372\.53 GB/],
    ["pad", () => pad(zeros([1000]), [[1e10, 1e10]]), /\[20000001000\] of float32/],
    ["one-hot rows", () => oneHot([1, 2, 3], 1e10), /\[3, 10000000000\] of float32/],
  ])("%s", (_, make, message) => {
    const { reservedBytes, peakBytes } = engine.memory;
    expect(make).toThrow(message);
    expect(make).toThrow(
      /^no room for a tensor .*: the compute core has 4\.00 GB at most; .* are in use in /,
    );
    expect(engine.memory.reservedBytes).toBe(reservedBytes);
    expect(engine.memory.peakBytes - peakBytes).toBeLessThan(100_000);
  });

  test("no element at all takes no memory, however long the other axes are", () => {
    expect(zeros([1e10, 1e10, 0]).sum().item()).toBe(0);
    expect(engine.memory.reservedBytes).toBeLessThan(2 ** 27);
  });
});
