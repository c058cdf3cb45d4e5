// Which lines of a cell are magics, and what is left for TypeScript.
import { describe, expect, test } from "vitest";
import { MagicCell } from "../../../kernel/magics/cell.ts";

/** Names that the notebook has. */
const KNOWN = new Set(["console", "process", "done", "count", "ls", "who", "fetch"]);
const read = (source: string) => new MagicCell(source, (name) => KNOWN.has(name));
/** As `line name|argument`, one each. */
const found = (source: string) =>
  read(source).magics.map(({ kind, name, argument }) => `${kind} ${name}|${argument}`);

describe("magics", () => {
  test.each<[string, ...string[]]>([
    ["%cd sub", "line cd|sub"],
    ["  %cd   my folder  ", "line cd|my folder"],
    ["\t%who", "line who|"],
    ["%env A=1\r\n%env", "line env|A=1", "line env|"],
    ["%foo", "line foo|"],
    ["%foo(1)", "line foo(1)|"],
    ["%typecheck warn\nconst a = 1;", "line typecheck|warn"],
    ["const a = 1;\n%cd x\nconst b = 2;", "line cd|x"],
    ["const a = 1\n%cd x\n[2].length", "line cd|x"],
    // A name that nothing has is no operand.
    ["const a = 5\n%whos", "line whos|"],
    ["const a = 5\n%reset", "line reset|"],
    ["const a = 5;\n%who", "line who|"],
    ["function f() {\n  return 1;\n}\n%who", "line who|"],
    ["#| label: x\n%cd x", "line cd|x"],
    ["//| label: x\n\n%%time\n1", "cell time|"],
    ["#| label: x\n#| echo: false\n%%time\n1", "cell time|"],
    ["#!/usr/bin/env node\n%who", "line who|"],
    ["// a comment\n/* and\nanother */\n%%time", "cell time|"],
    ["\uFEFF%who", "line who|"],
    ["%%time\n%time f()\n%cd x", "cell time|", "line time|f()", "line cd|x"],
    ["%%writefile a.txt\n%cd x\n!ls\n`", "cell writefile|a.txt"],
    ["1;\n%%writefile a.txt\nx", "cell writefile|a.txt"],
    ["%%bash\nls", "cell bash|"],
    ["%time f(1,\n  2)\ng()", "line time|f(1,\n  2)"],
    ["%time for (const x of y) {\n  x();\n}", "line time|for (const x of y) {\n  x();\n}"],
    ["%time let = ;\nconst ok = 1", "line time|let = ;"],
    ["%time const n = 1\n!ls n", "line time|const n = 1", "command !|ls n"],
    ["!git status", "command !|git status"],
    ["! git status", "command !|git status"],
    ["!date", "command !|date"],
    ["!node -v", "command !|node -v"],
    ["!make.sh", "command !|make.sh"],
    ["!pwd; date", "command !|pwd; date"],
    ["!ls -la | grep x", "command !|ls -la | grep x"],
    ["!./run.sh", "command !|./run.sh"],
    ["!/usr/s", "command !|/usr/s"],
    ["!/bin/ls *.ts", "command !|/bin/ls *.ts"],
    ['!echo "a b" > c', 'command !|echo "a b" > c'],
    ["!echo `date`", "command !|echo `date`"],
    ["!echo 'it", "command !|echo 'it"],
    ["!awk '{ print $1 }' x", "command !|awk '{ print $1 }' x"],
    ["!FOO=1 env", "command !|FOO=1 env"],
    ["!echo a \\\n  b\n1", "command !|echo a \\\n  b"],
    ["const a = 1\n!cat a\na", "command !|cat a"],
    ["// done\n!ls *.ts", "command !|ls *.ts"],
    ["console?", "help console|"],
    ["console.log?", "help console.log|"],
    ["  Math.max??", "help Math.max|"],
    ["%time?", "help %time|"],
    ["%%writefile?", "help %%writefile|"],
    ["const größe = 1;\ngröße?", "help größe|"],
    ["a?\nconst b = 1", "help a|"],
    ["const t = `\n%cd x\n`;\n%cd y", "line cd|y"],
    ["/*\n%cd x\n*/\n%cd y", "line cd|y"],
    ["const t = `\n%cd x\n%cd x\n%cd x\n`;\n%cd y", "line cd|y"],
    ["f(\n  a\n  %b\n  %c\n  %d);\n%cd y", "line cd|y"],
    ["const l = 1;\nl;\n!l;\n!l\n!ll", "command !|ll"],
    ["done\n%cd y", "line cd|y"],
  ])("%j", (source, ...expected) => {
    expect(found(source)).toEqual(expected);
  });
});

