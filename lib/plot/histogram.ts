// plot.histogram: how often values fall into equal intervals.

import type { ChartLabels } from "./axes.ts";
import type { Displayable } from "./bundle.ts";
import { CHART_HEIGHT, CHART_WIDTH, chart, chartNumber } from "./chart.ts";
import { shortNumber } from "./number.ts";
import { checkOptions, finiteRange, readValues, type Values } from "./values.ts";

export interface HistogramOptions extends ChartLabels {
  /** The values, of any shape. */
  values?: Values;
  /** Several sets of values by name, counted in the same intervals. */
  series?: { readonly [name: string]: Values };
  /** How many intervals (30). */
  bins?: number;
}

/**
 * Draws how many values fall into each of `bins` equal intervals from the smallest to the largest value. Values that are
 * not finite are left out.
 *
 * @throws RangeError when there is no finite value
 * @example
 * plot.histogram({ values: [1, 2, 2, 3], bins: 3 })
 */
export function histogram(options: HistogramOptions): Displayable {
  checkOptions("plot.histogram", options, "{ values: [1, 2, 2, 3] }");
  const { values, series, bins = 30, title, xLabel, yLabel } = options;
  if ((values === undefined) === (series === undefined)) {
    throw new TypeError("plot.histogram: give either values or series ({ name: values, … })");
  }
  if (!(Number.isInteger(bins) && bins > 0))
    throw new RangeError(`plot.histogram: bins must be a whole number from 1, got ${bins}`);
  const sets = Object.entries(series ?? { "": values as Values }).map(([name, set]) => ({
    name,
    values: Array.from(readValues(`plot.histogram, ${name || "values"}`, set).values).filter(Number.isFinite),
  }));
  const all = finiteRange(sets.flatMap((set) => set.values));
  if (sets.every((set) => set.values.length === 0))
    throw new RangeError("plot.histogram: there is no finite value");
  const low = all.min;
  const step = (all.max - all.min) / bins || 1;
  const rows = sets.flatMap((set) =>
    countIn(set.values, low, step, bins).map((count, i) => ({
      from: chartNumber(low + i * step),
      to: chartNumber(low + (i + 1) * step),
      count,
      ...(set.name ? { series: set.name } : {}),
    })),
  );
  const names = sets.map((set) => set.name);
  const spec = {
    ...(title ? { title } : {}),
    width: CHART_WIDTH,
    height: CHART_HEIGHT,
    data: { values: rows },
    mark: {
      type: "bar",
      tooltip: true,
      binSpacing: sets.length > 1 ? 0 : 1,
      opacity: sets.length > 1 ? 0.55 : 1,
    },
    encoding: {
      x: {
        field: "from",
        type: "quantitative",
        bin: "binned",
        title: xLabel ?? "value",
        scale: { zero: false },
        axis: { grid: false },
      },
      x2: { field: "to" },
      y: { field: "count", type: "quantitative", title: yLabel ?? "count", stack: null },
      ...(names[0]
        ? { color: { field: "series", type: "nominal", title: null, scale: { domain: names } } }
        : {}),
    },
  };
  const lines = sets.map((set) => {
    const mean = set.values.reduce((sum, value) => sum + value, 0) / set.values.length;
    return `${set.name ? `${set.name}: ` : ""}${set.values.length} values, mean ${shortNumber(mean)}`;
  });
  const span = `from ${shortNumber(all.min)} to ${shortNumber(all.max)}`;
  return chart(spec, `histogram${title ? ` "${title}"` : ""} ${span}: ${lines.join("; ")}`);
}

function countIn(values: readonly number[], low: number, step: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  // the largest value belongs to the last interval
  for (const value of values) counts[Math.min(Math.floor((value - low) / step), bins - 1)]++;
  return counts;
}
