// Going through a tensor along an axis: one row of numbers after the other.

import type { TypedArray } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Puts the numbers of a row where they belong in a target of the tensor's shape. */
export type Place = (target: TypedArray, values: ArrayLike<number>) => void;

/** Runs `work` on a copy of every row of a tensor along an axis; the copy is used again for the next row. */
export function forEachRow(x: Tensor, axis: number, work: (row: Float64Array, place: Place) => void): void {
  const length = x.shape[axis]!;
  const inner = sizeOf(x.shape.slice(axis + 1));
  const outer = sizeOf(x.shape.slice(0, axis));
  const source = x.view();
  const row = new Float64Array(length);
  for (let i = 0; i < outer; i++) {
    for (let k = 0; k < inner; k++) {
      const start = i * length * inner + k;
      if (inner === 1) row.set(source.subarray(start, start + length));
      else for (let j = 0; j < length; j++) row[j] = source[start + j * inner]!;
      work(row, (target, values) => {
        if (inner === 1) target.set(values, start);
        else for (let j = 0; j < length; j++) target[start + j * inner] = values[j]!;
      });
    }
  }
}
