// Distributions with a density.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { nextStream } from "../random/random.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Distribution, type SampleOptions } from "./distribution.ts";
import { type Argument, apply, type Result } from "./elementwise.ts";

const POINTS = 201;

/**
 * A distribution of real numbers.
 *
 * @example
 * const height = distributions.normal({ mean: 170, std: 10 });
 * height.cdf(170) // → 0.5
 * height.quantile(0.975).toFixed(2) // → '189.60'
 */
export class ContinuousDistribution extends Distribution {
  /** log of the density; −∞ outside the support. */
  logPdf<X extends Argument>(x: X): Result<X> {
    return apply(`${this.name}.logPdf`, x, (v) => this.#logDensity(v));
  }

  /** The density, which is never negative, integrates to 1, and may well be above 1. */
  pdf<X extends Argument>(x: X): Result<X> {
    const { weight } = this.description;
    return apply(`${this.name}.pdf`, x, (v) =>
      weight !== undefined && this.#isPossible(v) ? weight(v) : Math.exp(this.#logDensity(v)),
    );
  }

  #logDensity(x: number): number {
    if (Number.isNaN(x)) return x;
    return this.#isPossible(x) ? this.description.logWeight(x) : Number.NEGATIVE_INFINITY;
  }

  #isPossible(x: number): boolean {
    const [low, high] = this.support;
    return x >= low && x <= high && Number.isFinite(x);
  }

  /** Draws a number, or with a shape a tensor; follows `seed`. */
  sample(): number;
  sample(shape: Shape, options?: SampleOptions): Tensor;
  sample(shape?: Shape, { dtype = "float32" }: SampleOptions = {}): number | Tensor {
    return shape === undefined ? this.drawOne() : this.draw(shape, dtype, nextStream());
  }

  protected override async picture(): Promise<MimeBundle> {
    const { line } = await import("../plot/line.ts");
    const [least, greatest] = this.support;
    const low = Number.isFinite(least) ? least : this.quantile(0.001);
    const high = Number.isFinite(greatest) ? greatest : this.quantile(0.999);
    const x = Array.from({ length: POINTS }, (_, i) => low + ((high - low) * i) / (POINTS - 1));
    return line({ x, y: this.pdf(x), title: this.toString(), yLabel: "density" })[DISPLAY]();
  }
}
