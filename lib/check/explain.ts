// A comparison in words: the line of a check that holds, and the paragraph of one that does not.
import type { Comparison, Pair } from "./difference.ts";
import { numberHint } from "./numberHints.ts";
import { type Block, readBlock } from "./numbers.ts";
import { shapeHint } from "./shapeHints.ts";
import { decimalsFor, type Limits, toleranceText } from "./tolerance.ts";
import { blockText, count, elementText, numberText, roundedText, valueText } from "./words.ts";

/** Above so many numbers nobody waits for what they may have in common. */
const MOST_HINTED = 100_000;

/** In characters: longer numbers were computed rather than written. */
const LONGEST_WRITTEN = 12;

/** `0.909091, expected 0.9091 ± 0.00005`. */
export function agreement({ pairs, compared }: Comparison, actual: unknown, expected: unknown): string {
  const [pair] = pairs;
  const limits = commonLimits(pairs);
  if (limits === null)
    return `${count(compared, "value")} as expected, each to the digits it is written with`;
  if (pair === undefined || isExact(limits)) return `${valueText(actual)}, as expected`;
  const [is, wanted] = pairs.length === 1 ? [nearText(pair), wantedText(pair)] : ["", valueText(expected)];
  const bound = `± ${toleranceText(limits).replace("± ", "")}`;
  const isLong = pair.expected.data.length > 1 && is === wanted;
  if (isLong) return `${is} are as expected, ${bound}${largestGap(pair)}`;
  return is === "" ? `${wanted} ${bound}, as expected` : `${is}, expected ${wanted} ${bound}`;
}

/** The lines that say what differs and, if something suggests itself, why. */
export function disagreement(found: Comparison): string[] {
  const { places, differing, compared, pairs, shapes } = found;
  const limits = commonLimits(pairs);
  const bound = limits === null || isExact(limits) ? "" : ` ${toleranceText(limits)}`;
  const [first] = places;
  if (first === undefined) return [];
  const hint = hintFor(found);
  const why = hinted(hint);
  if (compared === 1 && first.where === "") {
    const { actual, expected } = first;
    if (shapes.length === 1) return [`expected ${expected}, got ${actual.replace("shape ", "")}`, why];
    return [`${actual}, expected ${expected}${bound}${oneGap(pairs)}`, why];
  }
  const noun = pairs.length > 0 && found.kinds.length + shapes.length === 0 ? "number" : "value";
  const total = `${differing.toLocaleString("en-US")} of ${count(compared, noun)} differ${differing === 1 ? "s" : ""} from what is expected`;
  const width = Math.max(...places.map(({ where }) => where.length));
  const lines = places.map(
    ({ where, actual, expected }) => `  ${where.padEnd(width)}  ${actual}, expected ${expected}${bound}`,
  );
  const rest = differing - places.length;
  const more = rest > 0 ? `  … and ${rest.toLocaleString("en-US")} more` : "";
  return [`${total}`, ...lines, more, why];
}

/** The line of a hint; "" for none. */
export function hinted(hint: string): string {
  return hint === "" ? "" : `Hint: ${hint}`;
}

function hintFor({ shapes, kinds, pairs }: Comparison): string {
  if (shapes.length > 0) return shapeHint(shapes[0]!.actual.shape, shapes[0]!.expected.shape);
  if (kinds.length > 0) return kindHint(kinds[0]!.actual, kinds[0]!.expected);
  const wrong = pairs.filter((pair) => pair.differing > 0);
  const [pair] = wrong;
  return wrong.length === 1 && pair!.expected.data.length <= MOST_HINTED ? numberHint(pair!) : "";
}

/** Why a value may be of another kind than the expected one. */
export function kindHint(actual: unknown, expected: unknown): string {
  if (actual instanceof Promise) return "a Promise is an answer that comes later: await is missing";
  if (typeof actual === "function") return "a function was given, not what it returns: are the () missing?";
  if (actual === undefined) return "nothing was given: does the function return its result?";
  if (typeof actual === "string" && typeof expected === "number")
    return "a text, not a number: Number(…) reads it";
  if (typeof actual === "number" && typeof expected === "string")
    return "a number, not a text: String(…) writes it";
  if (typeof actual === "boolean" && typeof expected === "number") return "a truth value, not a number";
  const block = readBlock(actual);
  if (block !== null && block.data.length === 1 && typeof expected === "number")
    return "item() takes the number out";
  return "";
}

/** A block with as many digits as show how near it comes. */
function nearText({ actual, limits, expected }: Pair): string {
  return blockText(actual, (i) => roundedText(actual.data[i]!, decimalsFor(limits, expected.data[i]!)));
}

/** The expected numbers as they are written, but those that were computed as well with fewer digits. */
function wantedText({ expected, limits }: Pair): string {
  return blockText(expected, (i) => {
    const text = elementText(expected, i);
    const decimals = decimalsFor(limits, expected.data[i]!);
    return text.length <= LONGEST_WRITTEN ? text : roundedText(expected.data[i]!, decimals);
  });
}

function oneGap(pairs: readonly Pair[]): string {
  const [pair] = pairs;
  if (pair === undefined || isExact(pair.limits) || pair.actual.kind === "truth values") return "";
  const gap = pair.actual.data[0]! - pair.expected.data[0]!;
  if (!Number.isFinite(gap)) return "";
  return ` (${gapText(Math.abs(gap))} too ${gap > 0 ? "large" : "small"})`;
}

/** Unless it is nothing but rounding. */
function largestGap({ actual, expected, limits }: Pair): string {
  const gap = gapOf(actual, expected);
  return gap < 1e-3 * limits.absolute ? "" : ` (the largest difference is ${gapText(gap)})`;
}

function gapText(gap: number): string {
  return numberText(Number(gap.toPrecision(2)));
}

function gapOf(actual: Block, expected: Block): number {
  let largest = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const gap = Math.abs(actual.data[i]! - expected.data[i]!);
    if (gap > largest) largest = gap;
  }
  return largest;
}

function isExact({ absolute, relative }: Limits): boolean {
  return absolute === 0 && relative === 0;
}

/** The limits of all blocks when they are the same, else null; exact when nothing has numbers. */
function commonLimits(pairs: readonly Pair[]): Limits | null {
  const [first] = pairs;
  if (first === undefined) return { absolute: 0, relative: 0 };
  const { absolute, relative } = first.limits;
  const isCommon = pairs.every(({ limits }) => limits.absolute === absolute && limits.relative === relative);
  return isCommon ? first.limits : null;
}
