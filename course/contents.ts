// The table of contents of a page, from its headings.

const HEADING = /<h([23]) id="([^"]*)">([\s\S]*?)<a class="anchor-link"/g;

/** A folded list of the headings; open where there is room beside the text. Pages with fewer than three have none. */
export function contentsOf(html: string): string {
  const headings = Array.from(html.matchAll(HEADING), ([, level, id, title]) => ({ level, id, title }));
  if (headings.length < 3) return "";
  const items = headings.map(
    ({ level, id, title }) =>
      `<li${level === "3" ? ' class="inner"' : ""}><a href="#${id}">${title}</a></li>`,
  );
  return `<details class="contents" open><summary>On this page</summary>\n<ul>\n${items.join("\n")}\n</ul></details>`;
}
