// Rates and their averages against scikit-learn, what 0/0 gives, and tests known by sensitivity and specificity.
import { describe, expect, test } from "vitest";
import { ConfusionMatrix, confusionMatrix } from "../../../lib/metrics/confusion.ts";
import { diagnosticTest } from "../../../lib/metrics/diagnosticTest.ts";
import { Rates } from "../../../lib/metrics/rates.ts";
import { DISPLAY } from "../../../lib/plot/bundle.ts";
import fixture from "../../fixtures/metrics/rates.json" with { type: "json" };

function expectClose(found: readonly number[], expected: readonly (number | null)[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) {
    if (value === null) expect(found[i]).toBeNaN();
    else expect(found[i]).toBeCloseTo(value, 12);
  }
}

const policies = [Number.NaN, 0, 1];

describe.each(fixture.cases.map((expected, index) => ({ index, expected })))(
  "case $index has scikit-learn's numbers",
  ({ expected }) => {
    test.each(policies.map((zeroDivision, policy) => ({ zeroDivision, policy })))(
      "with $zeroDivision for 0/0",
      ({ zeroDivision, policy }) => {
        const matrix = confusionMatrix(expected.yTrue, expected.yPred, { zeroDivision });
        for (const average of ["macro", "micro", "weighted"] as const) {
          const { precision, recall, f1 } = matrix[average];
          expectClose([precision, recall, f1], expected.averages[policy][average]);
        }
        for (const [i, rate] of (["precision", "recall", "f1"] as const).entries()) {
          expectClose(
            matrix.perClass.map((rates) => rates[rate]),
            expected.perClass[policy][i],
          );
        }
      },
    );

    test("F-beta, Matthews's correlation, balanced accuracy", () => {
      const matrix = confusionMatrix(expected.yTrue, expected.yPred, { zeroDivision: 0 });
      for (const beta of ["0.5", "2"] as const) {
        expectClose(
          matrix.perClass.map((rates) => rates.fBeta(Number(beta))),
          expected.fBeta[beta],
        );
      }
      expect(matrix.matthewsCorrelation).toBeCloseTo(expected.matthews, 12);
      const defined = confusionMatrix(expected.yTrue, expected.yPred);
      expect(defined.balancedAccuracy).toBeCloseTo(expected.balanced, 12);
      if (matrix.labels.length === 2) {
        expect(matrix.positive.matthewsCorrelation).toBeCloseTo(expected.matthews, 12);
      }
    });
  },
);

test("likelihood ratios are scikit-learn's", () => {
  const { yTrue, yPred, positive, negative } = fixture.likelihoodRatios;
  const rates = confusionMatrix(yTrue, yPred).positive;
  expect(rates.positiveLikelihoodRatio).toBeCloseTo(positive, 12);
  expect(rates.negativeLikelihoodRatio).toBeCloseTo(negative, 12);
});

describe("the ten rates of 165 patients", () => {
  const matrix = ConfusionMatrix.fromCounts({ tp: 100, fp: 10, fn: 5, tn: 50 }, { labels: ["NO", "YES"] });
  const rates = matrix.positive;

  test("are those of the table of counts", () => {
    expect(matrix.counts).toEqual([
      [50, 10],
      [5, 100],
    ]);
    expect(ConfusionMatrix.fromCounts(matrix.counts).positive.recall).toBe(rates.recall);
    expect([matrix.actual, matrix.predicted, matrix.total]).toEqual([[60, 105], [55, 110], 165]);
  });

  test("have the values of the formulas", () => {
    const six = (value: number) => Number(value.toFixed(6));
    expect([rates.truePositiveRate, rates.trueNegativeRate].map(six)).toEqual([0.952381, 0.833333]);
    expect([rates.positivePredictiveValue, rates.negativePredictiveValue].map(six)).toEqual([
      0.909091, 0.909091,
    ]);
    expect([rates.falseNegativeRate, rates.falsePositiveRate].map(six)).toEqual([0.047619, 0.166667]);
    expect([rates.falseDiscoveryRate, rates.falseOmissionRate].map(six)).toEqual([0.090909, 0.090909]);
    expect([rates.prevalenceThreshold, rates.threatScore].map(six)).toEqual([0.294945, 0.869565]);
    expect(rates.criticalSuccessIndex).toBe(rates.threatScore);
    const { recall, specificity } = rates;
    const other = (Math.sqrt(recall * (1 - specificity)) + specificity - 1) / (recall + specificity - 1);
    expect(rates.prevalenceThreshold).toBeCloseTo(other, 12);
    expect(rates.informedness).toBeCloseTo(recall + specificity - 1, 12);
    expect(rates.prevalence).toBeCloseTo(105 / 165, 12);
  });
});

test("rates show themselves with names, formulas and values", () => {
  const rates = ConfusionMatrix.fromCounts({ tp: 100, fp: 10, fn: 5, tn: 50 }).positive;
  const shown = rates[DISPLAY]();
  const lines = String(shown["text/plain"]).split("\n");
  expect(lines[0]).toBe("TP 100, FP 10, FN 5, TN 50");
  expect(lines[1]).toMatch(/^TPR +recall, sensitivity +TP \/ \(TP \+ FN\) +0\.952/);
  expect(lines).toHaveLength(17);
  expect(shown["text/html"]).toContain('<th style="text-align: left">PT</th>');
  const never = new Rates({ truePositives: 0, falsePositives: 0, falseNegatives: 1, trueNegatives: 1 });
  expect(String(never[DISPLAY]()["text/plain"])).toMatch(/precision .* NaN/);
});

