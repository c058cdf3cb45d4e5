// Type checks across cells: what a cell sees of earlier ones, and what is an error there.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Notebook, withPatience } from "./notebook.ts";

withPatience();

let notebook: Notebook;
beforeAll(() => {
  notebook = new Notebook();
});
afterAll(() => notebook.close());
beforeEach(() => notebook.language.forget());

const fine: [title: string, ...cells: string[]][] = [
  ["a const is seen", "const a = 1", "a.toFixed()"],
  ["a let may be assigned to", "let n = 1", "n = 2; n += 1; n++"],
  ["a var may be assigned to", "var n = 1", "n = 2"],
  ["a var inside a block is seen", "for (var i = 0; i < 3; i++) {}\nif (i) { var deep = 1 }", "deep = i"],
  [
    "functions, classes and enums",
    "function f() { return 1 }\nclass C { x = 1 }\nenum E { A }",
    "f().toFixed(); new C().x = 2; E.A",
  ],
  ["a class is a type as well", "class C { x = 1 }", "const c: C = new C()"],
  ["an enum is a type as well", "enum E { A, B }", "const e: E = E.B"],
  [
    "interfaces and types",
    "interface P { x: number }\ntype Q<T> = T[]",
    "const p: P = { x: 1 }; const q: Q<P> = [p]",
  ],
  ["a namespace", "namespace N { export const x = 1; export type T = string }", "const t: N.T = 'a'; N.x"],
  [
    "imports of earlier cells",
    "import { join } from 'node:path'\nimport * as os from 'node:os'\nimport fs from 'node:fs'",
    "join('a', os.tmpdir()); fs.existsSync('a')",
  ],
  ["import type", "import type { Stats } from 'node:fs'", "const f = (s: Stats) => s.size"],
  ["destructuring", "const { a, b: [c = 2], ...rest } = { a: 1, b: [1], d: 'x' }", "a + c; rest.d.length"],
  ["through several cells", "const a = 1", "const b = a + 1", "const c = a + b", "c.toFixed()"],
  [
    "a name of a type and a value",
    "type T = { a: number }\nconst T = (a: number): T => ({ a })",
    "const t: T = T(1)",
  ],
  ["a const declared again", "const a = 1", "const a = 'x'", "a.length"],
  ["a const becomes a let", "const a = 1", "let a = 2", "a = 3"],
  ["a function becomes a const", "function f() { return 1 }", "const f = () => 'x'", "f().length"],
  ["a class declared again", "class C { x = 1 }", "class C { y = 1 }", "new C().y"],
  [
    "an interface declared again replaces the old one",
    "interface P { x: number }",
    "interface P { y: number }",
    "const p: P = { y: 1 }",
  ],
  [
    "declarations merge within a cell",
    "interface P { x: number }\ninterface P { y: number }",
    "const p: P = { x: 1, y: 2 }",
  ],
  [
    "overloads",
    "function f(a: string): string\nfunction f(a: number): number\nfunction f(a: any) { return a }",
    "f(1).toFixed(); f('a').length",
  ],
  ["generics", "function id<T>(x: T): T { return x }", "id('a').length; id(1).toFixed()"],
  [
    "a name of the global scope declared by the user",
    "const name = 1\nconst fetch = 2\nclass URL { mine = 1 }",
    "name + fetch; new URL().mine",
  ],
  ["the cell's own declaration wins", "const a = 'text'", "const a = 1; a.toFixed()"],
  ["an empty array has any elements", "const xs = []\nxs.push(1)", "xs.push('a')"],
  ["parameters without types", "function f(a, b) { return a + b }\nconst g = x => x", "f(1, 2) + g(1)"],
  ["top-level await", "const a = await Promise.resolve(1)\nfor await (const x of [a]) x", "a.toFixed()"],
  ["await using", "class R { async [Symbol.asyncDispose]() {} }\nawait using r = new R()"],
  [
    "unused names are no errors",
    "import { join } from 'node:path'\nconst unused = 1\nfunction g(a: number) {}",
  ],
  ["export of own names", "export const a = 1\nconst b = 2\nexport { b, b as c }", "a + b"],
  ["export default", "export default function f() { return 1 }", "f().toFixed()"],
  ["globalThis", "globalThis.counter = 1; globalThis['other'] = 2", "counter + other + globalThis.counter"],
  [
    "globalThis, run again",
    "globalThis.counter = 1",
    "globalThis.counter = 1",
    "globalThis.counter = 'x'",
    "counter",
  ],
  ["declare global", "declare global { var answer: number }\nglobalThis.answer = 42", "answer.toFixed()"],
  [
    "declare global, run again",
    "declare global { var answer: number }\nexport {}",
    "declare global { var answer: number }\nexport {}",
    "answer.toFixed()",
  ],
  ["display and require", "display(1); display([1], { display_id: 'a', update: true }); require('node:fs')"],
  [
    "what Node has",
    "console.log(process.pid, import.meta.dirname, Buffer.from('a')); setTimeout(() => {}, 1); structuredClone(1)",
  ],
  [
    "the newest JavaScript",
    "[1].toSorted(); new Set([1]).union(new Set()); Promise.withResolvers(); Iterator.from([1])",
  ],
  ["ts-expect-error", "// @ts-expect-error\nconst a: string = 1"],
  ["ts-ignore", "const a = 1\n// @ts-ignore\nconst b: string = a"],
  ["ts-nocheck in the first line", "// @ts-nocheck\nconst a: string = 1; nothing()"],
  ["ts-nocheck behind other comments", "/* a\n comment */\n// and one more\n  // @ts-nocheck\nnothing()"],
  ["option lines and a byte order mark", "#| echo: false\n1 + 1", "\uFEFFconst a = 1"],
  ["an empty cell and one of comments", "", "// nothing", "/* nothing */"],
  [
    "decorators",
    "function d(value: unknown, context: ClassMethodDecoratorContext) {}\nclass C { @d m() {} }",
  ],
  ["parameter properties", "class P { constructor(public x: number) {} }", "new P(1).x"],
  [
    "JSON and assertions",
    "const a = JSON.parse('1') as number\nconst b = <number>JSON.parse('1')\na! satisfies number",
  ],
  [
    "functions of older cells keep what they used",
    "class P { x = 1 }",
    "const f = (p: P) => p.x; const old = new P()",
    "class P { y = 's' }",
    "f(old).toFixed()",
  ],
  [
    "a name of using is gone and can be declared again",
    "using a = { [Symbol.dispose]() {} }",
    "const a = 1",
    "a.toFixed()",
  ],
];

