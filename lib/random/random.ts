// Random numbers from one global seed. Each call takes a new stream of the counter-based generator (Philox), so
// results depend on the seed and the order of calls, never on the number of threads.

import { resetWhenIdle, whenIdle } from "../tensor/interruption.ts";
import type { Stream } from "./draws.ts";
import { checkSeed, functionsOver, generator } from "./generator.ts";

// Unseeded runs differ from each other, as in Keras and PyTorch.
const state = { seed: Math.floor(Math.random() * 0x7fffffff), stream: 0 };

/**
 * Makes everything random from here on repeatable: initial weights, dropout, shuffling, `random.*`.
 *
 * @throws TypeError when n is no whole number.
 * @example
 * seed(7);
 * const first = random.uniform([2]).toString();
 * seed(7);
 * random.uniform([2]).toString() === first // → true
 */
export function seed(n: number): void {
  state.seed = checkSeed("seed", n);
  state.stream = 0;
}

/** What stands in for `state` while numbers are drawn that were settled earlier: see {@link reserveStream}. */
let reserved: Stream | null = null;
whenIdle(() => {
  reserved = null;
});

/** The seed and a stream number that no call has used since `seed`: what the engine's generators take. */
export function nextStream(): Stream {
  const source = reserved ?? state;
  return { seed: source.seed, stream: source.stream++ };
}

/**
 * Takes the next stream for numbers that will be drawn later: the function given back runs `draw` with it, so that the
 * numbers are those of now, and what was drawn in between stays as it was. Code that may draw more than once gets a
 * sequence of streams of its own.
 */
export function reserveStream({ once }: { once: boolean }): <T>(draw: () => T) => T {
  const { seed, stream } = nextStream();
  const start = once
    ? { seed, stream }
    : { seed: (seed + Math.imul(stream + 1, 0x9e3779b9)) | 0, stream: 0x20000000 };
  return (draw) => {
    const before = reserved;
    resetWhenIdle();
    reserved = { ...start };
    try {
      return draw();
    } finally {
      reserved = before;
    }
  };
}

/**
 * Random tensors; `random.generator(seed)` makes a generator of one's own.
 *
 * @example
 * random.uniform([2, 3], { low: -1, high: 1 }).shape // → [ 2, 3 ]
 */
export const random = { ...functionsOver(nextStream), generator };
