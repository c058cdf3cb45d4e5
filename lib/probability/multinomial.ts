// The multinomial distribution: how n things fall into classes.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { div, mul, where } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { equal } from "../ops/compare.ts";
import { exp } from "../ops/elementwise.ts";
import { expandDims } from "../ops/shape.ts";
import { checkRange, count } from "../random/parameters.ts";
import { checkProbabilities } from "../random/probabilities.ts";
import { random } from "../random/random.ts";
import { logBinomialWeight } from "../special/weights.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { empty, tensor } from "../tensor/create.ts";
import { numbersOf } from "../tensor/lists.ts";
import { describe, formatShape, type Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Counts of n independent things, each of which falls into one of the classes. No gradient flows to counts: they are whole. */
export class Multinomial {
  readonly n: number;
  /** The probability of each class. */
  readonly probabilities: readonly number[];
  /** Of each class the probability among itself and those behind it, so that counts are binomial one after the other. */
  readonly #shares: readonly { share: number; rest: number }[];

  constructor(n: number, probabilities: readonly number[]) {
    checkRange("multinomial", "n", n, count);
    if (!Array.isArray(probabilities as unknown)) {
      throw new TypeError(`multinomial: probabilities are a list of numbers, got ${describe(probabilities)}`);
    }
    checkProbabilities("multinomial", probabilities);
    this.n = n;
    this.probabilities = probabilities;
    const left = [...probabilities];
    for (let i = left.length - 2; i >= 0; i--) left[i] = left[i]! + left[i + 1]!;
    this.#shares = probabilities.map((p, i) => {
      const behind = left[i + 1] ?? 0;
      return left[i] === 0 ? { share: 0, rest: 1 } : { share: p / left[i]!, rest: behind / left[i]! };
    });
  }

  /** The expected counts, n · p. */
  get mean(): number[] {
    return this.probabilities.map((p) => this.n * p);
  }

  /** Covariances of the counts: n · p (1 − p) on the diagonal, −n · pᵢ · pⱼ elsewhere. */
  get covariance(): number[][] {
    return this.probabilities.map((p, i) =>
      this.probabilities.map((q, j) => (i === j ? this.n * p * (1 - p) : -this.n * p * q)),
    );
  }

  /** log of the probability of counts, or of each row of a tensor `[…, classes]` (float64 `[…]`); −∞ where impossible. */
  logPmf(counts: readonly number[]): number;
  logPmf(counts: Tensor): Tensor;
  logPmf(counts: readonly number[] | Tensor): number | Tensor {
    numbersOf("multinomial", "counts", counts);
    const size = this.probabilities.length;
    const width = counts instanceof Tensor ? counts.shape.at(-1) : counts.length;
    if (width !== size) {
      const found = counts instanceof Tensor ? formatShape(counts.shape) : `${counts.length} numbers`;
      throw new RangeError(`multinomial: there are ${size} classes, got ${found}`);
    }
    if (!(counts instanceof Tensor)) return this.#logProbability(counts, 0);
    const values = counts.data();
    const result = empty(counts.shape.slice(0, -1), "float64");
    const target = result.view();
    for (let row = 0; row < target.length; row++) target[row] = this.#logProbability(values, row * size);
    return result;
  }

  /** The probability of counts, or of each row of a tensor `[…, classes]` (float64 `[…]`). */
  pmf(counts: readonly number[]): number;
  pmf(counts: Tensor): Tensor;
  pmf(counts: readonly number[] | Tensor): number | Tensor {
    return counts instanceof Tensor ? this.logPmf(counts).exp() : Math.exp(this.logPmf(counts));
  }

  #logProbability(counts: ArrayLike<number>, start: number): number {
    let left = this.n;
    let sum = 0;
    for (const [i, { share, rest }] of this.#shares.entries()) {
      const k = counts[start + i]!;
      if (!(Number.isInteger(k) && k >= 0 && k <= left)) return Number.NEGATIVE_INFINITY;
      left -= k;
      sum += logBinomialWeight(k, left, share, rest);
    }
    return left === 0 ? sum : Number.NEGATIVE_INFINITY;
  }

  /** Draws counts `[…shape, classes]`, int32; follows `seed`. */
  sample(shape: Shape = []): Tensor {
    return random.multinomial(shape, { n: this.n, probabilities: this.probabilities });
  }

  toString(): string {
    return `multinomial(n ${this.n}, probabilities [${this.probabilities.join(", ")}])`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const logPmfRule: Rule = {
  name: "multinomial.logPmf",
  backward(gradient, { inputs: [probabilities, counts] }) {
    // k / p, and nothing where none was counted, also if p is 0.
    const [p, k] = [cast(probabilities as Tensor, "float64"), cast(counts as Tensor, "float64")];
    const slope = div(k, where(equal(k, 0), 1, p));
    give(probabilities as Tensor, mul(expandDims(gradient, -1), slope));
  },
};

/** The same with probabilities that are a tensor `[classes]`, whose numbers are read at each call: gradients flow to them. */
export class MultinomialFamily {
  readonly n: number;
  readonly probabilities: Tensor;

  constructor(n: number, probabilities: Tensor) {
    if (probabilities.rank !== 1) {
      throw new RangeError(
        `multinomial: probabilities are a list or a tensor [classes], got ${formatShape(probabilities.shape)}`,
      );
    }
    this.n = n;
    this.probabilities = probabilities;
  }

  /** log of the probability of each row of counts `[…, classes]` (float64 `[…]`); −∞ where impossible. */
  logPmf(counts: readonly number[] | Tensor): Tensor {
    const rows = counts instanceof Tensor ? counts.detach() : tensor(counts, { dtype: "float64" });
    const result = new Multinomial(this.n, Array.from(this.probabilities.data())).logPmf(rows);
    if (!tracks(this.probabilities)) return result;
    return attach(result, logPmfRule, [this.probabilities, rows]);
  }

  /** The probability of each row of counts `[…, classes]` (float64 `[…]`). */
  pmf(counts: readonly number[] | Tensor): Tensor {
    return exp(this.logPmf(counts));
  }
}

/**
 * How `n` independent things fall into classes with the given probabilities:
 * P(k₁, …, kₘ) = n! / (k₁! · … · kₘ!) · p₁^k₁ · … · pₘ^kₘ.
 *
 * Probabilities that are a tensor give a {@link MultinomialFamily}: gradients flow to the probabilities.
 *
 * @throws RangeError when n is no whole number, or the probabilities do not sum to 1.
 * @example
 * const d = distributions.multinomial({ n: 3, probabilities: [0.5, 0.25, 0.25] });
 * d.pmf([1, 1, 1]).toFixed(4) // → '0.1875'
 * d.mean // → [ 1.5, 0.75, 0.75 ]
 */
export function multinomial(options: { n: number; probabilities: readonly number[] }): Multinomial;
export function multinomial(options: { n: number; probabilities: Tensor }): MultinomialFamily;
export function multinomial(options: {
  n: number;
  probabilities: readonly number[] | Tensor;
}): Multinomial | MultinomialFamily {
  checkOptions("multinomial", options, "{ n: 10, probabilities: [0.5, 0.5] }");
  const { n, probabilities } = options;
  return probabilities instanceof Tensor
    ? new MultinomialFamily(n, probabilities)
    : new Multinomial(n, probabilities);
}
