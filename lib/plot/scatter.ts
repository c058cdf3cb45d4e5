// plot.scatter: clouds of points, coloured by class or by value, with a line over them if wanted.
import type { Displayable } from "./bundle.ts";
import { CHART_HEIGHT, CHART_WIDTH, chart, chartNumber } from "./chart.ts";
import { type LineOptions, readCurves, summarize } from "./line.ts";
import { readNumbers, type Values } from "./values.ts";

export interface ScatterOptions extends LineOptions {
  /** A class name or a number for every point of `x` and `y`: few whole numbers or texts are classes, others a scale. */
  color?: readonly string[] | Values;
  /** What the colours mean. */
  colorLabel?: string;
  /** A line over the points, such as the one fitted to them. */
  line?: { readonly x: Values; readonly y: Values };
}

const MOST_CLASSES = 12;
const LINE_COLOR = "#d0524a";

/**
 * Draws points: one cloud (`x`, `y`, perhaps coloured) or several by name (`series`).
 *
 * @throws RangeError when the lists differ in length
 * @example
 * plot.scatter({ x: [1, 2, 3], y: [2, 4, 5], color: ["a", "b", "a"], line: { x: [1, 3], y: [2.2, 5.2] } })
 */
export function scatter(options: ScatterOptions): Displayable {
  const clouds = readCurves("plot.scatter", options);
  const { title, xLabel = "x", yLabel = "y", colorLabel } = options;
  const color = readColors(options, clouds[0].x.length);
  const values = clouds.flatMap(({ name, x, y }) =>
    x.map((position, i) => ({
      x: chartNumber(position),
      y: chartNumber(y[i]),
      ...(name ? { color: name } : color ? { color: color.values[i] } : {}),
    })),
  );
  const domain = clouds[0].name ? clouds.map((cloud) => cloud.name) : color?.classes;
  const colorEncoding =
    domain !== undefined
      ? { color: { field: "color", type: "nominal", title: colorLabel ?? null, scale: { domain } } }
      : color
        ? {
            color: {
              field: "color",
              type: "quantitative",
              title: colorLabel ?? null,
              scale: { range: "ramp" },
            },
          }
        : {};
  const axes = {
    x: { field: "x", type: "quantitative", title: xLabel, scale: { zero: false } },
    y: { field: "y", type: "quantitative", title: yLabel, scale: { zero: false } },
  };
  const points = { mark: { type: "point", tooltip: true }, encoding: { ...axes, ...colorEncoding } };
  const frame = { ...(title ? { title } : {}), width: CHART_WIDTH, height: CHART_HEIGHT, data: { values } };
  const summary = summarize("scatter chart", title, clouds);
  if (!options.line) return chart({ ...frame, ...points }, summary);
  const [fit] = readCurves("plot.scatter, line", options.line);
  const path = fit.x.map((x, i) => ({ x: chartNumber(x), y: chartNumber(fit.y[i]) }));
  const over = { data: { values: path }, mark: { type: "line", color: LINE_COLOR }, encoding: axes };
  return chart({ ...frame, layer: [points, over] }, summary);
}

function readColors(
  { color, series }: ScatterOptions,
  count: number,
): { values: (string | number | null)[]; classes?: (string | number)[] } | undefined {
  if (color === undefined) return undefined;
  if (series)
    throw new TypeError("plot.scatter: with series the colours tell the series apart; leave color out");
  const isText = Array.isArray(color) && color.some((item) => typeof item === "string");
  const values: (string | number | null)[] = isText
    ? (color as readonly string[]).map(String)
    : readNumbers("plot.scatter, color", color as Values).map(chartNumber);
  if (values.length !== count)
    throw new RangeError(`plot.scatter: ${values.length} colours for ${count} points`);
  const distinct = [...new Set(values)].filter((value) => value !== null);
  const areClasses = isText || (distinct.length <= MOST_CLASSES && distinct.every(Number.isInteger));
  if (!areClasses) return { values };
  return { values, classes: isText ? distinct : distinct.sort((a, b) => Number(a) - Number(b)) };
}
