// The confusion matrix: how often each true class was taken for each predicted one, and the rates that follow from it.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { confusionMatrixBundle } from "../plot/confusion.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { describe } from "../tensor/shape.ts";
import { type AveragedRates, averageOf, pooledRates } from "./averages.ts";
import { type Numbers, numbers, requireSameLength } from "./numbers.ts";
import { Rates } from "./rates.ts";
import { type RateOptions, ratio, readZeroDivision } from "./zeroDivision.ts";

/** The name of a class: a number as in the labels, or a word. */
export type ClassLabel = number | string;

/** The four counts of a two-way decision, under their short names. */
export interface BinaryCounts {
  tp: number;
  fp: number;
  fn: number;
  tn: number;
}

/** Options of confusion matrices. */
export interface ConfusionOptions extends RateOptions {
  /** Names for the classes. */
  labels?: readonly ClassLabel[];
}

/**
 * Counts of predictions: row = true class, column = predicted class.
 *
 * With two classes `precision`, `recall`, `specificity` and `f1` speak of the second class (the positive one); with more
 * they are the mean over the classes (macro average). `perClass` has them for every class, `positive` all rates of the
 * second of two.
 *
 * @example
 * const matrix = confusionMatrix([0, 1, 1], [0, 1, 0], { labels: ["cat", "dog"] });
 * matrix.counts // → [ [ 1, 0 ], [ 1, 1 ] ]
 * matrix.positive.recall // → 0.5
 */
export class ConfusionMatrix {
  /** The names of the classes, in the order of rows and columns. */
  readonly labels: readonly ClassLabel[];
  /** `counts[i][j]`: samples of class i that were predicted as class j. */
  readonly counts: readonly (readonly number[])[];
  /** The rates of every class against the rest. */
  readonly perClass: readonly Rates[];

  /** What 0/0 gives. */
  readonly zeroDivision: number;

  /** @param counts a square table, row = true class, column = predicted class. */
  constructor(counts: readonly (readonly number[])[], options: ConfusionOptions = {}) {
    if (counts.length === 0 || counts.some((row) => row.length !== counts.length)) {
      throw new RangeError(
        "confusionMatrix: the counts must be a square table, one row and one column per class",
      );
    }
    const { labels = counts.map((_, i) => i) } = options;
    if (labels.length !== counts.length) {
      throw new RangeError(`confusionMatrix: ${labels.length} labels for ${counts.length} classes`);
    }
    this.counts = counts;
    this.labels = labels;
    this.zeroDivision = readZeroDivision("confusionMatrix", options);
    const { actual, predicted, total } = this;
    this.perClass = counts.map((row, i) => {
      const truePositives = row[i];
      const falseNegatives = actual[i] - truePositives;
      const falsePositives = predicted[i] - truePositives;
      const trueNegatives = total - truePositives - falseNegatives - falsePositives;
      return new Rates({ truePositives, falsePositives, falseNegatives, trueNegatives }, options);
    });
  }

  /**
   * A confusion matrix whose counts are known: the four of a two-way decision, or a square table, row = true class,
   * column = predicted class.
   *
   * @throws RangeError when the table is not square, a count is negative, or there are not as many labels as classes.
   * @example
   * const matrix = ConfusionMatrix.fromCounts({ tp: 100, fp: 10, fn: 5, tn: 50 }, { labels: ["NO", "YES"] });
   * matrix.counts // → [ [ 50, 10 ], [ 5, 100 ] ]
   * matrix.accuracy.toFixed(4) // → '0.9091'
   * ConfusionMatrix.fromCounts([[50, 10], [5, 100]]).actual // → [ 60, 105 ]
   */
  static fromCounts(
    counts: BinaryCounts | readonly (readonly number[])[],
    options: ConfusionOptions = {},
  ): ConfusionMatrix {
    if ("tp" in counts) {
      const { tp, fp, fn, tn } = counts;
      return new ConfusionMatrix(
        [
          [tn, fp],
          [fn, tp],
        ],
        options,
      );
    }
    return new ConfusionMatrix(counts, options);
  }

