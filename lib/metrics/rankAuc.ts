// The area under the ROC curve as a rank statistic, without a curve.
import type { Numbers } from "./numbers.ts";
import { countKinds, readRanking } from "./ranking.ts";

/**
 * The chance that a random positive sample scores above a random negative one, ties counting half: the Mann–Whitney
 * statistic U / (positives · negatives), from the ranks of the scores. It equals the area under the ROC curve
 * (`rocCurve(…).auc`). Hanley and McNeil, Radiology 143 (1982). Ranks have no gradient.
 *
 * @param yTrue true labels, one number per sample
 * @param scores the higher, the more positive
 * @param positive the label that counts as positive
 * @throws RangeError when only one of the two kinds of samples is there
 * @example
 * rankAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) // → 0.75
 * rankAuc([0, 1], [0.5, 0.5]) // → 0.5
 */
export function rankAuc(
  yTrue: Numbers,
  scores: Numbers,
  { positive = 1 }: { positive?: number } = {},
): number {
  const ranking = readRanking("rankAuc", yTrue, scores, positive);
  const { positives, negatives } = countKinds(ranking);
  if (positives === 0 || negatives === 0) {
    const missing = positives === 0 ? `of class ${positive}` : `outside class ${positive}`;
    throw new RangeError(`rankAuc: there is no sample ${missing}, so there are no pairs to compare`);
  }
  const { isPositive, score } = ranking;
  const order = score.map((_, index) => index).sort((a, b) => score[a] - score[b]);
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && score[order[end]] === score[order[start]]) end++;
    // Samples with equal scores share the mean of their ranks start + 1 … end.
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) if (isPositive[order[i]]) rankSum += rank;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
