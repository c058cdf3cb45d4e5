// A generator of random numbers: the functions for fractions, whole numbers and picks over one source of streams.
import { continuous } from "./continuous.ts";
import { discrete } from "./discrete.ts";
import type { NextStream } from "./fill.ts";
import { selection } from "./selection.ts";

/** All functions of a generator over a source of streams. */
export function functionsOver(next: NextStream) {
  return { ...continuous(next), ...discrete(next), ...selection(next) };
}

/** Random tensors from a sequence of its own. */
export type RandomGenerator = ReturnType<typeof functionsOver>;

/** Streams from here up are those of generators: one with the seed of the library draws other numbers than it. */
const FIRST_STREAM = 0x40000000;

/** @throws TypeError when the seed is no whole number. */
export function checkSeed(caller: string, n: number): number {
  if (!Number.isInteger(n)) throw new TypeError(`${caller}: needs a whole number, got ${String(n)}`);
  return n | 0;
}

/**
 * A generator with a sequence of its own: it neither follows the library's `seed` nor disturbs what that gives.
 *
 * @throws TypeError when the seed is no whole number.
 * @example
 * const a = random.generator(7);
 * const b = random.generator(7);
 * a.normal([3]).toString() === b.normal([3]).toString() // → true
 */
export function generator(seed: number): RandomGenerator {
  const key = checkSeed("random.generator", seed);
  let stream = FIRST_STREAM;
  return functionsOver(() => ({ seed: key, stream: stream++ }));
}
