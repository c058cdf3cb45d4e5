// What the convolution layers in one, two and three dimensions share.
import { convolution } from "../ops/convolution.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Sizes, type SpatialRank, wholeNumber } from "./arguments.ts";
import type { KernelLayerOptions } from "./kernelLayer.ts";
import { WindowKernelLayer } from "./windowKernelLayer.ts";
import type { WindowOptions } from "./windowLayer.ts";

/** Options of convolution layers over N axes. */
export interface ConvolutionLayerOptions<N extends SpatialRank> extends KernelLayerOptions, WindowOptions<N> {
  /** Channels and filters fall into this many groups, each filter seeing its own group only; 1 by default. */
  groups?: number;
}

export class ConvolutionLayer<N extends SpatialRank> extends WindowKernelLayer<N> {
  readonly filters: number;
  readonly groups: number;

  constructor(rank: N, filters: number, kernelSize: Sizes<N>, options: ConvolutionLayerOptions<N> = {}) {
    super(`conv${rank}d`, rank, kernelSize, options);
    this.filters = wholeNumber(this.place, "filters", filters);
    this.groups = wholeNumber(this.place, "groups", options.groups ?? 1);
    if (filters % this.groups !== 0) {
      throw new RangeError(`${this.place}: ${filters} filters do not divide into ${this.groups} groups`);
    }
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    const own = this.builtKernel?.at(-2);
    const expected = own === undefined ? undefined : own * this.groups;
    const channels = this.window.readChannels(this, inputShape, expected);
    if (channels % this.groups !== 0) {
      this.refuse(`a number of channels that divides into ${this.groups} groups`, ["batch", ...inputShape]);
    }
    return this.window.shapeOf(this.window.place(this, inputShape, "filters"), this.filters);
  }

  protected override kernelShape(inputShape: Shape): Shape {
    const { channels } = this.window.read(this, inputShape);
    return [...this.kernelSize, channels / this.groups, this.filters];
  }

  protected override forward(x: Tensor): Tensor {
    const options = { ...this.window.placement, ...this.biasAndActivation, groups: this.groups };
    return this.activate(convolution(this.place, this.window.rank, x, this.weights[0], options));
  }
}
