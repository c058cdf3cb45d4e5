// Covariance and correlation of several quantities.
import { div, mul, sub } from "../ops/arithmetic.ts";
import { sqrt } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { checkTensor, toFloat } from "../ops/operand.ts";
import { mean } from "../ops/reduce.ts";
import { expandDims, reshape, transpose } from "../ops/shape.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { diagonal } from "./diagonal.ts";

/** Options of {@link cov} and {@link corrcoef}. */
export interface CovarianceOptions {
  /** Whether rows are the quantities (default, as in NumPy) or the columns are, as in a table with a row a sample. */
  rowvar?: boolean;
}

/** The distances from the mean, a row for each quantity. */
function centred(operation: string, input: Tensor, rowvar: boolean): Tensor {
  checkTensor(operation, input);
  if (input.rank !== 1 && input.rank !== 2) {
    throw new Error(
      `${operation}: needs a table [quantities, samples] or one row of samples, got ${formatShape(input.shape)}`,
    );
  }
  const x = toFloat(input);
  const rows = x.rank === 1 ? reshape(x, [1, x.size]) : rowvar ? x : transpose(x);
  return sub(rows, mean(rows, 1, { keepDims: true }));
}

/**
 * The covariance matrix of quantities in rows: `[quantities, samples]` → `[quantities, quantities]`; of a vector a scalar,
 * its variance. Divides by samples − `correction` (1).
 *
 * @throws when the tensor is neither a vector nor a matrix.
 * @example
 * cov(tensor([[1, 2, 3], [6, 4, 2]])).toArray() // → [ [ 1, -2 ], [ -2, 4 ] ]
 * cov(tensor([[1, 6], [2, 4], [3, 2]]), { rowvar: false }).toArray() // → [ [ 1, -2 ], [ -2, 4 ] ]
 */
export function cov(x: Tensor, options: CovarianceOptions & { correction?: number } = {}): Tensor {
  const { rowvar = true, correction = 1 } = options;
  const distances = centred("cov", x, rowvar);
  const samples = distances.shape[1]!;
  const result = mul(matmul(distances, transpose(distances)), 1 / (samples - correction));
  return x.rank === 1 ? reshape(result, []) : result;
}

/**
 * The correlation matrix of quantities in rows, from −1 to 1: their covariances divided by both standard deviations. NaN for a
 * quantity that does not vary.
 *
 * @throws when the tensor is neither a vector nor a matrix.
 * @example
 * corrcoef(tensor([[1, 2, 3], [6, 4, 2]])).toArray() // → [ [ 1, -1 ], [ -1, 1 ] ]
 */
export function corrcoef(x: Tensor, { rowvar = true }: CovarianceOptions = {}): Tensor {
  const distances = centred("corrcoef", x, rowvar);
  const products = matmul(distances, transpose(distances));
  const lengths = sqrt(diagonal(products));
  const result = div(div(products, expandDims(lengths, 0)), expandDims(lengths, 1));
  return x.rank === 1 ? reshape(result, []) : result;
}
