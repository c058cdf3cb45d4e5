// Every lecture runs from top to bottom, as `jupyter nbconvert --execute` runs it for the course's pages.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Place, root } from "./programs.ts";

// Not a copy: cells import "lectern" from where the notebook stands.
const folder = join(root, "notebooks", "lectures");
const place = new Place();
beforeAll(() => place.installKernel());
afterAll(() => place.remove());

interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  ename?: string;
  evalue?: string;
  data?: Record<string, unknown>;
}

async function execute(notebook: string): Promise<Output[]> {
  const args = ["--execute", "--allow-errors", "--ExecutePreprocessor.timeout=600", "--to", "notebook"];
  const result = await place.python("-m", "nbconvert", ...args, "--output-dir", place.notebooks, notebook);
  expect(result.code, result.stderr).toBe(0);
  const { cells } = JSON.parse(readFileSync(join(place.notebooks, basename(notebook)), "utf8"));
  return cells.flatMap((cell: { outputs?: Output[] }) => cell.outputs ?? []);
}

/** What a reader must not find: errors, text on stderr, results without a plain text. */
function faults(outputs: Output[]): string[] {
  return outputs.flatMap((output) => {
    if (output.output_type === "error")
      return [stripVTControlCharacters(`${output.ename}: ${output.evalue}`)];
    if (output.name === "stderr") return [`stderr: ${textOf(output)}`];
    return output.data && !output.data["text/plain"] ? ["an output without text/plain"] : [];
  });
}

function textOf(output: Output): string {
  return [output.text ?? ""].flat().join("");
}

describe("the lectures run without a fault", () => {
  const lectures = globSync("*.ipynb", { cwd: folder }).sort();
  test.each(lectures)("%s", { timeout: 900_000 }, async (name) => {
    const outputs = await execute(join(folder, name));
    expect(faults(outputs)).toEqual([]);
    const readings = outputs
      .map(textOf)
      .join("")
      .matchAll(/reads ([\d.]+) % of the new digits/g);
    const percent = Array.from(readings, ([, number]) => Number(number));
    if (name === "00-first-light.ipynb") {
      expect(percent).toHaveLength(2);
      expect(Math.max(...percent)).toBeGreaterThanOrEqual(96);
    }
  });
});
