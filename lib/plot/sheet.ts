// A sheet of pictures: sections with a heading and a grid of titled pictures, composed to one PNG.
import { escapeMarkup } from "./bundle.ts";
import { type Colormap, colorAt, type Rgb } from "./color.ts";
import { type PictureRange, type Pictures, pictureRanges, pixelColors } from "./image.ts";
import { shortNumber } from "./number.ts";
import { type PixelNumbers, placeLines } from "./pixelNumbers.ts";
import { encodePng } from "./png.ts";
import { Raster } from "./raster.ts";
import { fitText, textWidth } from "./text.ts";

export interface Section {
  readonly pictures: Pictures;
  readonly heading?: string;
  readonly columns?: number;
  readonly titles?: readonly string[];
  readonly range?: PictureRange;
  readonly colormap: Colormap;
  /** The longer side of a picture, in pixels of the page. */
  readonly pictureSize: number;
  /** How many pictures there would be, when only the first of them are here. */
  readonly outOf?: number;
  /** What is written into the pixels. */
  readonly numbers?: PixelNumbers;
}

/** A PNG and the size at which it is shown. */
export interface Sheet {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Pixels of the PNG per pixel of the page, so that text and edges are sharp on fine screens. */
const ZOOM = 2;
/** What a notebook has room for beside JupyterLab's file browser in a window of 1280 pixels. */
export const WIDTH_LIMIT = 816;
const MARGIN = 8;
const GAP = 6;
const TITLE = { size: 12, line: 18, color: "#333333" };
const HEADING = { size: 13, line: 24, color: "#111111" };
const NOTE = { size: 11, line: 20, color: "#555555" };
const FRAME: Rgb = [200, 200, 200];
const BAR = { width: 120, height: 8 };

interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly color: string;
  readonly middle?: boolean;
}

interface Placed {
  readonly section: Section;
  readonly columns: number;
  /** Size of one picture in pixels of the PNG. */
  readonly cell: { width: number; height: number; scale: number; shrink: number };
  readonly pitch: { x: number; y: number };
  readonly width: number;
  readonly height: number;
}

/** Draws sections below each other. Text needs the font renderer, which is loaded when there is text. */
export async function drawSheet(sections: readonly Section[]): Promise<Sheet> {
  const placed = sections.map(place);
  const labels: Label[] = [];
  const width =
    Math.max(...placed.map((part) => Math.max(part.width, textSpan(part.section)))) + 2 * MARGIN * ZOOM;
  const height = placed.reduce((total, part) => total + part.height, 0) + (placed.length + 1) * MARGIN * ZOOM;
  const grey = sections.every(
    (section) => section.colormap === "gray" && section.pictures.channels === 1 && !hasNaN(section),
  );
  const raster = new Raster(width, height, grey ? 1 : 3);
  let y = MARGIN * ZOOM;
  for (const part of placed) {
    drawSection(raster, labels, part, y);
    y += part.height + MARGIN * ZOOM;
  }
  if (labels.length > 0) {
    const { svgToPixels } = await import("../io/rasterize.ts");
    raster.overlay(svgToPixels(labelSvg(labels, width, height)).pixels);
  }
  return { png: await encodePng(raster), width: width / ZOOM, height: height / ZOOM };
}

/** A number of columns that fills the rows, or leaves few gaps. */
export function defaultColumns(count: number): number {
  const side = Math.ceil(Math.sqrt(count));
  for (let columns = side; columns <= Math.min(10, 2 * side); columns++)
    if (count % columns === 0) return columns;
  return Math.min(Math.ceil(side * 1.25), 10);
}

function place(section: Section): Placed {
  const { pictures, heading, titles } = section;
  const columns = Math.min(section.columns ?? defaultColumns(pictures.count), pictures.count);
  const room = Math.floor((WIDTH_LIMIT - 2 * MARGIN - (columns - 1) * GAP) / columns);
  const side = Math.max(pictures.height, pictures.width);
  const pixels = Math.max(ZOOM, Math.min(section.pictureSize, room) * ZOOM);
  const shrink = Math.max(1, Math.ceil(side / pixels));
  const scale = shrink > 1 ? 1 : Math.max(1, Math.floor(pixels / side));
  // an even number of pixels per picture keeps the page's pixels whole
  const cell = {
    width: Math.ceil(pictures.width / shrink) * scale,
    height: Math.ceil(pictures.height / shrink) * scale,
    scale,
    shrink,
  };
  const titleLine = titles ? TITLE.line * ZOOM : 0;
  const widestTitle = titles ? Math.max(...titles.map((title) => textWidth(title, TITLE.size))) : 0;
  const titleRoom = Math.min(Math.ceil(widestTitle), 160, room) * ZOOM;
  const pitch = {
    x: even(Math.max(cell.width, titleRoom)) + GAP * ZOOM,
    y: even(cell.height) + GAP * ZOOM + titleLine,
  };
  const rows = Math.ceil(pictures.count / columns);
  return {
    section,
    columns,
    cell,
    pitch,
    width: columns * pitch.x - GAP * ZOOM,
    height:
      rows * pitch.y -
      GAP * ZOOM +
      (heading ? HEADING.line * ZOOM : 0) +
      (footnote(section) ? NOTE.line * ZOOM : 0),
  };
}

