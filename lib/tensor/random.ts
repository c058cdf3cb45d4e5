// Random numbers from one global seed. Each call takes a new stream of the counter-based generator (Philox), so
// results depend on the seed and the order of calls, never on the number of threads.
import type { Stream } from "../random/draws.ts";
import { checkSeed, functionsOver, generator } from "../random/generator.ts";

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

/** The seed and a stream number that no call has used since `seed`: what the engine's generators take. */
export function nextStream(): Stream {
  return { seed: state.seed, stream: state.stream++ };
}

/** Random tensors; `random.generator(seed)` makes a generator of one's own. */
export const random = { ...functionsOver(nextStream), generator };
