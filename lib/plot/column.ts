// plot.column: pictures below each other.
import type { Displayable } from "./bundle.ts";
import {
  type Drawable,
  type Drawing,
  drawable,
  drawingOf,
  isDisplayable,
  renameIds,
  textAt,
} from "./drawing.ts";
import { textWidth } from "./text.ts";
import { INK } from "./theme.ts";

const GAP = 10;
const LINE = { size: 14, height: 22 };

/**
 * Shows pictures, or rows of pictures, below each other, with texts between them.
 *
 * @param items whatever draws a picture, and texts
 * @throws TypeError when an item is neither
 * @example
 * plot.column(["a matrix", plot.matrix([[1, 2]]), "and its transpose", plot.matrix([[1], [2]])])
 */
export function column(items: readonly (Displayable | string)[]): Drawable {
  const parts = readParts("plot.column", items);
  return drawable(async () => {
    const drawn = await Promise.all(
      parts.map((item) => (typeof item === "string" ? lineOf(item) : drawingOf("plot.column", item))),
    );
    let y = -GAP;
    const pieces = drawn.map((part, i) => {
      y += GAP;
      const piece = `<g transform="translate(0 ${y})">${renameIds(part.svg, `r${i}-`)}</g>`;
      y += part.height;
      return piece;
    });
    return {
      svg: pieces.join(""),
      width: Math.max(...drawn.map((part) => part.width)),
      height: y,
      text: drawn.map((part) => part.text).join("\n"),
    };
  });
}

function lineOf(text: string): Drawing {
  const svg = textAt(4, 15, text, `font-size="${LINE.size}" fill="${INK}"`);
  return { svg, width: Math.ceil(textWidth(text, LINE.size)) + 8, height: LINE.height, text };
}

/** Checks that all items are pictures or texts. */
export function readParts(
  caller: string,
  items: readonly (Displayable | string)[],
): readonly (Displayable | string)[] {
  if (!Array.isArray(items) || items.length === 0) {
    throw new TypeError(
      `${caller}: give a list of pictures and texts: [plot.matrix(a), "=", plot.matrix(b)]`,
    );
  }
  items.forEach((item: unknown, i) => {
    if (typeof item === "string" || isDisplayable(item)) return;
    const areNumbers = ArrayBuffer.isView(item) || Array.isArray(item);
    const hint = areNumbers ? " — numbers are drawn by plot.matrix(…) or show(…)" : "";
    throw new TypeError(`${caller}: item ${i} is neither a picture nor a text${hint}`);
  });
  return items;
}
