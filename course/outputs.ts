// Outputs of a lecture as a page without scripts shows them: charts as SVG in the page's colours, formulas set.
import { type Notebook, type Output, textOf } from "../kernel/cli/notebook.ts";
import { escapeMarkup } from "../lib/plot/bundle.ts";
import { INK } from "../lib/plot/theme.ts";
import { chartSvg, type VegaLiteSpec } from "../lib/plot/vega.ts";
import { formulaHtml } from "./formulas.ts";
import type { PageParts } from "./parts.ts";

const CHART = "application/vnd.vegalite.v5+json";

/** In characters: of what is larger the PNG is the smaller file. */
const LARGEST_CHART = 300_000;

/** The notebook with HTML in place of what only JupyterLab can show. Charts are numbered through the page. */
export async function forPage(notebook: Notebook, parts: PageParts, where: string): Promise<Notebook> {
  let charts = 0;
  const shown = async (output: Output): Promise<Output> => {
    if (!("data" in output)) return output;
    const { data } = output;
    if (CHART in data) {
      const description = textOf(data["text/plain"] as string);
      const html = await chartHtml(data[CHART] as VegaLiteSpec, description, ++charts);
      return html === null ? output : withHtml(output, parts.keep(html));
    }
    if (!("text/latex" in data) || "text/html" in data) return output;
    const tex = textOf(data["text/latex"] as string).trim();
    const [, display, inline] = /^\$\$([\s\S]*)\$\$$|^\$([\s\S]*)\$$/.exec(tex) ?? [];
    const html = formulaHtml(display ?? inline ?? tex, inline === undefined, where);
    return withHtml(output, parts.keep(html));
  };
  const cells = [];
  for (const cell of notebook.cells) {
    const outputs = [];
    for (const output of cell.outputs ?? []) outputs.push(await shown(output));
    cells.push(cell.outputs === undefined ? cell : { ...cell, outputs });
  }
  return { ...notebook, cells };
}

function withHtml<T extends { data: object }>(output: T, html: string): T {
  return { ...output, data: { ...output.data, "text/html": html } };
}

/** A chart as part of the page; null when it would be large. */
async function chartHtml(spec: VegaLiteSpec, description: string, number: number): Promise<string | null> {
  const svg = await chartSvg(spec);
  if (svg.length > LARGEST_CHART) return null;
  const names = new Map<string, string>();
  const rename = (name: string) => {
    if (!names.has(name)) names.set(name, `chart-${number}-${names.size + 1}`);
    return names.get(name)!;
  };
  const drawing = svg
    // What Vega says about every mark is longer than the marks; the description says it once.
    .replace(/ (?:aria-[\w-]+|role|class)="[^"]*"/g, "")
    .replace(/ id="([^"]*)"/g, (_, name: string) => ` id="${rename(name)}"`)
    .replace(/url\(#([^)]*)\)/g, (_, name: string) => `url(#${rename(name)})`)
    .replace(new RegExp(`${INK}(?![0-9a-f])`, "g"), "currentColor");
  const label = escapeMarkup(description.split("\n", 1)[0]!);
  const width = / width="(\d+)"/.exec(svg)![1];
  const attributes = `role="img" aria-label="${label}" style="--width: ${width}px"`;
  return `<div class="chart">${drawing.replace("<svg", () => `<svg ${attributes}`)}</div>`;
}
