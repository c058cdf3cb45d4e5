// plot.convolution: a kernel slides over an image, and the feature map fills.
import { type Animation, type AnimationOptions, animation } from "./animation.ts";
import type { Displayable } from "./bundle.ts";
import { column } from "./column.ts";
import { isColorName } from "./highlight.ts";
import { matrix } from "./matrix.ts";
import { tableNumbers, tableText } from "./number.ts";
import { row } from "./row.ts";
import { readValues, shapeText, type Values } from "./values.ts";
import { type Pair, pairOf, placeWindows, type Sides, samePadding, sidesOf } from "./windows.ts";

export interface ConvolutionPictureOptions extends Omit<AnimationOptions, "frames"> {
  /** Steps of the kernel along rows and columns, 1 by default. */
  strides?: Pair;
  /** `"valid"` (the default), `"same"`, or cells of zeros: all around, or for rows and columns, `[0, 1]`, `[[top, bottom], [left, right]]`. */
  padding?: "valid" | "same" | Sides;
  /** Distance between neighbouring cells of the kernel, 1 by default. */
  dilation?: Pair;
  /** Added to every sum. */
  bias?: number;
  /** Where the channels of image and kernel stand when there are several; "channelsLast" by default. */
  dataFormat?: "channelsLast" | "channelsFirst";
  /** Names of the channels, such as `["red", "green", "blue"]`: windows have the colours that they name. */
  channels?: readonly string[];
}

/** More products are not written out. */
const MOST_TERMS = 12;

/** One channel of an image or a kernel. */
interface Plane {
  readonly height: number;
  readonly width: number;
  readonly values: readonly number[];
}

/**
 * Animates a convolution as deep learning means it (the kernel is not turned round): in each frame the window, the kernel's
 * weights in it, the sum of products, and the feature map so far. Of several channels each has its image and its kernel.
 * `.frame(i)` gives one step, `.frame(-1)` the result.
 *
 * @param image `[height, width]`, or `[height, width, channels]`
 * @param kernel `[kernel height, kernel width]`, or `[kernel height, kernel width, channels]`
 * @throws RangeError when the kernel does not fit, the channels differ, or there are more than 150 steps
 * @example
 * plot.convolution([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, -1]], { bias: 1 }).length // → 4
 */
export function convolution(
  image: Values,
  kernel: Values,
  options: ConvolutionPictureOptions = {},
): Animation {
  const caller = "plot.convolution";
  const { strides = 1, dilation = 1, bias = 0, dataFormat = "channelsLast", channels } = options;
  const planes = readPlanes(`${caller}, image`, image, dataFormat);
  const kernels = readPlanes(`${caller}, kernel`, kernel, dataFormat);
  const size = [kernels[0].height, kernels[0].width] as const;
  const { padding: wanted = "valid" } = options;
  const padding =
    wanted === "same"
      ? samePadding([planes[0].height, planes[0].width], size, strides, dilation)
      : sidesOf(caller, wanted === "valid" ? 0 : wanted);
  const images = planes.map((plane) => padded(plane, padding));
  if (images.length !== kernels.length) {
    throw new RangeError(
      `${caller}: the image has ${images.length} channel(s), the kernel ${kernels.length} — a kernel always goes through all channels`,
    );
  }
  if (channels !== undefined && channels.length !== images.length)
    throw new RangeError(`${caller}: ${channels.length} names for ${images.length} channels`);
  const [{ height, width }] = images;
  const windows = placeWindows(caller, [height, width], { size, strides, dilation });
  const gaps = pairOf(dilation);
  const parts = windows.corners.map((corner) =>
    images.map((plane, i) => products(plane, kernels[i], corner, gaps)),
  );
  const results = parts.map((planes) => sum(planes.map((terms) => sum(terms.map(([a, b]) => a * b)))) + bias);
  const map = Array.from({ length: windows.rows }, (_, i) =>
    results.slice(i * windows.columns, (i + 1) * windows.columns),
  );

  const frame = (i: number): Displayable => {
    const corner = windows.corners[i];
    const pairs = images.map((_, channel) => {
      const name = channels?.[channel] ?? (images.length > 1 ? `channel ${channel}` : undefined);
      const weights = rowsOf(kernels[channel]);
      return row([
        matrix(rowsOf(planes[channel]), {
          title: name ?? "image",
          padding,
          highlight: { ...corner, dilation, weights, ...(isColorName(name) ? { color: name } : {}) },
        }),
        "∗",
        matrix(weights, { title: name ? `kernel, ${name}` : "kernel" }),
      ]);
    });
    const at = { row: Math.floor(i / windows.columns), column: i % windows.columns, color: "green" } as const;
    const filled = matrix(map, { title: "feature map", highlight: at, filled: i + 1 });
    return row([column(pairs), "=", filled], { caption: sentence(parts[i], bias, results[i]) });
  };
  const title = options.title ?? `A ${size.join(" × ")} kernel slides over the image`;
  const alt =
    options.alt ??
    `A kernel of ${size.join(" × ")} slides over an image of ${planes[0].height} × ${planes[0].width}${images.length > 1 ? ` with ${images.length} channels` : ""}; ` +
      `each step writes a sum of products into the feature map:\n${tableText(map)}`;
  return animation(frame, { ...options, title, alt, frames: windows.corners.length });
}