describe("TypeScript", () => {
  test.each([
    "1 + 1",
    "",
    "a\n%b",
    "a\n%b.c",
    "a\n% b",
    "a\n  %count",
    "a\n%who", // the notebook has a name who
    "const a = 5\n%count * 2",
    "let x = a\n%b\n+ 1",
    "const a = 1 %\nb",
    "f(\n  a\n  %who\n)",
    "const t = `\n%time x\n!ls -l\nname?\n`;",
    "/*\n%time x\n!ls -l\n*/",
    "/** %time x\n * !ls\n */\n1",
    "// %time f()",
    "// !ls -l",
    "// %%writefile x",
    "!done",
    "!done && console.log(1)",
    "!done &&\n  console.log(1)",
    "!ls",
    "!ls - la",
    "!!whatever",
    "!(await fetch('x')).ok",
    "!await fetch('x')",
    "!isReady()",
    "!x === y",
    "!x == y",
    "!/re/.test('x')",
    "![].length",
    '!"abc".includes("b")',
    "!function () {}()",
    "!new Set([1]).has(2)",
    "!typeof unknown",
    "!true",
    "const a = 1\n!a",
    "function g() { return 1 }\n!g",
    "const { h } = { h: 1 };\n!h",
    "const v = 1 +\n%cd x",
    "if (done) {\n  !ls -l\n  %cd x\n}",
    "if (done)\n%cd x",
    "done\n? 1 : 2",
    "done?\n  1 : 2",
    "done ?\n  1 :\n  2",
    "console.log?.\n(1)",
    "const r = done?\n  1 : 2",
    "interface A {\n  name?\n}",
    "class A {\n  name?\n}",
    "function f(\n  a?\n) {}",
    "type T = [\n  string?\n]",
    "a\n? b\n: c",
    "'use strict'; x!\n.y",
  ])("%j", (source) => {
    expect(found(source)).toEqual([]);
    expect(read(source).text).toBe(source);
  });
});

describe("the text for questions about the code", () => {
  test.each([
    ["%cd x", "     "],
    ["a\n%cd x\nb", "a\n;    \nb"],
    ["%time f(1)", "      f(1)"],
    ["a;\n  %time f(1)", "a;\n  ;     f(1)"],
    ["#| label: x\n%%time\n1", "#| label: x\n      \n1"],
    ["%%writefile x\r\na\r\n`", "             \r\n \r\n "],
    ["1\n!a \\\nb", "1\n;   \n "],
    ["x?", "  "],
    ["// @ts-nocheck\n!a b *\nx", "// @ts-nocheck\n      \nx"],
  ])("%j", (source, text) => {
    expect(read(source).text).toBe(text);
  });
});

test("a long text without magics is read quickly, and one that only looks like magics too", () => {
  const started = process.threadCpuUsage();
  expect(found(`const t = \`\n${"%time x\n".repeat(20_000)}\`;`)).toEqual([]);
  expect(found("!done\n".repeat(20_000))).toEqual([]);
  expect(found(`const t = \`\n${"!cat (x)\n".repeat(20_000)}\`;`)).toEqual([]);
  expect(found(`${"x(1);\n".repeat(20_000)}%who`)).toEqual(["line who|"]);
  // Time of the processor, in microseconds: other programs do not count.
  expect(process.threadCpuUsage(started).user).toBeLessThan(10_000_000);
});
