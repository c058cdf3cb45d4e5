// The plain core: moving elements of other sizes than 4 bytes. Signatures and meaning are those of Core (../core.ts).
import type { Core, Engine, Pointer } from "../core.ts";
import { walk } from "./elementwise.ts";
import { float64, int32, uint8 } from "./memory.ts";

/** What moves numbers about without computing with them: there is one for every dtype. */
export type Mover = Pick<Core, "copy" | "gatherRows" | "transpose2d"> & Pick<Engine, "copyStrided">;

type View = (pointer: Pointer, length: number) => Float64Array | Uint8Array;

function moverWith(view: View, bytes: number): Mover {
  return {
    copy(source, target, n) {
      view(target, n).set(view(source, n));
    },
    gatherRows(table, indices, out, count, columns) {
      const rows = int32(indices, count);
      const target = view(out, count * columns);
      for (let i = 0; i < count; i++) {
        target.set(view(table + bytes * rows[i]! * columns, columns), i * columns);
      }
    },
    transpose2d(x, out, rows, columns) {
      const source = view(x, rows * columns);
      const target = view(out, rows * columns);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) target[j * rows + i] = source[i * columns + j]!;
      }
    },
    copyStrided(source, sourceStrides, target, targetStrides, shape, accumulate = false) {
      // Strides may be negative, so both views begin at the lowest element that is reached.
      const [from, first] = span(view, bytes, source, sourceStrides, shape);
      const [to, start] = span(view, bytes, target, targetStrides, shape);
      if (accumulate) {
        walk(shape, sourceStrides, targetStrides, (i, j) => {
          to[start + j]! += from[first + i]!;
        });
      } else {
        walk(shape, sourceStrides, targetStrides, (i, j) => {
          to[start + j] = from[first + i]!;
        });
      }
    },
  };
}

/** The elements that strides lead to, and the index of the one that the pointer names. */
function span(
  view: View,
  bytes: number,
  pointer: Pointer,
  strides: readonly number[],
  shape: readonly number[],
): [elements: Float64Array | Uint8Array, first: number] {
  let low = 0;
  let high = 0;
  strides.forEach((stride, axis) => {
    const last = stride * Math.max(shape[axis]! - 1, 0);
    if (last < 0) low += last;
    else high += last;
  });
  return [view(pointer + bytes * low, high - low + 1), -low];
}

export const float64Mover: Mover = moverWith(float64, 8);
export const uint8Mover: Mover = moverWith(uint8, 1);

export function fill(x: Pointer, n: number, value: number): void {
  float64(x, n).fill(value);
}

export function scatterAddRows(
  x: Pointer,
  indices: Pointer,
  table: Pointer,
  count: number,
  columns: number,
): void {
  const rows = int32(indices, count);
  const source = float64(x, count * columns);
  for (let i = 0; i < count; i++) {
    const target = float64(table + 8 * rows[i]! * columns, columns);
    for (let j = 0; j < columns; j++) target[j]! += source[i * columns + j]!;
  }
}
