// plot.matrix: a table of numbers as a picture, with windows marked in it.
import { type Colormap, colorAt, cssColor, type Rgb, textColorOn } from "./color.ts";
import { type Drawable, type Drawing, drawable, textAt } from "./drawing.ts";
import { type Highlight, hexColor, type Mark, readMarks } from "./highlight.ts";
import { tableNumbers } from "./number.ts";
import { textWidth } from "./text.ts";
import { INK } from "./theme.ts";
import { finiteRange, readNames, readValues, shapeText, type Values } from "./values.ts";
import { type Sides, sidesOf } from "./windows.ts";

export interface MatrixOptions {
  /** A line above the table. */
  title?: string;
  /** A line below it. */
  caption?: string;
  /** One window or several, marked with a colour. */
  highlight?: Highlight | readonly Highlight[];
  /** Names of the rows, at their left. */
  rowLabels?: readonly (string | number)[];
  /** Names of the columns, above them. */
  columnLabels?: readonly (string | number)[];
  /** Decimals of every number, or how a number is written. Without it as many decimals as they need, up to three. */
  format?: number | ((value: number) => string);
  /** Colours the cells by their values: "viridis", "diverging" (zero is white) or "gray". */
  colormap?: Colormap;
  /** The values at the ends of the colours; without it the smallest and largest, for "diverging" equally far from zero. */
  range?: readonly [number, number];
  /**
   * Rows and columns of zeros around the matrix, drawn pale: a number, or `[[top, bottom], [left, right]]`. The rows and
   * columns of `highlight` then count from the corner of the padding.
   */
  padding?: Sides;
  /** Only so many cells, counted row by row, show their number: a table that is being filled. */
  filled?: number;
}

/** More numbers cannot be read. */
const MOST_CELLS_ACROSS = 40;
const TEXT = { size: 13, small: 10 };
const LABEL_SIZE = 11;
const HEIGHT = 30;
/** From this many rows or columns on, cells are small. */
const MANY = 17;
/** How much of a small weight stands beside the number, in pixels. */
const WEIGHT_SIZE = 9;
const WEIGHT = "#9f1239";
const PAPER = "#fbfcfd";
const GRID = "#c6ccd4";
const NUMBER = "#111827";
const PADDING_PAPER = "#e9edf2";
const PADDING_NUMBER = "#7b8490";
const MARGIN = 4;

/**
 * Draws a matrix as a table of numbers, perhaps with windows marked in it and weights written small beside the numbers, or
 * with colours for the values. A vector is drawn as one row.
 *
 * @param values `[rows, columns]` or `[columns]`, at most 40 of each
 * @throws RangeError when it is no matrix, is empty or too large, or a window does not lie inside
 * @example
 * plot.matrix([[1, 0, 2], [3, 1, 0]], { title: "image", highlight: { row: 0, column: 1, height: 2, width: 2 } })
 */
export function matrix(values: Values, options: MatrixOptions = {}): Drawable {
  const table = readTable(values, options);
  return drawable(() => drawTable(table, options));
}

/** A matrix read and checked, with everything that is marked in it. */
interface Table {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
  /** What is written in each cell; "" in those not filled yet. */
  readonly texts: readonly string[];
  readonly isPadding: readonly boolean[];
  readonly marks: readonly Mark[];
  readonly rowLabels?: readonly string[];
  readonly columnLabels?: readonly string[];
}

