// Formulas in Markdown, set by KaTeX while the page is made: the page itself needs no script for them.
import { createRequire } from "node:module";
import type { PageParts } from "./parts.ts";

/** What is used of KaTeX. */
interface Katex {
  renderToString(tex: string, options: object): string;
}

/** Loaded with the first formula, not before: lectures run without it. */
let katex: Katex | undefined;

/** Fenced code and code in a line, where a dollar is a dollar; then formulas, as JupyterLab finds them. */
const PARTS =
  /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$|(`+)(?!`)[\s\S]*?[^`]\2(?!`)|\\\$|\$\$([\s\S]+?)\$\$|\$(?!\s)((?:\\.|[^$\\\n]|\n(?!\s*\n))+?)(?<!\s)\$(?!\d)|(\\begin\{([a-z]+\*?)\}[\s\S]*?\\end\{\6\})/gm;

/**
 * Sets the formulas in a text in Markdown; they become parts of the page.
 *
 * @param where the lecture's name, for the message about a formula that cannot be set
 */
export function setFormulas(markdown: string, parts: PageParts, where: string): string {
  return markdown.replace(PARTS, (whole, _fence, _ticks, display, inline, environment) => {
    const tex: string | undefined = display ?? inline ?? environment;
    return tex === undefined ? whole : parts.keep(formulaHtml(tex, inline === undefined, where));
  });
}

/** A formula as HTML, and as MathML for screen readers, which is not seen. */
export function formulaHtml(tex: string, displayMode: boolean, where: string): string {
  katex ??= createRequire(import.meta.url)("katex") as Katex;
  try {
    return katex.renderToString(tex, { displayMode, strict: "error", output: "htmlAndMathml" });
  } catch (error) {
    throw new Error(`${where}: the formula ${tex.trim()} cannot be set: ${(error as Error).message}`);
  }
}
