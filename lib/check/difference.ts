// Where two values differ: every place is counted, the first few are kept.
import { formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { type Block, readBlock } from "./numbers.ts";
import { EXACT, isWithin, type Limits } from "./tolerance.ts";
import { elementText, isPlain, valueText } from "./words.ts";

/** How many places a message names. */
const NAMED = 6;

/** A place where two values differ. */
export interface Place {
  /** `[2, 0]`, `.layers[1].units`; empty when the values themselves differ. */
  readonly where: string;
  readonly actual: string;
  readonly expected: string;
}

/** Two blocks of one shape, with the limits within which they were compared. */
export interface Pair {
  readonly actual: Block;
  readonly expected: Block;
  readonly limits: Limits;
  readonly differing: number;
}

/** What a comparison found. */
export interface Comparison {
  /** Numbers and other values that were compared. */
  compared: number;
  differing: number;
  /** The first places that differ. */
  readonly places: Place[];
  readonly pairs: Pair[];
  /** Blocks whose shapes differ: their numbers were not compared. */
  readonly shapes: { where: string; actual: Block; expected: Block }[];
  /** Values of different kinds, which no number explains. */
  readonly kinds: { actual: unknown; expected: unknown }[];
}

/** Compares two values all the way down; `limitsFor` says how near the numbers of a block have to be. */
export function compare(
  actual: unknown,
  expected: unknown,
  limitsFor: (expected: Block) => Limits = () => EXACT,
): Comparison {
  const found: Comparison = { compared: 0, differing: 0, places: [], pairs: [], shapes: [], kinds: [] };
  const visited = new Map<unknown, Set<unknown>>();

  const differ = (where: string, actual: string, expected: string): void => {
    found.differing++;
    if (found.places.length < NAMED) found.places.push({ where, actual, expected });
  };
  const differInKind = (where: string, actual: unknown, expected: unknown): void => {
    found.compared++;
    differ(where, valueText(actual), valueText(expected));
    found.kinds.push({ actual, expected });
  };

  const walk = (where: string, actual: unknown, expected: unknown): void => {
    const [a, e] = [readBlock(actual), readBlock(expected)];
    if (a !== null && e !== null) {
      if (isPlainBlock(actual) && isPlainBlock(expected) && a.kind !== e.kind && e.data.length > 0) {
        differInKind(where, actual, expected);
      } else if (sameShape(a.shape, e.shape)) blocks(where, a, e);
      else {
        found.compared++;
        differ(where, `shape ${formatShape(a.shape)}`, `shape ${formatShape(e.shape)}`);
        found.shapes.push({ where, actual: a, expected: e });
      }
    } else if (Array.isArray(actual) && Array.isArray(expected)) {
      if (isNew(actual, expected)) lists(where, actual, expected);
    } else if (isRecord(actual) && isRecord(expected)) {
      if (isNew(actual, expected)) records(where, actual, expected);
    } else if (actual instanceof Map && expected instanceof Map) {
      if (isNew(actual, expected)) lists(where, [...actual], [...expected]);
    } else if (actual instanceof Set && expected instanceof Set) {
      if (isNew(actual, expected)) lists(where, [...actual], [...expected]);
    } else if (typeof actual !== typeof expected || typeof expected === "object") {
      if (actual !== expected) differInKind(where, actual, expected);
      else found.compared++;
    } else {
      found.compared++;
      if (actual !== expected) differ(where, valueText(actual), valueText(expected));
    }
  };

  /** False for two values that are being compared already: lists and objects may contain themselves. */
  const isNew = (actual: unknown, expected: unknown): boolean => {
    const partners = visited.get(actual) ?? new Set();
    visited.set(actual, partners);
    return !partners.has(expected) && partners.add(expected) !== undefined;
  };

  const blocks = (where: string, actual: Block, expected: Block): void => {
    const limits = limitsFor(expected);
    const round = actual.isSingle || expected.isSingle ? Math.fround : Number;
    let differing = 0;
    for (let i = 0; i < expected.data.length; i++) {
      if (isWithin(round(actual.data[i]!), round(expected.data[i]!), limits)) continue;
      differing++;
      // Millions may differ: only what will be read is written.
      if (found.places.length === NAMED) found.differing++;
      else differ(where + placeText(i, expected.shape), elementText(actual, i), elementText(expected, i));
    }
    found.compared += expected.data.length;
    found.pairs.push({ actual, expected, limits, differing });
  };

  const lists = (where: string, actual: readonly unknown[], expected: readonly unknown[]): void => {
    if (actual.length !== expected.length) {
      found.compared++;
      differ(`${where}.length`, String(actual.length), String(expected.length));
    }
    const length = Math.min(actual.length, expected.length);
    for (let i = 0; i < length; i++) walk(`${where}[${i}]`, actual[i], expected[i]);
  };

  const records = (where: string, actual: Fields, expected: Fields): void => {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const place = `${where}.${key}`;
      if (key in actual && key in expected) walk(place, actual[key], expected[key]);
      else {
        found.compared++;
        const text = (side: Fields) => (key in side ? valueText(side[key]) : "nothing");
        differ(place, text(actual), text(expected));
      }
    }
  };

  walk("", actual, expected);
  return found;
}

type Fields = Record<string, unknown>;

/** Whether two things are compared by their properties: plain objects, and what a class has made. */
function isRecord(value: unknown): value is Fields {
  if (isPlain(value)) return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.keys(value).length > 0 && readBlock(value) === null;
}

/** Whether truth values and numbers are told apart: in a tensor, 0 and 1 stand for both. */
function isPlainBlock(value: unknown): boolean {
  return typeof value !== "object" || Array.isArray(value);
}

/** The indices of an element: `[2, 0]`. */
function placeText(index: number, shape: Shape): string {
  if (shape.length === 0) return "";
  const places: number[] = [];
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    places.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return formatShape(places);
}
