// The rates of a two-way decision (this class or not), from the four counts of its confusion matrix.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { ratesBundle } from "../plot/rates.ts";
import { describe } from "../tensor/shape.ts";
import { prevalenceThreshold } from "./diagnosticTest.ts";
import { type RateOptions, ratio, readZeroDivision } from "./zeroDivision.ts";

/** The four counts of a two-way decision. */
export interface Outcomes {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  trueNegatives: number;
}

/**
 * Every rate that the four counts give, under its usual names. A rate whose denominator is zero is `NaN`: precision of
 * a classifier that never says yes is not 0, it does not exist. `zeroDivision` chooses 0 or 1 in its place.
 *
 * Formulas: T. Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006); prevalence threshold:
 * J. Balayla, PLoS ONE 15 (2020).
 *
 * @throws RangeError when a count is negative or not a number.
 * @example
 * const test = new Rates({ truePositives: 100, falsePositives: 10, falseNegatives: 5, trueNegatives: 50 });
 * test.precision.toFixed(4) // → '0.9091'
 * test.recall.toFixed(4) // → '0.9524'
 * test.specificity.toFixed(4) // → '0.8333'
 * const alwaysNo = { truePositives: 0, falsePositives: 0, falseNegatives: 105, trueNegatives: 60 };
 * new Rates(alwaysNo).precision // → NaN
 * new Rates(alwaysNo, { zeroDivision: 0 }).precision // → 0
 */
export class Rates {
  /** TP: yes, and rightly so. */
  readonly truePositives: number;
  /** FP: yes, wrongly (type I error). */
  readonly falsePositives: number;
  /** FN: no, wrongly (type II error). */
  readonly falseNegatives: number;
  /** TN: no, and rightly so. */
  readonly trueNegatives: number;
  /** What 0/0 gives. */
  readonly zeroDivision: number;

  constructor(outcomes: Outcomes, options: RateOptions = {}) {
    for (const name of ["truePositives", "falsePositives", "falseNegatives", "trueNegatives"] as const) {
      if (!(outcomes[name] >= 0)) {
        throw new RangeError(`Rates: ${name} is a count from 0 up, got ${describe(outcomes[name])}`);
      }
    }
    this.truePositives = outcomes.truePositives;
    this.falsePositives = outcomes.falsePositives;
    this.falseNegatives = outcomes.falseNegatives;
    this.trueNegatives = outcomes.trueNegatives;
    this.zeroDivision = readZeroDivision("Rates", options);
  }

  /** P = TP + FN: how many samples truly are positive. */
  get positives(): number {
    return this.truePositives + this.falseNegatives;
  }
  /** N = TN + FP: how many samples truly are negative. */
  get negatives(): number {
    return this.trueNegatives + this.falsePositives;
  }
  /** TP + FP: how many samples were called positive. */
  get predictedPositives(): number {
    return this.truePositives + this.falsePositives;
  }
  /** TN + FN: how many samples were called negative. */
  get predictedNegatives(): number {
    return this.trueNegatives + this.falseNegatives;
  }
  /** All samples. */
  get total(): number {
    return this.positives + this.negatives;
  }

