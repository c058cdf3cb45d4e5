// Whether a cell can run as it stands, and how the next line is indented if not.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells have templates in them.
import { describe, expect, test } from "vitest";
import { isComplete } from "../../../kernel/cell/complete.ts";

test.each([
  "",
  "1",
  "const x = 1;",
  "if (x) {\n}",
  "#| label: a\n1",
  "function f();",
  "declare function f(): void",
  "await 1",
  "`a ${b} c`",
  "f() // (",
  "enum A { B }",
])("%j is complete", (source) => {
  expect(isComplete(source)).toEqual({ status: "complete", indent: "" });
});

test.each([
  "}",
  '"abc',
  "/abc",
  "const x",
  "foo(1, 2) bar",
  "const = `",
  "return 1",
  "let x = 5 5 {",
  "if (x) { 'abc",
  "f(]",
])("%j is invalid", (source) => {
  expect(isComplete(source).status).toBe("invalid");
});

describe("incomplete", () => {
  test.each([
    ["a block", "if (x) {", "  "],
    ["a block with trailing blanks", "if (x) {  \n", "  "],
    ["an object", "let a = {", "  "],
    ["a pattern", "const {", "  "],
    ["a call", "f(1, [2", "  "],
    ["a call, then a comment", 'f("a" // c', "  "],
    ["heads of loops", "for (;;", "  "],
    ["two brackets opened in one line", "  f(() => {", "    "],
    ["a nested block", "if (x) {\n  f(() => {", "    "],
    ["a line in a block", "if (x) {\n  a;", "  "],
    ["after a closed inner block", "if (x) {\n  f(() => {\n    a;\n  });", "  "],
    ["a block with tabs", "if (x) {\n\tb;", "\t"],
    ["a class", "class A {\n  m() {", "    "],
    ["a type", "type A = {\n  x: number;", "  "],
    ["an operator", "1 +", ""],
    ["a declaration without its value", "const x =", ""],
    ["the head of a function", "function f()", ""],
    ["the head of a class", "class A", ""],
    ["a decorator", "@dec", ""],
    ["try", "try {}\n", ""],
    ["an import", "import x from", ""],
    ["a template", "`abc", ""],
    ["a template in an indented line", "if (x) {\n  y = `abc", ""],
    ["an expression in a template", "`a ${b", ""],
    ["the rest of a template", "`a ${b}", ""],
    ["a template in a call", "f(`", ""],
    ["a comment", "  /* x", "  "],
    ["a comment in a call", "f(/*", ""],
    ["a string that goes on in the next line", '"abc\\', ""],
    ["the same with the line end", "'abc\\\n", ""],
    ["option lines", "#| label: a\nif (", "  "],
  ])("%s", (_what, source, indent) => {
    expect(isComplete(source)).toEqual({ status: "incomplete", indent });
  });
});
