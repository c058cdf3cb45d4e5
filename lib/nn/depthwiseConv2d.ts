// Convolution layers that do not mix the channels, or mix them afterwards.
import { depthwiseConv2d as depthwise, separableConv2d as separable } from "../ops/depthwiseConvolution.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Sizes, wholeNumber } from "./arguments.ts";
import type { KernelLayerOptions } from "./kernelLayer.ts";
import type { WeightPlan } from "./weights.ts";
import { WindowKernelLayer } from "./windowKernelLayer.ts";
import type { WindowOptions } from "./windowLayer.ts";

/** Options of {@link depthwiseConv2d} and {@link separableConv2d}. */
export interface DepthwiseConv2dOptions extends KernelLayerOptions, WindowOptions {
  /** How many filters each channel has; 1 by default. */
  depthMultiplier?: number;
}

abstract class DepthwiseLayer extends WindowKernelLayer<2> {
  readonly depthMultiplier: number;

  constructor(kind: string, kernelSize: Sizes<2>, options: DepthwiseConv2dOptions) {
    super(kind, 2, kernelSize, options);
    this.depthMultiplier = wholeNumber(this.place, "depthMultiplier", options.depthMultiplier ?? 1);
  }

  /** How many channels come out where this many go in. */
  protected abstract channelsOut(channels: number): number;

  override outputShape(inputShape: Shape): Shape {
    const channels = this.window.readChannels(this, inputShape, this.builtKernel?.[2]);
    return this.window.shapeOf(this.window.place(this, inputShape, "filters"), this.channelsOut(channels));
  }

  protected override kernelShape(inputShape: Shape): Shape {
    return [...this.kernelSize, this.window.read(this, inputShape).channels, this.depthMultiplier];
  }

  protected override biasShape(inputShape: Shape): Shape {
    return [this.channelsOut(this.window.read(this, inputShape).channels)];
  }
}

export class DepthwiseConv2d extends DepthwiseLayer {
  constructor(kernelSize: Sizes<2>, options: DepthwiseConv2dOptions = {}) {
    super("depthwiseConv2d", kernelSize, options);
    if (options.inputShape) this.build(options.inputShape);
  }

  protected override channelsOut(channels: number): number {
    return channels * this.depthMultiplier;
  }

  protected override forward(x: Tensor): Tensor {
    const options = { ...this.window.placement, ...this.biasAndActivation };
    return this.activate(depthwise(x, this.weights[0], options));
  }
}

export class SeparableConv2d extends DepthwiseLayer {
  readonly filters: number;

  constructor(filters: number, kernelSize: Sizes<2>, options: DepthwiseConv2dOptions = {}) {
    super("separableConv2d", kernelSize, options);
    this.filters = wholeNumber(this.place, "filters", filters);
    if (options.inputShape) this.build(options.inputShape);
  }

  protected override channelsOut(): number {
    return this.filters;
  }

  protected override kernelPlans(inputShape: Shape): WeightPlan[] {
    const depthwise = this.kernelShape(inputShape);
    const channels = depthwise[2] * depthwise[3];
    return [this.kernelPlan(depthwise), this.kernelPlan([1, 1, channels, this.filters])];
  }

  protected override forward(x: Tensor): Tensor {
    const [first, second] = this.weights;
    const options = { ...this.window.placement, ...this.biasAndActivation };
    return this.activate(separable(x, first, second, options));
  }
}

/**
 * A convolution of every channel with filters of its own; channels are not mixed.
 *
 * Input `[batch, height, width, channels]`, output `[batch, height', width', channels · depthMultiplier]`; kernel
 * `[kh, kw, channels, depthMultiplier]`, bias one for each output. `depthwiseConv2d.apply` is the operation itself.
 *
 * @param kernelSize height and width of a filter: `3` or `[3, 5]`
 * @throws Error when an input is no batch of images, has another number of channels, or is smaller than a filter
 * @example
 * const layer = depthwiseConv2d(3, { padding: "same", inputShape: [14, 14, 512] });
 * layer.outputShape([14, 14, 512]) // → [ 14, 14, 512 ]
 * layer.parameterCount // → 5120
 */
export const depthwiseConv2d: {
  (kernelSize: Sizes<2>, options?: DepthwiseConv2dOptions): DepthwiseConv2d;
  /** The operation, with filters `[kh, kw, channels, multiplier]` of your own. */
  apply: typeof depthwise;
} = Object.assign(
  (kernelSize: Sizes<2>, options?: DepthwiseConv2dOptions) => new DepthwiseConv2d(kernelSize, options),
  { apply: depthwise },
);

/**
 * A depthwise convolution and then a 1×1 convolution that mixes the channels: nearly what a convolution can do, with
 * 1/filters + 1/(kh · kw) of its multiplications. Howard et al., MobileNets, 2017.
 *
 * Input `[batch, height, width, channels]`, output `[batch, height', width', filters]`; kernels
 * `[kh, kw, channels, depthMultiplier]` and `[1, 1, channels · depthMultiplier, filters]`, one bias `[filters]`.
 *
 * @param filters how many channels come out
 * @param kernelSize height and width of a filter: `3` or `[3, 5]`
 * @throws Error when an input is no batch of images, has another number of channels, or is smaller than a filter
 * @example
 * separableConv2d(512, 3, { useBias: false }).countParams([14, 14, 512]) // → 266752
 */
export const separableConv2d: {
  (filters: number, kernelSize: Sizes<2>, options?: DepthwiseConv2dOptions): SeparableConv2d;
  /** The operation, with both kernels of your own. */
  apply: typeof separable;
} = Object.assign(
  (filters: number, kernelSize: Sizes<2>, options?: DepthwiseConv2dOptions) =>
    new SeparableConv2d(filters, kernelSize, options),
  { apply: separable },
);
