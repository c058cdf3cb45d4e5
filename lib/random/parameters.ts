// The parameters of random numbers: one number for all elements, or numbers that broadcast over the shape; and their ranges.
import { broadcastTo } from "../ops/shape.ts";
import { made } from "../tensor/create.ts";
import { broadcastShapes, formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { type NestedArray, Tensor } from "../tensor/tensor.ts";

/** One number for all elements, or numbers that broadcast over the shape of the result. */
export type Parameter = number | Tensor | readonly NestedArray[];

/** Which values a parameter may take. */
export interface Range {
  holds(value: number): boolean;
  text: string;
}

export const finite: Range = { holds: Number.isFinite, text: "a finite number" };
export const positive: Range = { holds: (v) => v > 0 && v < Infinity, text: "a number above 0" };
export const notNegative: Range = { holds: (v) => v >= 0 && v < Infinity, text: "a number from 0 up" };
export const probability: Range = { holds: (v) => v >= 0 && v <= 1, text: "a probability from 0 to 1" };
export const count: Range = {
  holds: (v) => Number.isInteger(v) && v >= 0 && v <= 0x7fffffff,
  text: "a whole number from 0 up",
};
export const whole: Range = { holds: Number.isInteger, text: "a whole number" };

/** @throws RangeError that names the parameter when the value is outside its range. */
export function checkRange(caller: string, name: string, value: number, range: Range): void {
  if (typeof value !== "number" || !range.holds(value)) {
    throw new RangeError(`${caller}: ${name} must be ${range.text}, got ${String(value)}`);
  }
}

/**
 * A parameter's value for each element of a tensor of the given shape.
 * @throws RangeError when a value is outside the range, or the parameter does not broadcast over the shape.
 */
export function perElement(
  caller: string,
  name: string,
  value: Parameter,
  shape: Shape,
  range: Range,
): (element: number) => number {
  if (!(value instanceof Tensor) && typeof value !== "object") {
    checkRange(caller, name, value, range);
    return () => value;
  }
  const given = value instanceof Tensor ? value.detach() : made(caller, value, { dtype: "float64" });
  const numbers = given.data();
  for (const number of numbers) checkRange(caller, name, number, range);
  if (sameShape(given.shape, shape)) return (element) => numbers[element]!;
  if (!sameShape(broadcastShapes(`${caller}, ${name}`, given.shape, shape), shape)) {
    throw new RangeError(
      `${caller}: ${name} ${formatShape(given.shape)} does not broadcast over the shape ${formatShape(shape)}`,
    );
  }
  const spread = broadcastTo(given, shape).data();
  return (element) => spread[element]!;
}
