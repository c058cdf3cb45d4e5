// plot.row: pictures side by side, with symbols between them.
import { DISPLAY, type Displayable, escapeMarkup } from "./bundle.ts";
import { isChart, joined, narrowed } from "./chart.ts";
import {
  DRAW,
  type Drawable,
  type Drawing,
  drawingOf,
  drawingPng,
  imageTag,
  isDisplayable,
  renameIds,
  svgDocument,
  textAt,
} from "./drawing.ts";
import { textWidth } from "./text.ts";
import { INK } from "./theme.ts";

export interface RowOptions {
  /** A line above the row. */
  title?: string;
}

const GAP = 14;
const SYMBOL = 22;
const TITLE = { size: 14, line: 26 };

/**
 * Shows pictures side by side: tables, charts, images, with texts such as "∗", "=" or "→" between them. A row that is wider
 * than the page continues below.
 *
 * @param items whatever draws a picture, and texts
 * @throws TypeError when an item is neither
 * @example
 * plot.row([plot.matrix([[1, 2]]), "·", plot.matrix([[3], [4]]), "=", plot.matrix([[11]])])
 */
export function row(items: readonly (Displayable | string)[], { title }: RowOptions = {}): Drawable {
  if (!Array.isArray(items) || items.length === 0)
    throw new TypeError(
      'plot.row: give a list of pictures and symbols: [plot.matrix(a), "=", plot.matrix(b)]',
    );
  items.forEach((item, i) => {
    if (typeof item !== "string" && !isDisplayable(item)) {
      const hint =
        ArrayBuffer.isView(item) || Array.isArray(item)
          ? " — numbers are drawn by plot.matrix(…) or show(…)"
          : "";
      throw new TypeError(`plot.row: item ${i} is neither a picture nor a text${hint}`);
    }
  });
  const charts = items.every(isChart) ? narrowed(items) : undefined;
  const whole = charts && joined(charts, title);
  let parts: Promise<(Drawing | string)[]> | undefined;
  const draw = (): Promise<(Drawing | string)[]> => {
    parts ??= Promise.all(
      (charts ?? items).map((item) => (typeof item === "string" ? item : drawingOf("plot.row", item))),
    );
    return parts;
  };
  return {
    [DRAW]: async () => drawRow(await draw(), title),
    [DISPLAY]: async () => {
      const parts = await draw();
      // a notebook takes the interactive chart, a page the images
      const bundle = whole ? await whole[DISPLAY]() : await drawingPng(drawRow(parts, title));
      return { ...bundle, "text/html": rowHtml(parts, title) };
    },
  };
}

/** Each picture is an image of its own, so that a narrow page breaks the row instead of shrinking it. */
function rowHtml(parts: readonly (Drawing | string)[], title: string | undefined): string {
  const items = parts.map((part) => {
    if (typeof part === "string")
      return `<span style="font-size: 20px; padding: 0 12px; vertical-align: middle">${escapeMarkup(part)}</span>`;
    const style =
      "display: inline-block; vertical-align: middle; max-width: 100%; height: auto; margin: 4px 0";
    return imageTag(svgDocument(part), part, style);
  });
  const heading = title ? `<div style="padding-bottom: 6px">${escapeMarkup(title)}</div>` : "";
  return `${heading}<div>${items.join(" ")}</div>`;
}

/** The parts in one picture, their middles at one height. */
function drawRow(parts: readonly (Drawing | string)[], title: string | undefined): Drawing {
  const top = title ? TITLE.line : 0;
  const height = Math.max(SYMBOL, ...parts.map((part) => (typeof part === "string" ? 0 : part.height)));
  const pieces = title ? [textAt(4, 16, title, `font-size="${TITLE.size}" fill="${INK}"`)] : [];
  let x = 0;
  parts.forEach((part, i) => {
    if (i > 0) x += GAP;
    if (typeof part === "string") {
      const width = textWidth(part, SYMBOL);
      pieces.push(
        textAt(
          x + width / 2,
          top + height / 2 + 7,
          part,
          `font-size="${SYMBOL}" text-anchor="middle" fill="${INK}"`,
        ),
      );
      x += Math.ceil(width);
    } else {
      pieces.push(
        `<g transform="translate(${x} ${top + Math.round((height - part.height) / 2)})">${renameIds(part.svg, `p${i}-`)}</g>`,
      );
      x += part.width;
    }
  });
  const width = Math.max(x, title ? Math.ceil(textWidth(title, TITLE.size)) + 8 : 0);
  const texts = parts.map((part) => (typeof part === "string" ? part : part.text));
  return {
    svg: pieces.join(""),
    width,
    height: top + height,
    text: [...(title ? [title] : []), ...texts].join("\n"),
  };
}
