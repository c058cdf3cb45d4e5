// Measures of scores against scikit-learn: precision-recall curves, threshold sweeps, the area by ranks, top-k, regression.
import { describe, expect, test } from "vitest";
import { precisionRecallCurve } from "../../../lib/metrics/precisionRecall.ts";
import { rankAuc } from "../../../lib/metrics/rankAuc.ts";
import { regressionMetrics } from "../../../lib/metrics/regression.ts";
import { rocCurve } from "../../../lib/metrics/roc.ts";
import { thresholdSweep } from "../../../lib/metrics/thresholdSweep.ts";
import { topKAccuracy } from "../../../lib/metrics/topK.ts";
import { trapezoid } from "../../../lib/probability/integration.ts";
import { tensor } from "../../../lib/tensor/create.ts";
import fixture from "../../fixtures/metrics/ranking.json" with { type: "json" };
import regressions from "../../fixtures/metrics/regression.json" with { type: "json" };

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 12);
}

describe.each(fixture.rankings.map((expected, index) => ({ index, expected })))(
  "ranking $index",
  ({ expected }) => {
    const { yTrue, scores } = expected;

    test("has scikit-learn's precision-recall curve", () => {
      const curve = precisionRecallCurve(yTrue, scores);
      expectClose(curve.precision, expected.precision);
      expectClose(curve.recall, expected.recall);
      expect(curve.thresholds).toEqual(expected.thresholds);
      expect(curve.averagePrecision).toBeCloseTo(expected.averagePrecision, 12);
    });

    test("has the same area by trapezoid and by ranks", () => {
      expect(rankAuc(yTrue, scores)).toBeCloseTo(expected.auc, 12);
      const curve = rocCurve(yTrue, scores);
      expect(trapezoid(curve.tpr, curve.fpr)).toBeCloseTo(expected.auc, 12);
    });

    test("has scikit-learn's rates at every threshold", () => {
      const sweep = thresholdSweep(yTrue, scores);
      expect(sweep.thresholds).toEqual([...expected.thresholds, Number.POSITIVE_INFINITY]);
      expected.sweep.forEach(([f1, specificity, accuracy], i) => {
        expectClose([sweep.f1[i], sweep.specificity[i], sweep.accuracy[i]], [f1, specificity, accuracy]);
        expectClose([sweep.precision[i], sweep.recall[i]], [expected.precision[i], expected.recall[i]]);
      });
      const last = sweep.rates[sweep.rates.length - 1];
      expect([last.truePositives, last.falsePositives, last.precision]).toEqual([0, 0, Number.NaN]);
    });

    test("has the same rates at thresholds between the scores", () => {
      const places = [-10, 0.05, 0.35, 0.36, 0.5, 3.5, 10];
      const sweep = thresholdSweep(yTrue, scores, { thresholds: places });
      places.forEach((threshold, i) => {
        const called = scores.map((score) => score >= threshold);
        expect(sweep.rates[i].truePositives).toBe(called.filter((yes, at) => yes && yTrue[at] === 1).length);
        expect(sweep.rates[i].falsePositives).toBe(called.filter((yes, at) => yes && yTrue[at] === 0).length);
        expect(sweep.rates[i].total).toBe(scores.length);
      });
    });
  },
);

test("the best threshold is where a rate is largest", () => {
  const sweep = thresholdSweep([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
  expect(sweep.best("f1")).toEqual({ threshold: 0.35, rates: sweep.rates[1] });
  // Precision does not exist above all scores.
  expect(sweep.best("precision").threshold).toBe(0.8);
  expect(thresholdSweep([0, 1], [0.2, 0.8], { zeroDivision: 0 }).precision).toEqual([0.5, 1, 0]);
});

test("another label may be the positive one", () => {
  const scores = tensor([0.9, 0.2, 0.6]);
  expect(rankAuc([7, 3, 3], scores, { positive: 7 })).toBe(1);
  expect(precisionRecallCurve([7, 3, 3], scores, { positive: 7 }).averagePrecision).toBe(1);
  expect(thresholdSweep([7, 3, 3], scores, { positive: 7 }).best("accuracy").threshold).toBeCloseTo(0.9, 6);
});

test("top-k accuracy is scikit-learn's", () => {
  const { classes, scores, accuracy } = fixture.topK;
  for (const [i, k] of [1, 2, 3].entries()) {
    expect(topKAccuracy(classes, scores, { k })).toBeCloseTo(accuracy[i], 12);
    expect(topKAccuracy(tensor(classes, { dtype: "int32" }), tensor(scores), { k })).toBeCloseTo(
      accuracy[i],
      12,
    );
  }
  expect(topKAccuracy(classes, scores, { k: 4 })).toBe(1);
});

test("of equal scores the lower class goes first", () => {
  expect(
    topKAccuracy(
      [0, 1],
      [
        [1, 1],
        [1, 1],
      ],
      { k: 1 },
    ),
  ).toBe(0.5);
});

describe.each(regressions.cases.map((expected, index) => ({ index, expected })))(
  "regression $index",
  ({ expected }) => {
    test("has scikit-learn's measures", () => {
      const found = regressionMetrics(expected.yTrue, expected.yPred);
      for (const name of ["mse", "rmse", "mae", "maxError", "r2"] as const) {
        expect(found[name]).toBeCloseTo(expected[name], 10);
      }
    });
  },
);

describe("what is refused", () => {
  test.each([
    {
      name: "an area without pairs",
      run: () => rankAuc([1, 1], [0.1, 0.2]),
      message: "rankAuc: there is no sample outside class 1",
    },
    {
      name: "recall without positives",
      run: () => precisionRecallCurve([0, 0], [0.1, 0.2]),
      message: "there is no sample of class 1, so recall does not exist",
    },
    {
      name: "thresholds that fall",
      run: () => thresholdSweep([0, 1], [0.1, 0.2], { thresholds: [0.5, 0.1] }),
      message: "thresholds are a list of growing numbers, got 0.1 after 0.5",
    },
    {
      name: "more guesses than classes",
      run: () => topKAccuracy([0], [[0.5, 0.5]], { k: 3 }),
      message: "k is a whole number from 1 to 2 classes, got 3",
    },
    {
      name: "a label that is no class",
      run: () => topKAccuracy([2], [[0.5, 0.5]], { k: 1 }),
      message: "yTrue[0] is 2, but the classes are 0 to 1",
    },
    {
      name: "lists of different lengths",
      run: () => regressionMetrics([1, 2], [1]),
      message: "yTrue has 2 samples, yPred has 1",
    },
  ])("$name", ({ run, message }) => {
    expect(run).toThrow(message);
  });
});
