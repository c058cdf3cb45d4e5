// Precision against recall as the threshold falls.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { precisionRecallChart } from "../plot/precisionRecall.ts";
import type { Numbers } from "./numbers.ts";
import { countKinds, cutsOf, readRanking } from "./ranking.ts";

/**
 * A precision-recall curve, its points in the order of growing thresholds.
 *
 * @example
 * precisionRecallCurve([0, 1], [0.2, 0.8]).precision // → [ 0.5, 1, 1 ]
 */
export class PrecisionRecallCurve {
  /** Precision of each point; the last is 1, where nothing is called positive. */
  readonly precision: readonly number[];
  /** Recall of each point, falling from 1 to 0. */
  readonly recall: readonly number[];
  /** A sample counts as positive when its score is at least this. One fewer than points: the last has none. */
  readonly thresholds: readonly number[];
  /** The sum of precision · step of recall over the points: the area in steps, without interpolation. */
  readonly averagePrecision: number;
  /** The share of positive samples: the precision of guessing. */
  readonly prevalence: number;
  /** The class this curve is about. */
  readonly positive: number;

  constructor(
    precision: readonly number[],
    recall: readonly number[],
    thresholds: readonly number[],
    { prevalence, positive }: { prevalence: number; positive: number },
  ) {
    this.precision = precision;
    this.recall = recall;
    this.thresholds = thresholds;
    this.averagePrecision = thresholds.reduce(
      (total, _, i) => total + (recall[i] - recall[i + 1]) * precision[i],
      0,
    );
    this.prevalence = prevalence;
    this.positive = positive;
  }

  [DISPLAY](): MimeBundle | Promise<MimeBundle> {
    return precisionRecallChart(this)[DISPLAY]();
  }
}

/**
 * Precision against recall, with the points of scikit-learn's `precision_recall_curve`: one per distinct score, then
 * (recall 0, precision 1). Counts have no gradient.
 *
 * @param yTrue true labels, one number per sample
 * @param scores the higher, the more positive: probabilities or any other score
 * @param positive the label that counts as positive
 * @throws RangeError when no sample is positive: recall would not exist
 * @example
 * const curve = precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * curve.recall // → [ 1, 1, 0.5, 0.5, 0 ]
 * curve.thresholds // → [ 0.1, 0.35, 0.4, 0.8 ]
 * curve.averagePrecision.toFixed(4) // → '0.8333'
 */
export function precisionRecallCurve(
  yTrue: Numbers,
  scores: Numbers,
  { positive = 1 }: { positive?: number } = {},
): PrecisionRecallCurve {
  const ranking = readRanking("precisionRecallCurve", yTrue, scores, positive);
  const { positives, negatives } = countKinds(ranking);
  if (positives === 0) {
    throw new RangeError(
      `precisionRecallCurve: there is no sample of class ${positive}, so recall does not exist`,
    );
  }
  const cuts = cutsOf(ranking).reverse();
  return new PrecisionRecallCurve(
    [...cuts.map((cut) => cut.truePositives / (cut.truePositives + cut.falsePositives)), 1],
    [...cuts.map((cut) => cut.truePositives / positives), 0],
    cuts.map((cut) => cut.threshold),
    { prevalence: positives / (positives + negatives), positive },
  );
}
