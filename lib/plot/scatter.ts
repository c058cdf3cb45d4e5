// plot.scatter: clouds of points, coloured by class or by value, with a line over them if wanted.

import {
  type Annotations,
  type AxisOptions,
  annotationLayers,
  annotationText,
  axisOf,
  frameOf,
  isCut,
  placeOn,
} from "./axes.ts";
import type { Displayable } from "./bundle.ts";
import { chart, chartNumber } from "./chart.ts";
import { type CurveData, readCurves, summarize } from "./line.ts";
import { checkOptions, finiteRange, readNumbers, type Values } from "./values.ts";

export interface ScatterOptions extends CurveData, AxisOptions, Annotations {
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
  checkOptions("plot.scatter", options, "{ x: [1, 2], y: [3, 4] }");
  const clouds = readCurves("plot.scatter", options);
  const { title, xLabel = "x", yLabel = "y", colorLabel } = options;
  const color = readColors(options, clouds[0].x.length);
  const values = clouds.flatMap(({ name, x, y }) =>
    x.map((position, i) => ({
      x: placeOn(options.xScale, position),
      y: placeOn(options.yScale, y[i]),
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
    x: loose(axisOf("plot.scatter", "x", options, xLabel)),
    y: axisOf("plot.scatter", "y", options, yLabel),
  };
  const clip = isCut(options) ? { clip: true } : {};
  const points = { mark: { type: "point", tooltip: true, ...clip }, encoding: { ...axes, ...colorEncoding } };
  const frame = { ...frameOf(options), data: { values } };
  const across = finiteRange(clouds.flatMap((cloud) => cloud.x));
  const over = annotationLayers("plot.scatter", options, options.xRange ?? [across.min, across.max]);
  if (options.line) {
    const [fit] = readCurves("plot.scatter, line", options.line);
    const path = fit.x.map((x, i) => ({ x: chartNumber(x), y: chartNumber(fit.y[i]) }));
    over.unshift({
      data: { values: path },
      mark: { type: "line", color: LINE_COLOR, ...clip },
      encoding: axes,
    });
  }
  const summary = summarize("scatter chart", title, clouds) + annotationText(options);
  if (over.length === 0) return chart({ ...frame, ...points }, summary);
  return chart({ ...frame, layer: [points, ...over] }, summary);
}

/** Points do not touch the ends of the axis, unless these are given. */
function loose(axis: object): object {
  const { scale } = axis as { scale: { domain?: unknown; nice?: boolean } };
  return scale.domain ? axis : { ...axis, scale: { ...scale, nice: true } };
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
