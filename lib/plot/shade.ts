// Shaded parts of the area below a curve, such as the errors on either side of a threshold.
import { chartNumber } from "./chart.ts";
import { CATEGORY } from "./color.ts";
import { shortNumber } from "./number.ts";

export interface Shade {
  /** The curve, by its name; not needed when there is one. */
  series?: string;
  /** Where the shaded part begins; without it at the curve's left end. */
  from?: number;
  /** Where it ends; without it at the curve's right end. */
  to?: number;
  /** Its name in the legend: "type I error". */
  label?: string;
  /** "#rrggbb"; by default red, then violet, then brown. */
  color?: string;
}

/** A shaded part with its outline along the curve. */
export interface ShadedPart {
  readonly label: string;
  readonly color: string;
  readonly points: readonly { readonly x: number | null; readonly y: number | null }[];
  readonly text: string;
}

interface CurvePoints {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const COLORS = [CATEGORY[6], CATEGORY[5], CATEGORY[4]];

/** Reads shades. @throws RangeError when there is no such curve, or the part is empty */
export function readShades(
  caller: string,
  shade: Shade | readonly Shade[] | undefined,
  curves: readonly CurvePoints[],
): ShadedPart[] {
  const list =
    shade === undefined ? [] : Array.isArray(shade) ? (shade as readonly Shade[]) : [shade as Shade];
  return list.map((part, i) => {
    const { series, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY, label = "" } = part;
    const curve =
      series === undefined && curves.length === 1 ? curves[0] : curves.find(({ name }) => name === series);
    if (!curve) {
      const names = curves.map(({ name }) => `"${name}"`).join(", ");
      throw new RangeError(`${caller}: shade which curve? There is no "${series ?? ""}", there are ${names}`);
    }
    if (!(from < to))
      throw new RangeError(
        `${caller}: a shaded part goes from a smaller to a larger x, got ${from} to ${to}`,
      );
    const points = between(curve, from, to);
    if (points.length < 2) {
      throw new RangeError(
        `${caller}: nothing to shade from ${shortNumber(from)} to ${shortNumber(to)}: the curve${series ? ` "${series}"` : ""} has no points there`,
      );
    }
    const [first, last] = [points[0][0], points[points.length - 1][0]];
    return {
      label,
      color: part.color ?? COLORS[i % COLORS.length],
      points: points.map(([x, y]) => ({ x: chartNumber(x), y: chartNumber(y) })),
      text: `; shaded${label ? ` (${label})` : ""} from x ${shortNumber(first)} to ${shortNumber(last)}${series ? ` below ${series}` : ""}`,
    };
  });
}

/** The points of a curve in a range, its ends found between the points on either side. */
function between({ x, y }: CurvePoints, from: number, to: number): [number, number][] {
  const points: [number, number][] = [];
  const cut = (i: number, at: number): void => {
    const part = (at - x[i]) / (x[i + 1] - x[i]);
    points.push([at, y[i] + part * (y[i + 1] - y[i])]);
  };
  x.forEach((position, i) => {
    if (position >= from && position <= to) points.push([position, y[i]]);
    const next = x[i + 1];
    if (position < from && next > from) cut(i, from);
    if (position < to && next > to) cut(i, to);
  });
  return points;
}

/** The layer of a shaded part; with a label it takes its colour from the legend's scale. */
export function shadeLayer({ label, color, points }: ShadedPart, mark: object, legend: object): object {
  const values = label ? points.map((point) => ({ ...point, series: label })) : points;
  return {
    data: { values },
    mark: { type: "area", opacity: 0.55, ...(label ? {} : { color }), ...mark },
    encoding: {
      x: { field: "x", type: "quantitative" },
      y: { field: "y", type: "quantitative", stack: null },
      ...(label ? { color: legend } : {}),
    },
  };
}