function drawSection(raster: Raster, labels: Label[], part: Placed, top: number): void {
  const { section, cell, pitch, columns } = part;
  const { pictures, colormap, heading, titles } = section;
  const left = MARGIN * ZOOM;
  let y = top;
  if (heading) {
    labels.push({ x: left, y: y + 16 * ZOOM, text: heading, size: HEADING.size, color: HEADING.color });
    y += HEADING.line * ZOOM;
  }
  const ranges = pictureRanges(pictures, section.range, colormap);
  const size = { width: cell.width / cell.scale, height: cell.height / cell.scale };
  const titleLine = titles ? TITLE.line * ZOOM : 0;
  for (let i = 0; i < pictures.count; i++) {
    const slot = left + (i % columns) * pitch.x;
    const x = slot + Math.floor((pitch.x - GAP * ZOOM - cell.width) / 2);
    const cellTop = y + Math.floor(i / columns) * pitch.y + titleLine;
    raster.fill(x - 1, cellTop - 1, cell.width + 2, cell.height + 2, FRAME);
    const colorOf = pixelColors(pictures, i, ranges[i], colormap, cell.shrink);
    raster.paint(x, cellTop, size, cell.scale, colorOf);
    if (section.numbers)
      labels.push(...numberLabels(section.numbers, i, size, { x, y: cellTop }, cell.scale, colorOf));
    if (titles?.[i]) {
      const text = fitText(titles[i], TITLE.size, (pitch.x - 2 * ZOOM) / ZOOM);
      const middle = x + cell.width / 2;
      labels.push({
        x: middle,
        y: cellTop - 5 * ZOOM,
        text,
        size: TITLE.size,
        color: TITLE.color,
        middle: true,
      });
    }
  }
  const note = footnote(section);
  if (note) drawFootnote(raster, labels, section, note, top + part.height, ranges[0]);
}

function numberLabels(
  numbers: PixelNumbers,
  picture: number,
  size: { width: number; height: number },
  corner: { x: number; y: number },
  scale: number,
  colorOf: (row: number, column: number) => Rgb,
): Label[] {
  const labels: Label[] = [];
  for (let row = 0; row < size.height; row++) {
    for (let column = 0; column < size.width; column++) {
      const lines = numbers.lines(picture, row, column);
      for (const { dy, text, color } of placeLines(lines, numbers.size, colorOf(row, column))) {
        const x = corner.x + (column + 0.5) * scale;
        labels.push({
          x,
          y: corner.y + (row + 0.5) * scale + dy * ZOOM,
          text,
          size: numbers.size,
          color,
          middle: true,
        });
      }
    }
  }
  return labels;
}

/** What is said below a section: that there are more pictures, and what the colours mean. */
function footnote(section: Section): { text: string; bar: boolean } | undefined {
  const { pictures, outOf, colormap, range } = section;
  const cut = outOf !== undefined && outOf > pictures.count ? `first ${pictures.count} of ${outOf}` : "";
  const each = range === "each" && pictures.count > 1 ? "each on its own scale" : "";
  const bar = colormap !== "gray" && pictures.channels === 1 && !each;
  const text = [cut, each].filter(Boolean).join(", ");
  return text || bar ? { text, bar } : undefined;
}

function drawFootnote(
  raster: Raster,
  labels: Label[],
  section: Section,
  note: { text: string; bar: boolean },
  bottom: number,
  [low, high]: readonly [number, number],
): void {
  let x = MARGIN * ZOOM;
  const y = bottom - 4 * ZOOM;
  const write = (text: string): void => {
    labels.push({ x, y, text, size: NOTE.size, color: NOTE.color });
    x += Math.ceil(textWidth(text, NOTE.size)) * ZOOM;
  };
  if (note.bar) {
    write(shortNumber(low, 3));
    x += 5 * ZOOM;
    const length = BAR.width * ZOOM;
    for (let i = 0; i < length; i++) {
      raster.fill(
        x + i,
        y - BAR.height * ZOOM,
        1,
        BAR.height * ZOOM,
        colorAt(section.colormap, i / (length - 1)),
      );
    }
    x += length + 5 * ZOOM;
    write(shortNumber(high, 3));
    x += 12 * ZOOM;
  }
  if (note.text) write(note.text);
}

/** The room that heading and footnote of a section need, in pixels of the PNG. */
function textSpan(section: Section): number {
  const note = footnote(section);
  const heading = section.heading ? textWidth(section.heading, HEADING.size) : 0;
  const below = note ? textWidth(note.text, NOTE.size) + (note.bar ? BAR.width + 110 : 0) : 0;
  return even(Math.ceil(Math.max(heading, below)) * ZOOM);
}

function labelSvg(labels: readonly Label[], width: number, height: number): string {
  const texts = labels.map(
    ({ x, y, text, size, color, middle }) =>
      `<text x="${x}" y="${y}" font-size="${size * ZOOM}" fill="${color}"${middle ? ' text-anchor="middle"' : ""}>${escapeMarkup(text)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif">${texts.join("")}</svg>`;
}

function hasNaN({ pictures }: Section): boolean {
  for (let i = 0; i < pictures.values.length; i++) if (Number.isNaN(pictures.values[i])) return true;
  return false;
}

function even(value: number): number {
  return value + (value % 2);
}
