// `lectern run`: a notebook through the real kernel without Python; Jupyter's own nbformat judges what it writes.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { KernelClient } from "../../kernel/cli/client.ts";
import { code, markdown, pictureCell, writeNotebook } from "./notebooks.ts";
import { Place } from "./programs.ts";

const place = new Place();
const input = join(place.notebooks, "in.ipynb");
const output = join(place.notebooks, "out.ipynb");
afterAll(() => place.remove());

interface Executed {
  metadata: { language_info: { name: string } };
  // biome-ignore format: one line reads best
  cells: { execution_count?: number | null; outputs: { output_type: string; text?: string[]; ename?: string; data?: Record<string, string[]>; metadata?: object }[] }[];
}

function executed(): Executed {
  return JSON.parse(readFileSync(output, "utf8"));
}

test("outputs, counts and language go into the notebook", async () => {
  writeNotebook(input, [
    markdown("# Title"),
    code('const a: number = 20;\nconsole.log("one");\nconsole.log("two");\na + 22'),
    code(pictureCell),
    code("// nothing to show\n"),
    code("a * 2"),
  ]);
  const result = await place.lectern("run", input, "--output", output);
  expect(result).toMatchObject({ code: 0, stderr: "" });

  const { cells, metadata } = executed();
  expect(metadata.language_info.name).toBe("typescript");
  expect(cells.map((cell) => cell.execution_count)).toEqual([undefined, 1, 2, 3, 4]);
  expect(cells[1]!.outputs).toEqual([
    { output_type: "stream", name: "stdout", text: ["one\n", "two\n"] },
    { output_type: "execute_result", execution_count: 1, metadata: {}, data: { "text/plain": ["42"] } },
  ]);
  expect(cells[2]!.outputs[0]).toMatchObject({
    output_type: "display_data",
    data: { "text/plain": ["a red square"] },
  });
  expect(cells[4]!.outputs[0]!.data!["text/plain"]).toEqual(["40"]);

  const check = "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=4))";
  expect(await place.python("-c", check, output)).toMatchObject({ code: 0, stderr: "" });
});

const show = (text: string, options = "") =>
  `display({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "${text}" }) }${options});`;

test("without --output a display is printed once, in its last state", async () => {
  const states = [
    show("10 %", ', { display_id: "x" }'),
    show("100 %", ', { display_id: "x", update: true }'),
  ];
  writeNotebook(input, [code(`${states.join(" ")}\nconsole.log("done")`)]);
  expect(await place.lectern("run", input)).toEqual({ code: 0, stdout: "100 %\ndone\n", stderr: "" });
});

test("displays are updated and cleared in place", async () => {
  const send = 'globalThis[Symbol.for("Jupyter.broadcast")]';
  writeNotebook(input, [
    code(show("first", ', { display_id: "x" }')),
    code(show("second", ', { display_id: "x", update: true }')),
    code(
      `// @ts-nocheck\nconsole.log("gone"); ${send}("clear_output", { wait: true }); console.log("stays");`,
    ),
  ]);
  expect((await place.lectern("run", input, "--output", output)).code).toBe(0);
  const { cells } = executed();
  expect(cells[0]!.outputs.map((shown) => shown.data!["text/plain"])).toEqual([["second"]]);
  expect(cells[1]!.outputs).toEqual([]);
  expect(cells[2]!.outputs.map((shown) => shown.text)).toEqual([["stays\n"]]);
});

test("a failing cell is named, and what came before it is written", async () => {
  writeNotebook(input, [
    markdown("# Title"),
    code('console.log("before")'),
    code("\nnull.length // @ts-ignore\n", { id: "the-culprit" }),
    code('console.log("never")'),
  ]);
  const result = await place.lectern("run", input, "--output", output);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain("in.ipynb: cell 3 (id the-culprit) “null.length // @ts-ignore” failed");
  const { cells } = executed();
  expect(cells[1]!.outputs[0]!.text).toEqual(["before\n"]);
  expect(cells[2]!.outputs[0]!.output_type).toBe("error");
  expect(cells[3]!.outputs).toEqual([]);
});

test("the tags raises-exception and skip-execution", async () => {
  writeNotebook(input, [
    code('throw new RangeError("on purpose")', { tags: ["raises-exception"] }),
    code('throw new Error("never run")', { tags: ["skip-execution"] }),
    code("1 + 1"),
  ]);
  expect((await place.lectern("run", input, "--output", output)).code).toBe(0);
  const { cells } = executed();
  expect(cells[0]!.outputs).toMatchObject([
    { output_type: "error", ename: "RangeError", evalue: "on purpose" },
  ]);
  expect(cells[1]!.outputs).toEqual([]);
  expect(cells[2]!.outputs[0]!.data!["text/plain"]).toEqual(["2"]);
});

test("without --output the texts are printed and the file stays as it was", async () => {
  writeNotebook(input, [code('console.log("printed");\n6 * 7')]);
  const before = readFileSync(input, "utf8");
  const result = await place.lectern("run", input);
  expect(result).toEqual({ code: 0, stdout: "printed\n42\n", stderr: "" });
  expect(readFileSync(input, "utf8")).toBe(before);
});

test.each([
  ["where no other program can", "tmp", "ipc"],
  ["on ports where the path of a socket would be too long", "t".repeat(100), "tcp"],
])("the kernel listens %s", async (_, name, transport) => {
  const temporary = join(place.folder, name);
  mkdirSync(temporary);
  vi.stubEnv("TMPDIR", temporary);
  const client = await KernelClient.start({ directory: place.notebooks, session: input });
  try {
    const [own] = readdirSync(temporary) as [string];
    expect(JSON.parse(readFileSync(join(temporary, own, "connection.json"), "utf8"))).toMatchObject({
      transport,
    });
  } finally {
    vi.unstubAllEnvs();
    await client.shutdown();
  }
  expect(readdirSync(temporary)).toEqual([]);
});

test("a cell that ends the process leaves what is there", async () => {
  writeNotebook(input, [
    code("1"),
    code("process.kill(process.ppid, 'SIGKILL'); await new Promise(() => {})"),
  ]);
  const result = await place.lectern("run", input, "--output", output);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain("cell 2");
  expect(result.stderr).toContain("The kernel ended by itself (SIGKILL)");
  expect(executed().cells[0]!.outputs[0]!.data!["text/plain"]).toEqual(["1"]);
});

test.each([
  ["missing.ipynb", null, "There is no file"],
  ["cut.ipynb", '{"cells": [', "not valid JSON"],
  ["list.ipynb", "[]", "no JSON object"],
  ["old.ipynb", '{"nbformat": 3, "metadata": {}, "worksheets": []}', "its format is 3"],
  ["cell.ipynb", '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code"}]}', "cell 1 has no"],
])("%s is refused with a reason", async (name, text, message) => {
  const file = join(place.notebooks, name);
  if (text !== null) writeFileSync(file, text);
  const { code, stderr } = await place.lectern("run", file);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});

test("a notebook of another language is refused", async () => {
  writeNotebook(input, [code("1")], "python3", "python");
  const { code: exitCode, stderr } = await place.lectern("run", input);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("for the kernel “python3” (python)");
});
