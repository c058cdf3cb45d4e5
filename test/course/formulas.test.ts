// Formulas in Markdown: which dollars begin one, and what the page gets.
import { describe, expect, test } from "vitest";
import { setFormulas } from "../../course/formulas.ts";
import { PageParts } from "../../course/parts.ts";
import { stylesFor } from "../../course/styles.ts";

/** The formulas that were found, as TeX, and what is left of the text with • in their places. */
function found(markdown: string): { left: string; tex: string[] } {
  const parts = new PageParts();
  const left = setFormulas(markdown, parts, "a.ipynb");
  const html = parts.putInto(left);
  const tex = Array.from(
    html.matchAll(/<annotation encoding="application\/x-tex">([\s\S]*?)<\/annotation>/g),
  );
  return { left: left.replace(/\uE000\d+\uE001/g, "•"), tex: tex.map(([, source]) => source!) };
}

describe("what is a formula", () => {
  test.each<[string, string, string[]]>([
    ["Let $x_1 * y_1$ and $a_2*b_2$ be", "Let • and • be", ["x_1 * y_1", "a_2*b_2"]],
    ["$$p_k = 1$$", "•", ["p_k = 1"]],
    ["so\n\n$$\nx\n= 1\n$$\n\nis", "so\n\n•\n\nis", ["\nx\n= 1\n"]],
    ["\\begin{align} a &= b \\end{align}", "•", ["\\begin{align} a &amp;= b \\end{align}"]],
    ["it costs \\$5, and $x$ is less", "it costs \\$5, and • is less", ["x"]],
    ["from $5 to $6 a piece", "from $5 to $6 a piece", []],
    [
      "in `$x$` and ``a ` $y$`` it is code, $z$ is none",
      "in `$x$` and ``a ` $y$`` it is code, • is none",
      ["z"],
    ],
    ['```ts\nconst a = "$b and $c";\n```\n$d$', '```ts\nconst a = "$b and $c";\n```\n•', ["d"]],
    ["$\\{ x \\mid x > \\$3 \\}$", "•", ["\\{ x \\mid x &gt; \\$3 \\}"]],
    ["a $ sign, and\n\nanother $ sign", "a $ sign, and\n\nanother $ sign", []],
  ])("%j", (markdown, left, tex) => {
    expect(found(markdown)).toEqual({ left, tex });
  });
});

test("a formula that cannot be set says which one and where", () => {
  expect(() => setFormulas("$\\frac{1$", new PageParts(), "b.ipynb")).toThrow(
    /^b\.ipynb: the formula \\frac\{1 cannot be set/,
  );
  expect(() => setFormulas("$\\undefined$", new PageParts(), "b.ipynb")).toThrow(
    /Undefined control sequence/,
  );
});

test("headings keep the formula, their names do without", () => {
  const parts = new PageParts();
  const mark = setFormulas("$x$", parts, "a.ipynb");
  const name = `The-${encodeURIComponent(mark)}`;
  const html = parts.putInto(`<h2 id="${name}">The ${mark}<a href="#${name}">¶</a></h2>`);
  expect(html).toMatch(/^<h2 id="The-">The <span class="katex">.*<a href="#The-">¶<\/a><\/h2>$/s);
});

describe("styles", () => {
  const fontsOf = (tex: string) => {
    const parts = new PageParts();
    const styles = stylesFor(parts.putInto(setFormulas(tex, parts, "a.ipynb")));
    // Nothing is fetched: every address in it is data.
    expect(Array.from(styles.matchAll(/url\(([^)]{0,5})/g), ([, start]) => start)).not.toContainEqual(
      expect.not.stringMatching(/^data:/),
    );
    const names = styles.matchAll(
      /@font-face \{\s*font-family: "?(KaTeX_\w+)"?;[^}]*font-weight: (\w+);\s*font-style: (\w+)/g,
    );
    return new Set(Array.from(names, ([, ...parts]) => parts.join(" ")));
  };

  test("without formulas there is nothing of KaTeX", () => {
    expect(stylesFor("<p>text</p>")).not.toContain("katex-display {\n  display");
    expect(fontsOf("no formula")).toEqual(new Set());
  });

  test("with formulas, the fonts they are set in", () => {
    expect(fontsOf("$x$")).toContain("KaTeX_Math normal italic");
    expect(fontsOf("$x$")).not.toContain("KaTeX_AMS normal normal");
    expect(fontsOf("$x \\in \\mathbb{R}$")).toContain("KaTeX_AMS normal normal");
    expect(fontsOf("$\\mathbf{W}$")).toContain("KaTeX_Main bold normal");
    expect(fontsOf("$\\boldsymbol{\\theta}$")).toContain("KaTeX_Math bold italic");
    expect(fontsOf("$\\mathcal{L}$")).toContain("KaTeX_Caligraphic normal normal");
    expect(fontsOf("$\\mathtt{x}$")).toContain("KaTeX_Typewriter normal normal");
  });
});
