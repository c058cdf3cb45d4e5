// Precision-recall curves: steps from right to left as the threshold grows, and the level of guessing.
import { axisOf } from "./axes.ts";
import { type Chart, chart, chartNumber } from "./chart.ts";
import { INK } from "./theme.ts";

/** The points of a precision-recall curve, in the order of growing thresholds. */
export interface PrecisionRecallPoints {
  readonly precision: readonly number[];
  /** Falling from 1 to 0. */
  readonly recall: readonly number[];
  readonly averagePrecision: number;
  /** The share of positive samples. */
  readonly prevalence: number;
}

const SIDE = 260;
/** A curve on a screen does not get better with more points. */
const MOST_POINTS = 400;

/** The chart of a precision-recall curve. The area in steps below it is the average precision. */
export function precisionRecallChart(curve: PrecisionRecallPoints): Chart {
  const { precision, recall, averagePrecision, prevalence } = curve;
  const step = Math.max(1, Math.ceil(precision.length / MOST_POINTS));
  const values = precision
    .map((y, i) => ({ x: chartNumber(recall[i]), y: chartNumber(y), order: i }))
    .filter((_, i) => i % step === 0 || i === precision.length - 1);
  const title = `precision-recall curve, average precision = ${averagePrecision.toFixed(4)}`;
  const unit = [0, 1] as const;
  const share = (name: "x" | "y", label: string): object => ({
    ...axisOf("precisionRecallCurve", name, { xRange: unit, yRange: [0, 1.02] }, label),
    axis: { tickCount: 5 },
  });
  const places = { x: share("x", "recall"), y: share("y", "precision") };
  const guessing = {
    data: { values: unit.map((x) => ({ x, y: chartNumber(prevalence) })) },
    mark: { type: "line", color: INK, strokeWidth: 1, strokeDash: [4, 4] },
    encoding: places,
  };
  const order = { field: "order", type: "quantitative" };
  // precision at a threshold holds from its recall down to the next one's
  const steps = {
    mark: { type: "line", interpolate: "step-after", tooltip: true },
    encoding: { ...places, order },
  };
  const text = `${title}, ${precision.length} points, prevalence ${chartNumber(prevalence)}`;
  return chart({ title, width: SIDE, height: SIDE, data: { values }, layer: [guessing, steps] }, text);
}
