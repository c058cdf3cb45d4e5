// The transposed convolution layer, and the plain operation as `conv2dTranspose.apply`.
import {
  type TransposedOptions,
  conv2dTranspose as transposed,
  transposedAxes,
} from "../ops/transposedConvolution.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Sizes, wholeNumber } from "./arguments.ts";
import type { KernelLayerOptions } from "./kernelLayer.ts";
import { WindowKernelLayer } from "./windowKernelLayer.ts";
import type { WindowOptions } from "./windowLayer.ts";

/** Options of {@link conv2dTranspose}. */
export interface Conv2dTransposeOptions extends KernelLayerOptions, WindowOptions {
  /** Cells more at the end of each axis: a stride leaves open which of several sizes the output has. 0 by default. */
  outputPadding?: number | readonly [number, number];
}

export class Conv2dTranspose extends WindowKernelLayer<2> {
  readonly filters: number;
  readonly #options: TransposedOptions;

  constructor(filters: number, kernelSize: Sizes<2>, options: Conv2dTransposeOptions = {}) {
    super("conv2dTranspose", 2, kernelSize, options);
    this.filters = wholeNumber(this.place, "filters", filters);
    this.#options = { ...this.window.placement, outputPadding: options.outputPadding ?? 0 };
    transposedAxes(this.place, [1, 1], this.kernelSize, this.#options); // says now what is wrong with the output padding
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    this.window.readChannels(this, inputShape, this.builtKernel?.[3]);
    const { lengths } = this.window.read(this, inputShape);
    const sizes = transposedAxes(this.place, lengths, this.kernelSize, this.#options).map(
      ({ length }) => length,
    );
    if (sizes.some((size) => size < 1)) {
      const hint = `the output would be ${sizes.join("×")}`;
      this.refuse("an image of which the padding leaves something", ["batch", ...inputShape], hint);
    }
    return this.window.shapeOf(sizes, this.filters);
  }

  protected override kernelShape(inputShape: Shape): Shape {
    return [...this.kernelSize, this.filters, this.window.read(this, inputShape).channels];
  }

  protected override biasShape(): Shape {
    return [this.filters];
  }

  protected override forward(x: Tensor): Tensor {
    return this.activate(transposed(x, this.weights[0], { ...this.#options, ...this.biasAndActivation }));
  }
}

/**
 * A transposed convolution, which makes images larger: each cell adds the filters, times its value, to a window of the output.
 * With stride s and `padding: "same"` height and width become s times as large. Zeiler et al., CVPR 2010.
 *
 * Input `[batch, height, width, in]`, output `[batch, height', width', filters]`; kernel `[kh, kw, filters, in]` (as in Keras), bias
 * `[filters]`. Sizes of the output: see {@link functional.conv2dTranspose}, which is `conv2dTranspose.apply`.
 *
 * @param filters how many channels come out
 * @param kernelSize height and width of a filter: `3` or `[3, 5]`
 * @throws Error when an input is no batch of images or has another number of channels
 * @example
 * const layer = conv2dTranspose(64, 5, { strides: 2, padding: "same", inputShape: [7, 7, 128] });
 * layer.outputShape([7, 7, 128]) // → [ 14, 14, 64 ]
 * layer.parameterCount // → 204864
 */
export const conv2dTranspose: {
  (filters: number, kernelSize: Sizes<2>, options?: Conv2dTransposeOptions): Conv2dTranspose;
  /** The operation, with filters `[kh, kw, out, in]` of your own. */
  apply: typeof transposed;
} = Object.assign(
  (filters: number, kernelSize: Sizes<2>, options?: Conv2dTransposeOptions) =>
    new Conv2dTranspose(filters, kernelSize, options),
  { apply: transposed },
);
