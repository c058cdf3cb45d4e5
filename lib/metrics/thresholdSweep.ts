// Every rate of a decision against the threshold on its scores.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { line } from "../plot/line.ts";
import { describe } from "../tensor/shape.ts";
import { type Numbers, numbers } from "./numbers.ts";
import { countKinds, cutsOf, readRanking } from "./ranking.ts";
import { Rates } from "./rates.ts";
import type { RateOptions } from "./zeroDivision.ts";

/** The rates that a sweep can be asked for: those of {@link Rates} that are numbers. */
export type RateName = {
  [Name in keyof Rates]: Rates[Name] extends number ? Name : never;
}[keyof Rates];

/** Rates at growing thresholds. Shown as the curves of precision, recall, specificity and F1. */
export class ThresholdSweep {
  /** Growing; a sample counts as positive when its score is at least this. */
  readonly thresholds: readonly number[];
  /** The counts and rates at each threshold. */
  readonly rates: readonly Rates[];

  constructor(thresholds: readonly number[], rates: readonly Rates[]) {
    this.thresholds = thresholds;
    this.rates = rates;
  }

  /** One rate at all thresholds: `sweep.values("negativePredictiveValue")`. */
  values(rate: RateName): number[] {
    return this.rates.map((rates) => rates[rate]);
  }
  get precision(): number[] {
    return this.values("precision");
  }
  get recall(): number[] {
    return this.values("recall");
  }
  get specificity(): number[] {
    return this.values("specificity");
  }
  get f1(): number[] {
    return this.values("f1");
  }
  get accuracy(): number[] {
    return this.values("accuracy");
  }

  /** The threshold at which a rate is largest (the lowest of them), and its rates. NaN never wins. */
  best(rate: RateName): { threshold: number; rates: Rates } {
    let best = 0;
    this.rates.forEach((rates, i) => {
      if (rates[rate] > this.rates[best][rate] || Number.isNaN(this.rates[best][rate])) best = i;
    });
    return { threshold: this.thresholds[best], rates: this.rates[best] };
  }

  [DISPLAY](): MimeBundle | Promise<MimeBundle> {
    const { thresholds, precision, recall, specificity, f1 } = this;
    const chart = line({
      x: [...thresholds],
      series: { precision, recall, specificity, f1 },
      title: "rates against the threshold",
      xLabel: "threshold",
      yLabel: "rate",
    });
    return chart[DISPLAY]();
  }
}

/** Options of {@link thresholdSweep}. */
export interface ThresholdSweepOptions extends RateOptions {
  /** The label that counts as positive; 1 by default. */
  positive?: number;
  /** Where to look; without them every distinct score, and `Infinity`, at which nothing is called positive. */
  thresholds?: Numbers;
}

/**
 * The counts and rates of the decision "score ≥ threshold" at every threshold, from the lowest up. Counts have no gradient.
 *
 * @param yTrue true labels, one number per sample
 * @param scores the higher, the more positive: probabilities or any other score
 * @throws RangeError when the lists differ in length or are empty
 * @example
 * const sweep = thresholdSweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * sweep.thresholds // → [ 0.1, 0.35, 0.4, 0.8, Infinity ]
 * sweep.recall // → [ 1, 1, 0.5, 0.5, 0 ]
 * sweep.best("f1").threshold // → 0.35
 * sweep.thresholds[sweep.rates.findIndex((rates) => rates.falsePositives === 0)] // → 0.8
 */
export function thresholdSweep(
  yTrue: Numbers,
  scores: Numbers,
  { positive = 1, thresholds, zeroDivision }: ThresholdSweepOptions = {},
): ThresholdSweep {
  const ranking = readRanking("thresholdSweep", yTrue, scores, positive);
  const { positives, negatives } = countKinds(ranking);
  const nothing = { truePositives: 0, falsePositives: 0, threshold: Number.POSITIVE_INFINITY };
  const cuts = [nothing, ...cutsOf(ranking)].reverse();
  const chosen = thresholds === undefined ? cuts : readThresholds(thresholds).map(cutAt);
  return new ThresholdSweep(
    chosen.map((cut) => cut.threshold),
    chosen.map(
      ({ truePositives, falsePositives }) =>
        new Rates(
          {
            truePositives,
            falsePositives,
            falseNegatives: positives - truePositives,
            trueNegatives: negatives - falsePositives,
          },
          { zeroDivision },
        ),
    ),
  );

  function cutAt(threshold: number) {
    // The samples that score at least as much are those of the next distinct score upwards.
    return { ...(cuts.find((cut) => cut.threshold >= threshold) ?? nothing), threshold };
  }
}

function readThresholds(given: Numbers): number[] {
  const list = numbers(given, "thresholdSweep, thresholds");
  const wrong = list.findIndex((value, i) => i > 0 && value <= list[i - 1]);
  if (list.length > 0 && wrong < 0) return list;
  throw new RangeError(
    `thresholdSweep: thresholds are a list of growing numbers, got ${wrong < 0 ? "none" : `${list[wrong]} after ${describe(list[wrong - 1])}`}`,
  );
}
