// The two-dimensional convolution layer, and the plain operation as `conv2d.apply`.
import { type ConvolutionOptions as ConvolveOptions, conv2d as convolve } from "../ops/convolution.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { imageHint, pair, wholeNumber, windowCount } from "./arguments.ts";
import { choose } from "./choose.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernelLayer.ts";

export interface Conv2dOptions extends KernelLayerOptions {
  /** Steps of the window, one number or `[vertical, horizontal]`; 1 by default. */
  strides?: number | readonly [number, number];
  /** "valid" (default): only where the window fits; "same": zeros around, so that stride 1 keeps height and width. */
  padding?: "valid" | "same";
}

export class Conv2d extends KernelLayer {
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";

  constructor(filters: number, kernelSize: number | readonly [number, number], options: Conv2dOptions = {}) {
    super("conv2d", options);
    this.filters = wholeNumber(this.place, "filters", filters);
    this.kernelSize = pair(this.place, "kernelSize", kernelSize);
    this.strides = pair(this.place, "strides", options.strides ?? 1);
    this.padding = choose("padding", options.padding ?? "valid", { valid: "valid", same: "same" } as const);
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    const got = ["batch", ...inputShape];
    if (inputShape.length !== 3)
      this.refuse("input [batch, height, width, channels]", got, imageHint(inputShape));
    const [height, width, channels] = inputShape;
    const expected = this.builtKernel?.[2] ?? channels;
    if (channels !== expected) {
      const hint =
        inputShape[0] === expected ? "channels come last: did you mean .transpose([0, 2, 3, 1])?" : "";
      this.refuse(`input [batch, height, width, ${expected}]`, got, hint);
    }
    const [kernelHeight, kernelWidth] = this.kernelSize;
    const rows = windowCount(height, kernelHeight, this.strides[0], this.padding);
    const columns = windowCount(width, kernelWidth, this.strides[1], this.padding);
    if (rows < 1 || columns < 1) {
      this.refuse(
        `an image of at least ${kernelHeight}×${kernelWidth} (the size of the filters)`,
        got,
        'use a smaller kernelSize, padding: "same", or less pooling before',
      );
    }
    return [rows, columns, this.filters];
  }

  protected override kernelShape([, , channels]: Shape): Shape {
    return [...this.kernelSize, channels, this.filters];
  }

  protected override forward(x: Tensor): Tensor {
    const { fused, after } = this.plan;
    const { strides, padding } = this;
    const result = convolve(x, this.weights[0], {
      bias: this.weights[1],
      strides,
      padding,
      activation: fused,
    });
    return after ? after(result) : result;
  }
}

/**
 * A two-dimensional convolution (as in all of deep learning, a cross-correlation: the filters are not flipped).
 *
 * Input `[batch, height, width, in]`, output `[batch, height', width', filters]`; kernel `[kh, kw, in, filters]`, bias
 * `[filters]`. `conv2d.apply(x, filters, options)` is the operation itself, with filters of your own.
 *
 * @param filters how many filters, so how many channels come out
 * @param kernelSize height and width of a filter: `3` or `[3, 5]`
 * @throws Error when an input is no batch of images, has another number of channels, or is smaller than a filter
 * @example
 * const layer = conv2d(32, 3, { activation: "relu", inputShape: [28, 28, 1] });
 * layer.outputShape([28, 28, 1]) // → [ 26, 26, 32 ]
 * layer.parameterCount // → 320
 */
export const conv2d: {
  (filters: number, kernelSize: number | readonly [number, number], options?: Conv2dOptions): Conv2d;
  /** The convolution of `x` `[batch, height, width, in]` with `filters` `[kh, kw, in, out]`. */
  apply(x: Tensor, filters: Tensor, options?: ConvolveOptions): Tensor;
} = Object.assign(
  (filters: number, kernelSize: number | readonly [number, number], options?: Conv2dOptions) =>
    new Conv2d(filters, kernelSize, options),
  { apply: convolve },
);
