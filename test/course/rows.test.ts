// Counting rows: a tagged cell counts when it ran and a check in it passed.
import { expect, test } from "vitest";
import type { Executed } from "../../course/execute.ts";
import { countRows, knownRows } from "../../course/rows.ts";
import type { Output } from "../../kernel/cli/notebook.ts";

const passed: Output = {
  output_type: "display_data",
  data: { "text/plain": "✓ 1" },
  metadata: { lectern: { check: "passed" } },
};
const shown: Output = { output_type: "display_data", data: { "text/plain": "1" }, metadata: {} };
const failed: Output = { output_type: "error", ename: "CheckError", evalue: "", traceback: [] };

function lecture(...cells: [tags: string[], ...outputs: Output[]][]): Executed {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: cells.map(([tags, ...outputs]) => ({
      cell_type: "code",
      source: "",
      metadata: { tags },
      outputs,
    })),
  };
  return { path: "/lectures/a.ipynb", notebook, failure: null };
}

test("there are 587 rows, each once", () => {
  const rows = knownRows();
  expect(rows).toHaveLength(587);
  expect(new Set(rows).size).toBe(587);
  expect(rows).toContain("S0-01");
  expect(rows).toContain("S4-131");
  expect(rows).not.toContain("S4-132");
  expect(rows.at(-1)).toBe("S4-685");
});

test("a row counts once, when a check passed in one of its cells", () => {
  const { reproduced, unchecked, unknown } = countRows([
    lecture(
      [["S0-08", "S0-09"], shown, passed],
      [["S0-08"], passed],
      [["S0-10"], shown],
      [["S0-11"], passed, failed],
    ),
    lecture([["S0-10"], passed], [["solution"], passed], [["S0-12"]]),
  ]);
  expect([...reproduced]).toEqual(["S0-08", "S0-09", "S0-10"]);
  expect(unchecked).toEqual(["S0-11 in a.ipynb", "S0-12 in a.ipynb"]);
  expect(unknown).toEqual([]);
});

test("what looks like an ID and is none is reported", () => {
  const { reproduced, unknown } = countRows([
    lecture([["S0-8", "S9-01", "s0-08", "S0-08a", "S-curve"], passed]),
  ]);
  expect([...reproduced]).toEqual([]);
  expect(unknown).toEqual(["S0-8 in a.ipynb", "S9-01 in a.ipynb", "s0-08 in a.ipynb", "S0-08a in a.ipynb"]);
});
