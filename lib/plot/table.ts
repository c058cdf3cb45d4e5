// A tensor as an HTML table: abbreviated when big, without colours of its own, so that it follows the notebook's theme.
import type { MimeBundle } from "./bundle.ts";
import { escapeMarkup } from "./bundle.ts";
import { alignedNumbers } from "./number.ts";
import { shapeText, type TensorLike } from "./values.ts";

/** What a table needs of a tensor. */
export interface TableTensor extends TensorLike {
  readonly dtype?: string;
  /** How these of its numbers are written; as in tables of other numbers by default. */
  write?(numbers: readonly number[]): readonly string[];
  toString(): string;
}

const MOST_ROWS = 12;
const MOST_COLUMNS = 12;
const MOST_SLICES = 4;
/** Stands for the rows, columns or slices that are left out. */
const GAP = -1;

/**
 * A tensor as a table: rank 0 and 1 as one row, rank 2 as rows and columns, higher ranks as a stack of titled slices over
 * the last two axes. Of what is big, the first and last rows, columns and slices are shown.
 */
export function tensorTable(tensor: TableTensor): MimeBundle {
  return { "text/html": tableHtml(tensor), "text/plain": tensor.toString() };
}

function tableHtml(tensor: TableTensor): string {
  const { shape, dtype } = tensor;
  const values = tensor.data();
  const title = `shape ${shapeText(shape)}${dtype ? ` · ${dtype}` : ""}`.replaceAll(" ", "\u00a0");
  if (values.length === 0) return `<p>empty tensor · ${escapeMarkup(title)}</p>`;

  const rank = shape.length;
  const columns = rank === 0 ? 1 : shape[rank - 1];
  const rows = rank < 2 ? 1 : shape[rank - 2];
  const sliceCount = values.length / (rows * columns);
  const shownRows = ends(rows, MOST_ROWS);
  const shownColumns = ends(columns, MOST_COLUMNS);
  const shownSlices = ends(sliceCount, MOST_SLICES);

  const shown: number[] = [];
  forEachShown(shownSlices, shownRows, shownColumns, (slice, row, column) => {
    shown.push(values[(slice * rows + row) * columns + column]);
  });
  const texts =
    dtype === "bool"
      ? shown.map((value) => String(value !== 0))
      : (tensor.write?.(shown) ?? shown.map(alignedNumbers(shown)));
  let next = 0;

  const slices = shownSlices.map((slice) => {
    if (slice === GAP)
      return `<tbody><tr><th colspan="${shownColumns.length + 1}" style="text-align: center">⋮</th></tr></tbody>`;
    const heading =
      rank > 2
        ? `<tr><th colspan="${shownColumns.length + 1}" style="text-align: left">${sliceName(slice, shape)}</th></tr>`
        : "";
    const lines = shownRows.map((row) => {
      const cells = shownColumns.map((column) => {
        if (column === GAP) return row === GAP ? "<td>⋱</td>" : "<td>…</td>";
        return `<td>${row === GAP ? "⋮" : texts[next++]}</td>`;
      });
      return `<tr>${rank < 2 ? "" : `<th>${row === GAP ? "⋮" : row}</th>`}${cells.join("")}</tr>`;
    });
    return `<tbody>${heading}${lines.join("")}</tbody>`;
  });

  const columnNames = shownColumns.map((column) => `<th>${column === GAP ? "…" : column}</th>`).join("");
  const head = rank === 0 ? "" : `<thead><tr>${rank < 2 ? "" : "<th></th>"}${columnNames}</tr></thead>`;
  return `<table><caption>${escapeMarkup(title)}</caption>${head}${slices.join("")}</table>`;
}

/** All indices when they are few, else the first and the last ones around a gap. */
function ends(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  const last = Math.floor((most - 1) / 2);
  const first = most - 1 - last;
  return [
    ...Array.from({ length: first }, (_, i) => i),
    GAP,
    ...Array.from({ length: last }, (_, i) => count - last + i),
  ];
}

function forEachShown(
  slices: number[],
  rows: number[],
  columns: number[],
  visit: (slice: number, row: number, column: number) => void,
): void {
  for (const slice of slices) {
    for (const row of rows) {
      for (const column of columns)
        if (slice !== GAP && row !== GAP && column !== GAP) visit(slice, row, column);
    }
  }
}

/** Where a slice over the last two axes stands: `[1, 0, :, :]`. */
function sliceName(slice: number, shape: readonly number[]): string {
  const indices: (number | string)[] = [":", ":"];
  for (let axis = shape.length - 3; axis >= 0; axis--) {
    indices.unshift(slice % shape[axis]);
    slice = Math.floor(slice / shape[axis]);
  }
  return `[${indices.join(", ")}]`;
}
