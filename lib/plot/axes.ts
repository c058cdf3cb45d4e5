// What charts with two axes have in common: size, ranges, scales, and rules and points with labels on top.
import { CHART_HEIGHT, CHART_WIDTH, chartNumber } from "./chart.ts";
import { CATEGORY } from "./color.ts";
import { INK } from "./theme.ts";

export interface ChartLabels {
  title?: string;
  xLabel?: string;
  yLabel?: string;
}

export interface AxisOptions extends ChartLabels {
  /** The ends of the x axis; what lies outside is not drawn. Give all frames of an animation the same. */
  xRange?: readonly [number, number];
  /** The ends of the y axis. */
  yRange?: readonly [number, number];
  /** "log" for a logarithmic axis, on which only positive numbers have a place. */
  xScale?: "linear" | "log";
  /** "log" for a logarithmic axis. */
  yScale?: "linear" | "log";
  /** Size of the area within the axes, in pixels. */
  width?: number;
  height?: number;
}

/** A line across the chart: at an `x` upright, at a `y` level. */
export interface Rule {
  x?: number;
  y?: number;
  label?: string;
}

/** A point to look at. */
export interface MarkedPoint {
  x: number;
  y: number;
  label?: string;
}

export interface Annotations {
  /** Dashed lines with labels, such as thresholds. */
  rules?: readonly Rule[];
  /** Points with labels. */
  points?: readonly MarkedPoint[];
}

/** On a logarithmic axis the lines of the powers of ten stand out. */
const IS_POWER = "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 1e-9";
const POWERS = {
  gridOpacity: { condition: { test: IS_POWER, value: 0.5 }, value: 0.12 },
  tickOpacity: { condition: { test: IS_POWER, value: 0.6 }, value: 0.12 },
};

const POINT_COLOR = CATEGORY[6];

/** Title and size of a chart. */
export function frameOf({ title, width = CHART_WIDTH, height = CHART_HEIGHT }: AxisOptions): object {
  return { ...(title ? { title } : {}), width, height };
}

/** The encoding of an axis. @throws when range or scale make no sense */
export function axisOf(caller: string, name: "x" | "y", options: AxisOptions, title: string | null): object {
  const [range, kind] = name === "x" ? [options.xRange, options.xScale] : [options.yRange, options.yScale];
  if (kind !== undefined && kind !== "linear" && kind !== "log")
    throw new RangeError(`${caller}: ${name}Scale is "linear" or "log", got "${kind}"`);
  if (range !== undefined) {
    const [low, high] = range;
    if (!(range.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low < high))
      throw new RangeError(`${caller}: ${name}Range is [lowest, highest], got [${range.join(", ")}]`);
    if (kind === "log" && low <= 0)
      throw new RangeError(
        `${caller}: a logarithmic axis begins above 0, got ${name}Range [${range.join(", ")}]`,
      );
  }
  const scale =
    kind === "log"
      ? { type: "log", ...(range ? { domain: range, nice: false } : {}) }
      : { zero: false, ...(range ? { domain: range, nice: false } : name === "x" ? { nice: false } : {}) };
  return { field: name, type: "quantitative", title, scale, ...(kind === "log" ? { axis: POWERS } : {}) };
}

/** A number as it stands in a chart's data; none where a logarithmic axis has no place for it. */
export function placeOn(scale: "linear" | "log" | undefined, value: number): number | null {
  return scale === "log" && value <= 0 ? null : chartNumber(value);
}

/** Whether marks can lie outside the axes. */
export function isCut({ xRange, yRange }: AxisOptions): boolean {
  return xRange !== undefined || yRange !== undefined;
}

/** The layers of rules and points. `ends` are the ends of the x axis: labels go to the side where there is room. */
export function annotationLayers(
  caller: string,
  { rules = [], points = [] }: Annotations,
  ends: readonly [number, number],
): object[] {
  const isLate = (x: number): boolean => x > ends[0] + 0.6 * (ends[1] - ends[0]);
  const layers = rules.flatMap((rule): object[] => {
    if ((rule.x === undefined) === (rule.y === undefined))
      throw new TypeError(`${caller}: a rule stands at an x or at a y: { x: 0.5, label: "threshold" }`);
    const name = rule.x === undefined ? "y" : "x";
    const at = rule[name] as number;
    checkPlace(caller, "rule", at);
    const data = { values: [{ [name]: chartNumber(at) }] };
    const encoding = { [name]: { field: name, type: "quantitative" } };
    const line = { data, mark: { type: "rule", color: INK, strokeDash: [5, 4], strokeWidth: 1.4 }, encoding };
    if (!rule.label) return [line];
    const side = name === "x" && !isLate(at) ? { align: "left", dx: 5 } : { align: "right", dx: -5 };
    const place = name === "x" ? { y: 0, baseline: "top" } : { x: "width", baseline: "bottom", dy: -3 };
    return [
      line,
      {
        data,
        mark: { type: "text", text: rule.label, color: INK, fontSize: 11, ...side, ...place },
        encoding,
      },
    ];
  });
  const dots = points.flatMap((point): object[] => {
    checkPlace(caller, "point", point.x, point.y);
    const data = { values: [{ x: chartNumber(point.x), y: chartNumber(point.y) }] };
    const encoding = { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } };
    const dot = {
      data,
      mark: { type: "point", color: POINT_COLOR, size: 70, opacity: 1, tooltip: true },
      encoding,
    };
    if (!point.label) return [dot];
    const side = isLate(point.x) ? { align: "right", dx: -9 } : { align: "left", dx: 9 };
    const text = {
      type: "text",
      text: point.label,
      color: POINT_COLOR,
      fontSize: 11,
      baseline: "top",
      dy: 5,
      ...side,
    };
    return [dot, { data, mark: text, encoding }];
  });
  return [...layers, ...dots];
}

/** What rules and points say, for the text of a chart. */
export function annotationText({ rules = [], points = [] }: Annotations): string {
  const parts = [
    ...rules.map(
      ({ x, y, label }) => `${label ? `${label} at ` : "line at "}${x === undefined ? `y ${y}` : `x ${x}`}`,
    ),
    ...points.map(({ x, y, label }) => `${label ?? "point"} (${x}, ${y})`),
  ];
  return parts.length > 0 ? `; ${parts.join("; ")}` : "";
}

function checkPlace(caller: string, what: string, ...places: number[]): void {
  if (!places.every(Number.isFinite))
    throw new RangeError(`${caller}: a ${what} needs finite numbers, got ${places.join(", ")}`);
}
