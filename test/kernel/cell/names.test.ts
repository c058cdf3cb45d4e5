// Names of cells: seen by later cells and earlier functions, redeclared at will, kept when a cell fails.
import { describe, expect, test } from "vitest";
import { namesOf } from "../../../kernel/cell/names.ts";
import { parseTypeScript } from "../../../kernel/cell/source.ts";
import { TestSession } from "./session.ts";

describe("a name is seen by later cells and by functions of earlier cells, always as it is now", () => {
  test.each([
    ["const", "const a1 = 1", "const a1 = 2"],
    ["let", "let a1 = 1", "a1 = 2"],
    ["var", "var a1 = 1", "a1 = 2"],
    ["function", "function a1() { return 1 }", "function a1() { return 2 }"],
    ["class", "class a1 { static v = 1 }", "class a1 { static v = 2 }"],
    ["enum", "enum a1 { V = 1 }", "enum a1 { V = 2 }"],
    ["namespace", "namespace a1 { export const V = 1 }", "namespace a1 { export const V = 2 }"],
    ["import", 'import { a as a1 } from "./fixtures/m.mjs"', "const a1 = 2"],
  ])("%s", async (_kind, declaration, change) => {
    const session = new TestSession();
    await session.ok(
      'function get1() { const v: any = a1; return v.V ?? v.v ?? (typeof v === "function" ? v() : v) }',
    );
    await session.ok(declaration);
    await session.ok("get1()", 1);
    await session.ok(change);
    await session.ok("get1()", 2);
  });
});

test("destructuring: nested, defaults, rest, holes, computed", async () => {
  const session = new TestSession();
  await session.ok(`const key = "k";
    const { p, q: { r = 5, ...rest1 }, [key]: kk, ...rest2 } = { p: 1, q: { s: 2 } as any, k: 3, z: 4 },
      [x, , y = 7, ...more] = [1, 2, undefined, 8, 9];
    let [{ deep: [d1] }] = [{ deep: ["d"] }]; var { v1 = 1, v2: [v3] = [3] } = {} as any`);
  await session.ok("[p, r, rest1, kk, rest2, x, y, more, d1, v1, v3]", [
    ...[1, 5, { s: 2 }, 3, { z: 4 }, 1, 7],
    ...[[8, 9], "d", 1, 3],
  ]);
});

test("every kind of declaration redeclares every other, and itself", async () => {
  const session = new TestSession();
  const kinds = [
    'const z1 = "const"',
    'let z1 = "let"',
    'var z1 = "var"',
    "function z1() {}",
    "class z1 {}",
    "enum z1 { A }",
    "namespace z1 { export const b = 1 }",
    'import z1 from "./fixtures/m.mjs"',
    'const { z1 } = { z1: "d" }',
  ];
  for (const first of kinds) {
    for (const second of kinds) {
      await session.ok(first);
      const before = (await session.ok("z1")).value;
      await session.ok(second);
      if (first !== second) expect((await session.ok("z1")).value, `${first}; ${second}`).not.toBe(before);
    }
  }
});

test("let x; resets to undefined, var x; keeps", async () => {
  const session = new TestSession();
  await session.ok("let x = 1; var y = 1");
  await session.ok("let x; var y;");
  await session.ok("[x, y]", [undefined, 1]);
});

test("an enum run again does not merge with the old one; twice in one cell merges", async () => {
  const session = new TestSession();
  await session.ok("enum C { R, G }");
  await session.ok("enum C { B }\nenum C { X = 5 }");
  await session.ok("Object.keys(C)", ["0", "5", "B", "X"]);
});

test("class and namespace, function and namespace merge in one cell", async () => {
  const session = new TestSession();
  await session.ok(`class A { m() { return A.x } } namespace A { export const x = 1 }
    function F() { return F.y } namespace F { export const y = 2 }`);
  await session.ok("[new A().m(), F()]", [1, 2]);
  await session.ok("namespace P.Q { export const c = 1 }");
  await session.ok("P.Q.c", 1);
});

test("use before the definition in one cell: undefined, in a second run the old value", async () => {
  const session = new TestSession();
  await session.ok("var seen = tdz; const tdz = 1; seen", undefined);
  await session.ok("var seen = tdz; const tdz = 1; seen", 1);
});

test("inner scopes shadow", async () => {
  const session = new TestSession();
  await session.ok(`let s = 1; { let s = 2; s++ } for (let s = 5; s < 6; s++); function g(s: number) { return s }
    try { throw 9 } catch (s) {} (() => { var s = 3 })(); class Q { s = 4; static m(s = 8) { return s } }`);
  await session.ok("[s, g(7), Q.m()]", [1, 7, 8]);
});

