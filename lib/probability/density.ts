// What a sample says of its density: kernel density estimates and the bins of a histogram.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { mul, sub } from "../ops/arithmetic.ts";
import { DISPLAY, type Displayable, type MimeBundle } from "../plot/bundle.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { numbersOf, type Sample } from "../tensor/lists.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Argument, apply, type Result } from "./elementwise.ts";
import { lowerTail } from "./normal.ts";

function finiteNumbersOf(caller: string, sample: Sample): Float64Array {
  const values = numbersOf(caller, "samples", sample);
  if (values.some((v) => !Number.isFinite(v)))
    throw new RangeError(`${caller}: the sample holds NaN or infinity`);
  return values;
}

/**
 * A density estimated from a sample: a normal distribution around each of its numbers. Gradients flow to the places at
 * which it is asked; the sample and the bandwidth are constants.
 */
export class KernelDensity implements Displayable {
  /** The standard deviation of each of the normal distributions. */
  readonly bandwidth: number;
  readonly #values: Float64Array;

  constructor(values: Float64Array, bandwidth: number) {
    this.bandwidth = bandwidth;
    this.#values = values;
  }

  /** The estimated density. */
  pdf<X extends Argument>(x: X): Result<X> {
    return this.#derivative("kernelDensity.pdf", x, 0);
  }

