// ROC curves: true against false positive rate, one curve or one per class, with the diagonal of guessing.
import type { MimeBundle } from "./bundle.ts";
import { chartBundle, chartNumber } from "./chart.ts";
import { shortNumber } from "./number.ts";
import { INK } from "./theme.ts";

/** The points of one ROC curve. */
export interface RocPoints {
  /** False positive rates, growing from 0 to 1. */
  readonly fpr: readonly number[];
  /** True positive rates, growing from 0 to 1. */
  readonly tpr: readonly number[];
  /** Area under the curve. */
  readonly auc: number;
  /** The class that the curve is about. */
  readonly positive: number | string;
}

const SIDE = 260;
/** A curve on a screen does not get better with more points. */
const MOST_POINTS = 400;
/** Good curves differ only in the top left corner, which is drawn in one of these sizes beside the whole. */
const CORNERS = [0.02, 0.05, 0.1, 0.2];

/**
 * The outputs of one or several ROC curves. Several are told apart by colour, and a click on a class in the legend singles
 * it out; when all of them are good, a second panel shows the corner in which they differ.
 */
export async function rocCurveBundle(curves: readonly RocPoints[]): Promise<MimeBundle> {
  const names = curves.map(({ positive, auc }) => `${positive} (AUC ${auc.toFixed(4)})`);
  const values = curves.flatMap((curve, i) =>
    thin(curve).map(([x, y]) => ({ x: chartNumber(x), y: chartNumber(y), curve: names[i] })),
  );
  const mean = curves.reduce((sum, curve) => sum + curve.auc, 0) / curves.length;
  const title =
    curves.length === 1 ? `ROC curve, AUC = ${mean.toFixed(4)}` : `ROC curves, mean AUC = ${mean.toFixed(4)}`;
  const corner = curves.length === 1 ? undefined : cornerOf(curves);
  const size = { width: SIDE, height: SIDE };
  const whole = [diagonal(), ...(corner ? [square(corner)] : []), curveLayer(names, 1)];
  const panels = corner
    ? {
        hconcat: [
          { ...size, layer: whole },
          { ...size, layer: [curveLayer(names, corner)] },
        ],
      }
    : { ...size, layer: whole };
  const areas = curves.map(
    ({ positive, auc, fpr }) => `  class ${positive}: AUC ${shortNumber(auc)}, ${fpr.length} points`,
  );
  return chartBundle({ title, data: { values }, ...panels }, [title, ...areas].join("\n"));
}

/** The curves in the top left corner of a given size; 1 is the whole. */
function curveLayer(names: readonly string[], corner: number): object {
  const part = corner === 1 ? "" : ", enlarged";
  // room for the width of lines along the border
  const edge = corner === 1 ? 0 : corner / 40;
  const color = { field: "curve", type: "nominal", title: "class", scale: { domain: names } };
  const opacity = { condition: { param: "chosen", value: 1 }, value: 0.08 };
  const choice = { name: "chosen", select: { type: "point", fields: ["curve"] }, bind: "legend" };
  return {
    // the second panel follows the choice made for the first
    ...(names.length > 1 && corner === 1 ? { params: [choice] } : {}),
    mark: { type: "line", tooltip: true, clip: corner < 1 },
    encoding: {
      x: share("x", `false positive rate${part}`, [-edge, corner]),
      y: share("y", `true positive rate${part}`, [1 - corner, 1 + edge]),
      ...(names.length > 1 ? { color, opacity } : {}),
    },
  };
}

/** The course of guessing. */
function diagonal(): object {
  const ends = [0, 1].map((at) => ({ x: at, y: at }));
  return outline(ends, { strokeDash: [4, 4] });
}

/** Where the corner is in the whole. */
function square(corner: number): object {
  const points = [
    { x: 0, y: 1 - corner },
    { x: corner, y: 1 - corner },
    { x: corner, y: 1 },
  ];
  return outline(points, { strokeOpacity: 0.7 });
}

function outline(points: readonly { x: number; y: number }[], style: object): object {
  return {
    data: { values: points.map((point, order) => ({ ...point, order })) },
    mark: { type: "line", color: INK, strokeWidth: 1, ...style },
    encoding: { x: share("x"), y: share("y"), order: { field: "order", type: "quantitative" } },
  };
}

function share(field: "x" | "y", title?: string, domain = [0, 1]): object {
  return { field, type: "quantitative", title, scale: { domain, nice: false }, axis: { tickCount: 5 } };
}

/** The smallest corner that shows all curves on their way around it with room to spare; none when one of them is too far off. */
function cornerOf(curves: readonly RocPoints[]): number | undefined {
  const distances = curves.map(({ fpr, tpr }) => Math.min(...fpr.map((x, i) => Math.max(x, 1 - tpr[i]))));
  const farthest = Math.max(...distances);
  return CORNERS.find((size) => size >= 2 * farthest);
}

/** The curve with at most about `MOST_POINTS` points, both ends included. */
function thin({ fpr, tpr }: RocPoints): [number, number][] {
  const step = Math.max(1, (fpr.length - 1) / MOST_POINTS);
  const points: [number, number][] = [];
  for (let at = 0; at < fpr.length - 1; at += step) points.push([fpr[Math.floor(at)], tpr[Math.floor(at)]]);
  if (fpr.length > 0) points.push([fpr[fpr.length - 1], tpr[tpr.length - 1]]);
  return points;
}
