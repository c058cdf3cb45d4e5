// Whether numbers are probabilities of all states: each in [0, 1], and 1 in all.
import { numbersOf, type Sample } from "../tensor/lists.ts";
import { describe } from "../tensor/shape.ts";

/** How far from 1 a sum may be: what float32 leaves of it. */
const TOLERANCE = 1e-5;

/**
 * Whether the numbers are the probabilities of all states: each from 0 to 1, and 1 in all (within 1e-5).
 *
 * @throws TypeError when they are no numbers.
 * @example
 * isProbabilityDistribution([0.2, 0.8]) // → true
 * isProbabilityDistribution([0.5, 0.6]) // → false
 * isProbabilityDistribution([1.2, -0.2]) // → false
 */
export function isProbabilityDistribution(values: Sample): boolean {
  return fault(numbersOf("isProbabilityDistribution", "probabilities", values)) === null;
}

/** @throws RangeError that says which number is no probability, or what the sum of a row of `width` numbers is. */
export function checkProbabilities(caller: string, values: ArrayLike<number>, width = values.length): void {
  if (width === 0) throw new RangeError(`${caller}: needs the probability of at least one state`);
  for (let row = 0; row < values.length; row += width) {
    const found = fault(values, row, row + width);
    if (found !== null) throw new RangeError(`${caller}: ${found}`);
  }
}

/** What is wrong with values[start … end − 1], or null. */
function fault(values: ArrayLike<number>, start = 0, end = values.length): string | null {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const value: unknown = values[i];
    if (typeof value !== "number") return `position ${i} holds no probability but ${describe(value)}`;
    if (!(value >= 0 && value <= 1 + TOLERANCE))
      return `probability ${value} at position ${i} is not in [0, 1]`;
    sum += value;
  }
  if (Math.abs(sum - 1) <= TOLERANCE) return null;
  return `probabilities sum to 1, these to ${Number(sum.toPrecision(7))} — divide by the sum`;
}
