// Confusion matrices against scikit-learn's numbers, the rates of a worked example, and the errors.
import { describe, expect, test } from "vitest";
import { ConfusionMatrix, confusionMatrix } from "../../../lib/metrics/confusion.ts";
import { Rates } from "../../../lib/metrics/rates.ts";
import fixture from "../../fixtures/metrics/confusion.json" with { type: "json" };

describe("confusionMatrix agrees with scikit-learn", () => {
  test.each(fixture.cases.map((expected, index) => ({ index, expected })))("case $index", ({ expected }) => {
    const matrix = confusionMatrix(expected.yTrue, expected.yPred);
    expect(matrix.counts).toEqual(expected.counts);
    expect(matrix.labels).toEqual(expected.labels);
    expect(matrix.accuracy).toBeCloseTo(expected.accuracy, 12);
    expect(matrix.errorRate).toBeCloseTo(1 - expected.accuracy, 12);
    matrix.perClass.forEach((rates, i) => {
      for (const rate of ["precision", "recall", "f1"] as const) {
        const value = expected[rate][i];
        if (value === null) expect(rates[rate]).toBeNaN();
        else expect(rates[rate]).toBeCloseTo(value, 12);
      }
    });
    const { precision, recall, f1 } = matrix.macro;
    for (const [i, value] of [precision, recall, f1].entries())
      expect(value).toBeCloseTo(expected.macro[i], 12);
  });
});

describe("a matrix given as counts", () => {
  const matrix = new ConfusionMatrix(
    [
      [50, 10],
      [5, 100],
    ],
    { labels: ["no", "yes"] },
  );

  test("has margins, accuracy and error rate", () => {
    expect([matrix.actual, matrix.predicted, matrix.total]).toEqual([[60, 105], [55, 110], 165]);
    expect(matrix.accuracy).toBeCloseTo(0.9091, 4);
    expect(matrix.errorRate).toBeCloseTo(0.0909, 4);
  });

  test("speaks of the second class when there are two", () => {
    expect(matrix.precision).toBe(matrix.of("yes").precision);
    expect(matrix.recall).toBeCloseTo(0.952381, 6);
    expect(matrix.specificity).toBeCloseTo(0.833333, 6);
  });

  test("gives every derived rate", () => {
    const rates = matrix.of("yes");
    expect(rates.negativePredictiveValue).toBeCloseTo(0.909091, 6);
    expect(rates.falseNegativeRate).toBeCloseTo(1 - rates.recall, 12);
    expect(rates.falsePositiveRate).toBeCloseTo(1 - rates.specificity, 12);
    expect(rates.falseDiscoveryRate).toBeCloseTo(1 - rates.precision, 12);
    expect(rates.falseOmissionRate).toBeCloseTo(1 - rates.negativePredictiveValue, 12);
    expect(rates.prevalenceThreshold).toBeCloseTo(0.294945, 6);
    expect(rates.threatScore).toBeCloseTo(0.869565, 6);
  });

  test("names the classes that exist when asked for another", () => {
    expect(() => matrix.of("maybe")).toThrow("no class maybe; the classes are no, yes");
  });
});

test("a rate without denominator does not exist", () => {
  const alwaysNo = new Rates({ truePositives: 0, falsePositives: 0, falseNegatives: 5, trueNegatives: 50 });
  expect(alwaysNo.precision).toBeNaN();
  expect([alwaysNo.recall, alwaysNo.specificity]).toEqual([0, 1]);
});

test("labels give classes names, also to those that do not occur", () => {
  const matrix = confusionMatrix([0, 1], [0, 1], { labels: ["cat", "dog", "fish"] });
  expect(matrix.counts).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ]);
});

describe("what confusionMatrix refuses", () => {
  test.each([
    { yTrue: [0, 1], yPred: [0], message: "yTrue has 2 samples, yPred has 1" },
    { yTrue: [], yPred: [], message: "yTrue is empty" },
    { yTrue: [0, 1], yPred: [0.2, 0.9], message: "yPred[0] is 0.2, not a class number" },
  ])("$message", ({ yTrue, yPred, message }) => {
    expect(() => confusionMatrix(yTrue, yPred)).toThrow(message);
  });

  test("a class beyond the labels", () => {
    expect(() => confusionMatrix([0, 2], [0, 1], { labels: ["a", "b"] })).toThrow("class 2 has no name");
  });
});
