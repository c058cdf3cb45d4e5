// Suggestions in cells: what is offered, from where to where it replaces, and what kind of thing it is.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describe as describeItem } from "../../../kernel/language/details.ts";
import { Notebook, withPatience } from "./notebook.ts";

withPatience();

let notebook: Notebook;
beforeAll(async () => {
  notebook = new Notebook({
    "data.ts": "export const rows = [1, 2]; export interface Row { a: number }",
    "settings.json": "{}",
    "sub/deep.ts": "export default 1",
    "node_modules/plotting/package.json": '{ "name": "plotting", "version": "1.0.0" }',
    "node_modules/@scope/inner/package.json": '{ "name": "@scope/inner", "version": "1.0.0" }',
  });
  await notebook.run(`
    const point = { x: 1, y: "a", "b-c": true };
    let total: number | undefined = 3;
    function scale(factor: number, by = 2): number { return factor * by }
    class Circle { radius = 1; private secret = 2; area() { return 3 } static unit() { return new Circle() } }
    interface Named { first: string; last: string }
    type Colour = "red" | "green";
    enum Level { Low, High }
    namespace Units { export const metre = 1; export type Metre = number }
    const paint = (colour: Colour, options?: { opacity?: number; width?: number }) => colour;
    const maybe = point as typeof point | undefined;
    import { join } from "node:path";
  `);
});
afterAll(() => notebook.close());

const offered: [marked: string, texts: string[]][] = [
  ["point.|", ["x", "y"]],
  ["maybe?.|", ["x", "y"]],
  ["new Circle().|", ["area", "radius"]],
  ["Circle.un|", ["unit"]],
  ["Level.|", ["High", "Low"]],
  ["Units.|", ["metre"]],
  ["const u: Units.|", ["Metre"]],
  ['const c: Colour = "|"', ["green", "red"]],
  ['paint("|")', ["green", "red"]],
  ['paint("red", { | })', ["opacity", "width"]],
  ['paint("red", { width: 1, | })', ["opacity"]],
  ['point["|"]', ["b-c", "x", "y"]],
  ['let n: Named["|"]', ["first", "last"]],
  ["const n: Named = { first: '', | }", ["last"]],
  ["const { | } = point", ["x", "y"]],
  ["import { r| } from './data.ts'", ["rows"]],
  ["Math.mi|", ["min"]],
  ["'text'.toUpper|", ["toUpperCase"]],
  ["const inner = 1; inn|", ["inner"]],
  ["(a: { depth: number }) => a.|", ["depth"]],
  ["// @ts-nocheck\npoint.|", ["x", "y"]],
];

test.each(offered)("%s", async (marked, texts) => {
  expect(await notebook.texts(marked)).toEqual(expect.arrayContaining(texts));
});

test("private members are not offered", async () => {
  expect(await notebook.texts("new Circle().|")).not.toContain("secret");
});

test.each(["// poi|", "'poi|'", "/* poi| */", "const x = 'point.|'"])("nothing in %s", async (marked) => {
  expect(await notebook.texts(marked)).toEqual([]);
});

describe("names", () => {
  test("with nothing typed only those of the notebook", async () => {
    const texts = await notebook.texts("|");
    expect(texts).toEqual(expect.arrayContaining(["point", "total", "scale", "Circle", "join"]));
    expect(texts).not.toContain("Array");
    expect(texts).not.toContain("while");
  });
  test("with a letter typed those of the global scope too", async () => {
    expect(await notebook.texts("displ|")).toEqual(["display"]);
    expect(await notebook.texts("Arr|")).toEqual(expect.arrayContaining(["Array", "ArrayBuffer"]));
  });
  test("letters fit whatever their case", async () => {
    expect(await notebook.texts("CIR|")).toEqual(["Circle"]);
  });
  test("a name of the notebook comes before those of the global scope", async () => {
    expect((await notebook.texts("p|"))[0]).toBe("paint");
  });
  test("none is a name of the kernel's documents", async () => {
    expect(await notebook.texts("__|")).not.toContainEqual(expect.stringContaining("__notebook"));
    expect(await notebook.texts("import x from './|'")).not.toContainEqual(
      expect.stringContaining("__notebook"),
    );
  });
  test("those of later lines and of the running cell", async () => {
    expect(await notebook.texts("function f() { return lat| }\nconst later = 1")).toContain("later");
  });
});