test.each(fine)("right: %s", async (_title, ...cells) => {
  for (const cell of cells) {
    expect(await notebook.check(cell), cell).toEqual([]);
    notebook.language.commit(cell);
  }
});

const wrong: [title: string, codes: number[], ...cells: string[]][] = [
  ["a wrong type", [2322], "const a = 1", "const b: string = a"],
  ["a wrong assignment to a let", [2322], "let n = 1", "n = 'x'"],
  ["a wrong assignment to a var", [2322], "var n = 1", "n = 'x'"],
  [
    "a let that may be null is not narrowed across cells",
    [18047],
    "let n: { x: number } | null = null\nn = { x: 1 }",
    "n.x",
  ],
  ["assignment to a const", [2632], "const a = 1", "a = 2"],
  ["assignment to a function", [2632], "function f() {}", "f = () => {}"],
  ["a name that no cell has", [2304], "const a = 1", "b"],
  ["the type after a second declaration", [2339], "const a = 'x'", "const a = 1", "a.length"],
  ["an old member of a class declared again", [2339], "class C { x = 1 }", "class C { y = 1 }", "new C().x"],
  [
    "an old member of an interface declared again",
    [2353],
    "interface P { x: number }",
    "interface P { y: number }",
    "const p: P = { x: 1 }",
  ],
  [
    "an old value of a class declared again",
    [2741],
    "class P { x = 1 }\nconst old = new P()",
    "class P { y = 1 }\nconst f = (p: P) => p.y",
    "f(old)",
  ],
  ["use before the own declaration", [2448], "const x = 1", "const x = x + 1"],
  ["two declarations in a cell", [2451, 2451], "const a = 1; let a = 2"],
  [
    "import type used as a value",
    [1361],
    "import type { EventEmitter } from 'node:events'",
    "new EventEmitter()",
  ],
  ["names of browsers", [2584, 2304], "document; window"],
  ["a name of using in a later cell", [2304], "using handle = { [Symbol.dispose]() {} }", "handle"],
  ["ts-expect-error without an error", [2578], "// @ts-expect-error\nconst a = 1"],
  ["wrong options of display", [2353], "display(1, { id: 'a' })"],
  ["strict null checks", [2532], "const m = new Map<string, number>()", "m.get('a').toFixed()"],
  ["arguments", [2554], "function f(a: number) {}", "f()"],
  [
    "not all code paths return a value is no error, a wrong return is",
    [2322],
    "function f(a: boolean): number { return 'x' }",
  ],
  ["an export that a module does not have", [2305], "import { nothing } from 'node:fs'"],
  ["syntax", [1005], "const a = (1"],
];

