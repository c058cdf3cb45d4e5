// From a chart's specification to what a notebook shows: interactive where it can be, a PNG elsewhere, a line of text always.
import { type Displayable, displayable, type MimeBundle, pngBundle } from "./bundle.ts";
import { chartConfig, notebookColors } from "./theme.ts";
import { drawChart, type VegaLiteSpec } from "./vega.ts";

const MIME = "application/vnd.vegalite.v5+json";
/** Above this many characters of data only the PNG goes into the notebook. */
const LARGEST_SPEC = 1_000_000;

type Config = { readonly [group: string]: unknown };

export const CHART_WIDTH = 460;
export const CHART_HEIGHT = 260;

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
export function chart(spec: VegaLiteSpec, summary: string): Displayable {
  return displayable(() => chartBundle(spec, summary));
}

/** A number as it is written into a chart's data: float32's own digits, and no NaN, which JSON does not know. */
export function chartNumber(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
}
