// A long session: old cells are put together, and nobody notices.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeclaredKind } from "../../../kernel/cell/compiled.ts";
import { settledDeclaration } from "../../../kernel/language/settle.ts";
import { Notebook } from "./notebook.ts";

describe("what the server shows → a declaration", () => {
  const settle = (kind: DeclaredKind, shown: string, taken: string[] = []) =>
    settledDeclaration(`\`\`\`tsx\n(alias) ${shown}\nexport a\n\`\`\`\n`, "a", kind, (name) =>
      taken.includes(name),
    );

  test.each([
    ["const", "const a: number", "export declare const a: number;"],
    ["const", "const a: 42", "export const a = 42;"],
    ["const", 'const a: "x"', 'export const a = "x";'],
    ["let", "let a: string | undefined", "export declare let a: string | undefined;"],
    ["var", "var a: number[][]", "export declare var a: number[][];"],
    [
      "const",
      'const a: {\n    x: number;\n    "y-z": "fixed";\n}',
      'export declare const a: {\n    x: number;\n    "y-z": "fixed";\n};',
    ],
    ["const", "const a: Map<string, number>", "export declare const a: Map<string, number>;"],
    [
      "const",
      "const a: (b: number, c?: string) => void",
      "export declare const a: (b: number, c?: string) => void;",
    ],
    [
      "function",
      "function a(...rest: number[]): Promise<void>",
      "export declare function a(...rest: number[]): Promise<void>;",
    ],
  ] as const)("%s: %s", (kind, shown, declaration) => {
    expect(settle(kind, shown)).toBe(declaration);
  });

  test.each([
    ["const", "const a: Box"],
    ["const", "const a: typeof b"],
    ["const", 'const a: "x" | "y"'], // a copy of it in a let may be any string
    ["const", "const a: { x: number; ... 3 more ...; y: string; }"],
    ["const", "const a: unique symbol"],
    ["const", "const a: `x`"],
    ["function", "function a<T>(b: T): T"],
    ["function", "function a(b: string): string (+1 overload)"],
    ["class", "class a"],
    ["interface", "interface a"],
  ] as const)("too much for a declaration: %s: %s", (kind, shown) => {
    expect(settle(kind, shown)).toBeNull();
  });

  test("a name that the notebook has given another meaning", () => {
    expect(settle("const", "const a: Map<string, number>", ["Map"])).toBeNull();
    expect(settle("const", "const a: { Map: number }", ["Map"])).not.toBeNull();
  });
});

describe("a notebook of 260 cells", () => {
  let notebook: Notebook;
  beforeAll(async () => {
    notebook = new Notebook();
    await notebook.run(
      "class Box { v = 1 }\nlet count = 0;\ndeclare global { var shared: number }",
      "Cell [0]",
    );
    for (let i = 1; i <= 260; i++)
      notebook.language.commit(
        `const n${i} = ${i}, o${i} = { x: n${i}, "y-z": [true] }; let l${i} = count + n${i};
         function f${i}(q: number, r?: string) { return q + n${i} }
         const b${i} = ${i % 50 === 0 ? "new Box()" : `[o${i}]`}, u${i} = "shared";`,
        `Cell [${i}]`,
      );
    notebook.language.commit("const n7 = 'declared again'", "Cell [261]");
    await notebook.codes("1");
  });
  afterAll(() => notebook.close());

  test("puts its old cells together, and knows the types of all its names", async () => {
    // Where a name of a cell that was put together with others stood is no longer known.
    const declared = async () => {
      const plain = (await notebook.language.hover("n1", 1, undefined, true))?.plain;
      // What a busy server was too late for is tried again after the next cell.
      if (plain !== "const n1: 1") await notebook.run("let next = 1");
      return plain;
    };
    await expect.poll(declared, { interval: 1000 }).toBe("const n1: 1");
    expect(
      await notebook.check(
        "n1.toFixed(); o2.x.toFixed(); o2['y-z'][0]; l3 = 5; l3++; f4(1, 'a').toFixed(); b5[0].x; b50.v; n7.length; b250.v; f260(1); let copy = n9; copy = 10; let text = u9; text = 'other'; shared; new Box()",
      ),
    ).toEqual([]);
    expect(
      await notebook.codes(
        "n1.length; o2.y; o2['y-z'][0] = 1; l3 = 'x'; f4('a'); f4(1, 2); b5[0].y; b50.w; n7.toFixed(); n9 = 1; f260()",
      ),
    ).toEqual([2339, 2339, 2322, 2322, 2345, 2345, 2339, 2339, 2551, 2632, 2554]);
  });
  test("completes and shows them", async () => {
    const plain = async (marked: string) => (await notebook.hover(marked))?.plain ?? "";
    await expect.poll(() => notebook.texts("o2.|")).toEqual(["x"]);
    await expect.poll(() => plain("f|4")).toContain("function f4(q: number, r?: string): number");
    await expect.poll(() => plain("l|3")).toContain("let l3: number");
  });
  test("goes on, also on a new server", async () => {
    process.kill(notebook.language.pid as number, "SIGKILL");
    expect(await notebook.codes("n1.length; b50.v; f4(o2.x)")).toEqual([2339]);
    await notebook.run("const n1 = 'new'");
    expect(await notebook.codes("n1.length; o2.x.toFixed()")).toEqual([]);
  });
});
