// papermill runs a notebook with other parameters: the translator of python/lectern_jupyter under the real kernel.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { code, writeNotebook } from "./notebooks.ts";
import { Place } from "./programs.ts";

const place = new Place();
const input = join(place.notebooks, "train.ipynb");
const output = join(place.notebooks, "out.ipynb");
beforeAll(() => place.installKernel());
afterAll(() => place.remove());

const limit = 600_000;

const papermill = (...args: string[]) => place.python("-m", "papermill", "--start-timeout=300", ...args);

interface Cell {
  source: string[];
  metadata: { tags?: string[] };
  outputs: { ename?: string; evalue?: string; text?: string[]; data?: { "text/plain": string[] } }[];
}

function executed(): Cell[] {
  // papermill notes the parameters in the notebook, NaN and Infinity as Python writes them.
  const text = readFileSync(output, "utf8").replace(/: (NaN|-Infinity)/g, ": null");
  return JSON.parse(text).cells;
}

const defaults = `const epochs: number = 2; // how often to go over the data
const name = "draft";
let layers: number[] = [
  10, // classes
];
/** Where to begin. */
const start: { at: number } | null = null`;

test("parameters of every kind reach the cells, unchanged", { timeout: limit }, async () => {
  const parameters = {
    epochs: 30,
    name: `q"uotes', \`ticks\` \${epochs}\n\u2028 \\n é😀`,
    layers: [64, 10],
    rate: 1e-3,
    big: 1.5e300,
    yes: true,
    nothing: null,
    empty: [],
    start: { at: 0.5, "two words": { "1": [null, "x", false] }, class: {} },
  };
  const file = join(place.notebooks, "parameters.json");
  // papermill reads the file as YAML, for which a line separator is the end of a line.
  writeFileSync(file, JSON.stringify(parameters).replace("\u2028", "\\u2028"));
  writeNotebook(input, [
    code(defaults, { tags: ["parameters"] }),
    // Written as a student would go on: the names have their types, and a parameter may be changed.
    code("epochs += 1; layers.push(start.at); name.length"),
    code(
      "JSON.stringify({ epochs: epochs - 1, name, layers: layers.slice(0, -1), rate, big, yes, nothing, empty, start })",
    ),
    code("[notANumber, infinite, Object.getPrototypeOf(odd) === Object.prototype, huge]"),
  ]);
  const odd = "{notANumber: .nan, infinite: -.inf, odd: {__proto__: {a: 1}}, huge: 9007199254740993}";
  const result = await papermill(input, output, "-f", file, "-y", odd);
  expect(result.code, result.stderr).toBe(0);
  const [, injected, , json, numbers] = executed();
  expect(injected!.metadata.tags).toEqual(["injected-parameters"]);
  expect(injected!.source.slice(0, 2)).toEqual(["// Parameters\n", "let epochs = 30;\n"]);
  const shown = json!.outputs[0]!.data!["text/plain"].join("");
  // The kernel shows a string between the quotes that need least escaping.
  expect(new Function(`return ${shown}`)()).toBe(JSON.stringify(parameters));
  expect(numbers!.outputs[0]!.data!["text/plain"].join("")).toBe(
    "[ NaN, -Infinity, true, 9007199254740993n ]",
  );
});

test("a cell that fails ends the run, and the notebook so far is kept", { timeout: limit }, async () => {
  writeNotebook(input, [
    code("const n = 1;", { tags: ["parameters"] }),
    code('console.log("n is", n); if (n > 1) throw new RangeError(n + " is too many");'),
    code("console.log('never')"),
  ]);
  const result = await papermill(input, output, "-p", "n", "2");
  expect(result.code).toBe(1);
  expect(stripVTControlCharacters(result.stderr)).toContain("RangeError: 2 is too many");
  const cells = executed();
  const failed = cells.find(({ outputs }) => outputs?.some(({ ename }) => ename))!;
  expect(failed.outputs.map(({ text, ename }) => ename ?? text!.join(""))).toEqual([
    "n is 2\n",
    "RangeError",
  ]);
  expect(cells.at(-1)!.outputs).toEqual([]);
});

test("a parameter of the wrong type is a type error where it is used", { timeout: limit }, async () => {
  writeNotebook(input, [code("const n = 1;", { tags: ["parameters"] }), code("n.toFixed(1)")]);
  const result = await papermill(input, output, "-r", "n", "many");
  expect(result.code).toBe(1);
  expect(stripVTControlCharacters(result.stderr)).toContain(
    "Property 'toFixed' does not exist on type 'string'",
  );
});

test("a name that no variable can have is refused before anything runs", { timeout: limit }, async () => {
  const result = await papermill(input, output, "-p", "learning-rate", "0.1");
  expect(result.code).toBe(1);
  expect(result.stderr).toContain("“learning-rate” cannot be a parameter of a TypeScript notebook");
});

test("--help-notebook lists the parameters with types, defaults and comments", {
  timeout: limit,
}, async () => {
  writeNotebook(input, [code(defaults, { tags: ["parameters"] })]);
  const result = await papermill("--help-notebook", input);
  expect(result.code, result.stderr).toBe(0);
  const lines = result.stdout.split("\n").map((line) => line.trim().replace(/ {2,}/, " "));
  expect(lines.slice(lines.findIndex((line) => line.startsWith("epochs")))).toEqual([
    "epochs: number (default 2) how often to go over the data",
    'name: string (default "draft")',
    "layers: number[] (default [",
    "10,",
    "])",
    "start: { at: number } | null (default null)",
    "Where to begin.",
    "",
  ]);
});