test.each(wrong)("wrong: %s", async (_title, codes, ...cells) => {
  expect(await notebook.last(...cells)).toEqual(codes);
});

describe("positions", () => {
  const at = async (cell: string) => {
    const [{ line, column, endLine, endColumn }] = (await notebook.check(cell)) as [
      Awaited<ReturnType<Notebook["check"]>>[number],
    ];
    return [line, column, endLine, endColumn];
  };

  test("in the first line", async () => {
    expect(await at("nothing")).toEqual([1, 1, 1, 8]);
  });
  test("in a later line, behind tabs and astral characters", async () => {
    expect(await at("const a = 1\n\tconst s = '😀'; nothing")).toEqual([2, 18, 2, 25]);
  });
  test.each(["\r\n", "\n", "\r"])("with the line ending %j", async (ending) => {
    expect(await at(`const a = 1${ending}nothing`)).toEqual([2, 1, 2, 8]);
  });
  test("over several lines", async () => {
    expect(await at("Math.max(\n  1,\n  {\n    a: 1,\n  },\n)")).toEqual([3, 3, 5, 4]);
  });
  test("of what is missing at the end", async () => {
    expect(await at("const a = 1\nfunction f() {")).toEqual([2, 15, 2, 15]);
  });
  test("behind the names of many cells", async () => {
    notebook.language.commit("const a = 1; let b = 2; class C {}");
    expect(await at("a; b; C; nothing")).toEqual([1, 10, 1, 17]);
  });
});

