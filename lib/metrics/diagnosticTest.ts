// What sensitivity and specificity alone say of a test, when the counts behind them are not known.
import { checkOptions } from "../tensor/arguments.ts";
import { describe } from "../tensor/shape.ts";
import { type RateOptions, ratio, readZeroDivision } from "./zeroDivision.ts";

/** PT = √FPR / (√TPR + √FPR). */
export function prevalenceThreshold(
  truePositiveRate: number,
  falsePositiveRate: number,
  zeroDivision: number,
): number {
  const falseRoot = Math.sqrt(falsePositiveRate);
  return ratio(falseRoot, Math.sqrt(truePositiveRate) + falseRoot, zeroDivision);
}

/** The two rates that belong to a test itself, however frequent the disease is. */
export interface TestQuality extends RateOptions {
  /** TPR: the share of the ill that the test finds. */
  sensitivity: number;
  /** TNR: the share of the healthy that the test lets pass. */
  specificity: number;
}

/** See {@link diagnosticTest}. */
export class DiagnosticTest {
  readonly sensitivity: number;
  readonly specificity: number;
  readonly zeroDivision: number;

  constructor(quality: TestQuality) {
    this.sensitivity = share("sensitivity", quality.sensitivity);
    this.specificity = share("specificity", quality.specificity);
    this.zeroDivision = readZeroDivision("diagnosticTest", quality);
  }

  /** FNR, miss rate: 1 − sensitivity. */
  get falseNegativeRate(): number {
    return 1 - this.sensitivity;
  }
  /** FPR, false alarms: 1 − specificity. */
  get falsePositiveRate(): number {
    return 1 - this.specificity;
  }
  /** LR+ = TPR / FPR: how much a positive answer raises the odds. */
  get positiveLikelihoodRatio(): number {
    return ratio(this.sensitivity, this.falsePositiveRate, this.zeroDivision);
  }
  /** LR− = FNR / TNR: how much a negative answer lowers the odds. */
  get negativeLikelihoodRatio(): number {
    return ratio(this.falseNegativeRate, this.specificity, this.zeroDivision);
  }
  /** PT = √FPR / (√TPR + √FPR): below this prevalence a positive answer is worth little. Balayla, PLoS ONE 15 (2020). */
  get prevalenceThreshold(): number {
    return prevalenceThreshold(this.sensitivity, this.falsePositiveRate, this.zeroDivision);
  }

  /** PPV: the chance to be ill after a positive answer, where that share of people is ill (Bayes' theorem). */
  positivePredictiveValue(prevalence: number): number {
    const found = this.sensitivity * share("prevalence", prevalence);
    return ratio(found, found + this.falsePositiveRate * (1 - prevalence), this.zeroDivision);
  }

  /** NPV: the chance to be healthy after a negative answer, where that share of people is ill. */
  negativePredictiveValue(prevalence: number): number {
    const passed = this.specificity * (1 - share("prevalence", prevalence));
    return ratio(passed, passed + this.falseNegativeRate * prevalence, this.zeroDivision);
  }
}

/**
 * A test known by its sensitivity and specificity: the rates that follow from them, and the predictive values for a
 * given prevalence.
 *
 * @throws RangeError when a share is not between 0 and 1 (a percentage, for example).
 * @example
 * const antigen = diagnosticTest({ sensitivity: 0.605, specificity: 0.995 });
 * antigen.positivePredictiveValue(0.01).toFixed(4) // → '0.5500'
 * antigen.negativePredictiveValue(0.2).toFixed(4) // → '0.9097'
 * antigen.positiveLikelihoodRatio.toFixed(1) // → '121.0'
 */
export function diagnosticTest(quality: TestQuality): DiagnosticTest {
  checkOptions("diagnosticTest", quality, "{ sensitivity: 0.9, specificity: 0.95 }");
  return new DiagnosticTest(quality);
}

function share(name: string, value: number): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  const hint = value > 1 && value <= 100 ? ` — did you mean ${value / 100}?` : "";
  throw new RangeError(`diagnosticTest: ${name} is a share between 0 and 1, got ${describe(value)}${hint}`);
}
