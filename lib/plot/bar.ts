// plot.bar: a bar per category, or groups of bars.
import type { Displayable } from "./bundle.ts";
import { CHART_HEIGHT, CHART_WIDTH, chart, chartNumber } from "./chart.ts";
import { type ChartLabels, readCurves } from "./line.ts";
import { shortNumber } from "./number.ts";
import { readNumbers, type Values } from "./values.ts";

export interface BarOptions extends ChartLabels {
  /** The categories; without them 0, 1, 2 … */
  x?: readonly string[] | Values;
  /** One bar per category. */
  y?: Values;
  /** Several bars per category, by name. */
  series?: { readonly [name: string]: Values };
}

/**
 * Draws a bar per category (`y`), or a group of bars (`series`).
 *
 * @throws RangeError when there are not as many categories as bars
 * @example
 * plot.bar({ x: ["cat", "dog"], y: [12, 9], yLabel: "pictures" })
 */
export function bar({ x, y, series, title, xLabel, yLabel }: BarOptions): Displayable {
  const groups = readCurves("plot.bar", { y, series });
  const categories = readCategories(x) ?? groups[0].y.map((_, i) => String(i));
  for (const { name, y: heights } of groups) {
    if (heights.length !== categories.length) {
      throw new RangeError(
        `plot.bar: ${categories.length} categories for ${heights.length} values${name ? ` of ${name}` : ""}`,
      );
    }
  }
  const values = groups.flatMap(({ name, y: heights }) =>
    heights.map((height, i) => ({
      x: categories[i],
      y: chartNumber(height),
      ...(name ? { series: name } : {}),
    })),
  );
  const names = groups.map((group) => group.name);
  const longest = Math.max(...categories.map((category) => category.length));
  const spec = {
    ...(title ? { title } : {}),
    width: CHART_WIDTH,
    height: CHART_HEIGHT,
    data: { values },
    mark: { type: "bar", tooltip: true },
    encoding: {
      x: {
        field: "x",
        type: "nominal",
        title: xLabel ?? null,
        sort: null,
        axis: { labelAngle: longest * categories.length > 60 ? -40 : 0, grid: false },
        scale: { padding: 0.2 },
      },
      y: { field: "y", type: "quantitative", title: yLabel ?? null },
      ...(names[0]
        ? {
            xOffset: { field: "series", sort: null },
            color: { field: "series", type: "nominal", title: null, scale: { domain: names } },
          }
        : {}),
    },
  };
  const lines = groups.map(({ name, y: heights }) => {
    const pairs = heights.slice(0, 8).map((height, i) => `${categories[i]} ${shortNumber(height)}`);
    return `${name ? `${name}: ` : ""}${pairs.join(", ")}${heights.length > 8 ? ", …" : ""}`;
  });
  return chart(spec, `bar chart${title ? ` "${title}"` : ""}: ${lines.join("; ")}`);
}

function readCategories(x: BarOptions["x"]): string[] | undefined {
  if (x === undefined) return undefined;
  if (Array.isArray(x) && x.some((item) => typeof item === "string")) return x.map(String);
  return readNumbers("plot.bar, x", x as Values).map((value) => shortNumber(value));
}
