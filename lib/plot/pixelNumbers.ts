// Numbers written into the pixels of pictures, and the planes of a colour picture.
import { type Rgb, textColorOn } from "./color.ts";
import type { Pictures } from "./image.ts";
import { tableNumbers } from "./number.ts";
import { textWidth } from "./text.ts";

/** What is written into pixels, and how large they have to be for it. */
export interface PixelNumbers {
  /** Width and height that a pixel needs, in pixels of the page. */
  readonly room: number;
  readonly size: number;
  /** The lines in a pixel of a picture. */
  lines(picture: number, row: number, column: number): readonly string[];
}

const SIZE = 11;
const SMALL = 9;
const LINE = 11;

/** The values of every pixel: one line, or three for a colour. */
export function pixelNumbers({ values, height, width, channels }: Pictures): PixelNumbers {
  const write = tableNumbers(values);
  const shown = Math.min(channels, 3);
  const size = shown === 1 ? SIZE : SMALL;
  const texts = Array.from(values, (value) => write(value));
  const widest = Math.max(...texts.map((text) => textWidth(text, size)));
  return {
    room: Math.ceil(Math.max(widest + 6, shown * LINE + 6)),
    size,
    lines: (picture, row, column) => {
      const first = ((picture * height + row) * width + column) * channels;
      return texts.slice(first, first + shown);
    },
  };
}

/** Each picture followed by its red, green and blue plane, each in its colour. */
export function colorPlanes(pictures: Pictures): Pictures {
  const { count, height, width, channels, values } = pictures;
  const pixels = height * width;
  const planes = new Float64Array(count * 4 * pixels * 3);
  for (let picture = 0; picture < count; picture++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = (picture * pixels + pixel) * channels;
      for (let channel = 0; channel < 3; channel++) {
        for (const plane of [0, channel + 1])
          planes[((picture * 4 + plane) * pixels + pixel) * 3 + channel] = values[from + channel];
      }
    }
  }
  return { count: count * 4, height, width, channels: 3, values: planes };
}

/** Numbers for {@link colorPlanes}: each plane has its own channel's, the picture itself none. */
export function planeNumbers(planes: Pictures): PixelNumbers {
  const { values, height, width } = planes;
  const write = tableNumbers(values);
  const widest = Math.max(...Array.from(values, (value) => textWidth(write(value), SIZE)));
  return {
    room: Math.ceil(widest + 6),
    size: SIZE,
    lines: (picture, row, column) => {
      const channel = (picture % 4) - 1;
      return channel < 0 ? [] : [write(values[((picture * height + row) * width + column) * 3 + channel])];
    },
  };
}

/** A line in a pixel, with its middle at (x, y) in a square of the pixel's colour. */
export interface PixelLine {
  readonly dy: number;
  readonly text: string;
  readonly color: string;
}

/** The lines of a pixel, one below the other around its middle. */
export function placeLines(lines: readonly string[], size: number, color: Rgb): PixelLine[] {
  const ink = textColorOn(color);
  return lines.map((text, i) => ({
    text,
    color: ink,
    dy: (i - (lines.length - 1) / 2) * LINE + size * 0.36,
  }));
}