  /** (TP + TN) / total. */
  get accuracy(): number {
    return this.#ratio(this.truePositives + this.trueNegatives, this.total);
  }
  /** (FP + FN) / total = 1 − accuracy. */
  get errorRate(): number {
    return this.#ratio(this.falsePositives + this.falseNegatives, this.total);
  }
  /** P / total: the share of samples that truly are positive. */
  get prevalence(): number {
    return this.#ratio(this.positives, this.total);
  }
  /** Recall, sensitivity, true positive rate: TP / P. */
  get recall(): number {
    return this.#ratio(this.truePositives, this.positives);
  }
  /** The same number as {@link recall}, under its medical name. */
  get sensitivity(): number {
    return this.recall;
  }
  /** TPR, the same number as {@link recall}, as a ROC curve calls it. */
  get truePositiveRate(): number {
    return this.recall;
  }
  /** Specificity, true negative rate: TN / N. */
  get specificity(): number {
    return this.#ratio(this.trueNegatives, this.negatives);
  }
  /** TNR, the same number as {@link specificity}. */
  get trueNegativeRate(): number {
    return this.specificity;
  }
  /** Precision, positive predictive value: TP / (TP + FP). */
  get precision(): number {
    return this.#ratio(this.truePositives, this.predictedPositives);
  }
  /** PPV, the same number as {@link precision}. */
  get positivePredictiveValue(): number {
    return this.precision;
  }
  /** NPV: TN / (TN + FN). */
  get negativePredictiveValue(): number {
    return this.#ratio(this.trueNegatives, this.predictedNegatives);
  }
  /** FNR, miss rate: FN / P = 1 − recall. */
  get falseNegativeRate(): number {
    return this.#ratio(this.falseNegatives, this.positives);
  }
  /** FPR, fall-out: FP / N = 1 − specificity. */
  get falsePositiveRate(): number {
    return this.#ratio(this.falsePositives, this.negatives);
  }
  /** FDR: FP / (FP + TP) = 1 − precision. */
  get falseDiscoveryRate(): number {
    return this.#ratio(this.falsePositives, this.predictedPositives);
  }
  /** FOR: FN / (FN + TN) = 1 − negative predictive value. */
  get falseOmissionRate(): number {
    return this.#ratio(this.falseNegatives, this.predictedNegatives);
  }
  /** LR+ = TPR / FPR: how much a positive answer raises the odds; `Infinity` without false positives. */
  get positiveLikelihoodRatio(): number {
    return this.#ratio(this.recall, this.falsePositiveRate);
  }
  /** LR− = FNR / TNR: how much a negative answer lowers the odds; `Infinity` without true negatives. */
  get negativeLikelihoodRatio(): number {
    return this.#ratio(this.falseNegativeRate, this.specificity);
  }
  /** PT = √FPR / (√TPR + √FPR): below this prevalence a positive answer is worth little. */
  get prevalenceThreshold(): number {
    return prevalenceThreshold(this.recall, this.falsePositiveRate, this.zeroDivision);
  }
  /** TS or CSI, critical success index: TP / (TP + FN + FP). */
  get threatScore(): number {
    return this.#ratio(this.truePositives, this.positives + this.falsePositives);
  }
  /** The same number as {@link threatScore}, under its other name. */
  get criticalSuccessIndex(): number {
    return this.threatScore;
  }
  /** F₁, the harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN). */
  get f1(): number {
    return this.fBeta(1);
  }
  /** The mean of recall and specificity: what accuracy would be if both kinds were equally frequent. */
  get balancedAccuracy(): number {
    return (this.recall + this.specificity) / 2;
  }
  /** Youden's J = recall + specificity − 1: the height of the ROC point above the diagonal. */
  get informedness(): number {
    return this.recall + this.specificity - 1;
  }
  /** MCC, the correlation of truth and answer: (TP·TN − FP·FN) / √(P · N · (TP + FP) · (TN + FN)), from −1 to 1. */
  get matthewsCorrelation(): number {
    const covariance = this.truePositives * this.trueNegatives - this.falsePositives * this.falseNegatives;
    const spread = Math.sqrt(this.positives * this.negatives);
    return this.#ratio(covariance, spread * Math.sqrt(this.predictedPositives * this.predictedNegatives));
  }

  /**
   * The weighted harmonic mean of precision and recall, in which recall counts β times as much:
   * (1 + β²) TP / ((1 + β²) TP + β² FN + FP). C. J. van Rijsbergen, "Information Retrieval" (1979).
   *
   * @throws RangeError when beta is negative.
   * @example
   * const test = new Rates({ truePositives: 100, falsePositives: 10, falseNegatives: 5, trueNegatives: 50 });
   * test.fBeta(2).toFixed(4) // → '0.9434'
   */
  fBeta(beta: number): number {
    if (!(beta >= 0)) throw new RangeError(`fBeta: beta is a number from 0 up, got ${describe(beta)}`);
    const right = (1 + beta * beta) * this.truePositives;
    return this.#ratio(right, right + beta * beta * this.falseNegatives + this.falsePositives);
  }

  /** A table of the rates with their names, formulas and values. */
  [DISPLAY](): MimeBundle {
    return ratesBundle(this);
  }

  #ratio(numerator: number, denominator: number): number {
    return ratio(numerator, denominator, this.zeroDivision);
  }
}
