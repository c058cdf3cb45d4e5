// plot.heatmap: a matrix as coloured cells, with the numbers in them when there is room.

import type { ChartLabels } from "./axes.ts";
import type { Displayable } from "./bundle.ts";
import { chart, chartNumber } from "./chart.ts";
import { type Colormap, colorAt, scaleColors, textColorOn } from "./color.ts";
import { shortNumber } from "./number.ts";
import { checkOptions, finiteRange, readNames, readValues, shapeText, type Values } from "./values.ts";

export interface HeatmapOptions extends ChartLabels {
  /** The matrix, `[rows, columns]`; the first row is drawn on top. */
  z: Values;
  /** Names of the columns. */
  x?: readonly (string | number)[];
  /** Names of the rows. */
  y?: readonly (string | number)[];
  /** Colours: "viridis" (the default), "diverging" (zero is white) or "gray". */
  colormap?: Colormap;
  /** The values at the ends of the colours; without it the smallest and largest, for "diverging" equally far from zero. */
  range?: readonly [number, number];
}

const LONGEST_SIDE = 400;
const SMALLEST_CELL = 3;
const CELL_FOR_NUMBERS = 34;
const LARGEST_CELL = 56;

/**
 * Draws a matrix as coloured cells; up to about 11 columns with the numbers written in them.
 *
 * @throws RangeError when z is not a matrix or the names do not fit its shape
 * @example
 * plot.heatmap({ z: [[1, 0.8], [0.8, 1]], x: ["height", "weight"], y: ["height", "weight"] })
 */
export function heatmap(options: HeatmapOptions): Displayable {
  checkOptions("plot.heatmap", options, "{ z: [[1, 2], [3, 4]] }");
  const { title, xLabel, yLabel, colormap = "viridis" } = options;
  const { shape, values } = readValues("plot.heatmap", options.z);
  if (shape.length !== 2)
    throw new RangeError(`plot.heatmap: expected a matrix [rows, columns], got ${shapeText(shape)}`);
  const [rows, columns] = shape;
  const x = distinctNames("columns", options.x, columns);
  const y = distinctNames("rows", options.y, rows);
  const [low, high] = options.range ?? scaleRange(values, colormap);
  // whole pixels, so that no seams show between the cells
  const cell = Math.min(
    Math.max(Math.floor(LONGEST_SIDE / Math.max(rows, columns)), SMALLEST_CELL),
    LARGEST_CELL,
  );
  const isWritten = cell >= CELL_FOR_NUMBERS;
  const data = Array.from(values, (value, i) => ({
    x: x[i % columns],
    y: y[Math.floor(i / columns)],
    z: chartNumber(value),
    ...(isWritten ? { text: shortNumber(value, 3), light: isLightInk(value, low, high, colormap) } : {}),
  }));
  const axis = (names: readonly string[], label: string | undefined): object => ({
    type: "nominal",
    sort: null,
    title: label ?? null,
    axis: {
      labelAngle: 0,
      grid: false,
      domain: false,
      ticks: false,
      labelOverlap: true,
      values:
        names.length * 22 > LONGEST_SIDE
          ? names.filter((_, i) => i % Math.ceil(names.length / 16) === 0)
          : names,
    },
  });
  const position = { x: { field: "x", ...axis(x, xLabel) }, y: { field: "y", ...axis(y, yLabel) } };
  const cells = {
    mark: { type: "rect", tooltip: true },
    encoding: {
      ...position,
      color: {
        field: "z",
        type: "quantitative",
        title: null,
        scale: { domain: [low, high], range: scaleColors(colormap), clamp: true },
      },
    },
  };
  const numbers = {
    mark: { type: "text", fontSize: 11 },
    encoding: {
      ...position,
      text: { field: "text" },
      color: { condition: { test: "datum.light", value: "#ffffff" }, value: "#000000" },
    },
  };
  const spec = {
    ...(title ? { title } : {}),
    width: cell * columns,
    height: cell * rows,
    data: { values: data },
    ...(isWritten ? { layer: [cells, numbers] } : cells),
  };
  const { min, max } = finiteRange(values);
  const summary = `heat map${title ? ` "${title}"` : ""}: ${rows} × ${columns}, values from ${shortNumber(min)} to ${shortNumber(max)}`;
  return chart(spec, summary);
}

function distinctNames(what: string, given: HeatmapOptions["x"], count: number): string[] {
  const names = readNames("plot.heatmap", what, given, count);
  if (names === undefined) return Array.from({ length: count }, (_, i) => String(i));
  // equal names would fall on one line: a thin space each keeps them apart
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return name + "\u2009".repeat(times);
  });
}

function scaleRange(values: ArrayLike<number>, colormap: Colormap): [number, number] {
  const { min, max } = finiteRange(values);
  if (colormap === "diverging") {
    const reach = Math.max(-min, max) || 1;
    return [-reach, reach];
  }
  return min < max ? [min, max] : [min, min + 1];
}

/** Whether the number in a cell must be written in white. */
function isLightInk(value: number, low: number, high: number, colormap: Colormap): boolean {
  return Number.isFinite(value) && textColorOn(colorAt(colormap, (value - low) / (high - low))) === "#ffffff";
}
