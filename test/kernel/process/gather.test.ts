// Pieces of text that are gathered: in order, cut where a line ends, and few in a flood that changes between the streams.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gatherer, type StreamText } from "../../../kernel/runtime/gather.ts";

let sent: StreamText[];
let gatherer: Gatherer;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  gatherer = new Gatherer((text) => sent.push(text));
});
afterEach(() => void vi.useRealTimers());

const out = (text: string, run = 1) => gatherer.add({ run, name: "stdout", text });
const err = (text: string, run = 1) => gatherer.add({ run, name: "stderr", text });

test("text of one stream goes together after a moment, a change of stream or of cell keeps its place", () => {
  for (const text of ["a", "b"]) out(text);
  err("c");
  out("d");
  out("e", 2);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(sent.map(({ run, name, text }) => `${run} ${name} ${text}`)).toEqual([
    "1 stdout ab",
    "1 stderr c",
    "1 stdout d",
    "2 stdout e",
  ]);
});

test("what is long does not wait, and goes in pieces that end with a line", () => {
  out(`${"x".repeat(999)}\n`.repeat(200));
  expect(sent.map(({ text }) => text.length)).toEqual([64_000, 64_000, 64_000, 8000]);
  out("😀".repeat(100_000));
  expect(sent.slice(4).every(({ text }) => !/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(text))).toBe(true);
});

test("a flood that changes between the streams loses nothing, and becomes few messages", () => {
  for (let i = 0; i < 20_000; i++) {
    out(`${i}\n`);
    err(`${i}\n`);
    if (i % 200 === 0) vi.advanceTimersByTime(10);
  }
  gatherer.flush();
  const numbers = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("");
  const of = (name: string) => sent.filter((text) => text.name === name).map(({ text }) => text);
  expect(of("stdout").join("")).toBe(numbers);
  expect(of("stderr").join("")).toBe(numbers);
  expect(sent.length).toBeLessThan(2000);
  expect(sent.slice(0, 4).map(({ text }) => text)).toEqual(["0\n", "0\n", "1\n", "1\n"]);
});