describe("words", () => {
  const message = async (cell: string) => (await notebook.check(cell))[0]?.message;

  test("assignment to names of earlier cells", async () => {
    notebook.language.commit("const a = 1; function f() {}; class C {}; enum E { A }");
    expect(await message("a = 2")).toBe("Cannot assign to 'a' because it is a const of an earlier cell.");
    expect(await message("f = 2")).toBe("Cannot assign to 'f' because it is a function of an earlier cell.");
    expect(await message("C = 2")).toBe("Cannot assign to 'C' because it is a class of an earlier cell.");
    expect(await message("E = 2")).toBe("Cannot assign to 'E' because it is an enum of an earlier cell.");
  });
  test("assignment to a name that is an import is not reworded", async () => {
    notebook.language.commit("import { join } from 'node:path'");
    expect(await message("join = 2")).toBe("Cannot assign to 'join' because it is an import.");
  });
  test("names of browsers", async () => {
    expect(await message("document.title")).toBe(
      "Cannot find name 'document': a cell runs in Node, where there is no page.",
    );
  });
  test("a string that is not one of those allowed", async () => {
    notebook.language.commit("const paint = (colour: 'red' | 'green', opacity = 1) => colour");
    expect(await message("paint(\n  'grene')")).toMatch(/It can be "green", "red"; did you mean "green"\?$/);
    expect(await message("paint('blue')")).toMatch(/It can be "green", "red"\.$/);
    expect(await message("const s: number = 'blue'")).toBe(
      "Type 'string' is not assignable to type 'number'.",
    );
  });
  test("of very many strings only the one that was meant", async () => {
    notebook.language.commit(
      `const pick = (key: ${Array.from({ length: 40 }, (_, i) => `"key${i}"`).join("|")} | "gradient") => key`,
    );
    expect(await message("pick('graident')")).toMatch(/ Did you mean "gradient"\?$/);
    expect(await message("pick('nothing like it')")).not.toContain("Did you mean");
  });
  test("two classes of one name", async () => {
    notebook.language.commit("class P { private x = 1 }\nconst old = new P()", "Cell [1]");
    notebook.language.commit("class P { private x = 1 }\nconst f = (p: P) => p", "Cell [2]");
    expect(await message("f(old)")).toContain(
      "'P (Cell [1])' is not assignable to parameter of type 'P (Cell [2])'",
    );
    expect(await message("class P { private x = 1 }\nconst p: P = old")).toContain("type 'P (this cell)'");
  });
  test("no message names a document of the kernel", async () => {
    notebook.language.commit("class P { private x = 1 }\nlet p = new P()", "Cell [1]");
    const found = await notebook.check("p = 1; new P().x; const q: string = p; p.nothing");
    expect(found.map(({ code }) => code)).toEqual([2322, 2341, 2322, 2339]);
    for (const { message } of found) expect(message).not.toContain("__notebook");
  });
});

test("a cell that failed its check can be corrected", async () => {
  expect(await notebook.codes("const a: string = 1")).toEqual([2322]);
  expect(await notebook.run("const a: string = 'x'")).toEqual([]);
  expect(await notebook.codes("a.length")).toEqual([]);
});

test("after forget() the names of earlier cells are gone", async () => {
  await notebook.run("const a = 1");
  notebook.language.forget();
  expect(await notebook.codes("a")).toEqual([2304]);
  expect(await notebook.run("const a = 'x'")).toEqual([]);
  expect(await notebook.codes("a.length")).toEqual([]);
});

test("a cell run over and over stays what it is", async () => {
  await notebook.run("class P { x = 1 }");
  await notebook.run("const make = () => new P()");
  for (let i = 0; i < 30; i++) await notebook.run(`class P { x${i} = 1 }\nconst p = new P()`);
  expect(await notebook.codes("p.x29; make().x")).toEqual([]);
  expect(await notebook.codes("p.x28")).toEqual([2339]);
});

test("checks that are asked for at once are answered each for its own cell", async () => {
  notebook.language.commit("const a = 1");
  const cells = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? `a.toFixed(${i})` : `a.none${i}`));
  const answers = await Promise.all(cells.map((cell) => notebook.check(cell)));
  for (const [i, answer] of answers.entries())
    expect(answer.map(({ message }) => message)).toEqual(
      i % 2 === 0 ? [] : [`Property 'none${i}' does not exist on type '1'.`],
    );
});

test("a cell that does not parse does not harm the next ones", async () => {
  notebook.language.commit("const a = (1");
  expect(await notebook.codes("const b = 1; b.toFixed()")).toEqual([]);
});

test("a cell of a quarter of a million characters is not checked", async () => {
  const long = "const x = 1;\n".repeat(20_000);
  expect(await notebook.language.check(long, 20_000)).toBeNull();
});
