// What convolution and pooling layers share: a window that moves over images, and the sizes that come of it.
import { type DataFormat, readPadding } from "../ops/window.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { imageHint, pair } from "./arguments.ts";
import { choose } from "./choose.ts";
import type { Layer, LayerOptions } from "./layer.ts";

/** Cells of zeros around an image: on every side, or for height and width one number or `[before, after]`. */
export type PaddingCells =
  | number
  | readonly [number | readonly [number, number], number | readonly [number, number]];

/** How a window moves over images. */
export interface WindowOptions {
  /** Steps of the window, one number or `[vertical, horizontal]`. */
  strides?: number | readonly [number, number];
  /**
   * "valid" (default): only where the window fits; "same": stride 1 keeps height and width; or cells around the image, such as
   * `1`, `[0, 1]` or `[[1, 0], [2, 2]]`.
   */
  padding?: "valid" | "same" | PaddingCells;
  /** Distance between neighbouring cells of the window, one number or `[vertical, horizontal]`; 1 by default. */
  dilation?: number | readonly [number, number];
  /** "channelsLast" (default): images are `[height, width, channels]`; "channelsFirst", as in PyTorch: `[channels, height, width]`. */
  dataFormat?: DataFormat;
}

/** A window, ready to be placed. */
export class MovingWindow {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same" | readonly [number, number][];
  readonly dilation: readonly [number, number];
  readonly dataFormat: DataFormat;
  /** Whether a last window that the image does not fill counts. */
  readonly ceilMode: boolean;

  constructor(
    place: string,
    size: readonly [number, number],
    options: WindowOptions & { ceilMode?: boolean },
  ) {
    const { padding = "valid", dataFormat = "channelsLast" } = options;
    const words = { valid: "valid", same: "same" } as const;
    this.size = size;
    this.strides = pair(place, "strides", options.strides ?? 1);
    this.dilation = pair(place, "dilation", options.dilation ?? 1);
    this.padding =
      typeof padding === "string"
        ? choose("padding", padding, words)
        : (readPadding(place, padding, 2) as [number, number][]);
    const formats = { channelsLast: "channelsLast", channelsFirst: "channelsFirst" } as const;
    this.dataFormat = choose("dataFormat", dataFormat, formats);
    this.ceilMode = options.ceilMode ?? false;
  }

  /** The axes of a batch of images in words. */
  axes(channels: string | number = "channels"): string {
    return this.dataFormat === "channelsLast"
      ? `[batch, height, width, ${channels}]`
      : `[batch, ${channels}, height, width]`;
  }

  /** Height, width and channels of a sample. @throws Error that names the layer when it is no image. */
  read(layer: Layer, inputShape: Shape): [height: number, width: number, channels: number] {
    if (inputShape.length !== 3) {
      layer.refuse(`input ${this.axes()}`, ["batch", ...inputShape], imageHint(inputShape));
    }
    const [a, b, c] = inputShape;
    return this.dataFormat === "channelsLast" ? [a, b, c] : [b, c, a];
  }

  /**
   * The shape of what comes out: ⌊(size + padding − dilation · (window − 1) − 1) / stride⌋ + 1 along each axis.
   * @throws Error that names the layer when the window is larger than the image
   */
  place(layer: Layer, inputShape: Shape, channels: number, what: string): Shape {
    const [height, width] = this.read(layer, inputShape);
    const { padding } = this;
    const spans = this.size.map((size, i) => (size - 1) * this.dilation[i] + 1);
    const counts = [height, width].map((length, i) => {
      if (padding === "same") return Math.ceil(length / this.strides[i]);
      const [before, after] = padding === "valid" ? [0, 0] : padding[i];
      const free = length + before + after - spans[i];
      const count = Math.floor(free / this.strides[i]) + 1;
      // As in the operation: the last window begins inside the image or the padding before it.
      const isOneMore =
        this.ceilMode && free % this.strides[i] > 0 && count * this.strides[i] < length + before;
      return isOneMore ? count + 1 : count;
    });
    if (counts.some((count) => count < 1)) {
      const around =
        typeof padding === "string"
          ? ""
          : `, with its padding ${formatShape(padding.map(([a, b]) => a + b))}`;
      layer.refuse(
        `an image of at least ${spans.join("×")} (the size of the ${what})`,
        ["batch", ...inputShape],
        `${around ? `the image${around} is too small: ` : ""}use a smaller one, padding: "same", or less pooling before`,
      );
    }
    return this.dataFormat === "channelsLast" ? [...counts, channels] : [channels, ...counts];
  }

  /** The options of the operation. */
  get placement() {
    const { strides, padding, dilation, dataFormat } = this;
    return { strides, padding, dilation, dataFormat };
  }
}

/** The options of layers with a window. */
export type WindowLayerOptions = LayerOptions & WindowOptions;