  /** Samples of each true class: the sums of the rows. */
  get actual(): number[] {
    return this.counts.map(sum);
  }
  /** Samples predicted as each class: the sums of the columns. */
  get predicted(): number[] {
    return this.counts.map((_, j) => sum(this.counts.map((row) => row[j])));
  }
  /** All samples. */
  get total(): number {
    return sum(this.counts.map(sum));
  }
  /** The share of samples on the diagonal. */
  get accuracy(): number {
    return ratio(sum(this.counts.map((row, i) => row[i])), this.total, this.zeroDivision);
  }
  /** 1 − accuracy, from the counts off the diagonal. */
  get errorRate(): number {
    const right = sum(this.counts.map((row, i) => row[i]));
    return ratio(this.total - right, this.total, this.zeroDivision);
  }
  /** The mean recall of the classes: what accuracy would be if all of them were equally frequent. */
  get balancedAccuracy(): number {
    return this.macro.recall;
  }
  /**
   * MCC, the correlation of true and predicted classes, from −1 to 1 (two classes) or from a number between −1 and 0.
   * J. Gorodkin, Computational Biology and Chemistry 28 (2004).
   */
  get matthewsCorrelation(): number {
    const { actual, predicted, total } = this;
    const right = sum(this.counts.map((row, i) => row[i]));
    const joint = sum(actual.map((count, i) => count * predicted[i]));
    const spread = (counts: number[]) => Math.sqrt(total * total - sum(counts.map((count) => count * count)));
    return ratio(right * total - joint, spread(actual) * spread(predicted), this.zeroDivision);
  }
  /** The mean of each rate over all classes, every class counting the same; rates that do not exist (NaN) are left out. */
  get macro(): AveragedRates {
    return averageOf(this.perClass, () => 1);
  }
  /** The mean of each rate over all classes, each counting by its samples. */
  get weighted(): AveragedRates {
    return averageOf(this.perClass, (rates) => rates.positives);
  }
  /** The rates of the counts of all classes added up. Precision, recall and F1 are then all the accuracy. */
  get micro(): Rates {
    return pooledRates(this.perClass);
  }
  /** All rates of the positive class, the second of two. @throws RangeError when there are more classes. */
  get positive(): Rates {
    if (this.labels.length === 2) return this.perClass[1];
    throw new RangeError(
      `confusionMatrix: with ${this.labels.length} classes none is "the positive" one; choose with .of(${JSON.stringify(this.labels[0])}), or average with .macro`,
    );
  }
  /** Two classes: of the second one; more: the macro average. */
  get precision(): number {
    return this.#headline.precision;
  }
  /** Two classes: of the second one; more: the macro average. */
  get recall(): number {
    return this.#headline.recall;
  }
  /** Two classes: of the second one; more: the macro average. */
  get specificity(): number {
    return this.#headline.specificity;
  }
  /** Two classes: of the second one; more: the macro average. */
  get f1(): number {
    return this.#headline.f1;
  }
  get #headline(): AveragedRates {
    return this.labels.length === 2 ? this.perClass[1] : this.macro;
  }

  /** The rates of one class against the rest. @throws RangeError when no class has that label. */
  of(label: ClassLabel): Rates {
    const index = this.labels.indexOf(label);
    if (index < 0)
      throw new RangeError(`confusionMatrix: no class ${label}; the classes are ${this.labels.join(", ")}`);
    return this.perClass[index];
  }

  [DISPLAY](): Promise<MimeBundle> {
    return confusionMatrixBundle(this);
  }
}

/**
 * Counts how often each true class was taken for each predicted one. Counts have no gradient.
 *
 * @param yTrue true classes, one whole number per sample
 * @param yPred predicted classes, one whole number per sample (of probabilities take `.argMax(1)`)
 * @param options labels: names for the classes 0, 1, 2 …; without them, the class numbers that occur
 * @throws RangeError when the lists differ in length, are empty, or hold something else than class numbers
 *
 * @example
 * const matrix = confusionMatrix([0, 0, 1, 1, 1], [0, 1, 1, 1, 0]);
 * matrix.counts // → [ [ 1, 1 ], [ 1, 2 ] ]
 * matrix.accuracy // → 0.6
 * matrix.recall.toFixed(3) // → '0.667'
 */
export function confusionMatrix(
  yTrue: Numbers,
  yPred: Numbers,
  options: ConfusionOptions = {},
): ConfusionMatrix {
  checkOptions("confusionMatrix", options, '{ labels: ["cat", "dog"] }');
  const { labels, zeroDivision } = options;
  if (labels !== undefined && !Array.isArray(labels)) {
    throw new TypeError(`confusionMatrix: labels are a list of names, got ${describe(labels)}`);
  }
  const truth = numbers(yTrue, "confusionMatrix, true labels");
  const guess = numbers(yPred, "confusionMatrix, predicted labels");
  requireSameLength("confusionMatrix", truth, guess, ["yTrue", "yPred"]);
  for (const [name, list] of [
    ["yTrue", truth],
    ["yPred", guess],
  ] as const) {
    const wrong = list.findIndex((value) => !Number.isInteger(value));
    if (wrong >= 0) {
      throw new RangeError(
        `confusionMatrix: ${name}[${wrong}] is ${list[wrong]}, not a class number; ` +
          "turn probabilities into classes first (.argMax(1), or p > 0.5)",
      );
    }
  }
  const classes = labels
    ? labels.map((_, index) => index)
    : [...new Set([...truth, ...guess])].sort((a, b) => a - b);
  const index = new Map(classes.map((label, position) => [label, position]));
  const counts = classes.map(() => classes.map(() => 0));
  truth.forEach((label, sample) => {
    const row = index.get(label);
    const column = index.get(guess[sample]);
    if (row === undefined || column === undefined) {
      const stranger = row === undefined ? label : guess[sample];
      throw new RangeError(
        `confusionMatrix: class ${stranger} has no name; ${classes.length} labels were given`,
      );
    }
    counts[row][column]++;
  });
  return new ConfusionMatrix(counts, { labels: labels ?? classes, zeroDivision });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
