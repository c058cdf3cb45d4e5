// From a chart's specification to what a notebook shows: interactive where it can be, a PNG elsewhere, a line of text always.
import { type Displayable, displayable, type MimeBundle, pngBundle } from "./bundle.ts";
import { DRAW, type Drawable, type Drawing } from "./drawing.ts";
import { chartConfig, notebookColors } from "./theme.ts";
import { tidySvg } from "./tidy.ts";
import { chartSvg, drawChart, type VegaLiteSpec } from "./vega.ts";

const MIME = "application/vnd.vegalite.v5+json";
/** Above this many characters of data only the PNG goes into the notebook. */
const LARGEST_SPEC = 1_000_000;

type Config = { readonly [group: string]: unknown };

export const CHART_WIDTH = 460;
export const CHART_HEIGHT = 260;
/** What a notebook has room for, and what axes and their titles take of it. */
const ROW_WIDTH = 816;
const AXIS_ROOM = 76;
const NARROWEST = 120;
/** Beside another chart there is no room for a legend but above. */
const ROW_CONFIG = { legend: { ...chartConfig.legend, orient: "top" } };

/** The outputs of a chart; `summary` is its `text/plain`. */
export async function chartBundle(spec: VegaLiteSpec, summary: string): Promise<MimeBundle> {
  const own = spec.config as Config | undefined;
  const full = (config: Config): VegaLiteSpec => ({
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    ...spec,
    config,
  });
  const config = { ...chartConfig, ...own };
  const picture = await drawChart(full(config));
  const bundle = pngBundle(picture.png, picture, summary);
  const inNotebook = full(merged(notebookColors, config));
  if (JSON.stringify(inNotebook).length <= LARGEST_SPEC) bundle[MIME] = inNotebook;
  return bundle;
}

/** Both configurations, group by group; the second one wins. */
function merged(first: Config, second: Config): Config {
  const groups = Object.entries(second).map(([name, group]) => {
    const other = first[name];
    const areGroups = typeof other === "object" && typeof group === "object";
    return [name, areGroups ? { ...other, ...group } : group];
  });
  return { ...first, ...Object.fromEntries(groups) };
}

/** A chart as a value that a cell shows. */
export function chart(spec: VegaLiteSpec, summary: string): Chart {
  return {
    ...displayable(() => chartBundle(spec, summary)),
    [DRAW]: () => chartDrawing(spec, summary),
    [SPEC]: { spec, summary },
  };
}

const SPEC = Symbol("lectern.chart");

/** A displayable chart. */
export interface Chart extends Drawable {
  readonly [SPEC]: { readonly spec: VegaLiteSpec; readonly summary: string };
}

export function isChart(value: Displayable | string): value is Chart {
  return typeof value === "object" && SPEC in value;
}

/** The same charts, those of the usual width narrower, so that all of them have room beside each other in a notebook. */
export function narrowed(charts: readonly Chart[]): Chart[] {
  const room = Math.floor(ROW_WIDTH / charts.length) - AXIS_ROOM;
  const width = Math.min(CHART_WIDTH, Math.max(room, NARROWEST));
  return charts.map((each) => {
    const { spec, summary } = each[SPEC];
    return spec.width === CHART_WIDTH ? chart({ ...spec, width, config: ROW_CONFIG }, summary) : each;
  });
}

/** A chart as a part of a larger picture: without paper, in inks that read in every theme. */
export async function chartDrawing(spec: VegaLiteSpec, text: string): Promise<Drawing> {
  const own = { ...chartConfig, ...(spec.config as Config | undefined) };
  const svg = await chartSvg({ ...spec, config: { ...merged(own, notebookColors), padding: 10 } });
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!;
  const inner = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"));
  return { svg: tidySvg(inner), width: Math.ceil(Number(width)), height: Math.ceil(Number(height)), text };
}

/** A number as it is written into a chart's data: float32's own digits, and no NaN, which JSON does not know. */
export function chartNumber(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
}
