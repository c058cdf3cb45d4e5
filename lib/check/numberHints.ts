// What may have happened when numbers are not the expected ones: a factor, a sign, an offset, another order, rounding.
import type { Pair } from "./difference.ts";
import type { Block } from "./numbers.ts";
import { isWithin, type Limits } from "./tolerance.ts";
import { numberText } from "./words.ts";

/** Relative: two numbers of which one was computed in another way agree so far. */
const SAME: Limits = { absolute: 1e-12, relative: 1e-5 };

/** Factors that mean something in this field. */
const FACTORS: readonly (readonly [factor: number, meaning: string])[] = [
  [-1, "the opposite sign"],
  [100, "100 times as much: percent in place of a share?"],
  [0.01, "a hundredth: a share in place of percent?"],
  [255, "255 times as much: pixels from 0 to 255 in place of 0 to 1?"],
  [1 / 255, "1/255: pixels from 0 to 1 in place of 0 to 255?"],
  [Math.LN2, "0.693 times as much: nats (log) in place of bits (log2)?"],
  [Math.LOG2E, "1.443 times as much: bits (log2) in place of nats (log)?"],
  [180 / Math.PI, "57.3 times as much: degrees in place of radians?"],
  [Math.PI / 180, "1/57.3: radians in place of degrees?"],
];

/** A likely reason, or "" when none suggests itself. */
export function numberHint({ actual, expected, limits, differing }: Pair): string {
  const a = Array.from(actual.data);
  const e = Array.from(expected.data);
  const missing = a.filter((value, i) => Number.isNaN(value) && !Number.isNaN(e[i]!)).length;
  if (missing > 0) return `NaN comes from 0/0, ∞ − ∞, or the logarithm or root of a negative number`;
  if (actual.kind === "truth values" && expected.kind === "truth values") {
    return differing > 1 && differing === e.length
      ? "all are the opposite: is the condition turned round?"
      : "";
  }
  const agrees = (change: (value: number) => number, near = limits) =>
    e.every((value, i) => isWithin(change(a[i]!), value, near));
  if (limits.absolute === 0 && limits.relative === 0) {
    if (agrees((value) => value, SAME))
      return "they agree but for rounding in the last digits: isCloseTo compares with a tolerance";
    if (e.every(Number.isInteger)) {
      if (agrees(Math.round)) return "rounded they agree: is Math.round missing, or is isCloseTo meant?";
      if (agrees(Math.floor)) return "without what follows the point they agree: is Math.floor missing?";
    }
  }
  return sameRuleHint(a, e, widened(limits, e)) || orderHint(actual, expected, widened(limits, e));
}

/** The given limits, but not less than rounding needs. */
function widened(limits: Limits, expected: readonly number[]): Limits {
  const largest = expected.reduce((most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most), 0);
  return { absolute: Math.max(limits.absolute, 1e-6 * largest), relative: limits.relative };
}

/** One rule that leads from every actual number to the expected one. */
function sameRuleHint(a: readonly number[], e: readonly number[], near: Limits): string {
  const [all, is] = e.length === 1 ? ["it", "is"] : ["all of them", "are"];
  const follows = (rule: (expected: number) => number) => {
    const scaled = e.map(rule);
    return scaled.every((value, i) =>
      isWithin(a[i]!, value, { ...near, relative: Math.max(near.relative, 1e-5) }),
    );
  };
  const isNothing = e.every((value) => value === 0);
  if (!isNothing) {
    const [, meaning] = FACTORS.find(([factor]) => follows((value) => factor * value)) ?? [];
    if (meaning !== undefined) return `${all} ${is} ${meaning}`;
  }
  const isShare = e.every((value) => value >= 0 && value <= 1);
  if (isShare && e.some((value) => value !== 0.5) && follows((value) => 1 - value))
    return `${all} ${is} 1 − what is expected: the opposite rate or class?`;
  if (!isNothing && follows((value) => 1 / value))
    return `${all} ${is} 1/expected: a quotient turned upside down?`;
  if (follows((value) => value * value)) return `${all} ${is} the square: is a square root missing?`;
  if (isShare === false && follows((value) => Math.sqrt(value)))
    return `${all} ${is} the root: is a square missing?`;
  const largest = e.reduce((best, value, i) => (Math.abs(value) > Math.abs(e[best]!) ? i : best), 0);
  const factor = a[largest]! / e[largest]!;
  const isRatio = e.length > 1 && Number.isFinite(factor) && factor !== 0 && Math.abs(factor - 1) > 0.001;
  if (isRatio && follows((value) => factor * value)) {
    const means =
      factor === e.length
        ? ": the sum in place of the mean?"
        : factor * e.length === 1
          ? ": the mean in place of the sum?"
          : "";
    return `all of them are ${numberText(Number(factor.toPrecision(4)))} times what is expected${means}`;
  }
  const offset = a[0]! - e[0]!;
  if (
    (e.length > 1 || Math.abs(offset) === 1) &&
    Number.isFinite(offset) &&
    follows((value) => value + offset)
  ) {
    const size = numberText(Number(Math.abs(offset).toPrecision(4)));
    const one = Math.abs(offset) === 1 ? ": counted from 1 or from 0, an end too many or too few?" : "";
    return `${all} ${is} ${size} too ${offset > 0 ? "large" : "small"}${one}`;
  }
  return "";
}

/** The expected numbers in another order. */
function orderHint(actual: Block, expected: Block, near: Limits): string {
  const { shape } = expected;
  const size = expected.data.length;
  if (size < 2) return "";
  const isArranged = (from: (index: number) => number) => {
    for (let i = 0; i < size; i++) {
      if (!isWithin(actual.data[from(i)]!, expected.data[i]!, near)) return false;
    }
    return true;
  };
  const [rows, columns] = [shape[0]!, shape[1]!];
  if (
    shape.length === 2 &&
    rows === columns &&
    isArranged((i) => (i % columns) * columns + Math.floor(i / columns))
  )
    return "rows and columns are exchanged: is a transpose() missing, or one too many?";
  if (isArranged((i) => size - 1 - i)) return "the order is reversed";
  const sort = ({ data }: Block) => Float64Array.from(data).sort();
  const [a, e] = [sort(actual), sort(expected)];
  if (a.every((value, i) => isWithin(value, e[i]!, near))) return "the right numbers, in another order";
  const shift = firstShift(actual, expected, near);
  return shift === 0
    ? ""
    : `they are shifted by one: the first ${shift > 0 ? "stands second" : "is missing"}`;
}

/** 1 when all stand one place later than expected, −1 for one place earlier, else 0. */
function firstShift(actual: Block, expected: Block, near: Limits): number {
  const [a, e] = [Array.from(actual.data), Array.from(expected.data)];
  if (e.length < 4) return 0;
  if (e.slice(0, -1).every((value, i) => isWithin(a[i + 1]!, value, near))) return 1;
  return e.slice(1).every((value, i) => isWithin(a[i]!, value, near)) ? -1 : 0;
}
