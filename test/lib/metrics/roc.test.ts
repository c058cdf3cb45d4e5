// ROC curves against scikit-learn's points and areas, the area as a rank statistic, and the errors.
import { describe, expect, test } from "vitest";
import { rocCurve, rocCurves } from "../../../lib/metrics/roc.ts";
import fixture from "../../fixtures/metrics/roc.json" with { type: "json" };

describe("rocCurve has scikit-learn's points", () => {
  test.each(fixture.curves.map((expected, index) => ({ index, expected })))(
    "curve $index",
    ({ expected }) => {
      const curve = rocCurve(expected.yTrue, expected.scores);
      expect(curve.fpr).toEqual(expected.fpr);
      expect(curve.tpr).toEqual(expected.tpr);
      expect(curve.thresholds).toEqual([Number.POSITIVE_INFINITY, ...expected.thresholds]);
      expect(curve.auc).toBeCloseTo(expected.auc, 12);
    },
  );
});

test("rocCurves draws one curve per class", () => {
  const { curves, auc } = rocCurves(fixture.classes, fixture.probabilities);
  fixture.perClass.forEach((expected, label) => {
    expect(curves[label].fpr).toEqual(expected.fpr);
    expect(curves[label].tpr).toEqual(expected.tpr);
    expect(curves[label].auc).toBeCloseTo(expected.auc, 12);
  });
  const areas = fixture.perClass.map((curve) => curve.auc);
  expect(auc).toBeCloseTo(areas.reduce((a, b) => a + b) / areas.length, 12);
});

test("the area is the chance that a positive outranks a negative", () => {
  const { yTrue, scores } = fixture.curves[1];
  const positives = scores.filter((_, i) => yTrue[i] === 1);
  const negatives = scores.filter((_, i) => yTrue[i] === 0);
  let wins = 0;
  for (const high of positives) for (const low of negatives) wins += high > low ? 1 : high === low ? 0.5 : 0;
  expect(rocCurve(yTrue, scores).auc).toBeCloseTo(wins / (positives.length * negatives.length), 12);
});

describe("what rocCurve refuses", () => {
  test("only one kind of sample", () => {
    expect(() => rocCurve([1, 1], [0.2, 0.3])).toThrow("no sample outside class 1");
    expect(() => rocCurve([0, 0], [0.2, 0.3])).toThrow("no sample of class 1");
  });
  test("lists of different lengths", () => {
    expect(() => rocCurve([1, 0, 1], [0.2, 0.3])).toThrow("yTrue has 3 samples, scores has 2");
  });
  test("scores that are not numbers", () => {
    expect(() => rocCurve([1, 0], [0.2, Number.NaN])).toThrow("scores: value 1 is not a number (NaN)");
  });
});
