// Everything under `plot`: charts, tables of numbers, drawings of networks, pictures side by side and one after the other.
import { animation } from "./animation.ts";
import { architecture } from "./architecture.ts";
import { bar } from "./bar.ts";
import type { Displayable } from "./bundle.ts";
import { chart } from "./chart.ts";
import { column } from "./column.ts";
import { convolution } from "./convolution.ts";
import { density } from "./density.ts";
import { heatmap } from "./heatmap.ts";
import { histogram } from "./histogram.ts";
import { area, line } from "./line.ts";
import { matrix } from "./matrix.ts";
import { network } from "./network.ts";
import { pooling } from "./pooling.ts";
import { row } from "./row.ts";
import { scatter } from "./scatter.ts";
import { checkOptions } from "./values.ts";
import type { VegaLiteSpec } from "./vega.ts";

/**
 * Shows a chart given as a Vega-Lite 5 specification (https://vega.github.io/vega-lite/docs/), with the library's look
 * where the specification says nothing else.
 */
function vegaLite(spec: VegaLiteSpec): Displayable {
  checkOptions("plot.vegaLite", spec, '{ mark: "bar", … }');
  const title = typeof spec.title === "string" ? ` "${spec.title}"` : "";
  return chart(spec, `Vega-Lite chart${title}`);
}

/**
 * Charts (`line`, `area`, `density`, `scatter`, `bar`, `histogram`, `heatmap`, `vegaLite`), tables of numbers (`matrix`), drawings of
 * models (`architecture`, `network`), several pictures (`row`, `column`, `animation`), and a kernel or a window that slides
 * (`convolution`, `pooling`). Each gives a value that a cell shows.
 */
export const plot = {
  line,
  area,
  density,
  scatter,
  bar,
  histogram,
  heatmap,
  matrix,
  row,
  column,
  animation,
  convolution,
  pooling,
  architecture,
  network,
  vegaLite,
};
