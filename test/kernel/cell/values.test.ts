// The value of a cell: its last statement, if that is an expression.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells have templates in them.
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { NO_VALUE, TestSession } from "./session.ts";

test.each<[string, unknown]>([
  ["1 + 1", 2],
  ["1 + 1;", 2],
  ["1 + 1; // c", 2],
  ["1 + 1 /* c */ ;\n// end\n", 2],
  ["({ a: 1 })", { a: 1 }],
  ["({ a: 1 });", { a: 1 }],
  ["[1, 2]", [1, 2]],
  ["{ a: 1 }", NO_VALUE],
  ["await Promise.resolve(3)", 3],
  ["let v4; v4 = 5", 5],
  ["1, 2", 2],
  ["(1, 2);", 2],
  ["`t${1}`", "t1"],
  ["5 as number", 5],
  ["<any>5", 5],
  ["5!", 5],
  ["({}) satisfies object", {}],
  ["undefined", undefined],
  ["null", null],
  ["void 0", undefined],
  ["this", undefined],
  ["let k4 = 1; k4++", 1],
  ["await 1, 2", 2],
  ['true ? "a" : "b"', "a"],
  ["1;;", NO_VALUE],
  ["1;\n;", NO_VALUE],
  ["const c4 = 1", NO_VALUE],
  ["5; const c4 = 1", NO_VALUE],
  ["5; type A4 = 1", NO_VALUE],
  ["if (true) { 5 }", NO_VALUE],
  ["for (const x of [1]) x", NO_VALUE],
  ["function f4() { return 1 }", NO_VALUE],
  ["5; namespace N4 { export const a = 1 }", NO_VALUE],
  ["enum E4 { A }", NO_VALUE],
  ["try { 5 } finally {}", NO_VALUE],
  ["throw_: 5", NO_VALUE],
  ['5\nimport "node:fs"', NO_VALUE],
  ['"a"\n+ "b"', "ab"],
  ["let z4 = 2\nz4\n** 2", 4],
  ["Promise.resolve(7)", 7],
  ['import("node:path").then(() => 8)', 8],
  ["[Promise.resolve(1)].length", 1],
])("value of %j", async (source, value) => {
  const outcome = await new TestSession().ok(source);
  expect(outcome.value).toStrictEqual(value);
});

test.each(["a4 => a4", "(function () { return 1 })", "(class {})", "async () => 1"])(
  "value of %j is a function",
  async (source) => {
    const { value } = await new TestSession().ok(source);
    expect(typeof value).toBe("function");
  },
);

test.each(["function* () {}", "class {}"])("%j is a syntax error", async (source) => {
  await new TestSession().fails(source, /^SyntaxError/);
});

test("a trailing promise is awaited, [p] shows it, other thenables are left alone, a rejection is the error", async () => {
  const session = new TestSession();
  const { value } = await session.ok("[new Promise(() => {})]");
  expect(inspect(value)).toBe("[ Promise { <pending> } ]");
  await session.ok("({ then() { log.push('called') } }); log = []; [{ then() { log.push('called') } }]");
  await session.ok("log", []);
  await session.fails("const later = () => Promise.reject(/*1*/new Error('rej'));\nlater()", /rej/, ["1"]);
});
