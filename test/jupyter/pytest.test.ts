// pytest's plugins for notebooks run a lecture: nbmake asks whether it runs, nbval whether it shows the same again.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { code, writeNotebook } from "./notebooks.ts";
import { Place, root } from "./programs.ts";

const place = new Place();
const lecture = join(root, "notebooks", "lectures", "00-first-light.ipynb");
const executed = join(place.notebooks, "lecture.ipynb");
beforeAll(async () => {
  await place.installKernel();
  // A copy of the lecture elsewhere, with the library beside it.
  mkdirSync(join(place.notebooks, "node_modules"));
  symlinkSync(root, join(place.notebooks, "node_modules", "lectern"), "junction");
});
afterAll(() => place.remove());

const limit = 600_000;

const patience = ["--nbval-cell-timeout=500", "--nbval-kernel-startup-timeout=300"];

const pytest = (...args: string[]) => place.python("-m", "pytest", "-p", "no:cacheprovider", "-q", ...args);

test("nbmake runs the lecture", { timeout: limit }, async () => {
  const result = await pytest("--nbmake", "--nbmake-timeout=500", lecture);
  expect(result.code, result.stdout).toBe(0);
  expect(result.stdout).toContain("1 passed");
});

test("nbmake reports the cell that fails", { timeout: limit }, async () => {
  const broken = join(place.notebooks, "broken.ipynb");
  writeNotebook(broken, [code("1"), code('throw new RangeError("out of chalk")')]);
  const result = await pytest("--nbmake", broken);
  expect(result.code).toBe(1);
  expect(stripVTControlCharacters(result.stdout)).toContain("RangeError: out of chalk");
});

test("nbval: the lecture's numbers, tables and pictures are the same in the next run", {
  timeout: limit,
}, async () => {
  const name = ["--output-dir", place.notebooks, "--output", "lecture.ipynb"];
  const run = await place.python("-m", "nbconvert", "--execute", "--to", "notebook", ...name, lecture);
  expect(run.code, run.stderr).toBe(0);
  const notebook = JSON.parse(readFileSync(executed, "utf8"));
  const cells = notebook.cells.filter(({ cell_type }: { cell_type: string }) => cell_type === "code");
  // nbval does not know update_display_data: of a training's live view it keeps the first state, and the notebook the last.
  for (const cell of cells)
    if (cell.source.join("").includes(".fit(")) cell.metadata.tags = ["nbval-ignore-output"];
  writeFileSync(executed, JSON.stringify(notebook));

  const same = await pytest("--nbval", ...patience, executed);
  expect(same.code, same.stdout).toBe(0);
  expect(same.stdout).toContain(`${cells.length} passed`);
});

test("nbval reports the cell whose result is another", { timeout: limit }, async () => {
  const other = join(place.notebooks, "other.ipynb");
  const data = { "text/plain": ["3"] };
  const outputs = [{ output_type: "execute_result", execution_count: 1, metadata: {}, data }];
  writeNotebook(other, [{ ...code("1 + 1"), execution_count: 1, outputs }, code("2 + 2")]);
  const result = await pytest("--nbval", ...patience, other);
  expect(result.code).toBe(1);
  expect(result.stdout).toContain("Cell 0: Cell outputs differ");
});
