// Names of cells that equal globals harm nobody, and no name of a cell becomes a global property.
import vm from "node:vm";
import { expect, test } from "vitest";
import { TestSession } from "./session.ts";

test("names of Node's globals can be used, and libraries do not notice", async () => {
  const session = new TestSession();
  await session.ok('import * as lib from "./fixtures/lib.mjs"');
  await session.ok(`const URL = "http://x"; const process = 1; class Map { mine = true } let name = "n"; const require = 5;
    const window = 3; const console_ = console; let navigator = 1; enum Set { A };
    const Buffer = 2, globalThis_ = globalThis`);
  const { value } = await session.ok(
    "JSON.stringify([URL, process, new Map(), name, require, window, Set.A, navigator])",
  );
  expect(value).toBe('["http://x",1,{"mine":true},"n",5,3,0,1]');
  await session.ok(
    "[lib.usesUrl(), lib.env(), lib.mapSize(), typeof globalThis.process, { URL, process }.URL, Map.name]",
    ["/b", "undefinedobject", 1, "object", "http://x", "Map"],
  );
  expect([typeof process.version, typeof URL, typeof Reflect.get(globalThis, "window")]).toEqual([
    "string",
    "function",
    "undefined",
  ]);
});

test("in destructuring, shorthands, parameters, assignments, typeof, exports, redeclarations", async () => {
  const session = new TestSession();
  await session.ok(
    `const { URL, Map: { size = 4 } = {} as any } = { URL: 1 } as any; let fetch = 1; fetch += 2;
     ({ fetch } = { fetch: fetch + 1 }); ({ fetch = 9 } = {} as any); function g(URL: number) { return URL }
     export { URL }; const o = { fetch, URL, m(fetch: number) { return { fetch } } };
     [URL, fetch, g(3), o.fetch, o.m(6), typeof URL, size]`,
    [1, 9, 3, 9, { fetch: 6 }, "number", 4],
  );
  await session.ok("function fetch() { return fetch.name } class Event { static e = () => Event.name }");
  await session.ok("[fetch(), Event.e(), fetch.name]", ["fetch", "Event", "fetch"]);
  await session.ok("const fetch = () => 1, URL = class {}, name = async function () {}; 0");
  await session.ok("[fetch, URL, name].map((f) => f.name)", ["fetch", "URL", "name"]);
});

test("imports of such names", async () => {
  await new TestSession().ok(
    `import process from "node:process"; import crypto from "node:crypto"; import { URL } from "node:url";
     import { performance } from "node:perf_hooks";
     [typeof process.pid, typeof crypto.createHash, new URL("http://a/b").pathname, typeof performance.now()]`,
    ["number", "function", "/b", "number"],
  );
});

test("an assignment to an undeclared name is a ReferenceError, to a global it changes the global", async () => {
  const session = new TestSession();
  await session.fails("undeclared_ = 1", /ReferenceError: undeclared_ is not defined/);
  await session.ok("globalThis.gg = 1; gg = 2; globalThis.gg", 2);
});

test("names of cells are no properties of globalThis", async () => {
  await new TestSession().ok("var gv = 1; let gl = 2; function gf() {} class Gc {}");
  expect(["gv", "gl", "gf", "Gc"].filter((name) => name in globalThis)).toEqual([]);
});

test("cells are strict", async () => {
  const session = new TestSession();
  await session.ok("[this, (() => this)(), (function () { return this })()]", [
    undefined,
    undefined,
    undefined,
  ]);
  await session.fails("Object.freeze([1]).push(2)", /TypeError/);
});

test.each([
  "let let = 1",
  "const await = 1",
  "const yield = 1",
  "let eval = 1",
  "let arguments = 1",
  "const class = 1",
  "const static = 1",
  "with ({}) {}",
  "delete x",
  "010",
  "const enum_ = 1; const enum = 1",
])("%s is a syntax error", async (source) => {
  await new TestSession().fails(source, /SyntaxError/);
});

test("contextual words are names", async () => {
  await new TestSession().ok(
    `const async = 1, of = 2, get = 3, type = 4, from = 5, as = 6, declare = 7, namespace = 8, module = 9,
       abstract = 10, using = 11, satisfies = 12, any = 13;
     [async, of, get, type, from, as, declare, namespace, module, abstract, using, satisfies, any]`,
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  );
});

test("the compiler's own names can be used", async () => {
  await new TestSession().ok(
    `const $k = 1, $i = 2, $last = 3, $t = 4, $t0_ = 5; import { a } from "./fixtures/m.mjs"; let z = 0;
     for (let i = 0; i < 3; i++) z += i; const mm = import.meta.url; [$k, $i, $last, $t, a, z, typeof mm, $t0_]`,
    [1, 2, 3, 4, 1, 3, "string", 5],
  );
});

test("eval and new Function see the names of cells", async () => {
  const session = new TestSession();
  await session.ok("let ev = 5");
  await session.ok('[eval("ev + 1"), new Function("return ev")(), (0, eval)("ev")]', [6, 5, 5]);
});

test("a name that exists by other means is assigned to", async () => {
  vm.runInThisContext("var preVar = 1; let preLet = 2;");
  await new TestSession().ok("let preVar = 5, preLet = 6; [preVar, preLet]", [5, 6]);
});
