// plot.line: one or several curves.
import type { Displayable } from "./bundle.ts";
import { CHART_HEIGHT, CHART_WIDTH, chart, chartNumber } from "./chart.ts";
import { shortNumber } from "./number.ts";
import { finiteRange, readNumbers, type Values } from "./values.ts";

export interface ChartLabels {
  title?: string;
  xLabel?: string;
  yLabel?: string;
}

/** Several curves, bars or clouds by name: the y values, or x and y where each has its own x. */
export type Series = { readonly [name: string]: Values | { readonly x: Values; readonly y: Values } };

export interface LineOptions extends ChartLabels {
  /** Positions on the x axis; without them 0, 1, 2 … */
  x?: Values;
  /** Heights of one curve. */
  y?: Values;
  /** Several curves instead of one. */
  series?: Series;
}

/** One curve with its name; "" when there is only one. */
export interface Curve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Draws one curve (`y`) or several (`series`). Values that are not finite leave a gap.
 *
 * @throws RangeError when x and y differ in length
 * @example
 * plot.line({ x: [0, 1, 2], y: [0, 1, 4], title: "squares" })
 */
export function line(options: LineOptions): Displayable {
  const curves = readCurves("plot.line", options);
  const { title, xLabel = "x", yLabel = "y" } = options;
  const values = curves.flatMap(({ name, x, y }) =>
    x.map((position, i) => ({
      x: chartNumber(position),
      y: chartNumber(y[i]),
      ...(name ? { series: name } : {}),
    })),
  );
  const names = curves.map((curve) => curve.name);
  const spec = {
    ...(title ? { title } : {}),
    width: CHART_WIDTH,
    height: CHART_HEIGHT,
    data: { values },
    mark: { type: "line", tooltip: true },
    encoding: {
      x: { field: "x", type: "quantitative", title: xLabel, scale: { zero: false, nice: false } },
      y: { field: "y", type: "quantitative", title: yLabel, scale: { zero: false } },
      ...(names[0]
        ? { color: { field: "series", type: "nominal", title: null, scale: { domain: names } } }
        : {}),
    },
  };
  return chart(spec, summarize("line chart", title, curves));
}

/** Reads `x`, `y` and `series` into curves. */
export function readCurves(caller: string, { x, y, series }: LineOptions): Curve[] {
  if ((y === undefined) === (series === undefined)) {
    throw new TypeError(`${caller}: give either y (one list of numbers) or series ({ name: numbers, … })`);
  }
  const entries = series ? Object.entries(series) : [["", y as Values] as const];
  if (entries.length === 0) throw new TypeError(`${caller}: series is empty`);
  const shared = x === undefined ? undefined : readNumbers(`${caller}, x`, x);
  return entries.map(([name, entry]) => {
    const own = isPair(entry) ? entry : undefined;
    const heights = readNumbers(`${caller}, ${name || "y"}`, own ? own.y : (entry as Values));
    const positions = own
      ? readNumbers(`${caller}, x of ${name}`, own.x)
      : (shared ?? heights.map((_, i) => i));
    if (positions.length !== heights.length) {
      throw new RangeError(
        `${caller}: ${positions.length} x values for ${heights.length} y values${name ? ` of ${name}` : ""}`,
      );
    }
    return { name, x: positions, y: heights };
  });
}

/** What a chart holds, in a line of text. */
export function summarize(kind: string, title: string | undefined, curves: readonly Curve[]): string {
  const parts = curves.map(({ name, x, y }) => {
    const [across, up] = [finiteRange(x), finiteRange(y)];
    const label = name ? `${name}: ` : "";
    return `${label}${x.length} points, x ${shortNumber(across.min)} to ${shortNumber(across.max)}, y ${shortNumber(up.min)} to ${shortNumber(up.max)}`;
  });
  return `${kind}${title ? ` "${title}"` : ""}: ${parts.join("; ")}`;
}

function isPair(entry: Series[string]): entry is { x: Values; y: Values } {
  return typeof entry === "object" && "x" in entry && "y" in entry;
}
