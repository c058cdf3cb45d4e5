// Reading and checking what layers are made with: whole numbers and pairs; what to do with data of another shape.
import { describe, type Shape, sizeOf } from "../tensor/shape.ts";

/** Checks that an option is a whole number above zero. */
export function wholeNumber(layer: string, option: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`${layer}: ${option} must be a whole number above 0, got ${describe(value)}`);
}

/** `3` stands for `[3, 3]`: height and width. */
export function pair(
  layer: string,
  option: string,
  value: number | readonly [number, number],
): [number, number] {
  const [height, width] = Array.isArray(value) ? value : [value, value];
  return [wholeNumber(layer, option, height), wholeNumber(layer, option, width)];
}

/** The `.reshape(…)` that would make images of flat rows, if their length suggests one. */
export function imageHint(inputShape: Shape): string {
  if (inputShape.length === 2) {
    return `the channels are missing: did you mean .reshape([-1, ${inputShape.join(", ")}, 1])?`;
  }
  const size = sizeOf(inputShape);
  for (const channels of [1, 3]) {
    const side = Math.sqrt(size / channels);
    if (inputShape.length === 1 && Number.isInteger(side) && side > 1) {
      return `did you mean .reshape([-1, ${side}, ${side}, ${channels}])?`;
    }
  }
  return "";
}
