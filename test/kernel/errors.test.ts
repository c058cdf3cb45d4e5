// Errors of cells as a person sees them: whatever is thrown, short, in the user's own lines.
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "./client.ts";

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start();
  await client.execute("%typecheck off");
});
afterAll(() => client.stop());

async function failure(code: string) {
  const { reply } = await client.execute(code);
  expect(reply.status).toBe("error");
  const text = stripVTControlCharacters((reply.traceback as string[]).join("\n"));
  return { text: text.replaceAll(/Cell \[\d+\]/g, "Cell"), ename: reply.ename, evalue: String(reply.evalue) };
}

test("a custom class, its properties and its cause", async () => {
  const { text, ename, evalue } =
    await failure(`class TooLow extends RangeError { name = "TooLow"; limit = 3 }
function check() { throw new TooLow("1 is too low", { cause: new Error("inner") }) }
check()`);
  expect([ename, evalue]).toEqual(["TooLow", "1 is too low"]);
  expect(text).toContain("TooLow: 1 is too low\n    at check (Cell:2:26)");
  expect(text).toMatch(/\{ limit: 3 \}/);
  expect(text).toMatch(/\[cause\] Error: inner\n\s+at check \(Cell:2:62\)/);
});

test.each([
  [
    "AggregateError",
    'throw new AggregateError([new Error("a"), "b"], "all")',
    /\[0\] Error: a[\s\S]*\[1\] Thrown: b/,
  ],
  [
    "SuppressedError",
    'throw new SuppressedError(new Error("a"), new Error("b"), "both")',
    /\[error\] Error: a[\s\S]*\[suppressed\] Error: b/,
  ],
  [
    "DOMException",
    "AbortSignal.abort().throwIfAborted()",
    /^AbortError: This operation was aborted\n\s+at Cell:1:13/,
  ],
  ["an object", "throw { a: 1 }", /^Thrown: \{ a: 1 \}$/],
  ["nothing", "throw undefined", /^Thrown: undefined$/],
  ["a symbol", 'throw Symbol("s")', /^Thrown: Symbol\(s\)$/],
  ["a function", "throw () => 1", /^Thrown: \[Function/],
  [
    "a proxy that throws",
    "throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
    /^(?:Error|Thrown): /,
  ],
  [
    "hostile getters",
    'throw Object.defineProperties(new Error("m"), { name: { get() { throw 1 } }, x: { enumerable: true, get() { throw 2 } } })',
    /^Error: m\n\s+\{ x: \[Getter\] \}$/,
  ],
  [
    "an error whose cause is itself",
    'const e: any = new Error("loop"); e.cause = e; throw e',
    /^Error: loop\n\s+at Cell:1:16/,
  ],
  [
    "of a system call",
    'require("fs").readFileSync("/nowhere")',
    /^Error: ENOENT[\s\S]*at .*Cell:1:15[\s\S]*code: 'ENOENT'/,
  ],
  [
    "behind await",
    'const f = async () => { await 1; throw new Error("late") }\nawait f()',
    /^Error: late\n\s+at f \(Cell:1:40\)[\s\S]*at async Cell:2:1/,
  ],
])("%s", async (_what, code, pattern) => {
  expect((await failure(code)).text).toMatch(pattern);
});

test("an assertion says what was expected, and nothing twice", async () => {
  const { text, ename } = await failure(
    'import assert from "node:assert/strict";\nassert.deepEqual({ a: 1 }, { a: 2 })',
  );
  expect(ename).toBe("AssertionError");
  expect(text).toMatch(/Expected values to be strictly deep-equal[\s\S]*\+ +a: 1\n- +a: 2[\s\S]*at Cell:2:8/);
  expect(text).not.toMatch(/generatedMessage|operator/);
});

test("no longer than a page, with the first and the last frames", async () => {
  const deep = await failure(
    "function a(n: number): any { return n % 3 ? b(n + 1) : a(n + 1) }\nfunction b(n: number): any { return a(n + 1) }\na(0)",
  );
  expect(deep.text).toMatch(/^RangeError: Maximum call stack size exceeded/);
  expect(deep.text).toMatch(/… \d+ more frames/);
  expect(deep.text.split("\n").length).toBeLessThan(30);
  const many = await failure(
    'throw new AggregateError(Array.from({ length: 100 }, (_, i) => new Error("e" + i)))',
  );
  expect(many.text.split("\n").length).toBeLessThanOrEqual(61);
});

test("of a long line the part around the place is quoted", async () => {
  const { text } = await failure(
    `const filler = "${"x".repeat(300)}"; (null as any).boom; "${"y".repeat(300)}"`,
  );
  const [, , quote, caret] = text.split("\n") as [string, string, string, string];
  expect(quote).toMatch(/^ +1 \| ….*\(null as any\)\.boom; "y+…$/);
  expect(quote.length).toBeLessThan(220);
  expect(quote.slice(caret.indexOf("^")).startsWith("boom")).toBe(true);
});

test("colours are in the traceback only", async () => {
  const { reply } = await client.execute('throw new Error("\\x1b[31mred\\x1b[0m")');
  expect(reply.evalue).toBe("red");
  expect((reply.traceback as string[]).join("")).toContain("\x1b[");
});