test("a cell fails half-way: what was assigned is kept, all names can be declared again", async () => {
  const session = new TestSession();
  await session.fails('const h1 = 1; throw new Error("x"); const h2 = 2', /x/);
  await session.ok("[h1, typeof h2]", [1, "undefined"]);
  await session.ok("let h1 = 5, h2 = 6; class h3 {}; [h1, h2]", [5, 6]);
});

test("a failing second run keeps the old value", async () => {
  const session = new TestSession();
  await session.ok("const keep = 1");
  await session.fails('const keep = (() => { throw new Error("no") })()', /no/);
  await session.ok("keep", 1);
});

test("var in blocks, heads of loops, switch, try, labels", async () => {
  const session = new TestSession();
  await session.ok(`for (var i = 0, n = 3; i < n; i++) { var inFor = i } for (var k in { a: 1 }) ;
    for (var [e1, e2] of [[1, 2]]) ; if (true) { var blk = 1 } switch (1) { case 1: var sw = 2 }
    try { var tr = 3 } catch {} lab: { var la = 4; break lab }`);
  await session.ok("[i, n, inFor, k, e1, e2, blk, sw, tr, la]", [3, 3, 2, "a", 1, 2, 1, 2, 3, 4]);
});

test("let, const, class and function in a block stay there", async () => {
  const session = new TestSession();
  await session.ok("{ let bl = 1; const bc = 2; class Bk {} function bf() {} }");
  await session.ok("[typeof bl, typeof bc, typeof Bk, typeof bf]", Array(4).fill("undefined"));
});

test("closures in a loop see their own round", async () => {
  await new TestSession().ok(
    "const fs_ = []; for (let i = 0; i < 3; i++) fs_.push(() => i); let acc = 0; for (const f of fs_) acc += f(); acc",
    3,
  );
});

test("const is not enforced when the cell runs: that is for the type check", async () => {
  await new TestSession().ok("const c9 = 1;\n c9 = 2; c9", 2);
});

test("an anonymous function as the last expression has no name", async () => {
  for (const source of ["(x: number) => x", "function () {}", "class {}", "async () => {}"])
    await new TestSession()
      .ok(`(${source})`)
      .then(({ value }) => expect((value as { name: string }).name).toBe(""));
});

test("functions of two cells call each other", async () => {
  const session = new TestSession();
  await session.ok("function even(n: number): boolean { return n === 0 || odd(n - 1) }");
  await session.ok("function odd(n: number): boolean { return n !== 0 && even(n - 1) }");
  await session.ok("even(10)", true);
});

test("recursion goes through the name, so a function can be replaced by its memoised form", async () => {
  const session = new TestSession();
  await session.ok(
    "var calls = 0; function fib(n: number): number { calls++; return n < 2 ? n : fib(n - 1) + fib(n - 2) }",
  );
  await session.ok(
    `const plain = fib; const memo = new Map();
     fib = (n) => memo.get(n) ?? (memo.set(n, plain(n)), memo.get(n)); [fib(30), calls, plain.name]`,
    [832040, 31, "fib"],
  );
});

test("declarations of types leave no slots", async () => {
  const { cell } = await new TestSession().ok(`interface I { a: number } type T = I; declare const dc: number;
    declare function df(): void; abstract class Ab { abstract x(): void }
    function ov(a: string): void; function ov(a: any) {}`);
  expect(cell.runnable.slots.toSorted()).toEqual(["Ab", "ov"]);
});

describe("declared names", () => {
  test("with their kinds, those of types included", () => {
    const source = `import d, { a as b, type T1 } from "m"; import * as ns from "n"; import req = require("r");
      const { c, e: [f = 1, ...g] } = x, h = 1; let i; var j; using k = r; await using k2 = r;
      function l() { var no = 1; { var nope = 2 } } function m(a: string): void; function m(a: any) {}
      class N {} enum O { A } interface P {} type Q = 1; namespace R.S { export const no = 1 } declare const t: number;
      export const u = 1; export default class V {}
      for (var w = 0; ; ) { var y = 1; let no = 1 } declare global { var no: number }`;
    expect(namesOf(parseTypeScript(source).program).map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      ...["import d", "import b", "import T1", "import ns", "import req"],
      ...["const c", "const f", "const g", "const h", "let i", "var j", "using k", "using k2"],
      ...["function l", "function m", "class N", "enum O", "interface P", "type Q", "namespace R", "const t"],
      ...["const u", "class V", "var w", "var y"],
    ]);
  });
});
