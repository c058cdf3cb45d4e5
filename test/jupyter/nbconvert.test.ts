// nbconvert and nbclient run notebooks with the kernel, as build scripts and graders do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { code, markdown, pictureCell, writeNotebook } from "./notebooks.ts";
import { Place } from "./programs.ts";

const place = new Place();
const notebook = join(place.notebooks, "page.ipynb");
beforeAll(() => place.installKernel());
afterAll(() => place.remove());

const limit = 600_000;

test("nbconvert makes a page with the outputs in it", { timeout: limit }, async () => {
  const cells = [
    markdown("# A page"),
    code('console.log("hello page");\n[1, 2].map((x) => x * 21)'),
    code(pictureCell),
  ];
  writeNotebook(notebook, cells);
  const result = await place.python("-m", "nbconvert", "--execute", "--to", "html", notebook);
  expect(result.code, result.stderr).toBe(0);
  const html = pageBody(join(place.notebooks, "page.html"));
  expect(html).toContain("hello page");
  expect(html).toContain("[ 21, 42 ]");
  expect(html).toMatch(/<img[^>]+src="data:image\/png;base64,/);
  // The lexer for TypeScript knows `const`; a page without one would hold plain text.
  expect(html).toMatch(/<span class="kd">const<\/span>/);
});

test("nbconvert stops at an error and says which", { timeout: limit }, async () => {
  writeNotebook(notebook, [code('throw new TypeError("stop here")')]);
  const result = await place.python("-m", "nbconvert", "--execute", "--to", "html", notebook);
  expect(result.code).not.toBe(0);
  expect(stripVTControlCharacters(result.stderr)).toContain("TypeError: stop here");
});

test("jupyter execute writes the outputs into the file", { timeout: limit }, async () => {
  writeNotebook(notebook, [code("const x = 6;"), code("x * 7")]);
  const result = await place.python("-m", "jupyter", "execute", "--inplace", notebook);
  expect(result.code, result.stderr).toBe(0);
  const { cells } = JSON.parse(readFileSync(notebook, "utf8"));
  expect(cells[1].outputs[0].data["text/plain"]).toEqual(["42"]);
});

test("magics: nothing waits for a pager or an answer, and nothing is on stderr", {
  timeout: limit,
}, async () => {
  writeNotebook(notebook, [
    code("%%writefile hello.ts\nexport const hi = 6;"),
    code("%load hello.ts"),
    code('import { hi } from "./hello.ts";\nhi?\n!cat; cat hello.ts'),
    code("#| label: x\n%%time\n%typecheck warn\nconst answer: string = hi * 7;\nanswer"),
  ]);
  const result = await place.python("-m", "jupyter", "execute", "--inplace", notebook);
  expect(result.code, result.stderr).toBe(0);
  const { cells } = JSON.parse(readFileSync(notebook, "utf8"));
  const outputs = cells.flatMap((cell: { outputs: Record<string, unknown>[] }) => cell.outputs);
  expect(outputs.filter(({ name }: { name?: string }) => name === "stderr")).toEqual([]);
  expect(JSON.stringify(cells[2].outputs)).toContain("export const hi = 6;");
  expect(cells[3].outputs.at(-1).data["text/plain"]).toEqual(["42"]);
});

test("nbclient interrupts a cell that runs too long, and the kernel lives on", {
  timeout: limit,
}, async () => {
  writeNotebook(notebook, [code("while (true) {}"), code("6 * 7")]);
  const script = `
import nbformat, sys
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
client = NotebookClient(
    notebook,
    timeout_func=lambda cell: 3 if "while" in cell.source else 300,
    startup_timeout=300,
    iopub_timeout=300,
    interrupt_on_timeout=True,
    allow_errors=True,
    raise_on_iopub_timeout=True,
)
client.execute()
print(notebook.cells[0].outputs[-1].output_type, notebook.cells[1].outputs[0].data["text/plain"])
`;
  const result = await place.python("-c", script, notebook);
  expect(result.code, result.stderr).toBe(0);
  expect(result.stdout.trim()).toBe("error 42");
});

/** The page without its head, whose style sheets would fill pages of a failure's message. */
function pageBody(file: string): string {
  const html = readFileSync(file, "utf8");
  return html.slice(html.indexOf("<body"));
}
