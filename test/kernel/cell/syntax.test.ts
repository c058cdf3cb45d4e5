// Statements and declarations of TypeScript and JavaScript in cells.
import { describe, expect, test } from "vitest";
import { NO_VALUE, TestSession } from "./session.ts";

test("functions are called before their declaration; generators, async generators, overloads", async () => {
  const session = new TestSession();
  await session.ok(
    `[h(), [...g()]]; function h() { return 1 } function* g() { yield 1; yield 2 }
     async function* ag() { yield 3 } async function af() { return 4 }
     function over(a: string): string; function over(a: number): number; function over(a: any) { return a }
     [h(), [...g()], over("o")]`,
    [1, [1, 2], "o"],
  );
  await session.ok(
    "const got = []; for await (const v of ag()) got.push(v); got.push(await af()); got",
    [3, 4],
  );
  await session.ok("[ag.constructor.name, af.name, g.name]", ["AsyncGeneratorFunction", "af", "g"]);
});

test("classes: static block, private, accessors, parameter properties, themselves", async () => {
  const session = new TestSession();
  await session.ok(`class S { static #n = 0; static made: S[] = []; #v = 1; static { S.#n = 5 }
      constructor(public readonly z = 3) { S.made.push(this) }
      get v() { return this.#v } set v(x) { this.#v = x } static n() { return S.#n } }
    class S2 extends S { override get v() { return super.v + 1 } }`);
  await session.ok("const s = new S2(); [S.n(), s.v, s.z, S.made.length, S.name, String(S).slice(0, 7)]", [
    5,
    2,
    3,
    1,
    "S",
    "class S",
  ]);
});

test("standard decorators, whose helpers stay invisible", async () => {
  const session = new TestSession();
  const { cell } = await session.ok(`const logged: string[] = [];
    function d(v: any, c: any) { logged.push(c.kind + ":" + String(c.name)); return v }
    @d class Deco { @d m() { return 1 } @d f = 1; @d accessor acc = 2; static s = Deco }`);
  await session.ok("[logged.sort(), Deco.name, new Deco().acc, Deco.s === Deco]", [
    ["accessor:acc", "class:Deco", "field:f", "method:m"],
    ...["Deco", 2, true],
  ]);
  expect(cell.runnable.slots.toSorted()).toEqual(["Deco", "d", "logged"]);
  expect(Object.keys(globalThis).filter((name) => name.startsWith("_dec") || name === "_init")).toEqual([]);
});

test("legacy decorators, if asked for", async () => {
  const session = new TestSession({ legacyDecorators: true, definesFields: true });
  await session.ok(`const seen: any[] = []; function d(target: any, key?: any) { seen.push(key ?? target.name) }
    @d class Leg { @d p = 1 }`);
  await session.ok("seen", ["p", "Leg"]);
});

test("class fields are assigned, if asked for", async () => {
  const cells = `class Base { constructor() { (this as any).set = "by Base" } }
    class Child extends Base { set?: string }
    new Child().set`;
  await new TestSession().ok(cells, undefined);
  await new TestSession({ legacyDecorators: false, definesFields: false }).ok(cells, "by Base");
});

test("JSX is refused in words that say what to do", async () => {
  const session = new TestSession();
  for (const [cell, column] of [
    ["const a = <div>text</div>", 11],
    ["<><b/></>", 1],
    ["const a = (x: number) => <p id={'a' + x}>{x}</p>; a(1)", 26],
  ] as const) {
    const { failed, error, position } = await session.run(cell);
    expect(failed).toBe(true);
    expect(String(error)).toContain("JSX is not supported in a cell");
    expect(position).toMatchObject({ line: 1, column });
  }
  for (const cell of ["<number>1", "const f = <T,>(x: T) => x; f(1)", "const a = 1 < 2"])
    expect((await session.run(cell)).failed, cell).toBe(false);
  expect(String((await session.run("const a = <div>(")).error)).not.toContain("JSX");
});

