// Distributions of whole numbers.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { nextStream } from "../random/random.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Description, Levels } from "./description.ts";
import { Distribution } from "./distribution.ts";
import type { Argument, Result } from "./elementwise.ts";

/** The most bars that the picture draws. */
const BARS = 60;

/**
 * A distribution of whole numbers, and so no gradient flows to the places at which its functions are asked.
 *
 * @example
 * const heads = distributions.binomial({ n: 2, p: 0.5 });
 * heads.cdf(1) // → 0.75
 * heads.mean // → 1
 */
export class DiscreteDistribution extends Distribution {
  constructor(description: Description) {
    super(description, true);
  }

  /** log P(X = x); −∞ where x is impossible. */
  logPmf<X extends Argument>(x: X): Result<X> {
    return this.each("logPmf", x, "logWeight");
  }

  /** P(X = x); 0 where x is impossible, as fractions are. */
  pmf<X extends Argument>(x: X): Result<X> {
    return this.each("pmf", x, "weight");
  }

  /** Draws a number, or with a shape an int32 tensor (numbers too large for it become 2³¹ − 1); follows `seed`. */
  sample(): number;
  sample(shape: Shape): Tensor;
  sample(shape?: Shape): number | Tensor {
    return shape === undefined ? this.drawOne() : this.draw(shape, "int32", nextStream());
  }

  protected override async picture(): Promise<MimeBundle> {
    const { bar } = await import("../plot/bar.ts");
    const [least, greatest] = this.support;
    const all = greatest - least < BARS;
    const low = all ? least : this.quantile(0.001);
    const high = Math.min(all ? greatest : this.quantile(0.999), low + BARS - 1);
    const x = Array.from({ length: high - low + 1 }, (_, i) => low + i);
    return bar({ x, y: this.pmf(x), title: this.toString(), yLabel: "probability" })[DISPLAY]();
  }
}

/**
 * The smallest whole number with cdf ≥ p, or with survival ≤ q if that was asked for, from a guess on: how the quantiles of
 * discrete distributions are found.
 */
export function searchQuantile(
  { p, q, asked }: Levels,
  guess: number,
  [low, high]: readonly [number, number],
  { cdf, survival }: { cdf(k: number): number; survival(k: number): number },
): number {
  // A hair of tolerance, so that quantile(cdf(k)) is k whatever the rounding of the two.
  const slack = 1 - 64 * Number.EPSILON;
  const reached = (k: number): boolean => (asked === "p" ? cdf(k) >= p * slack : survival(k) * slack <= q);
  let above = Math.min(Math.max(Math.ceil(guess), low), high);
  let step = 1;
  while (above < high && !reached(above)) {
    above = Math.min(above + step, high);
    step *= 2;
  }
  let below = above;
  step = 1;
  while (below >= low && reached(below)) {
    above = below;
    below -= step;
    step *= 2;
  }
  below = Math.max(below, low - 1);
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2);
    if (reached(middle)) above = middle;
    else below = middle;
  }
  return above;
}

/** The entropy of weights by their sum, or where there are too many, that of the normal distribution with their variance. */
export function sumEntropy(
  logWeight: (k: number) => number,
  { mean, variance, support }: { mean: number; variance: number; support: readonly [number, number] },
): number {
  if (variance > 1e10) return Math.log(2 * Math.PI * Math.E * variance) / 2;
  // Twelve deviations and a hundred more hold all that counts also of a skewed distribution.
  const reach = 12 * Math.sqrt(variance) + 100;
  const low = Math.max(support[0], Math.floor(mean - reach));
  const high = Math.min(support[1], Math.ceil(mean + reach));
  let sum = 0;
  for (let k = low; k <= high; k++) {
    const logarithm = logWeight(k);
    if (logarithm > -745) sum -= Math.exp(logarithm) * logarithm;
  }
  return sum;
}
