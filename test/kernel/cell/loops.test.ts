// Loops at the top level run on local copies of the names they write, unless somebody else could look at those.
import { describe, expect, test } from "vitest";
import { TestSession } from "./session.ts";

const isLocalised = async (session: TestSession, source: string) =>
  (await session.ok(source)).cell.runnable.loops.length > 0;

describe("hot loops are localised and give the right values", () => {
  test.each([
    [
      "double sum",
      "let s: any = 'text'; s = 0; for (let i = 0; i < 3e6; i++) s += i * 0.5; s",
      2249999250000,
    ],
    ["var counter", "let s = 0; for (var i = 0; i < 3e6; i++) { if (i % 3 === 0) s++ }; [s, i]", [1e6, 3e6]],
    [
      "while with Math",
      "let j = 0, s = 0; while (j < 3e6) { s += Math.abs(j - 5); j++ }; [s, j]",
      [4499983500030, 3e6],
    ],
  ])("%s", async (_what, source, value) => {
    const session = new TestSession();
    expect(await isLocalised(session, source)).toBe(true);
    await session.ok(source, value);
  });
});

describe("values after", () => {
  test.each<[string, string, unknown]>([
    ["the end", "let q = 0; for (let i = 0; i < 5; i++) q += i; q", 10],
    ["break of a label", "let a = 0; x: for (;;) { for (;;) { a++; if (a > 4) break x; continue x } } a", 5],
    [
      "an inner name hides ours",
      `let s5 = 0; for (let j = 0; j < 3; j++) for (let s5 = 10; s5 < 12; s5++) ;
       for (let j = 0; j < 3; j++) { s5++; for (let s5 = 10; s5 < 12; s5++); } s5`,
      3,
    ],
    [
      "many rounds, labels and continue",
      `let w5 = 0; do w5++; while (w5 < 3e6);
       lab: for (var a5 = 0, b5 = 0; a5 < 5; a5++) {
         if (a5 === 1) continue lab; for (const q of [1, 2]) if (q > 1) continue lab; else b5 += q }
       [w5, a5, b5]`,
      [3e6, 5, 4],
    ],
  ])("%s", async (_what, source, value) => {
    await new TestSession().ok(source, value);
  });

  test("an error in the loop", async () => {
    const session = new TestSession();
    await session.fails("let b = 0, n: any = null; for (;;) { b++; if (b === 3) n.x }", /null/);
    await session.ok("b", 3);
  });
});

describe("localised or not", () => {
  test.each([
    ["of", "let c = 0; for (const v of [1, 2]) c += v", true],
    ["while", "let g = 0; while (g < 3) { g++ }", true],
    [
      "a function of the cell mentions the name",
      "let d = 0; const sd = () => d; for (const v of [1, 2]) d += v",
      false,
    ],
    ["a call", "let e = 0; for (const v of [1]) e += Number(v)", true],
    ["await", "let f = 0; for (const v of [1]) f += await v", false],
    ["a name of a block", "{ let g = 0; while (g < 3) { g++ } }", false],
    ["an inner variable hides the name", "let j = 0; for (const v of [1]) { j++; { let j = 5; } }", false],
    ["a function in the loop mentions it", "let l = 0; for (const v of [1]) [v].map((x) => (l += x))", false],
    ["another function in the loop", "let o = 0; for (const v of [1]) o += [v].map((x) => x + 1)[0]!", true],
    ["Function in the cell", "let p = 0; new Function('1'); while (p < 3) p++", false],
    ["eval in the cell", "let k = 0; eval('1'); while (k < 3) k++", false],
  ])("%s", async (_what, source, expected) => {
    expect(await isLocalised(new TestSession(), source)).toBe(expected);
  });

  test("not if a function of an earlier cell mentions the name", async () => {
    const session = new TestSession();
    await session.ok("let d = 0; const sd = () => d");
    expect(await isLocalised(session, "let d = 0; for (const v of [1, 2]) d += v")).toBe(false);
    await session.ok("var total = 0; const box = { get v() { return total } }");
    await session.ok("var total = 0, sum = 0; for (let i = 0; i < 3; i++) { total++; sum += box.v } sum", 6);
  });

  test("not after an earlier cell called eval", async () => {
    const session = new TestSession();
    await session.ok('eval("1")');
    expect(await isLocalised(session, "let h = 0; while (h < 3) h++")).toBe(false);
  });

  test("a cell that was compiled but not handed over leaves no trace", async () => {
    const session = new TestSession();
    await session.fails("let m = 0; const sm = () => m; eval('1'); const = 1", /SyntaxError/);
    expect(await isLocalised(session, "let m = 0; while (m < 3) m++")).toBe(true);
  });
});
