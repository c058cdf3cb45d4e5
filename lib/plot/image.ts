// Numbers as pictures: reads tensors of images and gives each pixel its colour.
import { type Colormap, colorAt, colorOf, NOT_FINITE, type Rgb } from "./color.ts";
import { finiteRange, isTensorLike, readValues, shapeText, type Values } from "./values.ts";

/** Pictures of one size, channels last. */
export interface Pictures {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: ArrayLike<number>;
}

/**
 * The values drawn as black and white (or the two ends of the colour scale): given as `[low, high]`, the smallest and
 * largest of all pictures ("all"), or of each picture by itself ("each").
 */
export type PictureRange = readonly [number, number] | "all" | "each";

const COLOR_CHANNELS = [1, 3, 4];

/**
 * Reads `[h, w]`, `[h, w, 1|3|4]`, `[n, h, w]` or `[n, h, w, 1|3|4]` as pictures. Three axes that end in 1, 3 or 4 are one
 * picture with channels, except `[n, 3, 3]` and `[n, 4, 4]`, which are small square pictures, and lists of matrices.
 */
export function readPictures(caller: string, input: Values): Pictures {
  const { shape, values } = readValues(caller, input);
  const last = shape[shape.length - 1];
  const hasChannels = COLOR_CHANNELS.includes(last);
  const isMatrixList = Array.isArray(input) && isTensorLike(input[0]) && input[0].shape.length === 2;
  const isColorPicture = hasChannels && shape[1] !== last && !isMatrixList;
  let form: readonly number[] | undefined;
  if (shape.length === 2) form = [1, ...shape, 1];
  else if (shape.length === 3) form = isColorPicture ? [1, ...shape] : [...shape, 1];
  else if (shape.length === 4 && hasChannels) form = shape;
  if (!form) {
    const hint =
      shape.length === 4
        ? ` — ${last} channels are not a colour; reshape to [n, h, w, 1], or show one channel at a time`
        : shape.length < 2
          ? " — a flat list of pixels needs its height and width: reshape to [h, w] first"
          : "";
    throw new RangeError(
      `${caller}: expected [n, h, w, c] with 1, 3 or 4 channels, or [n, h, w], [h, w, c], [h, w], got ${shapeText(shape)}${hint}`,
    );
  }
  const [count, height, width, channels] = form;
  if (values.length === 0)
    throw new RangeError(`${caller}: nothing to show, the shape is ${shapeText(shape)}`);
  return { count, height, width, channels, values };
}

/** Low and high end of the scale for every picture. */
export function pictureRanges(
  pictures: Pictures,
  range: PictureRange | undefined,
  map: Colormap,
): [number, number][] {
  const { count, channels, values } = pictures;
  if (range !== undefined && typeof range !== "string") {
    return Array.from({ length: count }, () => [range[0], range[1]]);
  }
  const size = values.length / count;
  if (range !== "each") {
    const all = rangeOf(values, channels, map);
    return Array.from({ length: count }, () => all);
  }
  const list = Array.from(values);
  return Array.from({ length: count }, (_, i) =>
    rangeOf(list.slice(i * size, (i + 1) * size), channels, map),
  );
}

/** A function that gives the colour of a pixel of one picture; `shrink` > 1 takes the mean of blocks of pixels. */
export function pixelColors(
  pictures: Pictures,
  index: number,
  [low, high]: readonly [number, number],
  map: Colormap,
  shrink = 1,
): (row: number, column: number) => Rgb {
  const { height, width, channels, values } = pictures;
  const start = index * height * width * channels;
  const span = high - low || 1;
  const read = (row: number, column: number, channel: number): number => {
    if (shrink === 1) return (values[start + (row * width + column) * channels + channel] - low) / span;
    let sum = 0;
    let count = 0;
    for (let y = row * shrink; y < Math.min((row + 1) * shrink, height); y++) {
      for (let x = column * shrink; x < Math.min((column + 1) * shrink, width); x++) {
        sum += values[start + (y * width + x) * channels + channel];
        count++;
      }
    }
    return (sum / count - low) / span;
  };
  if (channels === 1) return (row, column) => colorAt(map, read(row, column, 0));
  return (row, column) => {
    const color = [read(row, column, 0), read(row, column, 1), read(row, column, 2)];
    if (color.some(Number.isNaN)) return NOT_FINITE;
    const alpha = channels === 4 ? clamp(read(row, column, 3)) : 1;
    // on white where the picture is transparent
    return colorOf((part) => Math.round(255 * (1 + (clamp(color[part]) - 1) * alpha)));
  };
}

function rangeOf(values: ArrayLike<number>, channels: number, map: Colormap): [number, number] {
  const { min, max } = finiteRange(values);
  // colour pictures hold either bytes or parts of one
  if (channels > 1) return min >= 0 && max <= 1 ? [0, 1] : min >= 0 && max <= 255 ? [0, 255] : [min, max];
  if (map === "diverging") {
    const reach = Math.max(-min, max) || 1;
    return [-reach, reach];
  }
  if (min < max) return [min, max];
  // one value everywhere: on the usual scale if it lies there, else as the scale's low end
  return min >= 0 && min <= 1 ? [0, 1] : [min, min + 1];
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
