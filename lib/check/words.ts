// Values in the messages of checks: numbers with the digits that mean something, lists while they are short, the rest by name.
import { shortest } from "../tensor/numerals.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import { type Block, readBlock } from "./numbers.ts";

/** In characters: what is longer is described instead. */
const LONGEST = 72;

/** A number with all its digits, those of a float32 without what only tells it from its neighbours. */
export function numberText(value: number, isSingle = false): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
  return String(isSingle ? shortest(value) : value);
}

/** A number rounded to so many decimals, without zeros at the end; very small and very large ones with an exponent. */
export function roundedText(value: number, decimals: number): string {
  if (!Number.isFinite(value) || value === 0) return numberText(value);
  if (Math.abs(value) >= 1e15 || decimals > 12) return String(Number(value.toPrecision(7)));
  const text = value.toFixed(Math.max(decimals, 0));
  return (text.includes(".") ? text.replace(/\.?0+$/, "") : text).replace(/^-(?=0$)/, "");
}

/** The element at a position of a block. */
export function elementText({ data, isSingle, kind }: Block, index: number): string {
  const value = data[index]!;
  return kind === "truth values" ? String(value !== 0) : numberText(value, isSingle);
}

/** A block as nested lists on one line, or `784 numbers [28, 28]` when that would be long. */
export function blockText(block: Block, element = (index: number) => elementText(block, index)): string {
  const { shape, data, kind } = block;
  const amount = `${data.length.toLocaleString("en-US")} ${kind}`;
  const long = shape.length > 1 ? `${amount} ${formatShape(shape)}` : amount;
  if (data.length > LONGEST / 2) return long;
  let next = 0;
  const write = (axis: number): string => {
    if (axis === shape.length) return element(next++);
    return `[${Array.from({ length: shape[axis]! }, () => write(axis + 1)).join(", ")}]`;
  };
  const text = write(0);
  return text.length <= LONGEST ? text : long;
}

/** Any value on one short line; `depth` levels of lists and objects are written out. */
export function valueText(value: unknown, depth = 3): string {
  const block = readBlock(value);
  if (block !== null) return blockText(block);
  if (typeof value === "string") return quoted(value);
  const inner = (part: unknown) => valueText(part, depth - 1);
  if (Array.isArray(value)) {
    const isLong = value.length > LONGEST / 2 || depth === 0;
    return shortOr(isLong ? "" : `[${value.map(inner).join(", ")}]`, `a list of ${value.length}`);
  }
  if (!isPlain(value)) return describe(value);
  const keys = Object.keys(value);
  if (keys.length === 0) return "{}";
  const isLong = keys.length > LONGEST / 4 || depth === 0;
  const fields = isLong ? "" : `{ ${keys.map((key) => `${key}: ${inner(value[key])}`).join(", ")} }`;
  return shortOr(fields, `an object of ${count(keys.length, "value")}`);
}

function shortOr(text: string, instead: string): string {
  return text !== "" && text.length <= LONGEST ? text : instead;
}

function quoted(text: string): string {
  if (text.length <= LONGEST) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, LONGEST)).slice(0, -1)}…" (${count(text.length, "character")})`;
}

/** Whether it is an object as `{ … }` makes it. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** "1 number", "12 numbers". */
export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString("en-US")} ${noun}${amount === 1 ? "" : "s"}`;
}
