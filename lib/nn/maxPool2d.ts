// The max-pooling layer.
import { maxPool2d as pool } from "../ops/pooling.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { imageHint, pair, windowCount } from "./arguments.ts";
import { choose } from "./choose.ts";
import { Layer, type LayerOptions } from "./layer.ts";

export interface MaxPool2dOptions extends LayerOptions {
  /** Steps of the window; the window's size by default, so that windows do not overlap. */
  strides?: number | readonly [number, number];
  /** "valid" (default): only where the window fits; "same": windows reach over the border. */
  padding?: "valid" | "same";
}

export class MaxPool2d extends Layer {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";

  constructor(poolSize: number | readonly [number, number] = 2, options: MaxPool2dOptions = {}) {
    super("maxPool2d", options);
    this.poolSize = pair(this.place, "poolSize", poolSize);
    this.strides = pair(this.place, "strides", options.strides ?? this.poolSize);
    this.padding = choose("padding", options.padding ?? "valid", { valid: "valid", same: "same" } as const);
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    const got = ["batch", ...inputShape];
    if (inputShape.length !== 3)
      this.refuse("input [batch, height, width, channels]", got, imageHint(inputShape));
    const [height, width, channels] = inputShape;
    const rows = windowCount(height, this.poolSize[0], this.strides[0], this.padding);
    const columns = windowCount(width, this.poolSize[1], this.strides[1], this.padding);
    if (rows < 1 || columns < 1) {
      const size = this.poolSize.join("×");
      this.refuse(
        `an image of at least ${size} (the size of the window)`,
        got,
        'pool less, or use padding: "same"',
      );
    }
    return [rows, columns, channels];
  }

  protected override forward(x: Tensor): Tensor {
    return pool(x, { poolSize: this.poolSize, strides: this.strides, padding: this.padding });
  }
}

/**
 * Keeps the largest value of each window, channel by channel.
 *
 * Input `[batch, height, width, channels]`, output `[batch, height', width', channels]`.
 *
 * @param poolSize height and width of the window: `2` (default) or `[2, 3]`
 * @throws Error when an input is no batch of images or is smaller than the window
 * @example
 * maxPool2d(2).outputShape([26, 26, 32]) // → [ 13, 13, 32 ]
 */
export function maxPool2d(
  poolSize?: number | readonly [number, number],
  options?: MaxPool2dOptions,
): MaxPool2d {
  return new MaxPool2d(poolSize, options);
}
