// What convolution and pooling layers share: a window that moves over sequences, images or volumes, and the sizes that come of it.
import { type DataFormat, layWindows, readPadding, spatialAxes } from "../ops/window.ts";
import type { Shape } from "../tensor/shape.ts";
import { checkAxes, type PerAxis, readSizes, type Sizes, type SpatialRank } from "./arguments.ts";
import { choose } from "./choose.ts";
import type { Layer, LayerOptions } from "./layer.ts";

/** Cells of zeros around an image: on every side, or for each axis one number or `[before, after]`. */
export type PaddingCells<N extends SpatialRank = 2> = number | PerAxis<N, number | readonly [number, number]>;

/** How a window moves over images (N = 2), sequences (1) or volumes (3). */
export interface WindowOptions<N extends SpatialRank = 2> {
  /** Steps of the window, one number or one an axis: `[vertical, horizontal]`. */
  strides?: Sizes<N>;
  /**
   * "valid" (default): only where the window fits; "same": stride 1 keeps the size; along sequences also "causal": no output
   * looks ahead; or cells around the image, such as `1`, `[0, 1]` or `[[1, 0], [2, 2]]`.
   */
  padding?: "valid" | "same" | PaddingCells<N> | (N extends 1 ? "causal" : never);
  /** Distance between neighbouring cells of the window, one number or one an axis; 1 by default. */
  dilation?: Sizes<N>;
  /** "channelsLast" (default): images are `[height, width, channels]`; "channelsFirst", as in PyTorch: `[channels, height, width]`. */
  dataFormat?: DataFormat;
}

/** The options of layers with a window. */
export type WindowLayerOptions<N extends SpatialRank = 2> = LayerOptions & WindowOptions<N>;

const words = { valid: "valid", same: "same" } as const;

/** A window, ready to be placed. */
export class MovingWindow<N extends SpatialRank = 2> {
  readonly rank: N;
  readonly size: PerAxis<N, number>;
  readonly strides: PerAxis<N, number>;
  readonly padding: "valid" | "same" | "causal" | readonly [number, number][];
  readonly dilation: PerAxis<N, number>;
  readonly dataFormat: DataFormat;
  /** Whether a last window that the image does not fill counts. */
  readonly ceilMode: boolean;

  constructor(
    place: string,
    rank: N,
    size: PerAxis<N, number>,
    options: WindowOptions<N> & { ceilMode?: boolean },
  ) {
    this.rank = rank;
    this.size = size;
    this.strides = readSizes(place, "strides", options.strides ?? 1, rank);
    this.dilation = readSizes(place, "dilation", options.dilation ?? 1, rank);
    const { padding = "valid" } = options;
    this.padding =
      typeof padding === "string"
        ? choose<"valid" | "same" | "causal">(
            "padding",
            padding,
            rank === 1 ? { ...words, causal: "causal" } : words,
          )
        : (readPadding(place, padding, rank) as [number, number][]);
    const formats = { channelsLast: "channelsLast", channelsFirst: "channelsFirst" } as const;
    this.dataFormat = choose("dataFormat", options.dataFormat ?? "channelsLast", formats);
    this.ceilMode = options.ceilMode ?? false;
  }

  /** The axes of a batch of images in words. */
  axes(channels: string | number = "channels"): string {
    const spatial = spatialAxes(this.rank);
    return this.dataFormat === "channelsLast"
      ? `[batch, ${spatial}, ${channels}]`
      : `[batch, ${channels}, ${spatial}]`;
  }

  /** The sizes and the channels of a sample. @throws Error that names the layer when it has other axes. */
  read(layer: Layer, inputShape: Shape): { lengths: Shape; channels: number } {
    checkAxes(layer, inputShape, this.rank, this.axes());
    return this.dataFormat === "channelsLast"
      ? { lengths: inputShape.slice(0, -1), channels: inputShape.at(-1)! }
      : { lengths: inputShape.slice(1), channels: inputShape[0] };
  }

  /** The channels of a sample. @throws Error that names the layer when they are not as many as its weights expect */
  readChannels(layer: Layer, inputShape: Shape, expected: number | undefined): number {
    const { lengths, channels } = this.read(layer, inputShape);
    if (expected === undefined || channels === expected) return channels;
    const isLast = this.dataFormat === "channelsLast";
    const spatial = lengths.map((_, i) => i + (isLast ? 2 : 1));
    const order = isLast ? [0, ...spatial, 1] : [0, this.rank + 1, ...spatial];
    const hint = isLast
      ? `channels come last: did you mean .transpose([${order.join(", ")}])? Or use dataFormat: "channelsFirst"`
      : `channels come first here: did you mean .transpose([${order.join(", ")}])?`;
    const isSwapped = expected === (isLast ? lengths[0] : lengths.at(-1));
    return layer.refuse(`input ${this.axes(expected)}`, ["batch", ...inputShape], isSwapped ? hint : "");
  }

  /**
   * The sizes of what comes out: ⌊(size + padding − dilation · (window − 1) − 1) / stride⌋ + 1 along each axis.
   * @throws Error that names the layer when the window is larger than the image
   */
  place(layer: Layer, inputShape: Shape, what: string): Shape {
    const { lengths } = this.read(layer, inputShape);
    const { axes, spans, padded, fits } = layWindows(layer.place, lengths, this.size as Shape, this);
    if (!fits) {
      const kind = ["sequence", "image", "volume"][this.rank - 1];
      const around =
        typeof this.padding === "string"
          ? ""
          : `the ${kind}, with its padding [${padded.map((size, i) => size - lengths[i]).join(", ")}] is too small: `;
      layer.refuse(
        `${this.rank === 2 ? "an" : "a"} ${kind} of at least ${spans.join("×")} (the size of the ${what})`,
        ["batch", ...inputShape],
        `${around}use a smaller one, padding: "same", or less pooling before`,
      );
    }
    return axes.map(({ positions }) => positions);
  }

  /** Sizes and channels in the order of the axes. */
  shapeOf(sizes: Shape, channels: number): Shape {
    return this.dataFormat === "channelsLast" ? [...sizes, channels] : [channels, ...sizes];
  }

  /** The options of the operation. */
  get placement() {
    const { strides, padding, dilation, dataFormat } = this;
    return { strides, padding, dilation, dataFormat };
  }
}
