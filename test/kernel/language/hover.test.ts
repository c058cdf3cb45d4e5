// What is shown of a name: its declaration and its documentation, as Markdown and as plain text.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hoverText } from "../../../kernel/language/hover.ts";
import { Notebook } from "./notebook.ts";

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
  const signature = (marked: string) =>
    notebook.language.signature(marked.replace("|", ""), marked.indexOf("|"));

  test("within the arguments the function is shown", async () => {
    expect((await notebook.hover("scale(|"))?.plain).toMatch(
      /^function scale\(factor: number, by\?: number\): number\nMakes/,
    );
    expect((await notebook.hover("scale(1, |)"))?.plain).toMatch(/^scale\(factor/);
  });
  test("a name within the arguments is shown itself", async () => {
    expect((await notebook.hover("scale(ans|wer)"))?.plain).toMatch(/^const answer/);
  });
  test("the parameter the cursor is in", async () => {
    expect(await signature("scale(|")).toMatchObject({ active: 0, parameter: 0 });
    expect(await signature("scale(1, |)")).toMatchObject({
      active: 0,
      parameter: 1,
      signatures: [
        {
          label: "scale(factor: number, by?: number): number",
          parameters: ["factor: number", "by?: number"],
        },
      ],
    });
  });
  test("of overloads the one that fits", async () => {
    await notebook.run(
      "function over(a: string): string\nfunction over(a: number, b: number): number\nfunction over(a: any) { return a }",
    );
    expect(await signature("over(1, |")).toMatchObject({ active: 1, parameter: 1 });
  });
  test("outside of a call there is none", async () => {
    expect(await signature("answer|")).toBeNull();
    expect(await signature("scale(1)|")).toBeNull();
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
