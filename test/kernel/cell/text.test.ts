// Unusual texts: letters, line ends, code in strings, whole libraries.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells have templates in them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { NO_VALUE, TestSession } from "./session.ts";

test("Unicode identifiers, escapes, letters beyond 16 bits", async () => {
  const session = new TestSession();
  await session.ok("const π = 3, 日本 = 1, été = 2, 𝒳 = 4, \\u0061bc = 5; class Ω {}");
  await session.ok("[π, 日本, été, 𝒳, abc, Ω.name]", [3, 1, 2, 4, 5, "Ω"]);
});

test("CRLF, BOM, a lone CR, U+2028", async () => {
  const session = new TestSession();
  await session.ok("\uFEFFconst cr = `a\r\nb`;\r\ncr.length\r\n", 3);
  await session.ok("let a = 1\rlet b = 2\rb", 2);
  await session.ok('"\u2028".length', 1);
});

test("templates with code in them", async () => {
  const session = new TestSession();
  await session.ok(
    'const code = `import x from "y"; ${`const z = ${1 + 1}`} await q; return; export {}; \\`` ; code',
    'import x from "y"; const z = 2 await q; return; export {}; `',
  );
  await session.ok("String.raw`\\u{zz} ${1}`", "\\u{zz} 1");
});

test("strings and comments in the last expression that look like its end", async () => {
  const session = new TestSession();
  await session.ok('f(")) // x") // y))\nfunction f(s: string) { return s /* ) */ }', NO_VALUE);
  await session.ok('const f2 = (s: string) => s; f2(")) // x" /* )) */) /* )) */ // ))', ")) // x");
});

test.each([
  ["magic-string", 'const ms_ = new MagicString("abc"); ms_.overwrite(1, 2, "X"); ms_.toString()', "aXc"],
  ["@jridgewell/sourcemap-codec", 'encode(decode("AAAA,CAAC"))', "AAAA,CAAC"],
  [
    "@jridgewell/trace-mapping",
    `const map_ = new TraceMap({ version: 3, names: [], sources: ["s"], mappings: "AAAA,IAAI" });
     originalPositionFor(map_, { line: 1, column: 5 }).column`,
    4,
  ],
])("a whole library as a cell, twice: %s", async (library, use, value) => {
  const session = new TestSession();
  const source = readFileSync(fileURLToPath(import.meta.resolve(library)), "utf8");
  await session.ok(source);
  await session.ok(use, value);
  await session.ok(source);
  await session.ok(use, value);
});

/** Ten kinds of lines again and again, each using names of the ten lines before. */
function longCell(lines: number): string {
  const block = (n: number) => [
    `interface P${n} { x: number }`,
    `const v${n}: number = ${n} * 2;`,
    `function f${n}(a: number, b = v${n}): number { return a + b; }`,
    `enum E${n} { A = ${n}, B }`,
    `const { p${n}, ...r${n} } = { p${n}: ${n}, q: 1 } as any;`,
    `for (let i = 0; i < 2; i++) { f${n}(i); }`,
    `class C${n}<T> { constructor(private x: T) {} get(): T { return this.x; } }`,
    `let s${n} = \`\${v${n}} and \${f${n}(1)}\`;`,
    `// a comment line ${n}`,
    `v${n} + f${n}(2);`,
  ];
  return Array.from({ length: lines / 10 }, (_, n) => block(n).join("\n")).join("\n");
}

test.each([10, 200, 10_000])("a cell of %i lines compiles, runs and maps", async (lines) => {
  const session = new TestSession();
  const last = lines / 10 - 1;
  const { cell } = await session.ok(longCell(lines), last * 2 + (2 + last * 2));
  expect(cell.runnable.slots).toHaveLength((lines / 10) * 7);
  const found = cell.runnable.code.split("\n").map((_, index) => cell.originalPosition(index + 1, 1)?.line);
  expect(found).toContain(lines - 3);
});
