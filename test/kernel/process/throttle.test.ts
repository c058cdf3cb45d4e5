// The throttle on what a program prints: short bursts pass, a flood is spread over time, an interrupt lifts it.
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Throttle } from "../../../kernel/process/throttle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function throttled(): { throttle: Throttle; source: PassThrough } {
  const [throttle, source] = [new Throttle(), new PassThrough()];
  source.resume();
  throttle.add(source);
  return { throttle, source };
}

test("a burst of what the server lets through passes", () => {
  const { throttle, source } = throttled();
  for (let i = 0; i < 26; i++) throttle.count(100_000);
  expect(source.isPaused()).toBe(false);
});

test.each([
  ["bytes", 64_000, 3_000_000, 1],
  ["messages", 0, 3000, 700], // as many of the shortest ones as a full pipe hands over at once
])("a flood stays below the server's limit of %s in any three seconds", (_, bytes, limit, atOnce) => {
  const { throttle, source } = throttled();
  const sent: number[] = [];
  for (let ms = 0; ms < 20_000; ms += 10) {
    for (let i = source.isPaused() ? atOnce : 0; i < atOnce; i++) {
      throttle.count(bytes);
      sent.push(ms);
    }
    vi.advanceTimersByTime(10);
  }
  let most = 0;
  for (let first = 0, last = 0; last < sent.length; last++) {
    while (sent[last]! - sent[first]! >= 3000) first++;
    most = Math.max(most, last - first + 1);
  }
  expect(most * Math.max(1, bytes)).toBeLessThan(limit);
  expect((sent.length * Math.max(1, bytes)) / 20).toBeGreaterThan(limit / 3 / 1.5); // but it is used
});

test("released, everything passes at once, until the cell has ended; then the count starts anew", () => {
  const { throttle, source } = throttled();
  throttle.count(5_000_000);
  expect(source.isPaused()).toBe(true);
  throttle.release();
  expect(source.isPaused()).toBe(false);
  throttle.count(5_000_000);
  expect([source.isPaused(), throttle.full]).toEqual([false, true]);
  throttle.reset();
  throttle.count(1);
  expect([source.isPaused(), throttle.full]).toEqual([false, false]);
  throttle.count(5_000_000);
  expect(source.isPaused()).toBe(true);
});
