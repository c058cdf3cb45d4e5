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

test("a burst passes", () => {
  const { throttle, source } = throttled();
  for (let i = 0; i < 9; i++) throttle.count(100_000);
  expect(source.isPaused()).toBe(false);
});

test("a flood stays below three million characters in three seconds", () => {
  const { throttle, source } = throttled();
  for (let window = 0; window < 3; window++) {
    let total = 0;
    for (let ms = 0; ms < 3000; ms += 10) {
      if (!source.isPaused()) {
        throttle.count(64_000);
        total += 64_000;
      }
      vi.advanceTimersByTime(10);
    }
    expect(total).toBeGreaterThan(1_500_000);
    expect(total).toBeLessThan(3_000_000);
  }
});

test("released, everything passes at once, until it is held again", () => {
  const { throttle, source } = throttled();
  throttle.count(5_000_000);
  expect(source.isPaused()).toBe(true);
  throttle.release();
  expect(source.isPaused()).toBe(false);
  throttle.count(5_000_000);
  expect(source.isPaused()).toBe(false);
  throttle.hold();
  throttle.count(1);
  expect(source.isPaused()).toBe(true);
});
