// The two-dimensional convolution layer, and the plain operation as `conv2d.apply`.
import { type ConvolutionOptions as ConvolveOptions, conv2d as convolve } from "../ops/convolution.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { pair, wholeNumber } from "./arguments.ts";
import { KernelLayer, type KernelLayerOptions } from "./kernelLayer.ts";
import { MovingWindow, type WindowOptions } from "./windowLayer.ts";

/** Options of {@link conv2d}. */
export interface Conv2dOptions extends KernelLayerOptions, WindowOptions {
  /** Channels and filters fall into this many groups, each filter seeing its own group only; 1 by default. */
  groups?: number;
}

export class Conv2d extends KernelLayer {
  readonly filters: number;
  readonly groups: number;
  readonly #window: MovingWindow;

  constructor(filters: number, kernelSize: number | readonly [number, number], options: Conv2dOptions = {}) {
    super("conv2d", options);
    this.filters = wholeNumber(this.place, "filters", filters);
    this.groups = wholeNumber(this.place, "groups", options.groups ?? 1);
    if (filters % this.groups !== 0) {
      throw new RangeError(`${this.place}: ${filters} filters do not divide into ${this.groups} groups`);
    }
    this.#window = new MovingWindow(this.place, pair(this.place, "kernelSize", kernelSize), options);
    if (options.inputShape) this.build(options.inputShape);
  }

  get kernelSize(): readonly [number, number] {
    return this.#window.size;
  }
  get strides(): readonly [number, number] {
    return this.#window.strides;
  }
  get padding(): MovingWindow["padding"] {
    return this.#window.padding;
  }

  override outputShape(inputShape: Shape): Shape {
    const [height, width, channels] = this.#window.read(this, inputShape);
    const own = this.builtKernel?.[2];
    const expected = own === undefined ? channels : own * this.groups;
    if (channels !== expected) {
      const isLast = this.#window.dataFormat === "channelsLast";
      const isSwapped = expected === (isLast ? height : width);
      const hint = isLast
        ? 'channels come last: did you mean .transpose([0, 2, 3, 1])? Or use dataFormat: "channelsFirst"'
        : "channels come first here: did you mean .transpose([0, 3, 1, 2])?";
      this.refuse(`input ${this.#window.axes(expected)}`, ["batch", ...inputShape], isSwapped ? hint : "");
    }
    if (channels % this.groups !== 0) {
      this.refuse(`a number of channels that divides into ${this.groups} groups`, ["batch", ...inputShape]);
    }
    return this.#window.place(this, inputShape, this.filters, "filters");
  }

  protected override kernelShape(inputShape: Shape): Shape {
    const [, , channels] = this.#window.read(this, inputShape);
    return [...this.kernelSize, channels / this.groups, this.filters];
  }

  protected override forward(x: Tensor): Tensor {
    const { fused, after } = this.plan;
    const result = convolve(x, this.weights[0], {
      bias: this.weights[1],
      ...this.#window.placement,
      groups: this.groups,
      activation: fused,
    });
    return after ? after(result) : result;
  }
}

/**
 * A two-dimensional convolution (as in all of deep learning, a cross-correlation: the filters are not flipped).
 *
 * Input `[batch, height, width, in]`, output `[batch, height', width', filters]`; kernel `[kh, kw, in / groups, filters]`,
 * bias `[filters]`. `conv2d.apply(x, filters, options)` is the operation itself, with filters of your own.
 *
 * @param filters how many filters, so how many channels come out
 * @param kernelSize height and width of a filter: `3` or `[3, 5]`
 * @throws Error when an input is no batch of images, has another number of channels, or is smaller than a filter
 * @example
 * const layer = conv2d(32, 3, { activation: "relu", inputShape: [28, 28, 1] });
 * layer.outputShape([28, 28, 1]) // → [ 26, 26, 32 ]
 * layer.parameterCount // → 320
 * conv2d(256, 5, { groups: 2 }).countParams([27, 27, 96]) // → 307456
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
