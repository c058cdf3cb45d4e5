// docs/from-numpy.md: what its last column promises runs.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as lectern from "../../lib/index.ts";

const page = readFileSync(new URL("../../docs/from-numpy.md", import.meta.url), "utf8");

/** The code in the last column of each row. */
const spellings = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && line.includes("`"))
  .map((line) => /.*\| `([^`]+)`[^|]*\|$/.exec(line)?.[1] ?? `no code in ${line}`);

describe("what the page says instead of the names of NumPy and PyTorch", () => {
  test("is all of it read", () => {
    expect(spellings.length).toBeGreaterThan(60);
  });

  test.each(spellings)("%s", (code) => {
    const { arange, tensor, variable } = lectern;
    const names = {
      ...lectern,
      x: arange(6).reshape([2, 3]),
      a: tensor([
        [4, 1],
        [2, 3],
      ]),
      v: tensor([1, 2]),
      w: variable([3, 4]),
    };
    const run = new Function(...Object.keys(names), `return () => ${code};`)(...Object.values(names));
    expect(run).not.toThrow();
  });
});
