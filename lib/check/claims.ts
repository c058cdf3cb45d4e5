// Claims other than equality: a shape, a condition, limits for every number, an order, an error that is thrown.
import { formatShape } from "../tensor/shape.ts";
import { hinted, kindHint } from "./explain.ts";
import { readBlock } from "./numbers.ts";
import { shapeHint } from "./shapeHints.ts";
import { elementText, roundedText, valueText } from "./words.ts";

/** How a claim came out: the line to show, or the lines of the error. */
export type Verdict =
  | {
      readonly passed: string;
      /** Whether the line goes on from the name of what is checked: "has shape [2, 3]". */
      readonly isVerb?: boolean;
    }
  | { readonly failed: readonly string[] };

/** Of so many numbers each is shown, of more the range. */
const MOST_SHOWN = 8;

/** Sizes; `null` stands for one that is not known yet, the number of examples. */
type Sizes = readonly (number | null)[];

export function shapeIs(value: unknown, expected: Sizes): Verdict {
  const actual = shapeOf(value);
  const wanted = `expected shape ${shapeText(expected)}`;
  if (actual === null) return { failed: [`${wanted}, got ${valueText(value)}`, hinted(kindHint(value, []))] };
  if (actual.length === expected.length && actual.every((size, axis) => size === expected[axis]))
    return { passed: `has shape ${shapeText(expected)}`, isVerb: true };
  const hint = isKnown(actual) && isKnown(expected) ? shapeHint(actual, expected) : "";
  return { failed: [`${wanted}, got ${shapeText(actual)}`, hinted(hint)] };
}

export function isTruth(value: unknown, expected: boolean): Verdict {
  const block = readBlock(value);
  const isOne = block?.kind === "truth values" && block.data.length === 1;
  if (isOne && (block.data[0] !== 0) === expected)
    return { passed: expected ? "" : "is false", isVerb: true };
  const isMany = block !== null && block.data.length > 1;
  const hint = isMany ? "there are many of them: all(…) or any(…) makes them one" : kindHint(value, expected);
  return { failed: [`expected ${expected}, got ${valueText(value)}`, isOne ? "" : hinted(hint)] };
}

/** Whether a condition holds for the number, or for each number of a list. */
export function everyNumber(value: unknown, claim: string, holds: (value: number) => boolean): Verdict {
  const block = readBlock(value);
  if (block === null || block.kind !== "numbers")
    return { failed: [`expected a number ${claim}, got ${valueText(value)}`, hinted(kindHint(value, 0))] };
  const { data } = block;
  // Every claim would be true of nothing.
  if (data.length === 0) return { failed: [`expected numbers ${claim}, got none`] };
  const values = Array.from(data);
  const first = values.findIndex((one) => !holds(one));
  if (first < 0) return { passed: `${rangeText(values)} ${data.length === 1 ? "is" : "are"} ${claim}` };
  if (data.length === 1) return { failed: [`${elementText(block, 0)} is not ${claim}`] };
  const wrong = values.filter((one) => !holds(one)).length;
  return {
    failed: [
      `${wrong} of ${data.length} numbers ${wrong === 1 ? "is" : "are"} not ${claim}, the first is ${elementText(block, first)}`,
    ],
  };
}

/** Whether each number stands in the right relation to the one before it. */
export function ordered(
  value: unknown,
  claim: string,
  follows: (before: number, value: number) => boolean,
): Verdict {
  const block = readBlock(value);
  if (block === null || block.shape.length !== 1 || block.data.length < 2)
    return { failed: [`expected a list of two or more numbers, ${claim}; got ${valueText(value)}`] };
  const values = Array.from(block.data);
  const at = values.findIndex((one, i) => i > 0 && !follows(values[i - 1]!, one));
  if (at < 0) return { passed: `${rangeText(values)} is ${claim}` };
  const [before, one] = [elementText(block, at - 1), elementText(block, at)];
  return { failed: [`not ${claim}: ${before} at [${at - 1}] is followed by ${one}`] };
}

export function errorMatches(call: unknown, pattern: RegExp | string): Verdict | Promise<Verdict> {
  if (typeof call !== "function") {
    const hint = hinted("a check of an error takes a function: check(() => …)");
    return { failed: [`expected a function that throws, got ${valueText(call)}`, hint] };
  }
  const wanted = `expected an error${pattern === "" ? "" : ` with ${String(pattern)}`}`;
  const returned = (value: unknown): Verdict => ({
    failed: [`${wanted}, but it returned ${valueText(value)}`],
  });
  const thrown = (error: unknown): Verdict => {
    const message = error instanceof Error ? error.message : valueText(error);
    const [line = ""] = message.split("\n", 1);
    const matches = typeof pattern === "string" ? message.includes(pattern) : message.search(pattern) >= 0;
    return matches ? { passed: `throws “${line}”`, isVerb: true } : { failed: [`${wanted}, got “${line}”`] };
  };
  try {
    const result: unknown = call();
    return result instanceof Promise ? result.then(returned, thrown) : returned(result);
  } catch (error) {
    return thrown(error);
  }
}

function shapeOf(value: unknown): Sizes | null {
  if (typeof value === "object" && value !== null && "shape" in value && Array.isArray(value.shape))
    return value.shape;
  return readBlock(value)?.shape ?? null;
}

function isKnown(shape: Sizes): shape is readonly number[] {
  return !shape.includes(null);
}

function shapeText(shape: Sizes): string {
  return formatShape(shape as readonly number[]);
}

/** A few numbers with four digits each, or the range of many. */
function rangeText(values: readonly number[]): string {
  if (values.length === 1) return short(values[0]!);
  if (values.length <= MOST_SHOWN) return `[${values.map(short).join(", ")}]`;
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [values[0]!, values[0]!],
  );
  return `${values.length.toLocaleString("en-US")} numbers from ${short(low)} to ${short(high)}`;
}

function short(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return roundedText(value, 0);
  return roundedText(value, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))));
}
