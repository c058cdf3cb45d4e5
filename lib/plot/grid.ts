// show(): tensors as a grid of pictures in the notebook.
import { type Displayable, displayable, pngBundle } from "./bundle.ts";
import type { Colormap } from "./color.ts";
import { type PictureRange, type Pictures, readPictures } from "./image.ts";
import { shortNumber } from "./number.ts";
import { drawSheet } from "./sheet.ts";
import { finiteRange, readNumbers, type Values } from "./values.ts";

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
}

const MOST_PICTURES = 100;

/**
 * Shows one picture or a grid of pictures.
 *
 * Pixels stay sharp squares however small the picture is. Colour pictures hold 0–1 or 0–255; what is not a number is drawn
 * in magenta. Of more than 100 pictures the first 100 are shown.
 *
 * @param images `[h, w]`, `[h, w, 1|3|4]`, `[n, h, w]` or `[n, h, w, 1|3|4]`, or a list of such pictures of one size
 * @throws RangeError when the shape is none of these, or there are not as many titles as pictures
 * @example
 * show([[0, 0.5], [0.5, 1]], { title: "a picture of 2 × 2 pixels" })
 */
export function show(images: Values, options: ShowOptions = {}): Displayable {
  const { colormap = "gray", columns, range, title } = options;
  const all = readPictures("show", images);
  const pictures = firstPictures(all, MOST_PICTURES);
  const titles = readTitles(options.titles, all.count)?.slice(0, pictures.count);
  if (columns !== undefined && !(Number.isInteger(columns) && columns > 0)) {
    throw new RangeError(`show: columns must be a whole number from 1, got ${columns}`);
  }
  return displayable(async () => {
    const sheet = await drawSheet([
      {
        pictures,
        heading: title,
        columns,
        titles,
        range,
        colormap,
        pictureSize: pictureSize(all),
        outOf: all.count,
      },
    ]);
    return pngBundle(sheet.png, sheet, describe(all, pictures.count, title));
  });
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