  /** log of the estimated density, with all digits also where that is too small for a number. */
  logPdf<X extends Argument>(x: X): Result<X> {
    const result = apply("kernelDensity.logPdf", x, (at) => {
      const { sum, largest } = this.#relativeSums(at, 0);
      return largest + Math.log(sum / (this.#values.length * this.bandwidth * Math.sqrt(2 * Math.PI)));
    });
    return withSlope("kernelDensity.logPdf", x, result, (place) => this.#relative(place, 1));
  }

  /** The derivative of the given order of the density, divided by the density. */
  #relative(x: Tensor, order: number): Tensor {
    const name = "kernelDensity.logPdf";
    const width = (-this.bandwidth) ** order;
    const result = apply(name, x, (at) => {
      const { sum, weighted } = this.#relativeSums(at, order);
      return weighted / sum / width;
    });
    return withSlope(name, x, result, (place) =>
      sub(this.#relative(place, order + 1), mul(this.#relative(place, order), this.#relative(place, 1))),
    );
  }

  /** The exponentials, the largest of which is e^largest, over that one: their sum, plain and with Hermite's polynomial. */
  #relativeSums(at: number, order: number): { sum: number; weighted: number; largest: number } {
    let nearest = Number.POSITIVE_INFINITY;
    for (const value of this.#values) nearest = Math.min(nearest, Math.abs(at - value) / this.bandwidth);
    // At infinity all are as far.
    const largest = -(nearest ** 2) / 2;
    let [sum, weighted] = [0, 0];
    for (const value of this.#values) {
      const z = (at - value) / this.bandwidth;
      const weight = Number.isFinite(z) ? Math.exp(((nearest - z) * (nearest + z)) / 2) : 1;
      sum += weight;
      weighted += weight * hermite(order, z);
    }
    return { sum, weighted, largest };
  }

  /** The estimated probability up to x. */
  cdf<X extends Argument>(x: X): Result<X> {
    const factor = 1 / this.#values.length;
    const result = apply("kernelDensity.cdf", x, (at) =>
      this.#sum((value) => lowerTail((at - value) / this.bandwidth), factor),
    );
    return withSlope("kernelDensity.cdf", x, result, (place) => this.pdf(place));
  }

  /** The derivative of the given order of the density: with Hermite's polynomial in front of each exponential. */
  #derivative<X extends Argument>(caller: string, x: X, order: number): Result<X> {
    const width = -this.bandwidth;
    const factor = 1 / (this.#values.length * this.bandwidth * Math.sqrt(2 * Math.PI) * width ** order);
    const result = apply(caller, x, (at) =>
      this.#sum((value) => {
        const z = (at - value) / this.bandwidth;
        return hermite(order, z) * Math.exp(-(z ** 2) / 2);
      }, factor),
    );
    return withSlope(caller, x, result, (place) => this.#derivative(caller, place, order + 1));
  }

  #sum(term: (value: number) => number, factor: number): number {
    let sum = 0;
    for (const value of this.#values) sum += term(value);
    return sum * factor;
  }

  toString(): string {
    return `kernelDensity(${this.#values.length} numbers, bandwidth ${Number(this.bandwidth.toPrecision(4))})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  async [DISPLAY](): Promise<MimeBundle> {
    const { line } = await import("../plot/line.ts");
    const low = this.#values.reduce((a, b) => Math.min(a, b)) - 3 * this.bandwidth;
    const high = this.#values.reduce((a, b) => Math.max(a, b)) + 3 * this.bandwidth;
    const x = Array.from({ length: 201 }, (_, i) => low + ((high - low) * i) / 200);
    const chart = await line({ x, y: this.pdf(x), title: "kernel density", yLabel: "density" })[DISPLAY]();
    return { ...chart, "text/plain": this.toString() };
  }
}

/**
 * The density that a sample suggests: a normal distribution around each number. The bandwidth is by default Scott's,
 * the sample's standard deviation times n^(−1/5) (Scott, 1992), as in SciPy's gaussian_kde. The sample is a constant:
 * gradients flow to the places at which the density is asked, not to it.
 *
 * @throws RangeError when the sample has fewer than two numbers or they are all equal, and no bandwidth is given.
 * @example
 * kernelDensity([1, 2, 4]).pdf(2).toFixed(6) // → '0.214895'
 */
export function kernelDensity(sample: Sample, options: { bandwidth?: number } = {}): KernelDensity {
  checkOptions("kernelDensity", options, "{ bandwidth: 0.5 }");
  const { bandwidth } = options;
  const values = finiteNumbersOf("kernelDensity", sample);
  if (values.length === 0) throw new RangeError("kernelDensity: the sample is empty");
  const width = bandwidth ?? deviation(values) * values.length ** -0.2;
  if (!(width > 0 && width < Infinity)) {
    const fix = bandwidth === undefined ? " — the numbers are all equal; give a bandwidth" : "";
    throw new RangeError(`kernelDensity: the bandwidth must be above 0, got ${width}${fix}`);
  }
  return new KernelDensity(values, width);
}

/** Records a result whose derivative is known, if it came from a tensor through which gradients flow. */
function withSlope<X extends Argument>(
  name: string,
  x: X,
  result: Result<X>,
  slope: (x: Tensor) => Tensor,
): Result<X> {
  if (!(x instanceof Tensor && tracks(x))) return result;
  const rule: Rule = {
    name,
    backward(gradient, { inputs: [place] }) {
      give(place as Tensor, mul(gradient, slope(place as Tensor)));
    },
  };
  return attach(result as Tensor, rule, [x]) as Result<X>;
}

/** The polynomial He with which the derivatives of exp(−z² / 2) begin; 1, z, z² − 1, … */
function hermite(order: number, z: number): number {
  let [value, former] = [1, 0];
  for (let k = 0; k < order; k++) [value, former] = [z * value - k * former, value];
  return value;
}

/** The standard deviation with n − 1. */
function deviation(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
}

/** Bins of equal width from the least to the greatest number. */
export interface Bins {
  width: number;
  count: number;
  /** `count` + 1 limits. */
  edges: number[];
}

/**
 * The bins of a histogram after Freedman and Diaconis (1981): as wide as twice the interquartile range over the cube root
 * of n, made a little narrower so that they fill the range. One bin where the range or the quartiles are 0, as in NumPy;
 * `most` is a limit, as seaborn has it at 50. Plain numbers, through which no gradient flows.
 *
 * @throws RangeError when the sample is empty.
 * @example
 * freedmanDiaconis([1, 2, 3, 4, 5, 6, 7, 8]).count // → 2
 */
export function freedmanDiaconis(sample: Sample, options: { most?: number } = {}): Bins {
  checkOptions("freedmanDiaconis", options, "{ most: 50 }");
  const { most = Number.POSITIVE_INFINITY } = options;
  const sorted = finiteNumbersOf("freedmanDiaconis", sample).sort();
  const n = sorted.length;
  if (n === 0) throw new RangeError("freedmanDiaconis: the sample is empty");
  const quantile = (p: number): number => {
    const place = (n - 1) * p;
    const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return low + (high - low) * (place % 1);
  };
  const ideal = (2 * (quantile(0.75) - quantile(0.25))) / Math.cbrt(n);
  const [first, last] = [sorted[0]!, sorted[n - 1]!];
  // A range of nothing becomes one around the number.
  const [low, high] = first === last ? [first - 0.5, last + 0.5] : [first, last];
  const count = Math.min(ideal > 0 && first !== last ? Math.ceil((last - first) / ideal) : 1, most);
  const width = (high - low) / count;
  const edges = Array.from({ length: count + 1 }, (_, i) => (i === count ? high : low + i * width));
  return { width, count, edges };
}
