// The confusion matrix: how often each true class was taken for each predicted one, and the rates that follow from it.
import { confusionMatrixBundle } from "../plot/confusion.ts";
import { type Numbers, numbers, requireSameLength } from "./numbers.ts";
import { Rates } from "./rates.ts";

/** The name of a class: a number as in the labels, or a word. */
export type ClassLabel = number | string;

/**
 * Counts of predictions: row = true class, column = predicted class.
 *
 * With two classes `precision`, `recall`, `specificity` and `f1` speak of the second class (the positive one); with more
 * they are the mean over the classes (macro average). `perClass` has them for every class.
 */
export class ConfusionMatrix {
  /** The names of the classes, in the order of rows and columns. */
  readonly labels: readonly ClassLabel[];
  /** `counts[i][j]`: samples of class i that were predicted as class j. */
  readonly counts: readonly (readonly number[])[];
  /** The rates of every class against the rest. */
  readonly perClass: readonly Rates[];

  /** @param counts a square table, row = true class, column = predicted class. */
  constructor(
    counts: readonly (readonly number[])[],
    labels: readonly ClassLabel[] = counts.map((_, i) => i),
  ) {
    if (counts.length === 0 || counts.some((row) => row.length !== counts.length)) {
      throw new RangeError(
        "confusionMatrix: the counts must be a square table, one row and one column per class",
      );
    }
    if (labels.length !== counts.length) {
      throw new RangeError(`confusionMatrix: ${labels.length} labels for ${counts.length} classes`);
    }
    this.counts = counts;
    this.labels = labels;
    const { actual, predicted, total } = this;
    this.perClass = counts.map((row, i) => {
      const truePositives = row[i];
      const falseNegatives = actual[i] - truePositives;
      const falsePositives = predicted[i] - truePositives;
      const trueNegatives = total - truePositives - falseNegatives - falsePositives;
      return new Rates({ truePositives, falsePositives, falseNegatives, trueNegatives });
    });
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
    return sum(this.counts.map((row, i) => row[i])) / this.total;
  }
  /** 1 − accuracy, from the counts off the diagonal. */
  get errorRate(): number {
    return (this.total - sum(this.counts.map((row, i) => row[i]))) / this.total;
  }
  /** The mean of each rate over all classes, every class counting the same; undefined (0/0) rates are left out. */
  get macro(): { precision: number; recall: number; specificity: number; f1: number } {
    return {
      precision: meanOfDefined(this.perClass.map((rates) => rates.precision)),
      recall: meanOfDefined(this.perClass.map((rates) => rates.recall)),
      specificity: meanOfDefined(this.perClass.map((rates) => rates.specificity)),
      f1: meanOfDefined(this.perClass.map((rates) => rates.f1)),
    };
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
  get #headline(): { precision: number; recall: number; specificity: number; f1: number } {
    return this.labels.length === 2 ? this.perClass[1] : this.macro;
  }

  /** The rates of one class against the rest. @throws RangeError when no class has that label. */
  of(label: ClassLabel): Rates {
    const index = this.labels.indexOf(label);
    if (index < 0)
      throw new RangeError(`confusionMatrix: no class ${label}; the classes are ${this.labels.join(", ")}`);
    return this.perClass[index];
  }

  [Symbol.for("Jupyter.display")](): Promise<Record<string, unknown>> {
    return confusionMatrixBundle(this);
  }
}

/**
 * Counts how often each true class was taken for each predicted one.
 *
 * @param yTrue true classes, one whole number per sample
 * @param yPred predicted classes, one whole number per sample (of probabilities take `.argMax(1)`)
 * @param labels names for the classes 0, 1, 2 …; without them, the class numbers that occur
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
  { labels }: { labels?: readonly string[] } = {},
): ConfusionMatrix {
  const truth = numbers(yTrue, "confusionMatrix, true labels");
  const guess = numbers(yPred, "confusionMatrix, predicted labels");
  requireSameLength(truth, guess, ["yTrue", "yPred"]);
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
  return new ConfusionMatrix(counts, labels ?? classes);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function meanOfDefined(values: readonly number[]): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return sum(defined) / defined.length;
}
