// Vega and Vega-Lite, loaded when the first chart is drawn: a specification becomes an SVG, and that a PNG.
import type * as VegaModule from "vega";
import type { compile as compileVegaLite, TopLevelSpec } from "vega-lite";
import { textWidth } from "./text.ts";
import { pictureColors } from "./theme.ts";

/** A Vega-Lite 5 specification. */
export type VegaLiteSpec = { [key: string]: unknown };

interface Vega {
  vega: typeof VegaModule;
  compile: typeof compileVegaLite;
}

let loading: Promise<Vega> | undefined;

/** Pixels of a chart's PNG per pixel of the page. */
const ZOOM = 2;

/** Draws a specification as PNG; the same specification gives the same bytes. Throws when it is not valid. */
export async function drawChart(
  spec: VegaLiteSpec,
): Promise<{ png: Uint8Array; width: number; height: number }> {
  const [svg, { svgToPng }] = await Promise.all([chartSvg(spec), import("../io/rasterize.ts")]);
  return svgToPng(svg, ZOOM);
}

/** Draws a specification as SVG on white. */
export async function chartSvg(spec: VegaLiteSpec): Promise<string> {
  loading ??= load();
  const { vega, compile } = await loading;
  const options = { config: pictureColors, logger: vega.logger(vega.None) };
  // a copy, because Vega writes into the data it is given
  const copy = structuredClone(spec) as unknown as TopLevelSpec;
  const compiled = compile(copy, options).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger: vega.logger(vega.Error) });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

async function load(): Promise<Vega> {
  const { vega, compile } = await importVega();
  // Labels are laid out with the widths of the font they will be drawn in, instead of a guess.
  const metrics = (vega as unknown as { textMetrics: { width: (item: TextItem, text: unknown) => number } })
    .textMetrics;
  metrics.width = (item, text) => textWidth(String(text ?? ""), item.fontSize ?? 11);
  return { vega, compile };
}

interface TextItem {
  fontSize?: number;
}

/** The bundled file when it has been built, else the packages. */
async function importVega(): Promise<Vega> {
  try {
    return await import(new URL("../../build/vega.mjs", import.meta.url).href);
  } catch {
    const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
    return { vega, compile };
  }
}
