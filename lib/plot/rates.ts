// The rates of a two-way decision as a table: names, formulas, values.
import { escapeMarkup, type MimeBundle } from "./bundle.ts";
import { shortNumber } from "./number.ts";

/** Counts and rates. */
export interface RateValues {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly recall: number;
  readonly specificity: number;
  readonly precision: number;
  readonly negativePredictiveValue: number;
  readonly falseNegativeRate: number;
  readonly falsePositiveRate: number;
  readonly falseDiscoveryRate: number;
  readonly falseOmissionRate: number;
  readonly positiveLikelihoodRatio: number;
  readonly negativeLikelihoodRatio: number;
  readonly prevalenceThreshold: number;
  readonly threatScore: number;
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly f1: number;
  readonly matthewsCorrelation: number;
}

const LINES: readonly [abbreviation: string, names: string, formula: string, rate: keyof RateValues][] = [
  ["TPR", "recall, sensitivity", "TP / (TP + FN)", "recall"],
  ["TNR", "specificity", "TN / (TN + FP)", "specificity"],
  ["PPV", "precision", "TP / (TP + FP)", "precision"],
  ["NPV", "negative predictive value", "TN / (TN + FN)", "negativePredictiveValue"],
  ["FNR", "miss rate", "FN / (FN + TP)", "falseNegativeRate"],
  ["FPR", "fall-out", "FP / (FP + TN)", "falsePositiveRate"],
  ["FDR", "false discovery rate", "FP / (FP + TP)", "falseDiscoveryRate"],
  ["FOR", "false omission rate", "FN / (FN + TN)", "falseOmissionRate"],
  ["LR+", "positive likelihood ratio", "TPR / FPR", "positiveLikelihoodRatio"],
  ["LR−", "negative likelihood ratio", "FNR / TNR", "negativeLikelihoodRatio"],
  ["PT", "prevalence threshold", "√FPR / (√TPR + √FPR)", "prevalenceThreshold"],
  ["TS", "threat score, critical success index", "TP / (TP + FN + FP)", "threatScore"],
  ["ACC", "accuracy", "(TP + TN) / total", "accuracy"],
  ["BA", "balanced accuracy", "(TPR + TNR) / 2", "balancedAccuracy"],
  ["F₁", "F1 score", "2 TP / (2 TP + FP + FN)", "f1"],
  ["MCC", "Matthews's correlation", "(TP·TN − FP·FN) / √(P·N·(TP + FP)·(TN + FN))", "matthewsCorrelation"],
];

/** The outputs of the rates. */
export function ratesBundle(rates: RateValues): MimeBundle {
  const { truePositives, falsePositives, falseNegatives, trueNegatives } = rates;
  const heading = `TP ${truePositives}, FP ${falsePositives}, FN ${falseNegatives}, TN ${trueNegatives}`;
  const cells = LINES.map(([abbreviation, names, formula, rate]) => [
    abbreviation,
    names,
    formula,
    shortNumber(rates[rate]),
  ]);
  const left = ' style="text-align: left"';
  const rows = cells.map(
    ([abbreviation, names, formula, value]) =>
      `<tr><th${left}>${escapeMarkup(abbreviation)}</th><td${left}>${escapeMarkup(names)}</td>` +
      `<td${left}>${escapeMarkup(formula)}</td><td>${escapeMarkup(value)}</td></tr>`,
  );
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  const text = cells.map((row) => row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]) : cell)).join("  "));
  return {
    "text/html":
      `<table><caption>${heading}</caption><thead><tr><th></th><th${left}>rate</th><th${left}>formula</th><th>value</th></tr></thead>` +
      `<tbody>${rows.join("")}</tbody></table>`,
    "text/plain": [heading, ...text].join("\n"),
  };
}
