// What stays in a session that goes on: cells run again and again, long training, steps that fail.
import { expect, test } from "vitest";
import { inFreshProcess, megabyte } from "./fresh.ts";
import type { Held } from "./programs/look.ts";

/** JavaScript's heap and the process may breathe: code that is compiled later, pages that the collector keeps. */
function expectFlat(early: Held, late: Held): void {
  expect({ ...late, heapUsed: 0, arrayBuffers: 0, rss: 0 }).toEqual({
    ...early,
    heapUsed: 0,
    arrayBuffers: 0,
    rss: 0,
  });
  expect(late.heapUsed - early.heapUsed).toBeLessThan(2 * megabyte);
  expect(late.arrayBuffers - early.arrayBuffers).toBeLessThan(megabyte);
  expect(late.rss - early.rss).toBeLessThan(40 * megabyte);
}

test.each([
  ["a model, fit and evaluate", "fit"],
  ["a model and a loop without await", "synchronous"],
])("200 re-runs of a cell with %s leave the heap flat", { timeout: 900_000 }, async (_, kind) => {
  const { found } = await inFreshProcess<{ found: [Held, Held] }>("cells.ts", [kind]);
  expectFlat(...found);
});

test("fit for 100 epochs is flat, without any help of the collector", { timeout: 600_000 }, async () => {
  const { found } = await inFreshProcess<{ found: Held[] }>("epochs.ts");
  expect(found).toHaveLength(100);
  // What died before `fit` began may go at any time, so an epoch may hold less than one before it, never more.
  const most = (epochs: Held[], key: keyof Held) => Math.max(...epochs.map((held) => held[key]));
  const [first, rest] = [found.slice(0, 5), found.slice(5)];
  for (const key of ["bytesInUse", "blocksInUse", "reservedBytes"] as const) {
    expect(most(rest, key), key).toBeLessThanOrEqual(most(first, key));
  }
  const [early, late] = [found[4]!, found[99]!];
  expect(late.rss - early.rss).toBeLessThan(40 * megabyte);
});

test("steps that end in the middle leave nothing behind", { timeout: 600_000 }, async () => {
  const found = await inFreshProcess<Record<string, [Held, Held]>>("failures.ts");
  expect(Object.keys(found)).toHaveLength(9);
  for (const [kind, [early, late]] of Object.entries(found)) {
    const engine = ({ bytesInUse, blocksInUse }: Held) => ({ kind, bytesInUse, blocksInUse });
    expect(engine(late)).toEqual(engine(early));
  }
});
