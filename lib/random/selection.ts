// Random orders and random picks.
import { gather } from "../ops/gather.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { tensor } from "../tensor/create.ts";
import { describe, readAxis } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Draws } from "./draws.ts";
import type { NextStream } from "./fill.ts";
import { checkRange, count as countRange } from "./parameters.ts";
import { drawIndex } from "./samplers.ts";
import { runningSums, type Weights } from "./weights.ts";

/** Options of `choice`. */
export interface ChoiceOptions {
  /** How many to pick. Left out: one, which comes by itself and not in a list. */
  count?: number;
  /** Whether a thing may be picked more than once; by default it may. */
  replace?: boolean;
  /** The probability of each thing; by default they are all equal. */
  probabilities?: Weights;
}

/** Fisher and Yates's shuffle of 0 … n − 1; only the first `wanted` are of use. */
function order(draws: Draws, n: number, wanted: number): Int32Array {
  const indices = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < Math.min(wanted, n - 1); i++) {
    draws.start(i);
    const j = i + draws.below(n - i);
    const picked = indices[j]!;
    indices[j] = indices[i]!;
    indices[i] = picked;
  }
  return indices.subarray(0, wanted);
}

/** The functions for orders and picks over a source of streams. */
export function selection(next: NextStream) {
  const pick = (n: number, { count = 1, replace = true, probabilities }: ChoiceOptions): Int32Array => {
    checkRange("random.choice", "count", count, countRange);
    if (n === 0 && count > 0) throw new RangeError("random.choice: there is nothing to choose from");
    if (!replace && count > n) {
      throw new RangeError(`random.choice: cannot pick ${count} of ${n} without replacement`);
    }
    const draws = new Draws(next());
    const sums = probabilities && runningSums("random.choice", { probabilities });
    if (sums && (sums.shape.length !== 1 || sums.shape[0] !== n)) {
      throw new RangeError(`random.choice: ${n} things need ${n} probabilities, got ${sums.values.length}`);
    }
    if (!replace) return sums ? weightedOrder(draws, sums.values, count) : order(draws, n, count);
    return Int32Array.from({ length: count }, (_, i) => {
      draws.start(i);
      return sums ? drawIndex(draws, sums.values, 0, n) : draws.below(n);
    });
  };

  function choice(from: number, options: ChoiceOptions & { count: number }): Tensor;
  function choice(from: number, options?: ChoiceOptions): number;
  function choice(from: Tensor, options?: ChoiceOptions): Tensor;
  function choice<T>(from: readonly T[], options: ChoiceOptions & { count: number }): T[];
  function choice<T>(from: readonly T[], options?: ChoiceOptions): T;
  function choice<T>(from: number | Tensor | readonly T[], options: ChoiceOptions = {}): unknown {
    checkOptions("random.choice", options, "{ count: 3, replace: false }");
    const single = options.count === undefined;
    if (typeof from === "number") {
      checkRange("random.choice", "n", from, countRange);
      const picked = pick(from, options);
      return single ? picked[0]! : tensor(picked);
    }
    if (from instanceof Tensor) {
      if (from.rank === 0) throw new TypeError("random.choice: a scalar has nothing to choose from");
      const picked = gather(from, tensor(pick(from.shape[0]!, options)));
      return single ? picked.at(0) : picked;
    }
    if (!Array.isArray(from)) {
      throw new TypeError(
        `random.choice: chooses from a list, a tensor or a number n, got ${describe(from)}`,
      );
    }
    const picked = Array.from(pick(from.length, options), (i) => from[i]!);
    return single ? picked[0] : picked;
  }

  function shuffle(x: Tensor, options?: { axis?: number }): Tensor;
  function shuffle<T>(x: readonly T[]): T[];
  function shuffle<T>(x: Tensor | readonly T[], options: { axis?: number } = {}): Tensor | T[] {
    if (x instanceof Tensor) {
      const axis = readAxis("random.shuffle", options.axis ?? 0, x.rank);
      const n = x.shape[axis]!;
      return gather(x, tensor(order(new Draws(next()), n, n)), { axis });
    }
    if (!Array.isArray(x))
      throw new TypeError(`random.shuffle: needs a list or a tensor, got ${describe(x)}`);
    return Array.from(order(new Draws(next()), x.length, x.length), (i) => x[i]!);
  }

  return {
    /**
     * The numbers 0 … n − 1 in random order, int32; every order is equally probable (Fisher and Yates's shuffle).
     *
     * @example
     * random.permutation(5).sum().item() // → 10
     */
    permutation(n: number): Tensor {
      checkRange("random.permutation", "n", n, countRange);
      return tensor(order(new Draws(next()), n, n));
    },

    /**
     * A copy in random order: of a list, or of a tensor along its first axis, or along `axis`. Gradients flow through it.
     *
     * @example
     * random.shuffle(["a", "b", "c"]).length // → 3
     * random.shuffle(tensor([[1, 2], [3, 4]]), { axis: 1 }).sum(1) // → tensor([3, 7])
     */
    shuffle,

    /**
     * Picks from a list, from a tensor's first axis, or from 0 … n − 1: one, or `count`, with replacement or
     * without, equally or with given probabilities.
     *
     * @throws RangeError when more are to be picked without replacement than there are, or with a probability above 0.
     * @example
     * random.choice(["red", "green"], { probabilities: [0, 1] }) // → 'green'
     * random.choice(10, { count: 3, replace: false }).shape // → [ 3 ]
     */
    choice,
  };
}

/**
 * Picks without replacement by weights: the earliest of exponential times, each with its weight as rate, come in the order
 * of one weighted pick after the other (Efraimidis and Spirakis, Information Processing Letters 97, 2006).
 */
function weightedOrder(draws: Draws, sums: Float64Array, wanted: number): Int32Array {
  const times: { index: number; time: number }[] = [];
  sums.forEach((sum, index) => {
    const weight = sum - (index === 0 ? 0 : sums[index - 1]!);
    draws.start(index);
    if (weight > 0) times.push({ index, time: draws.exponential() / weight });
  });
  if (times.length < wanted) {
    throw new RangeError(
      `random.choice: cannot pick ${wanted} without replacement, only ${times.length} have a probability above 0`,
    );
  }
  times.sort((a, b) => a.time - b.time);
  return Int32Array.from(times.slice(0, wanted), ({ index }) => index);
}