describe("places", () => {
  test("the word before the cursor is replaced", async () => {
    expect(await notebook.complete("1 + poi|")).toMatchObject({ start: 4, end: 7 });
  });
  test("in a later line, behind an astral character", async () => {
    expect(await notebook.complete("const s = '😀'\n'😀'; point.x|")).toMatchObject({ start: 27, end: 28 });
  });
  test("in the middle of a word only what is before the cursor counts", async () => {
    const { start, end, items } = await notebook.complete("tot|xyz");
    expect([start, end, items.map(({ text }) => text)]).toEqual([0, 3, ["total"]]);
  });
  test("within a specifier the text since the quote or the last slash", async () => {
    expect(await notebook.complete("import x from 'plot|'")).toMatchObject({ start: 15, end: 19 });
    expect(await notebook.complete("import x from './da|'")).toMatchObject({ start: 17, end: 19 });
  });
});

describe("modules", () => {
  test("installed packages, those of Node and lectern itself", async () => {
    expect(await notebook.texts("import x from 'plo|'")).toEqual(["plotting"]);
    expect(await notebook.texts("import x from '@sc|'")).toEqual(["@scope/inner"]);
    expect(await notebook.texts("import x from 'lec|'")).toEqual(["lectern"]);
    expect(await notebook.texts("import x from 'node:f|'")).toEqual(expect.arrayContaining(["node:fs"]));
  });
  test("with nothing typed packages come first", async () => {
    expect((await notebook.texts("import x from '|'")).slice(0, 3)).toEqual([
      "@scope/inner",
      "lectern",
      "plotting",
    ]);
  });
  test("in import() and require()", async () => {
    expect(await notebook.texts("await import('plo|')")).toEqual(["plotting"]);
    expect(await notebook.texts("require('plo|')")).toEqual(["plotting"]);
  });
  test("files and folders", async () => {
    const texts = await notebook.texts("import x from './|'");
    expect(texts).toEqual(expect.arrayContaining(["data.ts", "settings.json", "sub"]));
    expect(await notebook.texts("import x from './sub/|'")).toEqual(["deep.ts"]);
  });
});

describe("kinds and signatures", () => {
  const item = async (marked: string, text: string) =>
    (await notebook.complete(marked)).items.find((candidate) => candidate.text === text);

  test("names of earlier cells", async () => {
    const types = Object.fromEntries((await notebook.complete("|")).items.map((i) => [i.text, i.type]));
    expect(types).toMatchObject({
      point: "instance",
      total: "instance",
      scale: "function",
      Circle: "class",
      Level: "enum",
      Units: "module",
      join: "function",
    });
  });
  test("types", async () => {
    expect(await item("let n: Nam|", "Named")).toMatchObject({ type: "interface" });
    expect(await item("let n: Col|", "Colour")).toMatchObject({ type: "type" });
  });
  test("functions, methods, properties and variables", async () => {
    expect(await item("sca|", "scale")).toEqual({
      text: "scale",
      type: "function",
      signature: "(factor: number, by?: number): number",
    });
    expect(await item("new Circle().|", "area")).toMatchObject({ type: "function", signature: "(): number" });
    expect(await item("new Circle().|", "radius")).toMatchObject({ type: "property", signature: "number" });
    expect(await item("tot|", "total")).toMatchObject({ signature: "number | undefined" });
  });
  test("classes of the language", async () => {
    expect(await item("Arr|", "Array")).toEqual({ text: "Array", type: "class" });
  });
  test("keywords", async () => {
    expect(await item("whi|", "while")).toMatchObject({ type: "keyword" });
  });
  test("of overloads the first one, a long signature shortened", () => {
    const overloads = "(method) C.f(a: string): string\n(method) C.f(a: number): number";
    expect(describeItem({ text: "f", type: "function" }, overloads).signature).toBe("(a: string): string");
    const long = `function f(a: "${"x".repeat(400)}"): void`;
    expect(describeItem({ text: "f", type: "function" }, long).signature).toMatch(/^\(a: "x+…$/);
  });
});