function readTable(input: Values, options: MatrixOptions): Table {
  const grid = readValues("plot.matrix", input);
  const shape = grid.shape.length === 1 ? [1, ...grid.shape] : grid.shape;
  if (shape.length !== 2) {
    const hint = shape.length > 2 ? " — choose one matrix of it, such as x.at(0)" : "";
    throw new RangeError(`plot.matrix: expected a matrix [rows, columns], got ${shapeText(shape)}${hint}`);
  }
  if (grid.values.length === 0)
    throw new RangeError(`plot.matrix: nothing to show, the shape is ${shapeText(shape)}`);
  const [[top, bottom], [left, right]] = sidesOf("plot.matrix", options.padding ?? 0);
  const [rows, columns] = [shape[0] + top + bottom, shape[1] + left + right];
  if (rows > MOST_CELLS_ACROSS || columns > MOST_CELLS_ACROSS) {
    throw new RangeError(
      `plot.matrix: ${rows} × ${columns} numbers cannot be read, at most ${MOST_CELLS_ACROSS} × ${MOST_CELLS_ACROSS} — show a part, or use plot.heatmap or show(…)`,
    );
  }
  const isPadding: boolean[] = [];
  const values = Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns) - top, (i % columns) - left];
    const isInside = row >= 0 && row < shape[0] && column >= 0 && column < shape[1];
    isPadding.push(!isInside);
    return isInside ? grid.values[row * shape[1] + column] : 0;
  });
  const { filled = values.length, format } = options;
  if (!(Number.isInteger(filled) && filled >= 0 && filled <= values.length))
    throw new RangeError(
      `plot.matrix: filled must be a whole number from 0 to ${values.length}, got ${filled}`,
    );
  const write = typeof format === "function" ? format : tableNumbers(grid.values, format);
  return {
    rows,
    columns,
    values,
    texts: values.map((value, i) => (i >= filled ? "" : isPadding[i] ? "0" : write(value))),
    isPadding,
    marks: readMarks("plot.matrix", options.highlight, rows, columns),
    rowLabels: readNames("plot.matrix", "rows", options.rowLabels, rows),
    columnLabels: readNames("plot.matrix", "columns", options.columnLabels, columns),
  };
}

function drawTable(table: Table, options: MatrixOptions): Drawing {
  const { rows, columns, texts, marks, rowLabels, columnLabels } = table;
  const { title, caption } = options;
  const size = Math.max(rows, columns) < MANY ? TEXT.size : TEXT.small;
  const weightRoom = Math.max(
    0,
    ...marks.flatMap((mark) => mark.cells.map((cell) => textWidth(cell.weight ?? "", WEIGHT_SIZE))),
  );
  const height = Math.round(size === TEXT.size ? HEIGHT + (weightRoom > 0 ? 4 : 0) : HEIGHT * 0.65);
  const widest = Math.max(
    ...texts.map((text) => textWidth(text, size)),
    ...(columnLabels ?? []).map((label) => textWidth(label, LABEL_SIZE) - 6),
  );
  const width = Math.ceil(Math.max(height, widest + (size === TEXT.size ? 12 : 6) + weightRoom));
  const labelWidth = rowLabels
    ? Math.ceil(Math.max(...rowLabels.map((label) => textWidth(label, LABEL_SIZE)))) + 6
    : 0;

  const heading = title ? textWidth(title, TEXT.size) : 0;
  const below = caption ? textWidth(caption, LABEL_SIZE) : 0;
  const side = { width: columns * width, height: rows * height };
  const whole = Math.ceil(Math.max(labelWidth + side.width, heading, below)) + 2 * MARGIN;
  const left = MARGIN + labelWidth + Math.max(0, (whole - 2 * MARGIN - labelWidth - side.width) / 2);
  const top = MARGIN + (title ? 22 : 0) + (columnLabels ? 18 : 0);
  const center = left + side.width / 2;

  const parts: string[] = [];
  const label = (x: number, y: number, text: string, fontSize: number, anchor = "middle"): void => {
    parts.push(textAt(x, y, text, `font-size="${fontSize}" fill="${INK}" text-anchor="${anchor}"`));
  };
  // a heading wider than the table stays within the picture
  const within = (span: number): number =>
    Math.min(Math.max(center, MARGIN + span / 2), whole - MARGIN - span / 2);
  if (title) label(within(heading), MARGIN + 13, title, TEXT.size);
  columnLabels?.forEach((text, column) => {
    label(left + (column + 0.5) * width, top - 6, text, LABEL_SIZE);
  });
  rowLabels?.forEach((text, row) => {
    label(left - 6, top + (row + 0.5) * height + 4, text, LABEL_SIZE, "end");
  });
  if (caption) label(within(below), top + side.height + 17, caption, LABEL_SIZE);
  parts.push(drawCells(table, options, { left, top, width, height, size }));
  const text = describe(table, options);
  return { svg: parts.join(""), width: whole, height: top + side.height + MARGIN + (caption ? 18 : 0), text };
}

interface Cells {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly size: number;
}

