// Parts of a page that are ready before nbconvert sees it, and that neither Markdown nor an HTML parser shall change.

/** What stands for a part meanwhile: letters of no alphabet, which mean nothing in Markdown and HTML. */
const MARK = /\uE000(\d+)\uE001/g;

/** The same in the name of a heading and in addresses. */
const MARK_IN_NAME = /\uE000\d+\uE001|%EE%80%80\d+%EE%80%81/g;

/** Formulas and charts of one page. */
export class PageParts {
  readonly #parts: string[] = [];

  /** Keeps a part; returns what stands for it until {@link putInto}. */
  keep(html: string): string {
    return `\uE000${this.#parts.push(html) - 1}\uE001`;
  }

  /** Puts the parts into the page; in the names of headings there is nothing for them. */
  putInto(html: string): string {
    const page = html.replace(/ (?:id|href)="[^"]*"/g, (attribute) => attribute.replace(MARK_IN_NAME, ""));
    return page.replace(MARK, (_, index: string) => this.#parts[Number(index)]!);
  }
}
