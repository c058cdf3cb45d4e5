// Positions in stacks are those of the cell as it was written, and only the user's frames are shown.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells have templates in them.
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Evaluator } from "./evaluator.ts";
import { mapStack, stacks, TestSession } from "./session.ts";

/** Comments such as \/*1*\/ stand right before the places of the frames, in their order. */
const marksOf = (source: string) => [...source.matchAll(/\/\*(\d)\*\//g)].map(([, mark]) => mark!).toSorted();

describe("positions", () => {
  test.each([
    ["top level", 'const a: number = 1;\n\n  throw /*1*/new Error("E")'],
    [
      "types before it on the line",
      'const f = <T extends object,>(a: T, b: number | string): T => { throw /*1*/new Error("E") }; /*2*/f({}, 1)',
    ],
    [
      "nested calls, arrow, method",
      'class A<T> { m(x: T) { return this./*2*/n(x) } n(x: T): T { throw /*1*/new Error("E") } }\nconst f = (x: number) => new A<number>()./*3*/m(x);\n/*4*/f(1)',
    ],
    [
      "enum before",
      'enum E { A, B }\nenum G { A = "x" }\nfunction f() { throw /*1*/new TypeError("E") }\n/*2*/f()',
    ],
    ["call on undefined", "const o: any = {};\no.x./*1*/y"],
    ["not a function", "const o: any = {};\nconst q = 5;\no./*1*/x(1, 2)"],
    ["ReferenceError", "let k = 1\n  + /*1*/nothing"],
    [
      "function hoisted over other code",
      'const a = 1;\n/*2*/f();\nfunction f() {\n  throw /*1*/new Error("E")\n}',
    ],
    ["last expression", 'const g = () => { throw /*1*/new Error("E") };\n[1].map(() => /*2*/g())[0]'],
    [
      "parameter property",
      'class P { constructor(private a: number) { this./*2*/go() } go() { throw /*1*/new Error("E") } };\n/*3*/new P(1)',
    ],
    [
      "template, unicode, emoji before",
      'const π = "😀😀"; const s = `😀${π}`; throw /*1*/new Error(`E ${s}`)',
    ],
    ["tabs and CRLF", 'const a = 1;\r\n\tlet b = 2;\r\n\tthrow /*1*/new Error("E");\r\n'],
    ["BOM", '\uFEFFthrow /*1*/new Error("E")'],
    [
      "decorator helpers",
      'function d(v: any, c: any) { return v }\n@d class Z { @d m() { throw /*1*/new Error("E") } }\nnew Z()./*2*/m()',
    ],
    ["getter", 'const o = { get v(): number { throw /*1*/new Error("E") } };\no./*2*/v'],
    ["static block", 'class Q { static { throw /*1*/new Error("E") } }'],
    ["destructuring of undefined", "const u: any = undefined;\nconst { /*1*/a } = u;"],
    ["localised loop", "let n = 0; const z: any = null;\nfor (;;) {\n  n++; if (n > 3) z./*1*/boom;\n}"],
    ["with using", 'using r = { [Symbol.dispose]() {} };\nthrow /*1*/new Error("E")'],
  ])("%s", async (_what, source) => {
    await new TestSession().fails(source, /Error/, marksOf(source));
  });

  test.each([
    [
      "async function",
      'async function f() {\n  throw /*1*/new Error("E")\n}\nawait /*2*/f()',
      ["at f (Cell:2:14)", "at Cell:4:12"],
    ],
    [
      "after await",
      'async function f(x: number) {\n  await null; throw /*1*/new Error("E")\n}\nawait 0;\nawait f(1)',
      ["at f (Cell:2:26)", "at async Cell:5:1"],
    ],
    ["top level after await", 'await 0;\n throw /*1*/new Error("E")', ["at Cell:2:13"]],
    [
      "async arrow chain",
      'const g = async () => { await 0; throw /*1*/new Error("E") };\nconst h = async () => { await g() };\nawait h()',
      ["at g (Cell:1:45)", "at async h (Cell:2:25)", "at async Cell:3:1"],
    ],
  ])("%s", async (_what, source, frames) => {
    const { stack } = await new TestSession().fails(source, /E/, ["1"]);
    const lines = stack.split("\n").slice(1);
    expect(lines.map((line) => line.trim().replace(/Cell \[\d+\]/, "Cell"))).toEqual(frames);
  });

  test("of the first frame in a cell", async () => {
    const outcome = await new TestSession().fails('const a = 1;\n  JSON.parse("{")', /SyntaxError/);
    expect(outcome.position).toEqual({ cell: outcome.name, line: 2, column: 8 });
    expect(stacks.map("Error: x\n    at f (file:///a.js:1:1)").position).toBeNull();
  });
});

test("a function of an earlier cell: both cells are in the stack", async () => {
  const session = new TestSession();
  const first = await session.ok('function thrower(): never {\n  throw new Error("E")\n}');
  const second = await session.fails("const z = 1;\n  thrower()", /E/);
  expect(second.stack.split("\n").slice(1)).toEqual([
    `    at thrower (${first.name}:2:9)`,
    `    at ${second.name}:2:3`,
  ]);
});

test("callbacks: frames of Node are left out, those of the language are kept", async () => {
  const session = new TestSession();
  await session.ok("const failing: any = { callback: null }");
  const { name } = (await session.ok(
    'const failed = new Promise((r) => { const f = () => {\n  try { JSON.parse("{") } catch (e) { r(e) } }; setTimeout(f, 1) }); failed',
  )) as { name: string };
  const { value } = (await session.ok("failed")) as { value: Error };
  expect(mapStack(value.stack!).split("\n").slice(1)).toEqual([
    "    at JSON.parse (<anonymous>)",
    `    at Timeout.f [as _onTimeout] (${name}:2:14)`,
  ]);
  await session.fails("[2, 1].sort((a, b) => {\n throw /*1*/new Error('E') })", /Array\.sort/, ["1"]);
});

test("frames of the kernel are left out, frames in the user's files are kept as they are", () => {
  const kernel = new URL("../../../kernel/runtime/evaluate.ts", import.meta.url);
  const stack = [
    "Error: E",
    "    at load (file:///home/u/notebook/data.ts:3:9)",
    "    at Object.read (/home/u/notebook/node_modules/csv/index.js:7:1)",
    `    at start (${kernel.href}:1:1)`,
    `    at start (${fileURLToPath(kernel)}:1:1)`,
    "    at Immediate.<anonymous> (node:internal/timers:1:1)",
    "    at node:internal/process:1:1",
    "    at async Promise.all (index 0)",
    "    at nobody (Cell [unknown]:1:1)",
  ];
  expect(stacks.map(stack.join("\n")).text.split("\n")).toEqual([...stack.slice(0, 3), stack[7]]);
});

test("in printed text, frames of the kernel leave their comma or bracket behind", async () => {
  const { name } = await new TestSession().ok("const printed = 1;\nprinted");
  const text = [
    "{",
    "  e: Error: E",
    `      at ${name}:3:21`,
    "      at node:internal/process:1:1 {",
    "    code: 5",
    "  }",
    "}",
    "    at home, by node:fs",
  ].join("\n");
  expect(stacks.mapPrinted(text)).toBe(
    text.replace(" {\n    code", "\n    code").replace(/:3:21\n.*/, ":2:1 {"),
  );
});

test("a script may have any name", async () => {
  const evaluator = new Evaluator();
  const body = await evaluator.prepare(await evaluator.compile("(1 as any)\n .x.y", "expression"));
  let stack = "";
  try {
    await body();
  } catch (error) {
    stack = mapStack((error as Error).stack!);
  }
  expect(stack.split("\n").at(-1)).toBe("    at expression:2:5");
});

describe("syntax errors", () => {
  test.each([
    ["const a = 1;\nconst = 5", /Expected identifier but found "=".*\n.*:2:7$/],
    ['const é = "😀"; const = 5', /:1:23$/],
    ["let a = (1,\n2", /Expected "\)" but found end of file\n.*:2:2/],
    ["`abc", /Unterminated/],
    ["let a = 1;\nlet a = 2;", /"a" has already been declared\n.*:2:5/],
    ["if (x) {", /Unexpected end of file|found end of file/],
    ["foo(1, 2) bar", /Expected ";" but found "bar"\n.*:1:11/],
    ["let q = 1;\n  let r: RegExp = /(/;", /Invalid regular expression.*\n.*:2:19/],
    ["class A { m() {\n return this.#x } }", /#x.*\n.*:2:\d+/],
    [`let f: any;\n f(${"1,".repeat(70000)}1)`, /Too many arguments.*\n.*:2:\d+/],
  ])("%#", async (source, pattern) => {
    await new TestSession().fails(source, pattern);
  });

  test("leave no trace", async () => {
    const session = new TestSession();
    await session.fails("let URL = 1, f = /(/;", /Invalid regular expression/);
    await session.ok("let f = 1; [f, typeof URL]", [1, "function"]);
  });

  test("know the line they are in", async () => {
    const { error } = await new TestSession().run("let a = 1;\nlet b = = 2;");
    expect(error).toMatchObject({ name: "SyntaxError", line: 2, column: 9, sourceLine: "let b = = 2;" });
  });
});

test("names are as they were written", async () => {
  const session = new TestSession();
  await session.ok(`let a = 1; const b = 2; function f(a: any) { return a() }
    function outer() { function f() { throw new Error("in inner f") } class b { m() { f() } } new b().m() }
    const keys = (a: any, { b = a } = {} as any) => ({ a, b })`);
  await session.fails("f(1)", /TypeError: a is not a function/);
  await session.fails("outer()", /at f \(Cell.*\n.*at b\.m \(.*\n.*at outer \(/);
  await session.ok("[keys(1), f.toString()]", [{ a: 1, b: 1 }, "function f(a) { return a() }"]);
  await session.fails("const fetch: any = 5; fetch()", /TypeError: fetch is not a function/);
});

test("only whole hidden names are shown without their invisible letter", async () => {
  await new TestSession().ok("const URL = 5");
  expect(stacks.showNames("URL\u200c is not, MyURL\u200c and URL\u200cs are")).toBe(
    "URL is not, MyURL\u200c and URL\u200cs are",
  );
});

test("thrown values that are no errors, and errors with a cause", async () => {
  const session = new TestSession();
  expect((await session.run("throw { a: 1 }")).error).toEqual({ a: 1 });
  await session.fails("throw null", /null/);
  const { error } = await session.fails('throw new Error("o",\n { cause: new Error("i") })', /o/);
  const { cause } = error as { cause: Error };
  expect(mapStack(cause.stack!)).toMatch(/^Error: i\n {4}at Cell \[\d+\]:2:11$/);
  const aggregate = await session.run('throw new AggregateError([\nnew Error("x")], "all")');
  const [inner] = (aggregate.error as AggregateError).errors as [Error];
  expect(mapStack(inner.stack!)).toMatch(/^Error: x\n {4}at Cell \[\d+\]:2:1$/);
});
