// What a rate is when there is nothing to divide by.
import { describe } from "../tensor/shape.ts";

/** Options of everything that computes rates. */
export interface RateOptions {
  /**
   * What 0/0 gives: `NaN` (default: such a rate does not exist), 0 or 1, as in scikit-learn (whose own default is 0, with a
   * warning).
   */
  zeroDivision?: number;
}

/** @throws RangeError unless the policy is NaN, 0 or 1. */
export function readZeroDivision(place: string, { zeroDivision = Number.NaN }: RateOptions): number {
  if (Number.isNaN(zeroDivision) || zeroDivision === 0 || zeroDivision === 1) return zeroDivision;
  throw new RangeError(
    `${place}: zeroDivision says what 0/0 gives: NaN, 0 or 1; got ${describe(zeroDivision)}`,
  );
}

/** The quotient, and the policy's value for 0/0. */
export function ratio(numerator: number, denominator: number, zeroDivision: number): number {
  return numerator === 0 && denominator === 0 ? zeroDivision : numerator / denominator;
}
