// Every lecture: it runs without a fault, twice in one kernel, and both runs give the same page, which needs no network.
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Executed, execute } from "../../course/execute.ts";
import { pageName, writePages } from "../../course/pages.ts";
import { countRows } from "../../course/rows.ts";
import { type Output, textOf } from "../../kernel/cli/notebook.ts";
import { PageReader } from "./pages.ts";
import { python, root } from "./programs.ts";

// Not copies: cells import "lectern" from where the notebook stands.
const folder = join(root, "notebooks", "lectures");
const lectures = globSync("*.ipynb", { cwd: folder }).sort();

const pages = mkdtempSync(join(tmpdir(), "lectern-pages-"));
const again = mkdtempSync(join(tmpdir(), "lectern-pages-"));
let reader: PageReader;
beforeAll(async () => {
  reader = await PageReader.start();
});
afterAll(async () => {
  await reader.stop();
  for (const place of [pages, again]) rmSync(place, { recursive: true, force: true });
});

const runs: Record<"first" | "second", Executed[]> = { first: [], second: [] };

describe("the lectures run without a fault, and once more in the same kernel", () => {
  test.each(lectures)("%s", { timeout: 1_800_000 }, async (name) => {
    const [first, second] = await execute(join(folder, name), 2);
    for (const run of [first, second]) {
      expect(run!.failure).toBeNull();
      expect(run!.notebook.cells.flatMap((cell) => cell.outputs ?? []).flatMap(faults)).toEqual([]);
    }
    runs.first.push(first!);
    runs.second.push(second!);
  });

  test("a tag that looks like the ID of a row is one, and a check passed for it", () => {
    const { unknown, unchecked } = countRows(runs.first);
    expect({ unknown, unchecked }).toEqual({ unknown: [], unchecked: [] });
  });

  test("they are stored without outputs", () => {
    for (const name of lectures) {
      const { cells } = JSON.parse(readFileSync(join(folder, name), "utf8"));
      const left = cells.filter((cell: { outputs?: unknown[] }) => cell.outputs?.length);
      expect(left, name).toEqual([]);
    }
  });
});

describe("the pages", () => {
  test("both runs give the same, byte for byte", { timeout: 600_000 }, async () => {
    expect(runs.first).toHaveLength(lectures.length);
    const files = await writePages(runs.first, pages, python);
    await writePages(runs.second, again, python);
    for (const file of files) {
      const [one, other] = [readFileSync(file), readFileSync(join(again, basename(file)))];
      if (!one.equals(other)) expect(firstDifference(one, other), basename(file)).toBeNull();
    }
  });

  test.each(["index.html", ...lectures.map(pageName)])("%s", { timeout: 600_000 }, async (name) => {
    expect(await reader.faults(join(pages, name))).toEqual([]);
  });
});

/** What a reader must not find: errors, text on stderr, results without a plain text. */
function faults(output: Output): string[] {
  if (output.output_type === "error") return [stripVTControlCharacters(`${output.ename}: ${output.evalue}`)];
  if (output.output_type === "stream") return output.name === "stderr" ? [textOf(output.text)] : [];
  return output.data["text/plain"] ? [] : ["an output without text/plain"];
}

/** Where two files part, with what stands there: a message of two whole pages would help nobody. */
function firstDifference(one: Buffer, other: Buffer): string[] | null {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  if (at === one.length && at === other.length) return null;
  return [one, other].map((page) => page.subarray(Math.max(0, at - 120), at + 80).toString());
}
