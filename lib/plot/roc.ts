// ROC curves: true against false positive rate, one curve or one per class, with the diagonal of guessing.
import type { MimeBundle } from "./bundle.ts";
import { chartBundle, chartNumber } from "./chart.ts";
import { shortNumber } from "./number.ts";

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

const SIDE = 280;
const SMALL_SIDE = 130;
/** A curve on a screen does not get better with more points. */
const MOST_POINTS = 400;

/**
 * The outputs of one or several ROC curves: overlaid with a legend, or with `multiples` a small panel for each.
 */
export async function rocCurveBundle(
  curves: readonly RocPoints[],
  { multiples = false }: { multiples?: boolean } = {},
): Promise<MimeBundle> {
  const isOne = curves.length === 1;
  const names = curves.map(({ positive, auc }) => `${positive} (AUC ${auc.toFixed(4)})`);
  const points = curves.flatMap((curve, i) =>
    thin(curve).map(([x, y]) => ({ x: chartNumber(x), y: chartNumber(y), curve: names[i] })),
  );
  const isSmall = multiples && !isOne;
  const side = isSmall ? SMALL_SIDE : SIDE;
  const share = { type: "quantitative", scale: { domain: [0, 1] }, axis: { tickCount: isSmall ? 2 : 5 } };
  const axes = {
    x: { field: "x", title: "false positive rate", ...share },
    y: { field: "y", title: "true positive rate", ...share },
  };
  const color = { field: "curve", type: "nominal", title: "class", scale: { domain: names } };
  const curveLayer = {
    mark: { type: "line", tooltip: true },
    encoding: { ...axes, ...(isOne || isSmall ? {} : { color }) },
  };
  const diagonal = {
    data: {
      values: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
    },
    mark: { type: "line", color: "#888888", strokeDash: [4, 4], strokeWidth: 1 },
    encoding: axes,
  };
  const panel = { width: side, height: side, layer: [diagonal, curveLayer] };
  const data = { values: points };
  const mean = curves.reduce((sum, curve) => sum + curve.auc, 0) / curves.length;
  const title = isOne ? `ROC curve, AUC = ${mean.toFixed(4)}` : `ROC curves, mean AUC = ${mean.toFixed(4)}`;
  const spec = isSmall
    ? {
        title,
        data,
        columns: 4,
        facet: { field: "curve", type: "nominal", title: null, sort: names },
        spec: panel,
      }
    : { title, data, ...panel };
  const areas = curves.map(
    ({ positive, auc, fpr }) => `  class ${positive}: AUC ${shortNumber(auc)}, ${fpr.length} points`,
  );
  return chartBundle(spec, [title, ...areas].join("\n"));
}

/** The curve with at most about `MOST_POINTS` points, both ends included. */
function thin({ fpr, tpr }: RocPoints): [number, number][] {
  const step = Math.max(1, (fpr.length - 1) / MOST_POINTS);
  const points: [number, number][] = [];
  for (let at = 0; at < fpr.length - 1; at += step) points.push([fpr[Math.floor(at)], tpr[Math.floor(at)]]);
  if (fpr.length > 0) points.push([fpr[fpr.length - 1], tpr[tpr.length - 1]]);
  return points;
}
