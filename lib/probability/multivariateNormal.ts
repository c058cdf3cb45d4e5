// The normal distribution of vectors.
import { attach, give, needs, type Rule, tracks } from "../autograd/graph.ts";
import { cholesky } from "../linalg/cholesky.ts";
import { inv } from "../linalg/solve.ts";
import { add, div, mul, sub } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { exp, neg } from "../ops/elementwise.ts";
import { matmul } from "../ops/matmul.ts";
import { sum } from "../ops/reduce.ts";
import { reshape, transpose } from "../ops/shape.ts";
import { Draws } from "../random/draws.ts";
import { checkRange, finite } from "../random/parameters.ts";
import { nextStream } from "../random/random.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { empty, tensor } from "../tensor/create.ts";
import { numbersOf } from "../tensor/lists.ts";
import { checkShape, describe, formatShape, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { SampleOptions } from "./distribution.ts";

const logPdfRule: Rule = {
  name: "multivariateNormal.logPdf",
  backward(gradient, { inputs }) {
    const [x, mean, covariance] = inputs as readonly Tensor[];
    const [places, middle, matrix] = [x, mean, covariance].map((input) => cast(input, "float64"));
    // The rows of s are Σ⁻¹ (x − μ). Mirrored numbers of Σ are the same one, for second derivatives too.
    const inverse = inv(div(add(matrix, transpose(matrix)), 2));
    const s = matmul(reshape(sub(places, middle), [-1, mean.size]), inverse);
    const weights = reshape(gradient, [-1, 1]);
    const weighted = mul(s, weights);
    if (needs(x)) give(x, reshape(neg(weighted), x.shape));
    if (needs(mean)) give(mean, sum(weighted, 0));
    if (!needs(covariance)) return;
    const squares = matmul(transpose(s), weighted);
    give(covariance, div(sub(squares, mul(inverse, sum(weights))), 2));
  },
};

/** Vectors around a mean, with a covariance of their components. Gradients flow to vectors that are tensors. */
export class MultivariateNormal {
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  /** The lower triangle L with L·Lᵀ = covariance, row-major. */
  readonly #factor: Float64Array;

  constructor(mean: readonly number[], covariance: readonly (readonly number[])[]) {
    const lists: readonly unknown[] = [mean, covariance];
    if (!lists.every(Array.isArray)) {
      const found = `${describe(mean)} and ${describe(covariance)}`;
      throw new TypeError(`multivariateNormal: mean is a list and covariance a list of rows, got ${found}`);
    }
    const size = mean.length;
    for (const value of mean) checkRange("multivariateNormal", "mean", value, finite);
    if (size === 0 || covariance.length !== size || covariance.some((row) => row.length !== size)) {
      throw new RangeError(`multivariateNormal: a mean of ${size} needs a covariance [${size}, ${size}]`);
    }
    covariance.forEach((row, i) => {
      row.forEach((value, j) => {
        if (Math.abs(value - covariance[j]![i]!) <= 1e-9 * Math.abs(value)) return;
        throw new RangeError(`multivariateNormal: the covariance is not symmetric at [${i}, ${j}]`);
      });
    });
    this.mean = mean;
    this.covariance = covariance;
    this.#factor = Float64Array.from(cholesky(tensor(covariance, { dtype: "float64" })).data());
  }

  /** The entropy in nats. */
  get entropy(): number {
    return (this.mean.length * (1 + Math.log(2 * Math.PI))) / 2 + this.#logVolume();
  }

  /** log of the density at a vector, or at each row of a tensor `[…, size]` (float64 `[…]`). */
  logPdf(x: readonly number[]): number;
  logPdf(x: Tensor): Tensor;
  logPdf(x: readonly number[] | Tensor): number | Tensor {
    numbersOf("multivariateNormal", "vectors", x);
    const size = this.mean.length;
    const width = x instanceof Tensor ? x.shape.at(-1) : x.length;
    if (width !== size) {
      const found = x instanceof Tensor ? formatShape(x.shape) : `${x.length} numbers`;
      throw new RangeError(`multivariateNormal: vectors have ${size} components, got ${found}`);
    }
    if (!(x instanceof Tensor)) return this.#logDensity(x, 0);
    const values = x.data();
    const result = empty(x.shape.slice(0, -1), "float64");
    const target = result.view();
    for (let row = 0; row < target.length; row++) target[row] = this.#logDensity(values, row * size);
    if (!tracks(x)) return result;
    const parameters = [this.mean, this.covariance].map((list) => tensor(list, { dtype: "float64" }));
    return attach(result, logPdfRule, [x, ...parameters]);
  }

  /** The density at a vector, or at each row of a tensor `[…, size]` (float64 `[…]`). */
  pdf(x: readonly number[]): number;
  pdf(x: Tensor): Tensor;
  pdf(x: readonly number[] | Tensor): number | Tensor {
    return x instanceof Tensor ? this.logPdf(x).exp() : Math.exp(this.logPdf(x));
  }

  #logVolume(): number {
    const size = this.mean.length;
    return this.mean.reduce((sum, _, i) => sum + Math.log(this.#factor[i * size + i]!), 0);
  }

  #logDensity(x: ArrayLike<number>, from: number): number {
    // Forward substitution: z with L·z = x − mean has independent standard normal components.
    const size = this.mean.length;
    const z = new Float64Array(size);
    let squares = 0;
    for (let i = 0; i < size; i++) {
      let rest = x[from + i]! - this.mean[i]!;
      for (let j = 0; j < i; j++) rest -= this.#factor[i * size + j]! * z[j]!;
      z[i] = rest / this.#factor[i * size + i]!;
      squares += z[i]! * z[i]!;
    }
    return -squares / 2 - (size * Math.log(2 * Math.PI)) / 2 - this.#logVolume();
  }

  /** Draws vectors: a tensor `[…shape, size]`; follows `seed`. */
  sample(shape: Shape = [], { dtype = "float32" }: SampleOptions = {}): Tensor {
    const size = this.mean.length;
    const result = empty([...checkShape("multivariateNormal.sample", shape), size], dtype);
    const values = result.view();
    const draws = new Draws(nextStream());
    for (let row = 0; row < values.length / size; row++) {
      draws.start(row);
      const z = this.mean.map(() => draws.normal());
      for (let i = 0; i < size; i++) {
        let value = this.mean[i]!;
        for (let j = 0; j <= i; j++) value += this.#factor[i * size + j]! * z[j]!;
        values[row * size + i] = value;
      }
    }
    return result;
  }
}

/** How unlike numbers of a covariance may be that should be the same: what products in float32 round differently. */
const ROUNDING = 1e-5;

/** The same with a mean `[size]` and a covariance `[size, size]` that are tensors, read at each call: gradients flow to them. */
export class MultivariateNormalFamily {
  readonly mean: Tensor;
  readonly covariance: Tensor;

  constructor(mean: Tensor, covariance: Tensor) {
    this.mean = mean;
    this.covariance = covariance;
  }

  /** log of the density at each row of vectors `[…, size]` (float64 `[…]`). */
  logPdf(x: readonly number[] | Tensor): Tensor {
    const { mean, covariance } = this;
    if (mean.rank !== 1 || covariance.rank !== 2) {
      throw new RangeError(
        `multivariateNormal: needs a mean [size] and a covariance [size, size], got ${formatShape(mean.shape)} and ` +
          formatShape(covariance.shape),
      );
    }
    const places = x instanceof Tensor ? x : tensor(x, { dtype: "float64" });
    const distribution = new MultivariateNormal(Array.from(mean.data()), symmetric(covariance.toArray()));
    const result = distribution.logPdf(places.detach());
    const inputs = [places, mean, covariance] as const;
    return tracks(...inputs) ? attach(result, logPdfRule, inputs) : result;
  }

  /** The density at each row of vectors `[…, size]` (float64 `[…]`). */
  pdf(x: readonly number[] | Tensor): Tensor {
    return exp(this.logPdf(x));
  }
}

/** Takes the mean of numbers that differ by rounding. */
function symmetric(rows: number[][]): number[][] {
  return rows.map((row, i) =>
    row.map((value, j) => {
      const other = rows[j]?.[i] ?? value;
      return Math.abs(value - other) <= ROUNDING * Math.abs(value) ? (value + other) / 2 : value;
    }),
  );
}

/**
 * The normal distribution of vectors with a mean and a covariance matrix.
 *
 * Tensors give a {@link MultivariateNormalFamily}: gradients flow to them.
 *
 * @throws RangeError when the sizes differ or the covariance is not symmetric; Error when it is not positive definite.
 * @example
 * const d = distributions.multivariateNormal({ mean: [0, 0], covariance: [[1, 0.5], [0.5, 1]] });
 * d.pdf([0, 0]).toFixed(6) // → '0.183776'
 * d.sample([10]).shape // → [ 10, 2 ]
 */
export function multivariateNormal(options: {
  mean: readonly number[];
  covariance: readonly (readonly number[])[];
}): MultivariateNormal;
export function multivariateNormal(options: {
  mean: readonly number[] | Tensor;
  covariance: readonly (readonly number[])[] | Tensor;
}): MultivariateNormalFamily;
export function multivariateNormal(options: {
  mean: readonly number[] | Tensor;
  covariance: readonly (readonly number[])[] | Tensor;
}): MultivariateNormal | MultivariateNormalFamily {
  checkOptions("multivariateNormal", options, "{ mean: [0, 0], covariance: [[1, 0], [0, 1]] }");
  const { mean, covariance } = options;
  if (!(mean instanceof Tensor || covariance instanceof Tensor)) {
    return new MultivariateNormal(mean, covariance);
  }
  const asTensor = (value: Tensor | Parameters<typeof tensor>[0]): Tensor =>
    value instanceof Tensor ? value : tensor(value, { dtype: "float64" });
  return new MultivariateNormalFamily(asTensor(mean), asTensor(covariance));
}
