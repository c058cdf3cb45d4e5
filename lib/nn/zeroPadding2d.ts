// The layer that puts zeros around images.
import { pad } from "../ops/padding.ts";
import { readPadding } from "../ops/window.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkAxes } from "./arguments.ts";
import { Layer, type LayerOptions } from "./layer.ts";
import type { PaddingCells } from "./windowLayer.ts";

export class ZeroPadding2d extends Layer {
  /** Cells before and after, of height and of width. */
  readonly padding: readonly [number, number][];

  constructor(padding: PaddingCells = 1, options: LayerOptions = {}) {
    super("zeroPadding2d", options);
    this.padding = readPadding(this.place, padding, 2) as [number, number][];
    if (options.inputShape) this.build(options.inputShape);
  }

  override outputShape(inputShape: Shape): Shape {
    checkAxes(this, inputShape, 2);
    const [height, width, channels] = inputShape;
    const [[top, bottom], [left, right]] = this.padding;
    return [top + height + bottom, left + width + right, channels];
  }

  protected override forward(x: Tensor): Tensor {
    return pad(x, [[0, 0], ...this.padding, [0, 0]]);
  }
}

/**
 * Puts zeros around images: `[batch, height, width, channels]` → `[batch, height', width', channels]`.
 *
 * @param padding cells on every side (1 by default), `[vertical, horizontal]`, or `[[top, bottom], [left, right]]`
 * @throws Error when an input is no batch of images
 * @example
 * zeroPadding2d(2).outputShape([28, 28, 1]) // → [ 32, 32, 1 ]
 * zeroPadding2d([[1, 0], [0, 2]]).outputShape([28, 28, 1]) // → [ 29, 30, 1 ]
 */
export function zeroPadding2d(padding?: PaddingCells, options?: LayerOptions): ZeroPadding2d {
  return new ZeroPadding2d(padding, options);
}