describe("using", () => {
  test("disposes at the end of the cell, in reverse order; the name is local to the cell", async () => {
    const session = new TestSession();
    await session.ok(`const order: string[] = [];
      const res = (n: string) => ({ n, [Symbol.dispose]() { order.push("d" + n) } });
      const ares = (n: string) => ({ n, async [Symbol.asyncDispose]() { await 0; order.push("a" + n) } });`);
    await session.ok(
      `using u1 = res("1"); using u2 = res("2"); function late() { return u1.n } order.push("body"); late()`,
      "1",
    );
    await session.ok("order", ["body", "d2", "d1"]);
    await session.ok('order.length = 0; await using u3 = ares("3"); order.push("body"); u3.n', "3");
    await session.ok("[order, typeof u3, typeof u1]", [["body", "a3"], "undefined", "undefined"]);
    await session.ok(
      `order.length = 0; { using u4 = res("4") } for (using u5 of [res("5")]) ;
       (function f() { using u6 = res("6") })(); order`,
      ["d4", "d5", "d6"],
    );
  });

  test("disposes when the cell throws", async () => {
    const session = new TestSession();
    await session.ok("var od: any[] = []");
    await session.fails("using q = { [Symbol.dispose]() { od.push(1) } }; throw new Error('E7')", /E7/);
    await session.ok("od", [1]);
  });
});

test("labels", async () => {
  await new TestSession().ok(
    "let hits = 0; outer: for (let i = 0; i < 3; i++) { for (;;) { hits++; if (i === 1) break outer; continue outer } } hits",
    2,
  );
});

test("for await at the top level", async () => {
  await new TestSession().ok("let sum = 0; for await (const v of [Promise.resolve(1), 2]) sum += v; sum", 3);
});

test.each(["return 5", "break", "new.target", "super.x", "yield 1"])(
  "%s at the top level is a syntax error",
  async (source) => {
    await new TestSession().fails(`1;\n${source}`, /^SyntaxError: .*\n {4}at Cell \[\d+\]:2:\d+/);
  },
);

test("directives", async () => {
  const session = new TestSession();
  await session.ok('"use strict"; "just a string"', "just a string");
  await session.ok('"only"', "only");
  await session.ok('"use strict"', "use strict");
  await session.ok('"use asm";\nlet dd = 1; dd', 1);
});

test("a hashbang and #| lines are comments", async () => {
  const session = new TestSession();
  await session.ok("#!/usr/bin/env node\n#| echo: false\n#| fig: 1\n// c\n#| more\n1 + 1", 2);
  await session.ok("#| label: x\n`\n#| not a comment`", "\n#| not a comment");
  await session.fails('#| a\nthrow /*1*/new Error("p")', /p/, ["1"]);
});

test("HTML comments are a syntax error, as in modules", async () => {
  const session = new TestSession();
  await session.fails("let x = 1, y = 2;\nx<!--y", /HTML single-line comments.*\n.*:2:2/);
  await session.fails("x\n--> y", /SyntaxError/);
  await session.ok("let xx = 1, yy = 2; xx < !--yy", false);
});

test.each(["", " \n", "// c", "/* a\n*/", "type A = 1", ";", "#| x"])(
  "%j runs and has no value",
  async (source) => {
    await new TestSession().ok(source, NO_VALUE);
  },
);

test("new syntax goes through: regexp flags, ?., ??=, **, bigint, separators", async () => {
  await new TestSession().ok(
    'let o: any; o ??= { a: 2n ** 3n }; [/[\\p{L}--[a-z]]/v.test("A"), o?.a, 1_000]',
    [true, 8n, 1000],
  );
});

test.each([
  ['import defer * as n from "node:fs"', /"import defer" is not supported.*\n.*:1:1$/],
  ['1;\nimport source s from "./x.wasm"', /"import source" is not supported.*\n.*:2:1$/],
])("%j is refused with its name", async (source, pattern) => {
  await new TestSession().fails(source, pattern);
});

test("accessors without decorators", async () => {
  await new TestSession().ok(
    "class Acc { accessor x = 1; static accessor y = 2 } const acc = new Acc(); acc.x++; [acc.x, Acc.y]",
    [2, 2],
  );
});

test("export = is a syntax error at its place", async () => {
  await new TestSession().fails("1; export = 5", /"export =" is not supported.*\n.*:1:4$/);
});
