// Imports, exports and import.meta.
import { expect, test } from "vitest";
import { NO_VALUE, TestSession } from "./session.ts";

test("default, named, renamed, string name, namespace, default and namespace", async () => {
  const session = new TestSession();
  await session.ok(`import d, { a, a as b, "string name" as sn, default as d2 } from "./fixtures/m.mjs";
    import * as ns from "./fixtures/m.mjs"; import dd, * as n2 from "./fixtures/m.mjs";
    import nodefs, { readFileSync } from "node:fs"`);
  await session.ok(
    "[d, a, b, sn, d2, ns.a, dd, n2 === ns, typeof readFileSync, nodefs.readFileSync === readFileSync]",
    ["def", 1, 1, 1, "def", 1, "def", true, "function", true],
  );
});

test("a module is evaluated once", async () => {
  const session = new TestSession();
  await session.ok('import "./fixtures/side.mjs"');
  await session.ok('import "./fixtures/side.mjs"');
  await session.ok("globalThis.sideCount", 1);
});

test("imports of types are erased, unused imports are kept for later cells", async () => {
  const session = new TestSession();
  const { cell } = await session.ok(`import type { T } from "nowhere";
    import { type U, a } from "./fixtures/m.mjs"; import unused from "./fixtures/m.mjs"`);
  expect(cell.runnable.slots).toEqual(["a", "unused"]);
  await session.ok("[a, unused]", [1, "def"]);
});

test("an interface may be imported without `type`; a missing name is an error if its value is used", async () => {
  const session = new TestSession();
  await session.ok('import { SomeInterface, a } from "./fixtures/m.mjs"; let v: SomeInterface; a', 1);
  await session.fails(
    ' import { missing } from "./fixtures/m.mjs"\nmissing()',
    /does not provide an export named 'missing'[\s\S]*:1:2/,
  );
});

test("import x = require() and aliases", async () => {
  await new TestSession().ok(
    'import c = require("./fixtures/c.cjs"); namespace NN { export const B = 3 } import Al = NN.B; [c.x, Al]',
    [1, 3],
  );
});

test("CommonJS: default, and names that Node's lexer misses", async () => {
  await new TestSession().ok('import c, { dyn } from "./fixtures/c.cjs"; [c.x, dyn]', [1, 7]);
});

test("JSON with attributes, static and dynamic", async () => {
  await new TestSession().ok(
    `import data from "./fixtures/d.json" with { type: "json" };
     const m2 = await import("./fixtures/d.json", { with: { type: "json" } }); [data.v, m2.default.v]`,
    [5, 5],
  );
});

test("dynamic import: at the top level, in functions called later", async () => {
  const session = new TestSession();
  await session.ok(`const m = await import("node:path");
    const lazy = async () => (await import("node:url")).URL; function lazy2() { return import("node:path") }`);
  await session.ok("[typeof m.join, await lazy() === URL, typeof (await lazy2()).join]", [
    "function",
    true,
    "function",
  ]);
});

test("imports are hoisted, and make no cell asynchronous", async () => {
  const { gavePromise } = await new TestSession().ok(
    'const first = a; import { a } from "./fixtures/m.mjs"; first',
    1,
  );
  expect(gavePromise).toBe(false);
});

test("exports are tolerated", async () => {
  const session = new TestSession();
  await session.ok(`export const ea = 1; export let { eb } = { eb: 2 }; export function ef() { return 3 }
    export class Eg {} export enum Eh { A = 4 } const loc = 5; export { loc as other, loc }; export type ET = 1;
    export default class Ei { v = 6 }`);
  await session.ok("[ea, eb, ef(), Eh.A, loc, new Ei().v]", [1, 2, 3, 4, 5, 6]);
  await session.ok(
    `export default function edf() { return 7 }
     export * from "./fixtures/side.mjs"; export { a } from "./fixtures/m.mjs"; edf()`,
    7,
  );
  await session.ok("var ran = 0; export default (ran++, { x: 1 })", NO_VALUE);
  await session.ok("ran", 1);
  await session.ok("export default () => 1");
  await session.ok("export default function () {}");
  await session.ok("export default class {}");
  await session.ok("export {}", NO_VALUE);
});

test("import.meta is that of a module in the notebook's folder", async () => {
  await new TestSession().ok(
    "const f = () => import.meta.dirname; [import.meta.url.startsWith('file:'), f(), import.meta.filename]",
    [true, import.meta.dirname, `${import.meta.dirname}/notebook.ts`],
  );
});

test("imported names are copies; the namespace follows the module", async () => {
  await new TestSession().ok(
    `import { count, inc } from "./fixtures/m.mjs"; import * as cns from "./fixtures/m.mjs"; inc();
     [count === cns.count, cns.count - count]`,
    [false, 1],
  );
});

test("an error in an imported module, or none such, leads to the import", async () => {
  const session = new TestSession();
  await session.fails(
    '1;\nimport "./fixtures/bad.mjs"',
    /boom in module[\s\S]*bad\.mjs:2:7[\s\S]*Cell \[\d+\]:2:1/,
  );
  const outcome = await session.fails(
    '\nimport "node:fs";\n import x from "no-such-pkg"',
    /Cannot find package 'no-such-pkg'[\s\S]*Cell \[\d+\]:3:2/,
  );
  expect(outcome.position).toMatchObject({ line: 3, column: 2 });
});
