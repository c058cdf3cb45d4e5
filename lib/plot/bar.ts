// plot.bar: a bar per category, or groups of bars.

import { type AxisOptions, axisOf, frameOf, placeOn } from "./axes.ts";
import type { Displayable } from "./bundle.ts";
import { chart } from "./chart.ts";
import { readCurves } from "./line.ts";
import { shortNumber } from "./number.ts";
import { INK } from "./theme.ts";
import { checkOptions, readNumbers, type Values } from "./values.ts";

export interface BarOptions extends Omit<AxisOptions, "xRange" | "xScale"> {
  /** The categories; without them 0, 1, 2 … */
  x?: readonly string[] | Values;
  /** One bar per category. */
  y?: Values;
  /** Several bars per category, by name. */
  series?: { readonly [name: string]: Values };
  /** Writes the value above each bar; a function says how. */
  values?: boolean | ((value: number) => string);
}

/**
 * Draws a bar per category (`y`), or a group of bars (`series`).
 *
 * @throws RangeError when there are not as many categories as bars
 * @example
 * plot.bar({ x: ["cat", "dog"], y: [12, 9], yLabel: "pictures", values: true })
 */
export function bar(options: BarOptions): Displayable {
  checkOptions("plot.bar", options, '{ x: ["a", "b"], y: [1, 2] }');
  const { x, y, series, title, xLabel, yLabel, yScale, values: isWritten } = options;
  const groups = readCurves("plot.bar", { y, series });
  const categories = readCategories(x) ?? groups[0].y.map((_, i) => String(i));
  for (const { name, y: heights } of groups) {
    if (heights.length !== categories.length) {
      throw new RangeError(
        `plot.bar: ${categories.length} categories for ${heights.length} values${name ? ` of ${name}` : ""}`,
      );
    }
  }
  const write = typeof isWritten === "function" ? isWritten : (value: number) => shortNumber(value);
  const values = groups.flatMap(({ name, y: heights }) =>
    heights.map((height, i) => ({
      x: categories[i],
      y: placeOn(yScale, height),
      ...(isWritten ? { text: write(height) } : {}),
      ...(name ? { series: name } : {}),
    })),
  );
  const names = groups.map((group) => group.name);
  const longest = Math.max(...categories.map((category) => category.length));
  const heights = groups.flatMap((group) => group.y);
  const axis = axisOf("plot.bar", "y", options, yLabel ?? null);
  const places = {
    x: {
      field: "x",
      type: "nominal",
      title: xLabel ?? null,
      sort: null,
      axis: { labelAngle: longest * categories.length > 60 ? -40 : 0, grid: false },
      scale: { padding: 0.2 },
    },
    y: { ...axis, stack: null, ...(options.yRange ? {} : { scale: barScale(yScale, heights) }) },
    ...(names[0] ? { xOffset: { field: "series", sort: null } } : {}),
  };
  const color = { field: "series", type: "nominal", title: null, scale: { domain: names } };
  const bars = {
    mark: { type: "bar", tooltip: true, ...(options.yRange ? { clip: true } : {}) },
    encoding: { ...places, ...(names[0] ? { color } : {}) },
  };
  const numbers = {
    mark: { type: "text", color: INK, fontSize: 11, baseline: "bottom", dy: -3 },
    encoding: { ...places, text: { field: "text" } },
  };
  const spec = { ...frameOf(options), data: { values }, ...(isWritten ? { layer: [bars, numbers] } : bars) };
  const lines = groups.map(({ name, y: heights }) => {
    const pairs = heights.slice(0, 8).map((height, i) => `${categories[i]} ${shortNumber(height)}`);
    return `${name ? `${name}: ` : ""}${pairs.join(", ")}${heights.length > 8 ? ", …" : ""}`;
  });
  return chart(spec, `bar chart${title ? ` "${title}"` : ""}: ${lines.join("; ")}`);
}

/** Bars begin at zero, on a logarithmic axis at a power of ten below them all. */
function barScale(kind: BarOptions["yScale"], heights: readonly number[]): object {
  if (kind !== "log") return { zero: true };
  const least = Math.min(...heights.filter((height) => height > 0));
  if (!Number.isFinite(least)) throw new RangeError("plot.bar: a logarithmic axis needs values above 0");
  return { type: "log", domainMin: least > 1 ? 1 : 10 ** Math.floor(Math.log10(least) - 1e-9) };
}

function readCategories(x: BarOptions["x"]): string[] | undefined {
  if (x === undefined) return undefined;
  if (Array.isArray(x) && x.some((item) => typeof item === "string")) return x.map(String);
  return readNumbers("plot.bar, x", x as Values).map((value) => shortNumber(value));
}
