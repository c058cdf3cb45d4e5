// Distributions with a density.
import { tracks } from "../autograd/graph.ts";
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { nextStream } from "../random/random.ts";
import type { Shape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Description } from "./description.ts";
import { Distribution, type SampleOptions } from "./distribution.ts";
import type { Argument, Result } from "./elementwise.ts";
import { DENSITY, Operations } from "./operations.ts";
import type { Slopes } from "./slopes.ts";

const POINTS = 201;

/**
 * A distribution of real numbers. Gradients flow through its functions to places that are tensors; where the density is 0
 * its gradient is 0, and so is that of its logarithm outside the support.
 *
 * @example
 * const height = distributions.normal({ mean: 170, std: 10 });
 * height.cdf(170) // → 0.5
 * height.quantile(0.975).toFixed(2) // → '189.60'
 */
export class ContinuousDistribution extends Distribution {
  readonly #operations: Operations;

  constructor(description: Description, slopes: Slopes) {
    super(description, false);
    const { name, parameters } = description;
    this.#operations = new Operations(name, DENSITY, parameters, () => this.functions, slopes);
  }

  /** log of the density; −∞ outside the support. */
  logPdf<X extends Argument>(x: X): Result<X> {
    return this.each("logPdf", x, "logWeight");
  }

  /** The density, which is never negative, integrates to 1, and may well be above 1. */
  pdf<X extends Argument>(x: X): Result<X> {
    return this.each("pdf", x, "weight");
  }

  protected override each<X extends Argument>(name: string, x: X, method: keyof Operations): Result<X> {
    if (x instanceof Tensor && tracks(x)) return this.#operations[method](x) as Result<X>;
    return super.each(name, x, method);
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
