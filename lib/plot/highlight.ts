// Windows marked in a matrix: which cells they cover, their colours, and the weights written in them.
import { colorOf, cssColor, type Rgb } from "./color.ts";
import { tableNumbers } from "./number.ts";
import { readValues, shapeText, type Values } from "./values.ts";

const COLORS = {
  yellow: "#e3a600",
  blue: "#2f74c0",
  green: "#2a9d5c",
  red: "#d0454c",
  purple: "#8a5cd0",
  orange: "#e07b1a",
  gray: "#7f8a93",
};

/** A colour by name, or as "#rrggbb". */
export type MarkColor = keyof typeof COLORS | `#${string}`;

/** A window in a matrix. */
export interface Highlight {
  /** The top row of the window. */
  row: number;
  /** The left column of the window. */
  column: number;
  /** Rows of the window (those of `weights`, else 1). */
  height?: number;
  /** Columns of the window (those of `weights`, else 1). */
  width?: number;
  /** The distance of the window's rows and columns, 1 by default. */
  dilation?: number | readonly [number, number];
  /** "yellow" (the default), "blue", "green", "red", "purple", "orange", "gray" or "#rrggbb". */
  color?: MarkColor;
  /** The numbers of a kernel, written small into the window: ×1, ×0. */
  weights?: Values;
}

/** A window, read and checked. */
export interface Mark {
  readonly fill: string;
  readonly line: string;
  readonly cells: readonly { readonly row: number; readonly column: number; readonly weight?: string }[];
  /** One outline, or one a cell when the window has gaps. */
  readonly frames: readonly Frame[];
  /** Where it is, in words. */
  readonly text: string;
}

interface Frame {
  readonly row: number;
  readonly column: number;
  readonly height: number;
  readonly width: number;
}

/** Reads the windows of a matrix of `rows` × `columns`. @throws RangeError when one does not lie inside */
export function readMarks(
  caller: string,
  highlight: Highlight | readonly Highlight[] | undefined,
  rows: number,
  columns: number,
): Mark[] {
  const list = highlight === undefined ? [] : Array.isArray(highlight) ? highlight : [highlight];
  return (list as readonly Highlight[]).map((window) => readMark(caller, window, rows, columns));
}

function readMark(caller: string, window: Highlight, rows: number, columns: number): Mark {
  const { row, column, color = "yellow", dilation = 1 } = window;
  const weights = window.weights === undefined ? undefined : readWeights(caller, window.weights);
  const height = window.height ?? weights?.height ?? 1;
  const width = window.width ?? weights?.width ?? 1;
  const [down, across] = typeof dilation === "number" ? [dilation, dilation] : dilation;
  if (weights && (weights.height !== height || weights.width !== width)) {
    throw new RangeError(
      `${caller}: weights ${shapeText([weights.height, weights.width])} in a window ${shapeText([height, width])}`,
    );
  }
  const [bottom, right] = [row + (height - 1) * down + 1, column + (width - 1) * across + 1];
  const isInside = row >= 0 && column >= 0 && bottom <= rows && right <= columns;
  const isWhole = [row, column, height, width, down, across].every(Number.isInteger);
  if (!isWhole || Math.min(height, width, down, across) < 1 || !isInside) {
    throw new RangeError(
      `${caller}: the window of ${height} × ${width} at row ${row}, column ${column} does not lie inside the ${rows} × ${columns} matrix`,
    );
  }
  const cells = Array.from({ length: height * width }, (_, i) => ({
    row: row + Math.floor(i / width) * down,
    column: column + (i % width) * across,
    ...(weights ? { weight: `×${weights.texts[i]}` } : {}),
  }));
  const hasGaps = down > 1 || across > 1;
  const line = lineColor(caller, color);
  return {
    line,
    fill: pale(line),
    cells,
    frames: hasGaps
      ? cells.map((cell) => ({ ...cell, height: 1, width: 1 }))
      : [{ row, column, height, width }],
    text: `${span("row", row, bottom)}, ${span("column", column, right)}`,
  };
}

function span(what: string, first: number, end: number): string {
  return end - first === 1 ? `${what} ${first}` : `${what}s ${first} to ${end - 1}`;
}

function readWeights(caller: string, input: Values): { height: number; width: number; texts: string[] } {
  const { shape, values } = readValues(`${caller}, weights`, input);
  if (shape.length !== 2)
    throw new RangeError(`${caller}: weights are a matrix [rows, columns], got ${shapeText(shape)}`);
  const write = tableNumbers(values);
  return { height: shape[0], width: shape[1], texts: Array.from(values, (value) => write(value)) };
}

export function isColorName(text: string | undefined): text is keyof typeof COLORS {
  return text !== undefined && Object.hasOwn(COLORS, text);
}

/** The colour of a mark's outline. */
function lineColor(caller: string, color: MarkColor): string {
  if (isColorName(color)) return COLORS[color];
  if (/^#[0-9a-f]{6}$/i.test(color)) return color.toLowerCase();
  throw new RangeError(
    `${caller}: no colour "${color}": one of ${Object.keys(COLORS).join(", ")}, or "#rrggbb"`,
  );
}

/** A tint of a colour, light enough for dark numbers on it. */
function pale(color: string): string {
  const full = hexColor(color);
  return cssColor(colorOf((part) => Math.round(full[part] + (255 - full[part]) * 0.68)));
}

/** The parts of "#rrggbb". */
export function hexColor(color: string): Rgb {
  return colorOf((part) => Number.parseInt(color.slice(2 * part + 1, 2 * part + 3), 16));
}
