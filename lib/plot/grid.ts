// show(): tensors as a grid of pictures in the notebook.
import { type Displayable, displayable, pngBundle } from "./bundle.ts";
import type { Colormap } from "./color.ts";
import { type PictureRange, type Pictures, readPictures } from "./image.ts";
import { shortNumber } from "./number.ts";
import { colorPlanes, type PixelNumbers, pixelNumbers, planeNumbers } from "./pixelNumbers.ts";
import { drawSheet, WIDTH_LIMIT } from "./sheet.ts";
import { checkOptions, finiteRange, readNumbers, type Values } from "./values.ts";

export interface ShowOptions {
  /** Pictures per row. */
  columns?: number;
  /** A line above each picture: texts, or numbers such as labels. */
  titles?: readonly string[] | Values;
  /** A line above all of them. */
  title?: string;
  /**
   * The values drawn as black and white (or the ends of the colour scale): `[low, high]`, the smallest and largest of all
   * pictures ("all", the default), or of each picture by itself ("each").
   */
  range?: PictureRange;
  /** Colours for pictures with one channel: "gray" (the default), "viridis", or "diverging" (zero is white). */
  colormap?: Colormap;
  /** Writes the value into every pixel, three for a colour; only for small pictures. */
  numbers?: boolean;
  /** Shows a colour picture together with its red, green and blue plane. */
  channels?: boolean;
}

const MOST_PICTURES = 100;
const PLANES = ["picture", "red", "green", "blue"];
/** The largest pixel with a number in it. */
const LARGEST_PIXEL = 48;
/** A picture with numbers may be this high. */
const LARGEST_SIDE = 1200;

/**
 * Shows one picture or a grid of pictures.
 *
 * Pixels stay sharp squares however small the picture is. Colour pictures hold 0–1 or 0–255; what is not a number is drawn
 * in magenta. Of more than 100 pictures the first 100 are shown.
 *
 * @param images `[h, w]`, `[h, w, 1|3|4]`, `[n, h, w]` or `[n, h, w, 1|3|4]`, or a list of such pictures of one size
 * @throws RangeError when the shape is none of these, there are not as many titles as pictures, or no room for numbers
 * @example
 * show([[0, 0.5], [0.5, 1]], { title: "a picture of 2 × 2 pixels" })
 */
export function show(images: Values, options: ShowOptions = {}): Displayable {
  checkOptions("show", options, "{ columns: 4 }");
  const { colormap = "gray", columns, range, title } = options;
  const given = readPictures("show", images);
  const all = options.channels ? planesOf(given) : given;
  const pictures = firstPictures(all, MOST_PICTURES);
  const titles = options.channels
    ? Array.from({ length: pictures.count }, (_, i) => PLANES[i % 4])
    : readTitles(options.titles, all.count)?.slice(0, pictures.count);
  if (columns !== undefined && !(Number.isInteger(columns) && columns > 0)) {
    throw new RangeError(`show: columns must be a whole number from 1, got ${columns}`);
  }
  const numbers = !options.numbers
    ? undefined
    : options.channels
      ? planeNumbers(pictures)
      : pixelNumbers(pictures);
  const layout = { columns: columns ?? (options.channels ? 4 : undefined), pictureSize: pictureSize(all) };
  const section = {
    pictures,
    heading: title,
    titles,
    range,
    colormap,
    outOf: all.count,
    ...(numbers ? { numbers, ...roomFor(numbers, pictures, layout) } : layout),
  };
  return displayable(async () => {
    const sheet = await drawSheet([section]);
    return pngBundle(sheet.png, sheet, describe(given, Math.min(pictures.count, given.count), title));
  });
}

function planesOf(pictures: Pictures): Pictures {
  if (pictures.channels === 1)
    throw new RangeError("show: channels are the planes of a colour picture, this one has a single channel");
  return colorPlanes(pictures);
}

/** Pixels large enough for their numbers, and as many pictures beside each other as then have room. */
function roomFor(
  { room }: PixelNumbers,
  { count, height, width }: Pictures,
  { columns = count, pictureSize }: { columns?: number; pictureSize: number },
): { columns: number; pictureSize: number } {
  const most = Math.floor((WIDTH_LIMIT - 20) / (width * room + 6));
  if (most < 1 || height * room > LARGEST_SIDE) {
    throw new RangeError(
      `show: there is no room for numbers in ${height} × ${width} pixels, at most about ${Math.floor((WIDTH_LIMIT - 26) / room)} — show a part of the picture`,
    );
  }
  const side = Math.max(height, width);
  // rows of equal length
  let beside = Math.min(columns, most);
  while (count % beside !== 0 && beside > 1 && columns === PLANES.length) beside--;
  return { columns: beside, pictureSize: Math.max(side * room, Math.min(pictureSize, side * LARGEST_PIXEL)) };
}

/** The first `most` of the pictures. */
export function firstPictures(pictures: Pictures, most: number): Pictures {
  if (pictures.count <= most) return pictures;
  const size = pictures.values.length / pictures.count;
  return { ...pictures, count: most, values: Array.prototype.slice.call(pictures.values, 0, most * size) };
}

/** Fewer pictures are shown larger; one photograph may be as large as a chart. */
function pictureSize({ count, height, width }: Pictures): number {
  if (count === 1) return Math.min(Math.max(280, height, width), 480);
  return count <= 4 ? 200 : count <= 12 ? 140 : 84;
}

function readTitles(titles: ShowOptions["titles"], count: number): string[] | undefined {
  if (titles === undefined) return undefined;
  const isText = Array.isArray(titles) && titles.some((title) => typeof title === "string");
  const list = isText
    ? (titles as readonly string[]).map(String)
    : readNumbers("show, titles", titles as Values).map((value) => shortNumber(value));
  if (list.length !== count) throw new RangeError(`show: ${list.length} titles for ${count} pictures`);
  return list;
}

function describe(pictures: Pictures, shown: number, title: string | undefined): string {
  const { count, height, width, channels } = pictures;
  const { min, max, notFinite } = finiteRange(pictures.values);
  const color = channels === 1 ? "" : ` with ${channels} channels`;
  const parts = [
    `${count === 1 ? "picture" : `${count} pictures`} of ${height} × ${width} pixels${color}`,
    `values from ${shortNumber(min)} to ${shortNumber(max)}`,
  ];
  if (notFinite > 0) parts.push(`${notFinite} not finite`);
  if (shown < count) parts.push(`the first ${shown} shown`);
  return `${title ? `${title}: ` : ""}${parts.join(", ")}`;
}
