// Whether the true class is among the most probable ones.
import { checkOptions } from "../tensor/arguments.ts";
import { describe } from "../tensor/shape.ts";
import { type Numbers, numbers, type Rows, requireSameLength, rows } from "./numbers.ts";

/**
 * The share of samples whose true class is among the `k` with the highest scores. Of classes with equal scores the lower
 * number goes first, so a tie never counts in favour of more than k classes. Counts have no gradient.
 *
 * @param yTrue true classes 0, 1, 2 …, one per sample
 * @param scores probabilities or logits `[samples, classes]`
 * @param options k: how many guesses each sample has; 5 by default
 * @throws RangeError when the numbers of samples differ, k is not 1 to classes, or a label is no class
 * @example
 * topKAccuracy([0, 1, 2], [[0.5, 0.3, 0.2], [0.6, 0.3, 0.1], [0.6, 0.3, 0.1]], { k: 2 }).toFixed(3) // → '0.667'
 */
export function topKAccuracy(yTrue: Numbers, scores: Rows, options: { k?: number } = {}): number {
  checkOptions("topKAccuracy", options, "{ k: 3 }");
  const { k = 5 } = options;
  const truth = numbers(yTrue, "topKAccuracy, true labels");
  const table = rows(scores, "topKAccuracy, scores");
  requireSameLength("topKAccuracy", truth, table, ["yTrue", "scores"]);
  const classes = table[0].length;
  if (!(Number.isInteger(k) && k >= 1 && k <= classes)) {
    throw new RangeError(
      `topKAccuracy: k is a whole number from 1 to ${classes} classes, got ${describe(k)}`,
    );
  }
  let right = 0;
  table.forEach((row, sample) => {
    const label = truth[sample];
    if (!(label in row)) {
      throw new RangeError(
        `topKAccuracy: yTrue[${sample}] is ${label}, but the classes are 0 to ${classes - 1}`,
      );
    }
    const ahead = row.filter((score, i) => score > row[label] || (score === row[label] && i < label));
    if (ahead.length < k) right++;
  });
  return right / truth.length;
}
