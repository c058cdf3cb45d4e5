// Receiver operating characteristic: true against false positive rate as the threshold falls.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { rocCurveBundle } from "../plot/roc.ts";
import { type Numbers, numbers, type Rows, requireSameLength, rows } from "./numbers.ts";
import { countKinds, cutsOf, type Ranking, readRanking } from "./ranking.ts";

/**
 * A ROC curve: the points from (0, 0) to (1, 1), the threshold of each, and the area under it.
 *
 * @example
 * rocCurve([0, 1, 0, 1], [0.1, 0.4, 0.5, 0.8]).auc // → 0.75
 */
export class RocCurve {
  /** False positive rate of each point, growing from 0 to 1. */
  readonly fpr: readonly number[];
  /** True positive rate of each point, growing from 0 to 1. */
  readonly tpr: readonly number[];
  /** A sample counts as positive when its score is at least this; the first is `Infinity` (no sample does). */
  readonly thresholds: readonly number[];
  /** Area under the curve: the chance that a random positive scores above a random negative (ties count half). */
  readonly auc: number;
  /** The class this curve is about. */
  readonly positive: number | string;

  constructor(fpr: number[], tpr: number[], thresholds: number[], auc: number, positive: number | string) {
    this.fpr = fpr;
    this.tpr = tpr;
    this.thresholds = thresholds;
    this.auc = auc;
    this.positive = positive;
  }

  [DISPLAY](): Promise<MimeBundle> {
    return rocCurveBundle([this]);
  }
}

/**
 * One ROC curve per class, each class against the rest.
 *
 * @example
 * const curves = rocCurves([0, 1], [[0.9, 0.1], [0.3, 0.7]]);
 * curves.curves.length // → 2
 */
export class RocCurves {
  readonly curves: readonly RocCurve[];

  constructor(curves: readonly RocCurve[]) {
    this.curves = curves;
  }
  /** The mean of the areas, every class counting the same. */
  get auc(): number {
    return this.curves.reduce((total, curve) => total + curve.auc, 0) / this.curves.length;
  }
  [DISPLAY](): Promise<MimeBundle> {
    return rocCurveBundle(this.curves);
  }
}

/**
 * The ROC curve of scores against true labels, with the same points as scikit-learn's `roc_curve`: one per distinct
 * score, without those on a straight line between their neighbours (they change neither the picture nor the area). Counts
 * have no gradient.
 *
 * @param yTrue true labels, one number per sample
 * @param scores the higher, the more positive: probabilities or any other score
 * @param positive the label that counts as positive
 * @throws RangeError when only one of the two kinds of samples is there
 *
 * @example
 * const curve = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * curve.auc // → 0.75
 * curve.tpr // → [ 0, 0.5, 0.5, 1, 1 ]
 * curve.thresholds // → [ Infinity, 0.8, 0.4, 0.35, 0.1 ]
 */
export function rocCurve(
  yTrue: Numbers,
  scores: Numbers,
  { positive = 1 }: { positive?: number } = {},
): RocCurve {
  return traceCurve(readRanking("rocCurve", yTrue, scores, positive), positive);
}

/**
 * One ROC curve per class, that class against the rest. Counts have no gradient.
 *
 * @param yTrue true classes 0, 1, 2 …, one per sample
 * @param probabilities `[samples, classes]`
 * @param labels names for the classes
 * @example
 * rocCurves([0, 1, 2], [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.3, 0.6]]).auc // → 1
 */
export function rocCurves(
  yTrue: Numbers,
  probabilities: Rows,
  { labels }: { labels?: readonly string[] } = {},
): RocCurves {
  const truth = numbers(yTrue, "rocCurves, true labels");
  const table = rows(probabilities, "rocCurves, probabilities");
  requireSameLength("rocCurves", truth, table, ["yTrue", "probabilities"]);
  return new RocCurves(
    table[0].map((_, label) =>
      traceCurve(
        { isPositive: truth.map((value) => value === label), score: table.map((row) => row[label]) },
        labels?.[label] ?? label,
      ),
    ),
  );
}

function traceCurve(ranking: Ranking, positive: number | string): RocCurve {
  const { positives, negatives } = countKinds(ranking);
  if (positives === 0 || negatives === 0) {
    const missing =
      positives === 0 ? `no sample of class ${positive}` : `no sample outside class ${positive}`;
    throw new RangeError(`rocCurve: there is ${missing}, so the curve does not exist`);
  }
  const points = cutsOf(ranking).filter((point, i, all) => {
    const [before, after] = [all[i - 1], all[i + 1]];
    if (!before || !after) return true;
    return (
      after.truePositives - point.truePositives !== point.truePositives - before.truePositives ||
      after.falsePositives - point.falsePositives !== point.falsePositives - before.falsePositives
    );
  });
  points.unshift({ truePositives: 0, falsePositives: 0, threshold: Number.POSITIVE_INFINITY });

  let twiceArea = 0;
  for (let i = 1; i < points.length; i++) {
    const width = points[i].falsePositives - points[i - 1].falsePositives;
    twiceArea += width * (points[i].truePositives + points[i - 1].truePositives);
  }
  return new RocCurve(
    points.map((point) => point.falsePositives / negatives),
    points.map((point) => point.truePositives / positives),
    points.map((point) => point.threshold),
    twiceArea / (2 * positives * negatives),
    positive,
  );
}
