// plot.line and plot.area: one or several curves, parts below them shaded.
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
import { chart } from "./chart.ts";
import { CATEGORY } from "./color.ts";
import { shortNumber } from "./number.ts";
import { readShades, type Shade, shadeLayer } from "./shade.ts";
import { checkOptions, finiteRange, readNumbers, type Values } from "./values.ts";

/** Several curves, bars or clouds by name: the y values, or x and y where each has its own x. */
export type Series = { readonly [name: string]: Values | { readonly x: Values; readonly y: Values } };

/** Points of curves: `y` of one, or `series` of several. */
export interface CurveData {
  /** Positions on the x axis; without them 0, 1, 2 … */
  x?: Values;
  /** Heights of one curve. */
  y?: Values;
  /** Several curves instead of one. */
  series?: Series;
}

export interface LineOptions extends CurveData, AxisOptions, Annotations {
  /** Keeps each height until the next point: a curve of steps. */
  step?: boolean;
  /** Parts of the area below a curve that are shaded, with their names in the legend. */
  shade?: Shade | readonly Shade[];
}

/** One curve with its name; "" when there is only one. */
export interface Curve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const HEADROOM = 0.12;

/**
 * Draws one curve (`y`) or several (`series`). Values that are not finite leave a gap.
 *
 * @throws RangeError when x and y differ in length
 * @example
 * plot.line({ x: [0, 1, 2], y: [0, 1, 4], title: "squares", rules: [{ y: 1, label: "one" }], points: [{ x: 2, y: 4, label: "last" }] })
 */
export function line(options: LineOptions): Displayable {
  return curveChart("plot.line", "line chart", options, {});
}

/**
 * Draws one curve (`y`) or several (`series`) with the area down to zero filled; parts can be shaded.
 *
 * @throws RangeError when x and y differ in length
 * @example
 * plot.area({ x: [0, 1, 2], y: [0, 1, 0], shade: { from: 1, label: "right half" } })
 */
export function area(options: LineOptions): Displayable {
  return curveChart("plot.area", "area chart", options, { isFilled: true });
}

/** The chart behind line, area and density. */
export function curveChart(
  caller: string,
  kind: string,
  options: LineOptions,
  { isFilled = false }: { isFilled?: boolean },
): Displayable {
  checkOptions(caller, options, "{ y: [1, 4, 9] }");
  const curves = readCurves(caller, options);
  const { xLabel = "x", yLabel = "y", xScale, yScale, step } = options;
  const shades = readShades(caller, options.shade, curves);
  const values = curves.flatMap(({ name, x, y }) =>
    x.map((position, i) => ({
      x: placeOn(xScale, position),
      y: placeOn(yScale, y[i]),
      ...(name ? { series: name } : {}),
    })),
  );
  const names = [...curves.map((curve) => curve.name), ...shades.map((shade) => shade.label)].filter(Boolean);
  const colors = [
    ...curves.filter((curve) => curve.name).map((_, i) => CATEGORY[i % CATEGORY.length]),
    ...shades.filter((shade) => shade.label).map((shade) => shade.color),
  ];
  const interpolate = step ? { interpolate: "step-after" } : {};
  const filled = isFilled ? { type: "area", line: true, opacity: 1, fillOpacity: 0.16 } : { type: "line" };
  const axes = {
    x: axisOf(caller, "x", options, xLabel),
    y: withHeadroom(axisOf(caller, "y", options, yLabel), options, curves),
  };
  const color = { field: "series", type: "nominal", title: null, scale: { domain: names, range: colors } };
  const main = {
    mark: { ...filled, tooltip: true, ...interpolate, ...(isCut(options) ? { clip: true } : {}) },
    encoding: {
      ...axes,
      ...(isFilled ? { y: { ...axes.y, stack: null } } : {}),
      ...(curves[0].name ? { color } : {}),
    },
  };
  const ends = options.xRange ?? rangeOf(curves);
  const over = annotationLayers(caller, options, ends);
  const below = shades.map((shade) => shadeLayer(shade, { ...interpolate, clip: isCut(options) }, color));
  const frame = { ...frameOf(options), data: { values } };
  const summary =
    summarize(kind, options.title, curves) +
    shades.map((shade) => shade.text).join("") +
    annotationText(options);
  if (over.length + below.length === 0) return chart({ ...frame, ...main }, summary);
  return chart({ ...frame, layer: [...below, main, ...over] }, summary);
}

/** Room above the curves for the labels of upright rules. */
function withHeadroom(
  axis: object,
  { rules = [], yRange, yScale }: LineOptions,
  curves: readonly Curve[],
): object {
  if (yRange || yScale === "log" || !rules.some((rule) => rule.x !== undefined && rule.label)) return axis;
  const { min, max } = finiteRange(curves.flatMap((curve) => curve.y));
  const { scale } = axis as { scale: object };
  return { ...axis, scale: { ...scale, domainMax: max + HEADROOM * (max - Math.min(min, 0)) } };
}

function rangeOf(curves: readonly Curve[]): [number, number] {
  const { min, max } = finiteRange(curves.flatMap((curve) => curve.x));
  return [min, max];
}

/** Reads `x`, `y` and `series` into curves. */
export function readCurves(caller: string, { x, y, series }: CurveData): Curve[] {
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
