// Averages of rates over classes: macro, micro and weighted.
import { Rates } from "./rates.ts";

/** The rates that are averaged over classes. */
export interface AveragedRates {
  precision: number;
  recall: number;
  specificity: number;
  f1: number;
}

/**
 * The mean of each rate; classes whose rate does not exist (NaN) are left out, with their weights. Where only classes
 * without weight remain they count the same, as in scikit-learn.
 */
export function averageOf(perClass: readonly Rates[], weightOf: (rates: Rates) => number): AveragedRates {
  const mean = (rateOf: (rates: Rates) => number): number => {
    const defined = perClass.filter((rates) => !Number.isNaN(rateOf(rates)));
    const isWeightless = defined.every((rates) => weightOf(rates) === 0);
    const weights = defined.map((rates) => (isWeightless ? 1 : weightOf(rates)));
    const total = defined.reduce((sum, rates, i) => sum + rateOf(rates) * weights[i], 0);
    return total / weights.reduce((sum, weight) => sum + weight, 0);
  };
  return {
    precision: mean((rates) => rates.precision),
    recall: mean((rates) => rates.recall),
    specificity: mean((rates) => rates.specificity),
    f1: mean((rates) => rates.f1),
  };
}

/** The rates of the counts of all classes together. */
export function pooledRates(perClass: readonly Rates[]): Rates {
  const total = (count: (rates: Rates) => number) => perClass.reduce((sum, rates) => sum + count(rates), 0);
  return new Rates(
    {
      truePositives: total((rates) => rates.truePositives),
      falsePositives: total((rates) => rates.falsePositives),
      falseNegatives: total((rates) => rates.falseNegatives),
      trueNegatives: total((rates) => rates.trueNegatives),
    },
    { zeroDivision: perClass[0].zeroDivision },
  );
}
