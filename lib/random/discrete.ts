// Random whole numbers, counts and classes.
import { engine } from "../engine/engine.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { empty, ones } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { arange } from "../tensor/ranges.ts";
import { checkShape, formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Draws } from "./draws.ts";
import { fill, type NextStream } from "./fill.ts";
import {
  checkRange,
  count,
  finite,
  notNegative,
  type Parameter,
  perElement,
  probability,
  whole,
} from "./parameters.ts";
import { drawBinomial, drawIndex, drawPoisson } from "./samplers.ts";
import { runningSums, type Weights } from "./weights.ts";

/** The functions for whole numbers over a source of streams. */
export function discrete(next: NextStream) {
  return {
    /**
     * Whole numbers from `low` (0) to `high` − 1, each equally probable; int32.
     *
     * @example
     * random.integers([100], { high: 6 }).max().item() < 6 // → true
     */
    integers(shape: Shape, options: { low?: number; high: number }): Tensor {
      checkOptions("random.integers", options, "{ low: 0, high: 10 }");
      const { low = 0, high } = options;
      const size = checkShape("random.integers", shape);
      checkRange("random.integers", "low", low, whole);
      checkRange("random.integers", "high", high, whole);
      if (high <= low || low < -(2 ** 31) || high > 2 ** 31) {
        throw new RangeError(
          `random.integers: from low up to, not including, high, both int32 — there is none from ${low} to ${high}`,
        );
      }
      return fill(next(), size, "int32", (draws) => low + draws.below(high - low));
    },

    /**
     * 1 with probability `p` (½), else 0. `p` may be a tensor of probabilities that broadcasts over the shape. No gradient
     * flows through whole numbers: to learn p, take `distributions.bernoulli({ p }).logPmf`, as in all of this kind.
     *
     * @example
     * random.bernoulli([3], { p: [0, 1, 1] }) // → tensor([0, 1, 1])
     */
    bernoulli(shape: Shape, options: { p?: Parameter; dtype?: DType } = {}): Tensor {
      checkOptions("random.bernoulli", options, "{ p: 0.5 }");
      const size = checkShape("random.bernoulli", shape);
      const p = perElement("random.bernoulli", "p", options.p ?? 0.5, size, probability);
      return fill(next(), size, options.dtype ?? "float32", (draws, i) => (draws.unit() < p(i) ? 1 : 0));
    },

    /**
     * How many of `n` trials succeed, each with probability `p`; int32, without a gradient.
     *
     * @example
     * random.binomial([100], { n: 5, p: 0.4 }).max().item() <= 5 // → true
     */
    binomial(shape: Shape, options: { n: Parameter; p: Parameter }): Tensor {
      checkOptions("random.binomial", options, "{ n: 10, p: 0.5 }");
      const size = checkShape("random.binomial", shape);
      const n = perElement("random.binomial", "n", options.n, size, count);
      const p = perElement("random.binomial", "p", options.p, size, probability);
      return fill(next(), size, "int32", (draws, i) => drawBinomial(draws, n(i), p(i)));
    },

    /**
     * How many events happen where `rate` are expected; int32, without a gradient.
     *
     * @example
     * random.poisson([100], { rate: 5 }).shape // → [ 100 ]
     */
    poisson(shape: Shape, options: { rate: Parameter }): Tensor {
      checkOptions("random.poisson", options, "{ rate: 3 }");
      const size = checkShape("random.poisson", shape);
      const rate = perElement("random.poisson", "rate", options.rate, size, rates);
      return fill(next(), size, "int32", (draws, i) => drawPoisson(draws, rate(i)));
    },

    /**
     * How `n` things fall into classes with the given probabilities: counts along a last axis, which sum to `n`; int32.
     *
     * @example
     * random.multinomial([4], { n: 10, probabilities: [0.2, 0.3, 0.5] }).sum(1) // → tensor([10, 10, 10, 10], int32)
     */
    multinomial(shape: Shape, options: { n: number; probabilities: Weights }): Tensor {
      checkOptions("random.multinomial", options, "{ n: 10, probabilities: [0.5, 0.5] }");
      const size = checkShape("random.multinomial", shape);
      checkRange("random.multinomial", "n", options.n, count);
      const sums = runningSums("random.multinomial", options);
      const width = sums.shape.at(-1)!;
      if (sums.shape.length !== 1) {
        throw new Error(
          `random.multinomial: probabilities are one list, got shape ${formatShape(sums.shape)}`,
        );
      }
      const result = empty([...size, width], "int32");
      const counts = result.view();
      const draws = new Draws(next());
      for (let row = 0; row < counts.length / width; row++) {
        draws.start(row);
        // Class after class: how many of those that are left fall into it.
        let left = options.n;
        for (let k = 0; k < width; k++) {
          const before = k === 0 ? 0 : sums.values[k - 1]!;
          const rest = sums.values[width - 1]! - before;
          const weight = sums.values[k]! - before;
          const drawn =
            left === 0 || weight === 0 ? 0 : drawBinomial(draws, left, Math.min(1, weight / rest));
          counts[row * width + k] = drawn;
          left -= drawn;
        }
      }
      return result;
    },

    /**
     * Class numbers, int32, by `probabilities` or by `logits` (the logarithms of probabilities up to a constant): one list
     * for all elements, or rows `[…, classes]` whose leading axes broadcast over the shape.
     *
     * @throws RangeError when probabilities are negative or do not sum to 1.
     * @example
     * random.categorical([3], { probabilities: [0, 1, 0] }) // → tensor([1, 1, 1], int32)
     * random.categorical([2], { logits: [[0, 100], [100, 0]] }) // → tensor([1, 0], int32)
     */
    categorical(shape: Shape, options: { probabilities: Weights } | { logits: Weights }): Tensor {
      checkOptions("random.categorical", options, "{ probabilities: [0.5, 0.5] }");
      const size = checkShape("random.categorical", shape);
      const sums = runningSums("random.categorical", options);
      const width = sums.shape.at(-1)!;
      const rows = sums.shape.slice(0, -1);
      const row =
        rows.length === 0
          ? () => 0
          : perElement(
              "random.categorical",
              "probabilities",
              arange(sizeOf(rows), { dtype: "float64" }).reshape(rows),
              size,
              finite,
            );
      return fill(next(), size, "int32", (draws, i) => drawIndex(draws, sums.values, row(i) * width, width));
    },

    /**
     * What dropout multiplies with while training: 0 with probability `rate`, else 1 / (1 − rate), so that the expected
     * sum stays.
     *
     * @example
     * random.dropoutMask([1000], { rate: 0.5 }).max() // → tensor(2)
     */
    dropoutMask(shape: Shape, options: { rate: number }): Tensor {
      checkOptions("random.dropoutMask", options, "{ rate: 0.5 }");
      const mask = ones(checkShape("random.dropoutMask", shape));
      const { rate } = options;
      if (!(rate >= 0 && rate < 1)) {
        throw new RangeError(`random.dropoutMask: rate must be from 0 to less than 1, got ${String(rate)}`);
      }
      const { seed, stream } = next();
      engine.core.dropout(mask.pointer(), mask.pointer(), mask.size, rate, seed, stream);
      return mask;
    },
  };
}

/** Rates whose counts fit into int32. */
const rates = {
  holds: (v: number) => notNegative.holds(v) && v <= 2e9,
  text: "a number from 0 to 2,000,000,000",
};
