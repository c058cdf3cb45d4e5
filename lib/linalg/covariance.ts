// Covariance and correlation of several quantities, and of one with itself some steps later.
import { div, mul, sub } from "../ops/arithmetic.ts";
import { sqrt } from "../ops/elementwise.ts";
import { slice } from "../ops/indexing.ts";
import { concat, stack } from "../ops/join.ts";
import { clip } from "../ops/limits.ts";
import { matmul } from "../ops/matmul.ts";
import { checkTensor, toFloat } from "../ops/operand.ts";
import { mean } from "../ops/reduce.ts";
import { expandDims, reshape, transpose } from "../ops/shape.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { diagonal } from "./diagonal.ts";
import { dot } from "./products.ts";

/** Options of {@link cov} and {@link corrcoef}. */
export interface CovarianceOptions {
  /** Whether rows are the quantities (default, as in NumPy) or the columns are, as in a table with a row a sample. */
  rowvar?: boolean;
}

/** Options of {@link cov}. */
export interface CovOptions extends CovarianceOptions {
  /** Divides by samples − correction: 1 by default. */
  correction?: number;
}

/** The quantities as rows. */
function rowsOf(operation: string, input: Tensor, rowvar: boolean): Tensor {
  checkTensor(operation, input);
  if (input.rank !== 1 && input.rank !== 2) {
    throw new Error(
      `${operation}: needs a table [quantities, samples] or one row of samples, got ${formatShape(input.shape)}`,
    );
  }
  const x = toFloat(input);
  return x.rank === 1 ? reshape(x, [1, x.size]) : rowvar ? x : transpose(x);
}

/** The distances from the mean, a row for each quantity of one table or of two. */
function centred(operation: string, x: Tensor, y: Tensor | null, rowvar: boolean): Tensor {
  const rows = rowsOf(operation, x, rowvar);
  const others = y === null ? null : rowsOf(operation, y, rowvar);
  if (others !== null && others.shape[1] !== rows.shape[1]) {
    throw new Error(
      `${operation}: both need as many samples, got ${rows.shape[1]} in ${formatShape(x.shape)} and ${others.shape[1]} in ` +
        formatShape(y!.shape),
    );
  }
  const all = others === null ? rows : concat([rows, others]);
  return sub(all, mean(all, 1, { keepDims: true }));
}

/** Reads what may follow the first tensor: a second one, and options. */
function readRest<Options extends CovarianceOptions>(
  name: string,
  second: Tensor | Options | undefined,
  third: Options | undefined,
): [y: Tensor | null, options: Partial<Options>] {
  const [y, options = {}] = second instanceof Tensor ? [second, third] : [null, second];
  checkOptions(name, options, "{ rowvar: false }");
  return [y, options];
}

/**
 * The covariance matrix of quantities in rows: `[quantities, samples]` → `[quantities, quantities]`; of a vector a scalar,
 * its variance; of two tensors that of all their quantities. Divides by samples − `correction` (1).
 *
 * @throws when a tensor is neither a vector nor a matrix, or two have different numbers of samples.
 * @example
 * cov(tensor([[1, 2, 3], [6, 4, 2]])).toArray() // → [ [ 1, -2 ], [ -2, 4 ] ]
 * cov(tensor([1, 2, 3]), tensor([6, 4, 2])).toArray() // → [ [ 1, -2 ], [ -2, 4 ] ]
 * cov(tensor([[1, 6], [2, 4], [3, 2]]), { rowvar: false }).toArray() // → [ [ 1, -2 ], [ -2, 4 ] ]
 */
export function cov(x: Tensor, options?: CovOptions): Tensor;
export function cov(x: Tensor, y: Tensor, options?: CovOptions): Tensor;
export function cov(x: Tensor, second?: Tensor | CovOptions, third?: CovOptions): Tensor {
  const [y, { rowvar = true, correction = 1 }] = readRest("cov", second, third);
  const distances = centred("cov", x, y, rowvar);
  const samples = distances.shape[1]!;
  const result = mul(matmul(distances, transpose(distances)), 1 / Math.max(samples - correction, 0));
  return x.rank === 1 && y === null ? reshape(result, []) : result;
}

/**
 * The correlation matrix of quantities in rows, from −1 to 1: their covariances divided by both standard deviations. NaN for a
 * quantity that does not vary. Of two tensors that of all their quantities.
 *
 * @throws when a tensor is neither a vector nor a matrix, or two have different numbers of samples.
 * @example
 * corrcoef(tensor([[1, 2, 3], [6, 4, 2]])).toArray() // → [ [ 1, -1 ], [ -1, 1 ] ]
 * corrcoef(tensor([1, 2, 3]), tensor([6, 4, 2])).at(0, 1).item() // → -1
 */
export function corrcoef(x: Tensor, options?: CovarianceOptions): Tensor;
export function corrcoef(x: Tensor, y: Tensor, options?: CovarianceOptions): Tensor;
export function corrcoef(x: Tensor, second?: Tensor | CovarianceOptions, third?: CovarianceOptions): Tensor {
  const [y, { rowvar = true }] = readRest("corrcoef", second, third);
  const distances = centred("corrcoef", x, y, rowvar);
  const products = matmul(distances, transpose(distances));
  const lengths = sqrt(diagonal(products));
  // Rounding alone would lead beyond 1, where √(1 − r²) is NaN.
  const result = clip(div(div(products, expandDims(lengths, 0)), expandDims(lengths, 1)), -1, 1);
  return x.rank === 1 && y === null ? reshape(result, []) : result;
}

/**
 * The correlation of a series with itself k steps later, for k from 0 to `lags`:
 * Σ (xₜ − x̄)(xₜ₊ₖ − x̄) / Σ (xₜ − x̄)², as R's `acf` and statsmodels have it. `[steps]` → `[lags + 1]`, beginning with 1; NaN for a series
 * that does not vary. Of noise, 19 in 20 lie within ±1.96 / √steps.
 *
 * @param lags by default 10 · log₁₀(steps), as in R, or what there is
 * @throws when x is no vector, or not longer than `lags`.
 * @example
 * autocorrelation(tensor([1, 2, 3, 4, 5])) // → tensor([ 1.0,  0.4, -0.1, -0.4, -0.4])
 * autocorrelation(tensor([1, -1, 1, -1]), 2) // → tensor([ 1.00, -0.75,  0.50])
 */
export function autocorrelation(input: Tensor, lags?: number): Tensor {
  checkTensor("autocorrelation", input);
  if (input.rank !== 1 || input.size === 0) {
    throw new Error(
      `autocorrelation: needs one series [steps] of one step and more, got ${formatShape(input.shape)}`,
    );
  }
  const steps = input.size;
  const most = lags ?? Math.min(Math.floor(10 * Math.log10(steps)), steps - 1);
  if (!(Number.isInteger(most) && most >= 0 && most < steps)) {
    throw new RangeError(
      `autocorrelation: lags of a series of ${steps} steps go from 0 to ${steps - 1}, got ${describe(most)}`,
    );
  }
  const x = toFloat(input);
  const distances = sub(x, mean(x));
  const products = Array.from({ length: most + 1 }, (_, lag) =>
    dot(slice(distances, lag), slice(distances, 0, steps - lag)),
  );
  return div(stack(products), products[0]!);
}
