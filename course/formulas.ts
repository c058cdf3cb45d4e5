// Formulas in Markdown: taken out before Markdown is read, set by KaTeX, and put into the page when it is made.
import { createRequire } from "node:module";

/** What is used of KaTeX. */
interface Katex {
  renderToString(tex: string, options: object): string;
}

/** Loaded with the first formula, not before: lectures run without it. */
let katex: Katex | undefined;

/** What stands for a formula meanwhile: letters of no alphabet, which mean nothing in Markdown. */
const MARK = /\uE000(\d+)\uE001/g;

/** Fenced code and code in a line, where a dollar is a dollar; then formulas, as JupyterLab finds them. */
const PARTS =
  /^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$|(`+)(?!`)[\s\S]*?[^`]\2(?!`)|\\\$|\$\$([\s\S]+?)\$\$|\$(?!\s)((?:\\.|[^$\\\n]|\n(?!\s*\n))+?)(?<!\s)\$(?!\d)|(\\begin\{([a-z]+\*?)\}[\s\S]*?\\end\{\6\})/gm;

/** Formulas of one page. */
export class Formulas {
  readonly #set: string[] = [];
  readonly #where: string;

  /** @param where the lecture's name, for the message about a formula that cannot be set */
  constructor(where: string) {
    this.#where = where;
  }

  /** Takes the formulas out of a text in Markdown. */
  takeFrom(markdown: string): string {
    return markdown.replace(PARTS, (whole, _fence, _ticks, display, inline, environment) => {
      const tex: string | undefined = display ?? inline ?? environment;
      return tex === undefined ? whole : this.mark(tex, inline === undefined);
    });
  }

  /** Sets a formula; returns what stands for it until {@link putInto}. */
  mark(tex: string, displayMode: boolean): string {
    katex ??= createRequire(import.meta.url)("katex") as Katex;
    try {
      // Also as MathML, which screen readers speak and which is not seen.
      this.#set.push(katex.renderToString(tex, { displayMode, strict: "error", output: "htmlAndMathml" }));
    } catch (error) {
      throw new Error(`${this.#where}: the formula ${tex.trim()} cannot be set: ${(error as Error).message}`);
    }
    return `\uE000${this.#set.length - 1}\uE001`;
  }

  /** Puts the formulas into the page; in the names of headings there is nothing for them. */
  putInto(html: string): string {
    const page = html.replace(/ (?:id|href)="[^"]*\uE000[^"]*"/g, (attribute) => attribute.replace(MARK, ""));
    return page.replace(MARK, (_, index: string) => this.#set[Number(index)]!);
  }
}
