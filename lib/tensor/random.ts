// Random numbers from one global seed. Each call takes a new stream of the engine's counter-based generator (Philox), so
// results depend on the seed and the order of calls, never on the number of threads.
import { engine } from "../engine/engine.ts";
import { empty, tensor } from "./create.ts";
import { checkShape, type Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

// Unseeded runs differ from each other, as in Keras and PyTorch.
const state = { seed: Math.floor(Math.random() * 0x7fffffff), stream: 0 };

/**
 * Makes everything random from here on repeatable: initial weights, dropout, shuffling, `random.*`.
 *
 * @example
 * seed(7);
 * const first = random.uniform([2]).toString();
 * seed(7);
 * random.uniform([2]).toString() === first // → true
 */
export function seed(n: number): void {
  if (!Number.isInteger(n)) throw new TypeError(`seed: needs a whole number, got ${n}`);
  state.seed = n | 0;
  state.stream = 0;
}

/** The seed and a stream number that no call has used since `seed`: what the engine's generators take. */
export function nextStream(): { seed: number; stream: number } {
  return { seed: state.seed, stream: state.stream++ };
}

/** Random tensors. */
export const random = {
  /**
   * Uniformly distributed in [low, high), by default [0, 1).
   *
   * @example
   * random.uniform([2, 3]).shape // → [ 2, 3 ]
   */
  uniform(shape: Shape, options: { low?: number; high?: number } = {}): Tensor {
    checkFinite("random.uniform", options);
    const result = empty(checkShape("random.uniform", shape));
    const { seed, stream } = nextStream();
    engine.core.randomUniform(
      result.pointer(),
      result.size,
      options.low ?? 0,
      options.high ?? 1,
      seed,
      stream,
    );
    return result;
  },

  /**
   * Normally distributed with the given mean (0) and standard deviation (1).
   *
   * @example
   * random.normal([4]).size // → 4
   */
  normal(shape: Shape, options: { mean?: number; std?: number } = {}): Tensor {
    checkFinite("random.normal", options);
    const result = empty(checkShape("random.normal", shape));
    const { seed, stream } = nextStream();
    engine.core.randomNormal(
      result.pointer(),
      result.size,
      options.mean ?? 0,
      options.std ?? 1,
      seed,
      stream,
    );
    return result;
  },

  /**
   * The numbers 0 … n − 1 in random order, int32 (Fisher and Yates's shuffle).
   *
   * @example
   * random.permutation(5).sum().item() // → 10
   */
  permutation(n: number): Tensor {
    if (!Number.isInteger(n) || n < 0) {
      throw new RangeError(`random.permutation: needs a whole number from 0 up, got ${String(n)}`);
    }
    const order = Int32Array.from({ length: n }, (_, i) => i);
    const draws = random.uniform([n]).view();
    for (let i = n - 1; i > 0; i--) {
      const j = Math.min(i, Math.floor(draws[i]! * (i + 1)));
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return tensor(order);
  },
};

function checkFinite(name: string, options: Readonly<Record<string, number | undefined>>): void {
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || (Number.isFinite(value) && !(option === "std" && value < 0))) continue;
    const range = option === "std" ? "a number from 0 up" : "a finite number";
    throw new RangeError(`${name}: ${option} must be ${range}, got ${String(value)}`);
  }
}
