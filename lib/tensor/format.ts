// Tensors as text, as NumPy prints arrays: aligned columns, few decimals, lines of 75 characters, abbreviated when there are many elements.
import { formatNumbers } from "./numerals.ts";
import type { Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** More elements than this are abbreviated. */
const ABBREVIATE_ABOVE = 1000;
/** So many elements at most stay at each end of an abbreviated axis. */
const EDGE = 3;
/** Of tensors with many axes fewer stay, so that about so many elements are written: [10, 10, 10, 10, 10, 10] fits on a page. */
const MOST_SHOWN = 1500;
const LINE = 75;
const START = "tensor(";

/** The text of a tensor: `tensor([[1, 2],\n        [3, 4]])`. Says the dtype unless it is float32. */
export function formatTensor(tensor: Tensor): string {
  const { shape, size, dtype } = tensor;
  const kind = dtype === "float32" ? "" : `, ${dtype}`;
  if (size === 0) return `${START}[]${shape.length === 1 ? "" : `, shape [${shape.join(", ")}]`}${kind})`;
  const edge = size > ABBREVIATE_ABOVE ? edgeFor(shape) : Number.POSITIVE_INFINITY;
  const shown: number[] = [];
  visible(shape, 0, 0, edge, (index) => shown.push(index));
  const data = tensor.view();
  const numbers = shown.map((index) => data[index]!);
  const texts =
    dtype === "bool"
      ? numbers.map((v) => (v ? "true" : "false"))
      : formatNumbers(numbers, dtype === "float32");
  const width = texts.reduce((widest, text) => Math.max(widest, text.length), 0);
  let next = 0;
  const cell = (): string => texts[next++]!.padStart(width);
  const body = START + layOut(shape, 0, edge, START.length, cell);
  const lastLine = body.length - body.lastIndexOf("\n") - 1;
  const fits = lastLine + kind.length + 1 <= LINE;
  return `${body}${fits ? kind : kind.replace(" ", `\n${" ".repeat(START.length)}`)})`;
}

/** The text of a tensor within an object, where a key of unknown length precedes it: rows then begin on a line of their own. */
export function formatInside(tensor: Tensor): string {
  const [first, ...rest] = formatTensor(tensor).split("\n");
  if (rest.length === 0) return first!;
  const rows = [first!.slice(START.length), ...rest.map((line) => line.slice(START.length))];
  return [START, ...rows.map((row) => (row === "" ? "" : `  ${row}`))].join("\n");
}

/** How many elements stay at each end of the axes of an abbreviated tensor. */
function edgeFor(shape: Shape): number {
  for (let edge = EDGE; edge > 1; edge--) {
    if (shape.reduce((count, size) => count * Math.min(size, 2 * edge), 1) <= MOST_SHOWN) return edge;
  }
  return 1;
}

/** Calls `visit` with the index of every element that is shown, in order. */
function visible(
  shape: Shape,
  axis: number,
  start: number,
  edge: number,
  visit: (index: number) => void,
): void {
  if (axis === shape.length) {
    visit(start);
    return;
  }
  let step = 1;
  for (let i = axis + 1; i < shape.length; i++) step *= shape[i]!;
  for (const i of positions(shape[axis]!, edge)) {
    if (i >= 0) visible(shape, axis + 1, start + i * step, edge, visit);
  }
}

/** The positions shown along an axis; −1 stands for "…". */
function positions(length: number, edge: number): number[] {
  if (length <= 2 * edge) return Array.from({ length }, (_, i) => i);
  const ends = Array.from({ length: edge }, (_, i) => i);
  return [...ends, -1, ...ends.map((i) => length - edge + i)];
}

function layOut(shape: Shape, axis: number, edge: number, indent: number, cell: () => string): string {
  if (axis === shape.length) return cell();
  const last = axis === shape.length - 1;
  const parts = positions(shape[axis]!, edge).map((i) =>
    i < 0 ? "…" : layOut(shape, axis + 1, edge, indent + 1, cell),
  );
  // A line ends with a comma or the brackets of all axes.
  if (last) return `[${wrap(parts, indent + 1, LINE - shape.length)}]`;
  const blankLines = "\n".repeat(shape.length - axis - 1);
  return `[${parts.join(`,${blankLines}${" ".repeat(indent + 1)}`)}]`;
}

/** Joins the numbers of a row, breaking lines that would grow too long. */
function wrap(parts: readonly string[], indent: number, width: number): string {
  let text = "";
  let column = indent;
  parts.forEach((part, i) => {
    if (i > 0 && column + part.length + 2 > width) {
      text += `,\n${" ".repeat(indent)}`;
      column = indent;
    } else if (i > 0) {
      text += ", ";
      column += 2;
    }
    text += part;
    column += part.length;
  });
  return text;
}