/** Channels one by one. */
function readPlanes(what: string, input: Values, dataFormat: "channelsLast" | "channelsFirst"): Plane[] {
  const { shape, values } = readValues(what, input);
  if ((shape.length !== 2 && shape.length !== 3) || values.length === 0) {
    const form = dataFormat === "channelsLast" ? "[height, width, channels]" : "[channels, height, width]";
    throw new RangeError(`${what}: expected [height, width] or ${form}, got ${shapeText(shape)}`);
  }
  const first = dataFormat === "channelsFirst";
  const [height, width] = shape.length === 2 || !first ? shape : shape.slice(1);
  const count = shape.length === 2 ? 1 : shape[first ? 0 : 2];
  const cells = height * width;
  return Array.from({ length: count }, (_, channel) => ({
    height,
    width,
    values: Array.from(
      { length: cells },
      (_, i) => values[first ? channel * cells + i : i * count + channel],
    ),
  }));
}

type Padding = ReturnType<typeof sidesOf>;

function padded({ height, width, values }: Plane, [[top, bottom], [left, right]]: Padding): Plane {
  const wide = width + left + right;
  const tall = height + top + bottom;
  const all = new Array<number>(wide * tall).fill(0);
  values.forEach((value, i) => {
    all[(Math.floor(i / width) + top) * wide + (i % width) + left] = value;
  });
  return { height: tall, width: wide, values: all };
}

/** The pairs of weight and value that a window multiplies. */
function products(
  plane: Plane,
  kernel: Plane,
  corner: { row: number; column: number },
  [down, across]: readonly [number, number],
): [weight: number, value: number][] {
  return kernel.values.map((weight, i) => {
    const y = corner.row + Math.floor(i / kernel.width) * down;
    const x = corner.column + (i % kernel.width) * across;
    return [weight, plane.values[y * plane.width + x]];
  });
}

/** The sum written out: the products of one channel when they are few, else one number a channel. */
function sentence(planes: readonly (readonly [number, number][])[], bias: number, result: number): string {
  const write = tableNumbers([...planes.flat(2), bias, result]);
  const signed = (value: number): string =>
    value < 0 || Object.is(value, -0) ? `(${write(value)})` : write(value);
  const terms =
    planes.length === 1 && planes[0].length <= MOST_TERMS
      ? planes[0].map(([weight, value]) => `${signed(weight)}·${signed(value)}`)
      : planes.map((plane) => signed(sum(plane.map(([weight, value]) => weight * value))));
  if (bias !== 0) terms.push(signed(bias));
  return terms.length === 1 ? `sum of products: ${write(result)}` : `${terms.join(" + ")} = ${write(result)}`;
}

function rowsOf({ height, width, values }: Plane): number[][] {
  return Array.from({ length: height }, (_, y) => values.slice(y * width, (y + 1) * width));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
