// From notebooks to the pages of a course, on two small lectures; and that the reader of pages finds what it looks for.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { executeAll } from "../../course/execute.ts";
import { writePages } from "../../course/pages.ts";
import { countRows } from "../../course/rows.ts";
import { code, markdown, pictureCell, writeNotebook } from "./notebooks.ts";
import { PageReader } from "./pages.ts";
import { python } from "./programs.ts";

const limit = 600_000;
const folder = mkdtempSync(join(tmpdir(), "lectern course "));
const [first, second] = ["01-numbers.ipynb", "02-broken.ipynb"].map((name) => join(folder, name)) as [
  string,
  string,
];
const output = join(folder, "pages");
let reader: PageReader;

beforeAll(async () => {
  writeNotebook(first, [
    markdown("# Numbers & signs\n\nOf $n$ numbers, *five*."),
    markdown("## Some of $x_1 * x_2 * x_3$\n\n| a | b |\n|---|---|\n| $|x|$ | 2 |\n\n$$\\sum_{i=1}^n x_i$$"),
    code('import { check, plot, random, seed } from "lectern";\nseed(1);\nconst x = random.normal([5]);\nx'),
    markdown("## A chart"),
    code("plot.line({ x: [1, 2, 3, 4, 5], y: x, title: 'five <numbers>' })"),
    code('check(x.shape, "shape").is([5]);\ncheck(1 + 1, "sum").is(2)', { tags: ["S0-01", "S0-02"] }),
    code('console.log("hello from the cell")'),
    markdown("## The rest"),
    code(pictureCell),
    code(
      'display({ [Symbol.for("Jupyter.display")]: () => ({ "text/latex": "$\\\\frac{1}{2}$", "text/plain": "1/2" }) })',
    ),
    code("[1, 2, 3].map((i) => i * 2)", { tags: ["solution"] }),
  ]);
  writeNotebook(second, [
    markdown("# Broken"),
    code('import { check } from "lectern";\ncheck([1, 2]).is([2, 1]);', { tags: ["S0-03"] }),
    code('console.log("never")', { tags: ["S9-99"] }),
  ]);
  reader = await PageReader.start();
});
afterAll(async () => {
  await reader.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a course of two lectures", () => {
  test("runs, is counted, becomes pages, and a day later the same pages", { timeout: limit }, async () => {
    const told: string[] = [];
    const executed = await executeAll([first, second], (path) => told.push(path));
    expect(told.sort()).toEqual([first, second]);
    expect(executed.map(({ path }) => path)).toEqual([first, second]);
    expect(executed[0]!.failure).toBeNull();
    expect(executed[1]!.failure).toMatch(/cell 2 .*failed\n {2}CheckError: 2 of 2 numbers differ/);

    const rows = countRows(executed);
    expect([...rows.reproduced]).toEqual(["S0-01", "S0-02"]);
    expect(rows.unchecked).toEqual(["S0-03 in 02-broken.ipynb"]);
    expect(rows.unknown).toEqual(["S9-99 in 02-broken.ipynb"]);

    await writePages(executed, output, python);
    expect(readdirSync(output).sort()).toEqual(["01-numbers.html", "02-broken.html", "index.html"]);
    const later = join(folder, "later");
    await writePages(await executeAll([first, second], () => {}), later, python);
    for (const name of readdirSync(output))
      expect(readFileSync(join(later, name)).equals(readFileSync(join(output, name))), name).toBe(true);
  });

  test("the pages have everything in them", { timeout: limit }, async () => {
    for (const name of readdirSync(output)) expect(await reader.faults(join(output, name)), name).toEqual([]);
  });

  test("a page shows text, formulas, code, outputs, checks and the way on", () => {
    const page = readFileSync(join(output, "01-numbers.html"), "utf8");
    const body = page.slice(page.indexOf("<body"));
    shows(page, "<title>Numbers &amp; signs · Lectern</title>");
    expect(page.match(/<script/g)).toHaveLength(1);
    shows(body, /<h2 id="Some-of-[^"]*">Some of <span class="katex">/);
    shows(body, /<li><a href="#Some-of-[^"]*">Some of <span class="katex">/);
    shows(body, /<td[^>]*><span class="katex">/);
    shows(body, /<span class="katex-display">/);
    shows(body, /<span class="k">import<\/span>/);
    shows(body, "hello from the cell");
    shows(body, '<p class="check">✓ shape: [5], as expected</p>');
    shows(body, '<p class="check">✓ sum: 2, as expected</p>');
    shows(body, /<div class="chart"><svg role="img" aria-label="[^"]+" style="--width: \d+px"/);
    shows(body, 'alt="a red square"');
    shows(body, /<div class="shown"[^>]*><span class="katex">/);
    shows(body, /<details class="solution"><summary>[\s\S]*\[ 2, 4, 6 \]/);
    shows(body, '<a href="02-broken.html" rel="next">Broken →</a>');
    expect(body.includes("In [")).toBe(false);
    const broken = readFileSync(join(output, "02-broken.html"), "utf8");
    shows(broken, '<a href="01-numbers.html" rel="prev">← Numbers &amp; signs</a>');
    shows(broken, "2 of 2 numbers differ");
    const index = readFileSync(join(output, "index.html"), "utf8");
    shows(index, /<a href="01-numbers.html">Numbers &amp; signs<\/a>/);
    shows(index, /Of <span class="katex">[\s\S]* numbers, <em>five<\/em>/);
  });
});

/** As an assertion of its own: a failure names what is missing rather than printing the page. */
function shows(page: string, wanted: string | RegExp): void {
  expect(typeof wanted === "string" ? page.includes(wanted) : wanted.test(page), String(wanted)).toBe(true);
}

test.each<[string, string, RegExp]>([
  [
    "a picture from the network",
    '<img src="https://example.org/a.png" alt="a">',
    /asks for https:\/\/example/,
  ],
  [
    "a script from the network",
    '<script src="https://example.org/a.js"></script>',
    /asks for https:\/\/example/,
  ],
  ["a script that fails", "<script>nothing()</script>", /nothing is not defined/],
  ["a picture without a description", '<svg width="9" height="9"></svg>', /without a description/],
  ["a picture without a size", '<img src="data:image/png;base64,AAAA" alt="broken">', /without a size/],
  ["a page wider than the screen", '<p style="width: 500px">wide</p>', /wider than the screen: .*400/],
  ["a link to a page that is not there", '<a href="nowhere.html">on</a>', /leads to nowhere\.html/],
  ["a link to a place that is not there", '<a href="#nowhere">on</a>', /#nowhere/],
  ["two places of one name", '<i id="a"></i><i id="a"></i>', /two places named a/],
])("the reader of pages finds %s", { timeout: limit }, async (_name, content, fault) => {
  const file = join(folder, "faulty", "page.html");
  mkdirSync(join(folder, "faulty"), { recursive: true });
  writeFileSync(
    file,
    `<!DOCTYPE html><html><head><link rel="icon" href="data:,"></head><body><main>${content}</main></body></html>`,
  );
  expect((await reader.faults(file)).join("\n")).toMatch(fault);
});
