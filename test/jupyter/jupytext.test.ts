// jupytext keeps notebooks as .ts files: nothing is lost on the way there and back, and the files run.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { code, markdown, writeNotebook } from "./notebooks.ts";
import { Place } from "./programs.ts";

const place = new Place();
const notebook = join(place.notebooks, "lesson.ipynb");
const script = join(place.notebooks, "lesson.ts");
const back = join(place.notebooks, "back.ipynb");
beforeAll(() => place.installKernel());
afterAll(() => place.remove());

const limit = 600_000;

interface Notebook {
  cells: {
    cell_type: string;
    metadata: Record<string, unknown>;
    source: string | string[];
    outputs?: { data?: object }[];
  }[];
  metadata: { kernelspec: object; language_info?: object };
}

const read = (file: string): Notebook => JSON.parse(readFileSync(file, "utf8"));

function content({ cells, metadata }: Notebook): object {
  return {
    kernelspec: metadata.kernelspec,
    cells: cells.map(({ cell_type, metadata, source }) => {
      // jupytext's own note on how the file was spaced.
      const { lines_to_next_cell: _, ...kept } = metadata;
      return [cell_type, kept, [source].flat().join("")];
    }),
  };
}

async function jupytext(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.python("-m", "jupytext", ...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

const cells = [
  markdown("# A lesson\n\n// with `code`, and */ the end of a comment"),
  code("%%time\nconst a: number = 20;"),
  code("!echo shell"),
  code("a?"),
  code("#| label: figure\n//| echo: false\na + 1"),
  code(
    "// a comment\n\n\nconst text = `two\nlines`;\n\nfunction twice(n: number) {\n\n  return 2 * n;\n}\n\ntwice(a)",
    {
      tags: ["keep", "raises-exception"],
    },
  ),
  code(""),
  { cell_type: "raw", id: "raw", metadata: {}, source: "raw text" },
  code("/* %% */ const last = 1;\nlast"),
];

test.each(["percent", "light"])("ts:%s and back", { timeout: limit }, async (format) => {
  writeNotebook(notebook, cells);
  await jupytext(notebook, "--to", `ts:${format}`, "--output", script);
  expect(readFileSync(script, "utf8")).toContain("// # A lesson\n//\n// // with `code`");
  await jupytext(script, "--to", "notebook", "--output", back);
  expect(content(read(back))).toEqual(content(read(notebook)));
});

test("a change in the paired .ts reaches the notebook, whose outputs stay", { timeout: limit }, async () => {
  writeNotebook(notebook, [code("const a: number = 20;"), code("a + 1")]);
  await jupytext("--set-formats", "ipynb,ts:percent", "--execute", notebook);
  const changed = readFileSync(script, "utf8").replace("a + 1", "a + 2").replace("a: number", "a: bigint");
  expect(read(notebook).cells[1]!.outputs![0]!.data).toEqual({ "text/plain": ["21"] });
  writeFileSync(script, `${changed}\n// %% [markdown]\n// More.\n`);
  await jupytext("--sync", script);
  const { cells } = read(notebook);
  expect(cells.map(({ source }) => [source].flat().join(""))).toEqual([
    "const a: bigint = 20;",
    "a + 2",
    "More.",
  ]);
});

test("a plain .ts file becomes a notebook with outputs", { timeout: limit }, async () => {
  writeFileSync(script, "// %% [markdown]\n// # Sum\n\n// %%\nconst a: number = 20;\n\n// %%\na + 1\n");
  await jupytext("--set-kernel", "-", "--to", "notebook", "--execute", script, "--output", back);
  const { cells, metadata } = read(back);
  expect(metadata.kernelspec).toMatchObject({ name: "lectern", language: "typescript" });
  expect(cells[2]!.outputs![0]!.data).toEqual({ "text/plain": ["21"] });
});

test("a type error stops the run", { timeout: limit }, async () => {
  writeFileSync(script, '// %%\nconst a: number = "20";\n');
  const { code, stderr } = await place.python(
    "-m",
    "jupytext",
    "--set-kernel",
    "lectern",
    "--execute",
    script,
  );
  expect(code).not.toBe(0);
  expect(stderr).toContain("TS2322");
});
