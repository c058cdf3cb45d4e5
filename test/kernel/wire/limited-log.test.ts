// The log of what is wrong with messages: the first lines, then a count.
import { afterEach, expect, test, vi } from "vitest";
import { LimitedLog } from "../../../kernel/wire/limited-log.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("of a flood the first lines are written, and how many were not", () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const log = new LimitedLog((text) => lines.push(text));
  for (let i = 0; i < 100_000; i++) log.write(`line ${i}`);
  expect(lines).toHaveLength(20);
  vi.advanceTimersByTime(10_000);
  expect(lines.slice(19)).toEqual(["line 19", "… and 99980 more such lines in 10 seconds"]);
  log.write("next");
  expect(lines.at(-1)).toBe("next");
  vi.advanceTimersByTime(20_000);
  expect(lines).toHaveLength(22);
});

test("a long line is cut", () => {
  const lines: string[] = [];
  new LimitedLog((text) => lines.push(text)).write("x".repeat(1e6));
  expect(lines[0]?.length).toBeLessThan(3000);
});
