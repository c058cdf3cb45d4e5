// Lists of numbers, as measures take them: arrays, typed arrays, tensors.
import { describe } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** A list of numbers, or a tensor of which all elements count. */
export type Sample = Tensor | ArrayLike<number>;

/** The numbers of a list. @throws TypeError when it is none, or holds something else. */
export function numbersOf(caller: string, what: string, values: Sample): Float64Array {
  if (!(values instanceof Tensor || Array.isArray(values) || ArrayBuffer.isView(values))) {
    throw new TypeError(`${caller}: ${what} are a list of numbers or a tensor, got ${describe(values)}`);
  }
  return Float64Array.from(values instanceof Tensor ? values.data() : values, (value: unknown, i) => {
    if (typeof value === "number") return value;
    throw new TypeError(`${caller}: ${what} hold ${describe(value)} at position ${i}, which is no number`);
  });
}
