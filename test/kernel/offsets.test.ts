// Offsets in code points, as Jupyter counts, and in UTF-16 units, as JavaScript does.
import { expect, test } from "vitest";
import { toCodePoints, toUtf16 } from "../../kernel/messages/offsets.ts";

test.each([
  ["", 0, 0],
  ["abc", 2, 2],
  ["é", 1, 1],
  ["e\u0301x", 2, 2], // a letter and its accent are two
  ["😀x", 1, 2],
  ["😀x", 2, 3],
  ["a😀😀b", 3, 5],
  ["👨‍👩‍👧", 5, 8], // one picture of five
  ["\ud83d x", 2, 2], // half a character is one
  ["\ude00😀", 2, 3],
  ["\ud83d\ud83d\ude00", 2, 3],
])("%j: %i code points are %i units", (text, codePoints, units) => {
  expect(toUtf16(text, codePoints)).toBe(units);
  expect(toCodePoints(text, units)).toBe(codePoints);
});

test("what is out of range is the nearest end", () => {
  for (const far of [4, 1e15, Number.POSITIVE_INFINITY]) {
    expect(toUtf16("a😀b", far)).toBe(4);
    expect(toCodePoints("a😀b", far)).toBe(3);
  }
  for (const none of [-1, -1e15]) {
    expect(toUtf16("a😀b", none)).toBe(0);
    expect(toCodePoints("a😀b", none)).toBe(0);
  }
  expect(toCodePoints("a😀b", 2)).toBe(2); // within a character: behind it
});