describe("classifiers that always say the same", () => {
  const alwaysYes = { truePositives: 30, falsePositives: 70, falseNegatives: 0, trueNegatives: 0 };
  const alwaysNo = { truePositives: 0, falsePositives: 0, falseNegatives: 30, trueNegatives: 70 };

  test("have sensitivity and specificity 1 and 0, or 0 and 1", () => {
    expect([new Rates(alwaysYes).sensitivity, new Rates(alwaysYes).specificity]).toEqual([1, 0]);
    expect([new Rates(alwaysNo).sensitivity, new Rates(alwaysNo).specificity]).toEqual([0, 1]);
  });

  test.each(policies)("have rates of 0/0, for which %s stands", (zeroDivision) => {
    const options = { zeroDivision };
    expect(new Rates(alwaysNo, options).precision).toBe(zeroDivision);
    expect(new Rates(alwaysNo, options).positiveLikelihoodRatio).toBe(zeroDivision);
    expect(new Rates(alwaysNo, options).prevalenceThreshold).toBe(zeroDivision);
    expect(new Rates(alwaysYes, options).negativePredictiveValue).toBe(zeroDivision);
    expect(new Rates(alwaysYes, options).matthewsCorrelation).toBe(zeroDivision);
  });

  test("have an infinite ratio where only the denominator is 0", () => {
    const perfect = { truePositives: 3, falsePositives: 0, falseNegatives: 0, trueNegatives: 3 };
    expect(new Rates(perfect).positiveLikelihoodRatio).toBe(Number.POSITIVE_INFINITY);
    expect(new Rates(perfect).negativeLikelihoodRatio).toBe(0);
  });
});

describe("a test known by sensitivity and specificity", () => {
  const without = diagnosticTest({ sensitivity: 0.605, specificity: 0.995 });
  const withSymptoms = diagnosticTest({ sensitivity: 0.721, specificity: 0.987 });

  test("has its other rates", () => {
    expect(without.falseNegativeRate).toBeCloseTo(0.395, 12);
    expect(withSymptoms.falsePositiveRate).toBeCloseTo(0.013, 12);
    expect(without.positiveLikelihoodRatio).toBeCloseTo(121, 10);
    expect(withSymptoms.positiveLikelihoodRatio).toBeCloseTo(55.46, 2);
    expect(
      [without.negativeLikelihoodRatio, withSymptoms.negativeLikelihoodRatio].map((x) => x.toFixed(4)),
    ).toEqual(["0.3970", "0.2827"]);
    expect([without.prevalenceThreshold, withSymptoms.prevalenceThreshold].map((x) => x.toFixed(5))).toEqual([
      "0.08333",
      "0.11838",
    ]);
  });

  test("has predictive values for each prevalence", () => {
    const at = (test: typeof without) =>
      [0.01, 0.05, 0.1, 0.2].map((prevalence) => test.positivePredictiveValue(prevalence).toFixed(4));
    expect(at(without)).toEqual(["0.5500", "0.8643", "0.9308", "0.9680"]);
    expect(at(withSymptoms)).toEqual(["0.3591", "0.7448", "0.8604", "0.9327"]);
    expect([without.positivePredictiveValue(0), without.positivePredictiveValue(1)]).toEqual([0, 1]);
    expect([without.negativePredictiveValue(0), without.negativePredictiveValue(1)]).toEqual([1, 0]);
  });

  test("agrees with the counts of a group of that prevalence", () => {
    const rates = new Rates({
      truePositives: 605,
      falseNegatives: 395,
      falsePositives: 45,
      trueNegatives: 8955,
    });
    expect(without.positivePredictiveValue(rates.prevalence)).toBeCloseTo(rates.precision, 12);
    expect(without.negativePredictiveValue(rates.prevalence)).toBeCloseTo(rates.negativePredictiveValue, 12);
    expect(without.prevalenceThreshold).toBeCloseTo(rates.prevalenceThreshold, 12);
    expect(without.negativeLikelihoodRatio).toBeCloseTo(rates.negativeLikelihoodRatio, 12);
  });
});

describe("what is refused", () => {
  test.each([
    {
      name: "percentages",
      run: () => diagnosticTest({ sensitivity: 60.5, specificity: 99.5 }),
      message: "sensitivity is a share between 0 and 1, got 60.5 — did you mean 0.605?",
    },
    {
      name: "an unknown policy",
      run: () => confusionMatrix([0, 1], [0, 1], { zeroDivision: 0.5 }),
      message: "confusionMatrix: zeroDivision says what 0/0 gives: NaN, 0 or 1; got 0.5",
    },
    {
      name: "negative counts",
      run: () => ConfusionMatrix.fromCounts({ tp: -1, fp: 0, fn: 0, tn: 1 }),
      message: "is a count from 0 up, got -1",
    },
    {
      name: "a table that is not square",
      run: () => ConfusionMatrix.fromCounts([[1, 2]]),
      message: "the counts must be a square table",
    },
    {
      name: "the positive class of three",
      run: () => confusionMatrix([0, 1, 2], [0, 1, 2]).positive,
      message: "choose with .of(0), or average with .macro",
    },
    {
      name: "a negative beta",
      run: () => confusionMatrix([0, 1], [0, 1]).positive.fBeta(-1),
      message: "beta is a number from 0 up, got -1",
    },
  ])("$name", ({ run, message }) => {
    expect(run).toThrow(message);
  });
});
