// What is shown of a name: its declaration and its documentation, as Markdown and as plain text.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hoverText } from "../../../kernel/language/hover.ts";
import { Notebook, withPatience } from "./notebook.ts";

withPatience();

let notebook: Notebook;
beforeAll(async () => {
  notebook = new Notebook();
  await notebook.run(
    [
      "/** The answer to **everything**. */",
      "const answer = 42;",
      "let total: number | undefined;",
      "/**",
      " * Makes a number larger.",
      " * @param factor - by how much, see {@link answer}",
      " * @returns the `larger` number",
      " * @example",
      " * scale(2) // → 84",
      " */",
      "function scale(factor: number, by = 2): number { return factor * by }",
      "class Circle { radius = 1; area() { return 3 } }",
      "type Colour = 'red' | 'green';",
      "import { join } from 'node:path';",
    ].join("\n"),
    "Cell [1]",
  );
});
afterAll(() => notebook.close());

const shown: [marked: string, plain: string][] = [
  ["ans|wer", "const answer: 42"],
  ["answer|", "const answer: 42"],
  ["|answer", "const answer: 42"],
  ["to|tal", "let total: number | undefined"],
  ["new Cir|cle()", "Circle"],
  ["new Circle().rad|ius", "(property) Circle.radius: number"],
  ["new Circle().area|()", "(method) Circle.area(): number"],
  ["let c: Col|our", "type Colour = "],
  ["const own = 'a'; ow|n", 'const own: "a"'],
  ["const own = [1];\n\now|n", "const own: number[]"],
  ["'😀'; ans|wer", "const answer: 42"],
  ["Math.ma|x(1)", "(method) Math.max(...values: number[]): number"],
  ["display|(1)", "function display(value: unknown"],
];

test.each(shown)("%s", async (marked, plain) => {
  expect((await notebook.hover(marked))?.plain).toContain(plain);
});

test("Markdown is a block of code and the documentation", async () => {
  const hover = await notebook.hover("ans|wer");
  expect(hover?.markdown).toBe("```typescript\nconst answer: 42\n```\nThe answer to **everything**.");
  expect(hover?.plain).toBe("const answer: 42\nThe answer to everything.");
});

