// How near is near enough, and how it is written.
import { shortest } from "../tensor/numerals.ts";
import type { Block } from "./numbers.ts";

/** How far a number may be from the expected one. */
export interface Tolerance {
  /** In the unit of the numbers: `0.001` accepts 0.4990 to 0.5010 for 0.5. */
  tolerance?: number;
  /** As a share of the expected number: `0.01` accepts 99 to 101 for 100, and nothing but 0 for 0. */
  relative?: number;
}

/** A tolerance as comparisons use it: |actual − expected| ≤ absolute + relative · |expected|. */
export interface Limits {
  readonly absolute: number;
  readonly relative: number;
}

export const EXACT: Limits = { absolute: 0, relative: 0 };

/** Digits, and decimals of numbers below 1. */
const FEWEST_DIGITS = 4;
const MOST_DIGITS = 6;

/** The limits that somebody stated, or null when none were. @throws RangeError when they are no sizes. */
export function readTolerance({ tolerance, relative }: Tolerance): Limits | null {
  for (const [name, size] of Object.entries({ tolerance, relative })) {
    if (size !== undefined && !(size >= 0)) {
      throw new RangeError(`isCloseTo: ${name} is a distance such as 0.001, got ${String(size)}`);
    }
  }
  if (tolerance === undefined && relative === undefined) return null;
  return { absolute: tolerance ?? 0, relative: relative ?? 0 };
}

/**
 * Half a unit of the last digit with which the expected numbers are written: 0.9091 stands for 0.90905 to 0.90915. At least
 * 4 digits count (of numbers below 1, 4 decimals), as 0.5 may have been 0.5000, and at most 6, as float32 has hardly more.
 * Of several numbers the largest says where its digits begin, and the one with the most decimals where they end; all get
 * the same limit.
 */
export function writtenTolerance({ data, isSingle }: Block): Limits {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const value = Math.abs(data[i]!);
    if (value > largest && value < Number.POSITIVE_INFINITY) largest = value;
  }
  const exponent = largest === 0 ? 0 : Number(largest.toExponential().split("e")[1]);
  const most = MOST_DIGITS - 1 - exponent;
  let last = Math.min(FEWEST_DIGITS - 1 - exponent, FEWEST_DIGITS);
  for (let i = 0; i < data.length && last < most; i++) {
    const value = data[i]!;
    if (Number.isFinite(value)) last = Math.max(last, decimalsOf(isSingle ? shortest(value) : value));
  }
  return { absolute: Number(`5e${-Math.min(last, most) - 1}`), relative: 0 };
}

/** Decimals of the shortest text that is this number: 2 for 0.25, −3 for 5000. */
function decimalsOf(value: number): number {
  if (value === 0) return 0;
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  return digits.replace(".", "").length - 1 - Number(exponent);
}

/** `± 0.00005`, `± 1 %`. */
export function toleranceText({ absolute, relative }: Limits): string {
  const percent = relative > 0 ? `± ${Number((100 * relative).toPrecision(3))} %` : "";
  if (absolute === 0) return percent || "exactly";
  const size = absolute >= 1e-6 && absolute < 1e15 ? plainDecimal(absolute) : String(absolute);
  return percent === "" ? `± ${size}` : `± ${size} ${percent}`;
}

/** 0.000005 rather than 5e-6. */
function plainDecimal(value: number): string {
  const [, exponent = "0"] = value.toExponential(2).split("e");
  return value
    .toFixed(Math.max(0, 2 - Number(exponent)))
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

/** Decimals with which a number is written so that its distance from the limit can be seen. */
export function decimalsFor({ absolute, relative }: Limits, expected: number): number {
  const limit = absolute + relative * Math.abs(expected);
  if (!(limit > 0)) return Number.POSITIVE_INFINITY;
  return Math.ceil(-Math.log10(limit)) + 1;
}

/** Whether a number is the expected one, or near enough. NaN is NaN, −0 is 0. */
export function isWithin(actual: number, expected: number, { absolute, relative }: Limits): boolean {
  if (actual === expected || (Number.isNaN(actual) && Number.isNaN(expected))) return true;
  const limit = absolute + (relative > 0 ? relative * Math.abs(expected) : 0);
  // The rounding of the subtraction does not decide: 0.55 is within 0.05 of 0.5.
  return limit > 0 && Math.abs(actual - expected) <= limit * (1 + 1e-9);
}
