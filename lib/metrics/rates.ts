// The rates of a two-way decision (this class or not), from the four counts of its confusion matrix.

/** The four counts of a two-way decision. */
export interface Outcomes {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  trueNegatives: number;
}

/**
 * Every rate that the four counts give, under its usual names. A rate whose denominator is zero is `NaN`: precision of
 * a classifier that never says yes is not 0, it does not exist.
 *
 * Formulas: T. Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006); prevalence threshold:
 * J. Balayla, PLoS ONE 15 (2020).
 *
 * @example
 * const test = new Rates({ truePositives: 100, falsePositives: 10, falseNegatives: 5, trueNegatives: 50 });
 * test.precision.toFixed(4) // → '0.9091'
 * test.recall.toFixed(4) // → '0.9524'
 * test.specificity.toFixed(4) // → '0.8333'
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

  constructor(outcomes: Outcomes) {
    this.truePositives = outcomes.truePositives;
    this.falsePositives = outcomes.falsePositives;
    this.falseNegatives = outcomes.falseNegatives;
    this.trueNegatives = outcomes.trueNegatives;
  }

  /** P = TP + FN: how many samples truly are positive. */
  get positives(): number {
    return this.truePositives + this.falseNegatives;
  }
  /** N = TN + FP: how many samples truly are negative. */
  get negatives(): number {
    return this.trueNegatives + this.falsePositives;
  }
  /** All samples. */
  get total(): number {
    return this.positives + this.negatives;
  }

  /** (TP + TN) / total. */
  get accuracy(): number {
    return (this.truePositives + this.trueNegatives) / this.total;
  }
  /** (FP + FN) / total = 1 − accuracy. */
  get errorRate(): number {
    return (this.falsePositives + this.falseNegatives) / this.total;
  }
  /** Recall, sensitivity, true positive rate: TP / P. */
  get recall(): number {
    return this.truePositives / this.positives;
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
    return this.trueNegatives / this.negatives;
  }
  /** TNR, the same number as {@link specificity}. */
  get trueNegativeRate(): number {
    return this.specificity;
  }
  /** Precision, positive predictive value: TP / (TP + FP). */
  get precision(): number {
    return this.truePositives / (this.truePositives + this.falsePositives);
  }
  /** PPV, the same number as {@link precision}. */
  get positivePredictiveValue(): number {
    return this.precision;
  }
  /** NPV: TN / (TN + FN). */
  get negativePredictiveValue(): number {
    return this.trueNegatives / (this.trueNegatives + this.falseNegatives);
  }
  /** FNR, miss rate: FN / P = 1 − recall. */
  get falseNegativeRate(): number {
    return this.falseNegatives / this.positives;
  }
  /** FPR, fall-out: FP / N = 1 − specificity. */
  get falsePositiveRate(): number {
    return this.falsePositives / this.negatives;
  }
  /** FDR: FP / (FP + TP) = 1 − precision. */
  get falseDiscoveryRate(): number {
    return this.falsePositives / (this.falsePositives + this.truePositives);
  }
  /** FOR: FN / (FN + TN) = 1 − negative predictive value. */
  get falseOmissionRate(): number {
    return this.falseNegatives / (this.falseNegatives + this.trueNegatives);
  }
  /** PT = √FPR / (√TPR + √FPR): below this prevalence a positive answer is worth little. */
  get prevalenceThreshold(): number {
    const falseRate = Math.sqrt(this.falsePositiveRate);
    return falseRate / (Math.sqrt(this.recall) + falseRate);
  }
  /** TS or CSI, critical success index: TP / (TP + FN + FP). */
  get threatScore(): number {
    return this.truePositives / (this.truePositives + this.falseNegatives + this.falsePositives);
  }
  /** F₁, the harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN). */
  get f1(): number {
    return (2 * this.truePositives) / (2 * this.truePositives + this.falsePositives + this.falseNegatives);
  }
}
