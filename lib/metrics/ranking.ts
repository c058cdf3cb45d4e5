// How the four counts of a decision change as the threshold on the scores falls: what ROC curves, precision-recall curves and
// threshold sweeps are made of.
import { type Numbers, numbers, requireSameLength } from "./numbers.ts";

/** What is true of each sample, and its score. */
export interface Ranking {
  readonly isPositive: readonly boolean[];
  readonly score: readonly number[];
}

/** The decisions at one threshold: samples that score at least as much are called positive. */
export interface Cut {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly threshold: number;
}

/** @throws RangeError when the lists differ in length or are empty; TypeError when they hold something else than numbers. */
export function readRanking(action: string, yTrue: Numbers, scores: Numbers, positive: number): Ranking {
  const truth = numbers(yTrue, `${action}, true labels`);
  const score = numbers(scores, `${action}, scores`);
  requireSameLength(action, truth, score, ["yTrue", "scores"]);
  return { isPositive: truth.map((label) => label === positive), score };
}

/** How many samples are positive and how many are not. */
export function countKinds({ isPositive }: Ranking): { positives: number; negatives: number } {
  const positives = isPositive.filter(Boolean).length;
  return { positives, negatives: isPositive.length - positives };
}

/** The counts at each distinct score, from the highest down. */
export function cutsOf({ isPositive, score }: Ranking): Cut[] {
  const order = score.map((_, index) => index).sort((a, b) => score[b] - score[a]);
  const cuts: Cut[] = [];
  let truePositives = 0;
  order.forEach((sample, rank) => {
    if (isPositive[sample]) truePositives++;
    const isLastOfTies = rank + 1 === order.length || score[order[rank + 1]] !== score[sample];
    if (isLastOfTies) {
      cuts.push({ truePositives, falsePositives: rank + 1 - truePositives, threshold: score[sample] });
    }
  });
  return cuts;
}