function drawCells(
  { rows, columns, values, texts, isPadding, marks }: Table,
  options: MatrixOptions,
  place: Cells,
): string {
  const { left, top, width, height, size } = place;
  const scale = options.colormap && colorScale(values, options.colormap, options.range);
  const fills = values.map((value, i): string => {
    if (isPadding[i]) return PADDING_PAPER;
    return scale && texts[i] !== "" ? cssColor(scale(value)) : PAPER;
  });
  const weights = new Map<number, string>();
  for (const mark of marks) {
    for (const { row, column, weight } of mark.cells) {
      const at = row * columns + column;
      if (!scale) fills[at] = mark.fill;
      if (weight !== undefined) weights.set(at, weight);
    }
  }
  // row by row, so that in an animation the rows that stay the same are written once
  const lines = Array.from({ length: rows }, (_, row) => {
    const y = top + row * height;
    const first = row * columns;
    let rects = "";
    for (let start = 0, end = 1; start < columns; start = end++) {
      while (end < columns && fills[first + end] === fills[first + start]) end++;
      if (fills[first + start] !== PAPER)
        rects += `<rect x="${left + start * width}" y="${y}" width="${(end - start) * width}" height="${height}" fill="${fills[first + start]}"/>`;
    }
    const numbers = texts.slice(first, first + columns).map((text, column) => {
      const x = left + column * width;
      const fill = fills[first + column];
      const weight = weights.get(first + column);
      const isMarked = marks.some((mark) => mark.fill === fill);
      const pale = isPadding[first + column] && !isMarked;
      const ink = pale ? PADDING_NUMBER : scale ? textColorOn(hexColor(fill)) : NUMBER;
      const shift = weight === undefined ? 0 : (textWidth(weight, WEIGHT_SIZE) + 1) / 2;
      const baseline = y + height / 2 + size * 0.36 - (weight === undefined ? 0 : 2);
      const number =
        text && textAt(x + width / 2 - shift, baseline, text, ink === NUMBER ? "" : `fill="${ink}"`);
      if (weight === undefined) return number;
      const small = `font-size="${WEIGHT_SIZE}" text-anchor="end" fill="${WEIGHT}"`;
      return number + textAt(x + width - 3, y + height - 4, weight, small);
    });
    return { rects, numbers: `<g>${numbers.join("")}</g>` };
  });
  const frames = marks.map((mark) => {
    const outline = `fill="none" stroke="${mark.line}" stroke-width="2.5" stroke-linejoin="round"`;
    return mark.frames
      .map(
        (frame) =>
          `<rect x="${left + frame.column * width}" y="${top + frame.row * height}" width="${frame.width * width}" height="${frame.height * height}" ${outline}/>`,
      )
      .join("");
  });
  // drawn as lines over all: half as much text as a frame for every cell
  const grid =
    Array.from({ length: rows + 1 }, (_, row) => `M${left} ${top + row * height}h${columns * width}`).join(
      "",
    ) +
    Array.from(
      { length: columns + 1 },
      (_, column) => `M${left + column * width} ${top}v${rows * height}`,
    ).join("");
  const paper = `<rect x="${left}" y="${top}" width="${columns * width}" height="${rows * height}" fill="${PAPER}"/>`;
  return (
    `${paper}${lines.map((line) => line.rects).join("")}<path d="${grid}" stroke="${GRID}"/>${frames.join("")}` +
    `<g font-size="${size}" fill="${NUMBER}" text-anchor="middle">${lines.map((line) => line.numbers).join("")}</g>`
  );
}

function colorScale(
  values: readonly number[],
  map: Colormap,
  range: MatrixOptions["range"],
): (value: number) => Rgb {
  const { min, max } = finiteRange(values);
  const reach = Math.max(-min, max) || 1;
  const [low, high] = range ?? (map === "diverging" ? [-reach, reach] : [min, max]);
  return (value) => colorAt(map, high > low ? (value - low) / (high - low) : value - low);
}

function describe(
  { rows, columns, texts, marks, rowLabels, columnLabels }: Table,
  { title, caption }: MatrixOptions,
): string {
  const lines = Array.from({ length: rows }, (_, row) => [
    ...(rowLabels ? [rowLabels[row]] : []),
    ...texts.slice(row * columns, (row + 1) * columns).map((text) => text || "·"),
  ]);
  if (columnLabels) lines.unshift([...(rowLabels ? [""] : []), ...columnLabels]);
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const table = lines.map((line) => line.map((text, i) => text.padStart(widths[i])).join("  "));
  const name = `${title ? `${title}: ` : ""}matrix of ${rows} × ${columns}`;
  const windows = marks.map((mark) => mark.text);
  const marked = windows.length > 0 ? `, marked: ${windows.join("; ")}` : "";
  return [`${name}${marked}`, ...table, ...(caption ? [caption] : [])].join("\n");
}