test("all parts of a doc comment", async () => {
  const hover = await notebook.hover("sca|le");
  expect(hover?.markdown).toMatch(
    /^```typescript\nfunction scale\(factor: number, by\?: number\): number\n```\n/,
  );
  for (const part of ["Makes a number larger.", "by how much", "larger", "scale(2) // → 84"])
    expect(hover?.plain).toContain(part);
  expect(hover?.plain).not.toMatch(/```|\*@|`larger`/);
});

test("names of imports show what is imported, not the import", async () => {
  const hover = await notebook.hover("jo|in");
  expect(hover?.plain).toMatch(/^function path\.join\(/);
  expect(hover?.plain).not.toContain("import join");
});

test.each(["|", "1 + |", "answer; // comm|ent", "'te|xt'", "nothi|ng"])("nothing at %s", async (marked) => {
  expect((await notebook.hover(marked))?.plain ?? null).toSatisfy(
    (plain) => plain === null || /^any$|nothing: any/.test(plain),
  );
});

describe("calls", () => {
  test("within the arguments the signature is shown, with the parameter and its documentation", async () => {
    const first = await notebook.hover("scale(|");
    expect(first?.markdown).toMatch(
      /^```typescript\nscale\(factor: number, by\?: number\): number\n```\n\n→ \*\*`factor: number`\*\*: by how much, see [\s\S]*\n\nMakes a number larger\./,
    );
    expect(first?.plain).toMatch(
      /^scale\(factor: number, by\?: number\): number\n+→ factor: number: by how much/,
    );
    expect((await notebook.hover("scale(1, |)"))?.markdown).toContain("→ **`by?: number`**");
    expect((await notebook.hover("scale(\n  1,\n  |\n)"))?.markdown).toContain("→ **`by?: number`**");
    expect((await notebook.hover("scale(1|)"))?.markdown).toContain("→ **`factor: number`**");
    expect((await notebook.hover("new Map(|)"))?.plain).toMatch(/^Map\(/);
  });
  test("a name within the arguments, and that of the function, is shown itself", async () => {
    expect((await notebook.hover("scale(ans|wer)"))?.plain).toMatch(/^const answer/);
    expect((await notebook.hover("scale|("))?.plain).toMatch(/^function scale\(/);
  });
  test("of overloads the one that fits", async () => {
    await notebook.run(
      "function over(a: string): string\nfunction over(a: number, b: number): number\nfunction over(a: any) { return a }",
    );
    const hover = await notebook.hover("over(1, |");
    expect(hover?.plain).toMatch(/^over\(a: number, b: number\): number\n+2 of 2 overloads\n+→ b: number$/);
  });
  test("in nested calls the inner one", async () => {
    expect((await notebook.hover("scale(Math.max(1, |"))?.plain).toMatch(/^max\(/);
    expect((await notebook.hover("scale(Math.max(1), |"))?.plain).toMatch(/^scale\(/);
  });
  test("outside of a call there is none", async () => {
    expect(await notebook.hover("scale(1) |")).toBeNull();
    expect(await notebook.hover("|")).toBeNull();
  });
});

describe("details", () => {
  const details = async (marked: string) => {
    const cursor = marked.indexOf("|");
    return notebook.language.hover(marked.replace("|", ""), cursor, undefined, true);
  };

  test("of a name of an earlier cell: the cell, the line and the declaration", async () => {
    const hover = await details("sca|le(1)");
    expect(hover?.plain).toContain("Makes a number larger.");
    expect(hover?.markdown).toContain(
      "**Declared in** Cell [1], line 11\n```typescript\nfunction scale(factor: number, by = 2): number { return factor * by }\n```",
    );
    expect((await details("new Circle().rad|ius"))?.plain).toContain(
      "Declared in Cell [1], line 12\nclass Circle { radius = 1; area() { return 3 } }",
    );
  });
  test("of a variable of an earlier cell, although the cell only sees a copy of it", async () => {
    expect((await details("to|tal"))?.plain).toContain("Declared in Cell [1], line 3\nlet total");
  });
  test("of a name of the same cell", async () => {
    expect((await details("const own = 1\now|n"))?.plain).toContain("Declared in this cell, line 1");
  });
  test("of a module: the file and the line", async () => {
    expect((await details("jo|in"))?.plain).toMatch(/Declared in .*path.*\.d\.ts, line \d+$/);
    notebook.write(
      "tools.ts",
      "// tools\n/** Twice. */\nexport function twice(n: number) {\n  return 2 * n;\n}\n",
    );
    expect((await details("import { twice } from './tools.ts'; twi|ce(1)"))?.plain).toContain(
      "Declared in tools.ts, line 3\nexport function twice(n: number) {\n  return 2 * n;\n}",
    );
  });
  test("what the kernel itself adds has no place", async () => {
    expect((await details("disp|lay(1)"))?.plain).not.toContain("Declared in");
  });
});

test("the types of earlier runs are named without the kernel's documents", () => {
  const contents = '```tsx\nconst p: import("/home/me/__notebook_cell_3").P\n```\n';
  expect(hoverText({ contents }, () => "Cell [5]").plain).toBe("const p: P (Cell [5])");
});

test("plain text keeps code as it is and loses links and marks", () => {
  const contents =
    "```typescript\nconst a: `x*y*`\n```\nSee [Keras](https://keras.io), *not* `a*b*c` or 2\\*3.";
  expect(hoverText({ contents }, () => undefined).plain).toBe(
    "const a: `x*y*`\nSee Keras, not a*b*c or 2*3.",
  );
});
