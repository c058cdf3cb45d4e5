// plot.row: pictures side by side, with symbols between them.
import { DISPLAY, type Displayable, escapeMarkup } from "./bundle.ts";
import { isChart, narrowed } from "./chart.ts";
import { readParts } from "./column.ts";
import {
  DRAW,
  type Drawable,
  type Drawing,
  drawingOf,
  drawingPng,
  imageTag,
  renameIds,
  svgDocument,
  textAt,
} from "./drawing.ts";
import { textWidth } from "./text.ts";
import { INK } from "./theme.ts";

export interface RowOptions {
  /** A line above the row. */
  title?: string;
  /** A line below it. */
  caption?: string;
}

type Part = Drawing | string;
/** Whether the parts stand on one line or have their middles at one height. */
type Align = "bottom" | "middle";

const GAP = 14;
const SYMBOL = 22;
const TITLE = { size: 14, line: 26 };
const CAPTION = { size: 13, line: 26 };

/**
 * Shows pictures side by side: tables, charts, images, with texts such as "∗", "=" or "→" between them. A row that is wider
 * than the page continues below.
 *
 * @param items whatever draws a picture, and texts
 * @throws TypeError when an item is neither
 * @example
 * plot.row([plot.matrix([[1, 2]]), "·", plot.matrix([[3], [4]]), "=", plot.matrix([[11]])])
 */
export function row(items: readonly (Displayable | string)[], options: RowOptions = {}): Drawable {
  const parts = readParts("plot.row", items);
  const charts = parts.every(isChart) ? narrowed(parts) : undefined;
  // charts stand on one line
  const align = charts ? "bottom" : "middle";
  const draw = (): Promise<Part[]> => drawAll(charts ?? parts);
  return {
    [DRAW]: async () => drawRow(await draw(), options, align),
    [DISPLAY]: async () => {
      const drawn = await draw();
      const bundle = await drawingPng(drawRow(drawn, options, align));
      bundle["text/html"] = rowHtml(drawn, options, align);
      return bundle;
    },
  };
}

function drawAll(items: readonly (Displayable | string)[]): Promise<Part[]> {
  return Promise.all(items.map((item) => (typeof item === "string" ? item : drawingOf("plot.row", item))));
}

/** Each picture is an image of its own, so that a narrow page breaks the row instead of shrinking it. */
function rowHtml(parts: readonly Part[], { title, caption }: RowOptions, align: Align): string {
  const items = parts.map((part) => {
    if (typeof part === "string")
      return `<span style="font-size: 20px; padding: 0 12px; vertical-align: middle">${escapeMarkup(part)}</span>`;
    const style = `display: inline-block; vertical-align: ${align}; max-width: 100%; height: auto; margin: 4px 0`;
    return imageTag(svgDocument(part), part, style);
  });
  const line = (text: string | undefined): string =>
    text ? `<div style="padding: 4px 0">${escapeMarkup(text)}</div>` : "";
  return `${line(title)}<div>${items.join(" ")}</div>${line(caption)}`;
}

/** The parts in one picture. */
function drawRow(parts: readonly Part[], { title, caption }: RowOptions, align: Align): Drawing {
  const top = title ? TITLE.line : 0;
  const middle = Math.max(SYMBOL, ...parts.map((part) => (typeof part === "string" ? 0 : part.height)));
  const pieces: string[] = [];
  if (title) pieces.push(textAt(4, 16, title, `font-size="${TITLE.size}" fill="${INK}"`));
  if (caption)
    pieces.push(textAt(4, top + middle + 17, caption, `font-size="${CAPTION.size}" fill="${INK}"`));
  let x = 0;
  parts.forEach((part, i) => {
    if (i > 0) x += GAP;
    if (typeof part === "string") {
      const width = textWidth(part, SYMBOL);
      const look = `font-size="${SYMBOL}" text-anchor="middle" fill="${INK}"`;
      pieces.push(textAt(x + width / 2, top + middle / 2 + 7, part, look));
      x += Math.ceil(width);
    } else {
      const y = top + Math.round((middle - part.height) / (align === "middle" ? 2 : 1));
      pieces.push(`<g transform="translate(${x} ${y})">${renameIds(part.svg, `p${i}-`)}</g>`);
      x += part.width;
    }
  });
  const lines = [textWidth(title ?? "", TITLE.size), textWidth(caption ?? "", CAPTION.size)];
  return {
    svg: pieces.join(""),
    width: Math.max(x, Math.ceil(Math.max(...lines)) + 8),
    height: top + middle + (caption ? CAPTION.line : 0),
    text: [title, ...parts.map((part) => (typeof part === "string" ? part : part.text)), caption]
      .filter(Boolean)
      .join("\n"),
  };
}
