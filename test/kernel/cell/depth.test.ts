// Cells that the parser would not survive.
import { describe, expect, test } from "vitest";
import { isComplete } from "../../../kernel/cell/complete.ts";
import { isTooDeep } from "../../../kernel/cell/depth.ts";

const deep = {
  parentheses: "(".repeat(100_000),
  arrays: "[".repeat(50_000) + "]".repeat(50_000),
  blocks: "{".repeat(100_000),
  templates: "`${".repeat(20_000),
  calls: "f(() => {".repeat(20_000),
  arrows: `x = ${"a => ".repeat(20_000)}1`,
  sums: `1${" + 1".repeat(200_000)}`,
  "sums over lines": `"a"${'\n  + "a"'.repeat(200_000)}`,
  signs: `${"!".repeat(200_000)}1`,
  conditions: `${"a ? b : ".repeat(20_000)}c`,
  types: `type A = ${"B<".repeat(20_000)}`,
  "behind a string": `"(" + ${"(".repeat(20_000)}`,
};

test.each(Object.entries(deep))("%s", (_what, text) => {
  expect(isTooDeep(text)).toBe(true);
  expect(isComplete(text).status).toBe("invalid");
});

describe("not too deep", () => {
  const ordinary = {
    "a hundred brackets": "(".repeat(100) + ")".repeat(100),
    "brackets one after another": "f(1);".repeat(100_000),
    "an array of numbers": `[${"-1.5e-3, ".repeat(100_000)}]`,
    "a matrix": `[${"[-1, 2 * 3],\n".repeat(50_000)}]`,
    "statements without semicolons": "let a = b + c - d\n".repeat(20_000),
    "a chain of calls": `a${".b((x) => x + 1)".repeat(2_000)}`,
    "a long string": `x = "${"(+/=".repeat(1_000_000)}"`,
    "a string with quotes": `x = '${"\\'(+".repeat(100_000)}'`,
    "a template of HTML": `x = \`${"<p>(+/=\n</p>".repeat(100_000)}\``,
    "a comment": `/*${"(+".repeat(100_000)}*/ 1`,
    "a line of a comment": `// ${"([+".repeat(100_000)}\n1`,
  };
  test.each(Object.entries(ordinary))("%s", (_what, text) => {
    expect(isTooDeep(text)).toBe(false);
  });
});
