// How far predicted numbers are from the true ones.
import { type Numbers, numbers, requireSameLength } from "./numbers.ts";

/** The measures of a regression, as numbers. */
export interface RegressionMetrics {
  /** MSE: the mean of the squared differences. */
  readonly mse: number;
  /** RMSE: its root, in the unit of the target. */
  readonly rmse: number;
  /** MAE: the mean of the absolute differences. */
  readonly mae: number;
  /** The largest absolute difference. */
  readonly maxError: number;
  /**
   * R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 is perfect, 0 as good as always saying the mean, below 0 worse. When all targets are
   * equal: 1 if they are all hit, otherwise 0, as in scikit-learn.
   */
  readonly r2: number;
}

/**
 * How far predictions are from the truth: MSE, RMSE, MAE, the largest error, and R². Plain numbers, through which no
 * gradient flows: to learn by them, take losses such as `meanSquaredError`.
 *
 * @param yTrue targets, one number per sample
 * @param yPred predictions, as many
 * @throws RangeError when the lists differ in length or are empty
 * @example
 * const { mse, mae, r2 } = regressionMetrics([3, -0.5, 2, 7], [2.5, 0, 2, 8]);
 * [mse, mae] // → [ 0.375, 0.5 ]
 * r2.toFixed(4) // → '0.9486'
 */
export function regressionMetrics(yTrue: Numbers, yPred: Numbers): RegressionMetrics {
  const truth = numbers(yTrue, "regressionMetrics, targets");
  const guess = numbers(yPred, "regressionMetrics, predictions");
  requireSameLength("regressionMetrics", truth, guess, ["yTrue", "yPred"]);
  const center = mean(truth);
  const errors = truth.map((value, i) => value - guess[i]);
  const mse = mean(errors.map((error) => error * error));
  const variance = mean(truth.map((value) => (value - center) ** 2));
  return {
    mse,
    rmse: Math.sqrt(mse),
    mae: mean(errors.map(Math.abs)),
    maxError: errors.reduce((largest, error) => Math.max(largest, Math.abs(error)), 0),
    r2: variance === 0 ? (mse === 0 ? 1 : 0) : 1 - mse / variance,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
