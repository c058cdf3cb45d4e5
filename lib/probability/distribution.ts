// What all distributions of numbers have in common: values by element, samples, and how they show themselves.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { Draws, type Stream } from "../random/draws.ts";
import { fill } from "../random/fill.ts";
import { nextStream } from "../random/random.ts";
import { checkShape, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Description } from "./description.ts";
import { type Argument, apply, type Result } from "./elementwise.ts";
import type { Operations } from "./operations.ts";
import { type PlainFunctions, plainFunctions } from "./plainFunctions.ts";

/** Options of sampling. */
export interface SampleOptions {
  /** float32, or float64 for twice the digits; by default float32. */
  dtype?: "float32" | "float64";
}

/** A distribution of numbers. Values are computed in double precision; tensors come back as float32 unless they are float64. */
export abstract class Distribution {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** The least and the greatest possible value. */
  readonly support: readonly [low: number, high: number];
  /** The expected value; NaN where there is none. */
  readonly mean: number;
  /** The expected square of the distance from the mean. */
  readonly variance: number;
  /** The value of the greatest probability or density, the least one where there are several. */
  readonly mode: number;
  protected readonly description: Description;
  protected readonly functions: PlainFunctions;

  /** @param whole whether only whole numbers are possible */
  constructor(description: Description, whole: boolean) {
    this.name = description.name;
    this.parameters = description.parameters;
    this.support = description.support;
    this.mean = description.mean;
    this.variance = description.variance;
    this.mode = description.mode;
    this.description = description;
    this.functions = plainFunctions(description, whole);
    // The functions behind the methods would fill every print-out.
    for (const hidden of ["description", "functions"])
      Object.defineProperty(this, hidden, { enumerable: false });
  }

  /** The standard deviation, √variance. */
  get std(): number {
    return Math.sqrt(this.variance);
  }

  /** The entropy in nats (the differential entropy of a density); divided by Math.LN2 it is in bits. */
  get entropy(): number {
    return this.description.entropy();
  }

  /** The value that is exceeded half of the time. */
  get median(): number {
    return this.quantile(0.5);
  }

  /** P(X ≤ x), of each number. */
  cdf<X extends Argument>(x: X): Result<X> {
    return this.each("cdf", x, "cdf");
  }

  /** P(X > x) = 1 − cdf(x), with all digits also where that is tiny. */
  survival<X extends Argument>(x: X): Result<X> {
    return this.each("survival", x, "survival");
  }

  /** The inverse of cdf: the smallest x with cdf(x) ≥ p; NaN for p outside [0, 1]. */
  quantile<X extends Argument>(p: X): Result<X> {
    return this.each("quantile", p, "quantile");
  }

  /** The inverse of survival: precise also for q so small that 1 − q is 1. */
  inverseSurvival<X extends Argument>(q: X): Result<X> {
    return this.each("inverseSurvival", q, "inverseSurvival");
  }

  /** A function of each number. */
  protected each<X extends Argument>(name: string, x: X, method: keyof Operations): Result<X> {
    return apply(`${this.name}.${name}`, x, this.functions[method]);
  }

  /** P(low < X ≤ high); for a density the area over the interval. */
  probabilityBetween(low: number, high: number): number {
    // The difference of the smaller tails keeps its digits.
    if (this.cdf(low) > 0.5) return Math.max(0, this.survival(low) - this.survival(high));
    return Math.max(0, this.cdf(high) - this.cdf(low));
  }

  protected draw(shape: Shape, dtype: "float32" | "float64" | "int32", stream: Stream): Tensor {
    const { draw } = this.description;
    const largest = dtype === "int32" ? 0x7fffffff : Number.POSITIVE_INFINITY;
    return fill(stream, checkShape(`${this.name}.sample`, shape), dtype, (draws) =>
      Math.min(draw(draws), largest),
    );
  }

  protected drawOne(): number {
    const draws = new Draws(nextStream());
    draws.start(0);
    return this.description.draw(draws);
  }

  /** For example `normal(mean 0, std 1)`. */
  toString(): string {
    const parts = Object.entries(this.parameters).map(([name, value]) => `${name} ${shown(value)}`);
    return `${this.name}(${parts.join(", ")})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** The picture of the distribution, over all but the outermost thousandths. */
  protected abstract picture(): Promise<MimeBundle>;

  async [DISPLAY](): Promise<MimeBundle> {
    return { ...(await this.picture()), "text/plain": this.toString() };
  }
}

/** A parameter as people write it. */
function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}
