// Random fractions: uniform, normal and what is made from them.
import { engine } from "../engine/engine.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { exp } from "../ops/elementwise.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { empty } from "../tensor/create.ts";
import { checkShape, describe, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Draws } from "./draws.ts";
import { type FloatOptions, fill, floatType, type NextStream } from "./fill.ts";
import { learns, type Named, operand, withoutSlope } from "./learned.ts";
import { checkRange, finite, notNegative, type Parameter, perElement, positive } from "./parameters.ts";
import { drawBeta, drawGamma, drawLogGamma, drawTruncatedNormal } from "./samplers.ts";

/** Mean and standard deviation, each a number or numbers that broadcast over the shape. */
export interface NormalOptions extends FloatOptions {
  mean?: Parameter;
  std?: Parameter;
}

/** The functions for fractions over a source of streams. */
export function continuous(next: NextStream) {
  /** A tensor made from two parameters an element. */
  const two = (
    caller: string,
    shape: Shape,
    { dtype }: FloatOptions,
    [nameA, a, rangeA]: Named,
    [nameB, b, rangeB]: Named,
    draw: (draws: Draws, a: number, b: number) => number,
  ): Tensor => {
    const size = checkShape(caller, shape);
    const type = floatType(caller, dtype);
    const first = perElement(caller, nameA, a, size, rangeA);
    const second = perElement(caller, nameB, b, size, rangeB);
    return fill(next(), size, type, (draws, i) => draw(draws, first(i), second(i)));
  };

  /**
   * location + scale · what `draw` gives for each element. Gradients flow to both where they are tensors: the
   * reparametrization that variational autoencoders learn through (Kingma and Welling, 2014).
   */
  const moved = (
    caller: string,
    shape: Shape,
    options: FloatOptions,
    location: Named,
    scale: Named,
    draw: (draws: Draws) => number,
  ): Tensor => {
    const [a, b] = [location[1], scale[1]];
    if (!learns(a) && !learns(b)) {
      return two(caller, shape, options, location, scale, (draws, m, s) => m + s * draw(draws));
    }
    const size = checkShape(caller, shape);
    for (const [name, value, range] of [location, scale]) perElement(caller, name, value, size, range);
    const noise = fill(next(), size, floatType(caller, options.dtype), draw);
    return cast(add(mul(noise, operand(b)), operand(a)), noise.dtype);
  };

  return {
    /**
     * Uniformly distributed in [low, high), by default [0, 1).
     *
     * @example
     * random.uniform([2, 3]).shape // → [ 2, 3 ]
     */
    uniform(shape: Shape, options: FloatOptions & { low?: number; high?: number } = {}): Tensor {
      checkOptions("random.uniform", options, "{ low: 0, high: 1 }");
      const { low = 0, high = 1 } = options;
      const size = checkShape("random.uniform", shape);
      const dtype = floatType("random.uniform", options.dtype);
      checkRange("random.uniform", "low", low, finite);
      checkRange("random.uniform", "high", high, finite);
      const stream = next();
      if (dtype === "float64") return fill(stream, size, dtype, (draws) => low + (high - low) * draws.unit());
      const result = empty(size);
      engine.core.randomUniform(result.pointer(), result.size, low, high, stream.seed, stream.stream);
      return result;
    },

    /**
     * Normally distributed with the given mean (0) and standard deviation (1): numbers, or tensors that broadcast over the
     * shape. Gradients flow through the numbers drawn to these tensors (mean + std · noise).
     *
     * @example
     * random.normal([4]).size // → 4
     * random.normal([2, 3], { mean: [0, 5, 10], std: 0.1 }).shape // → [ 2, 3 ]
     * const mean = variable(5);
     * random.normal([3], { mean }).sum().backward();
     * mean.grad // → tensor(3)
     */
    normal(shape: Shape, options: NormalOptions = {}): Tensor {
      checkOptions("random.normal", options, "{ mean: 0, std: 1 }");
      const { mean = 0, std = 1 } = options;
      const dtype = floatType("random.normal", options.dtype);
      if (dtype === "float64" || typeof mean !== "number" || typeof std !== "number") {
        return moved(
          "random.normal",
          shape,
          options,
          ["mean", mean, finite],
          ["std", std, notNegative],
          (draws) => draws.normal(),
        );
      }
      checkRange("random.normal", "mean", mean, finite);
      checkRange("random.normal", "std", std, notNegative);
      const result = empty(checkShape("random.normal", shape));
      const { seed, stream } = next();
      engine.core.randomNormal(result.pointer(), result.size, mean, std, seed, stream);
      return result;
    },

    /**
     * Normally distributed, but drawn again when more than two standard deviations from the mean, as Keras does for the
     * starting values of weights. `std` is that of the normal distribution; that of the result is 0.8796 times as large.
     * With other limits: `distributions.truncatedNormal({ low: 0, high: 3 }).sample([100])`.
     *
     * @example
     * random.truncatedNormal([1000]).abs().max().item() <= 2 // → true
     */
    truncatedNormal(shape: Shape, options: NormalOptions = {}): Tensor {
      checkOptions("random.truncatedNormal", options, "{ mean: 0, std: 1 }");
      const { mean = 0, std = 1 } = options;
      const dtype = floatType("random.truncatedNormal", options.dtype);
      if (dtype === "float64" || typeof mean !== "number" || typeof std !== "number") {
        return moved(
          "random.truncatedNormal",
          shape,
          options,
          ["mean", mean, finite],
          ["std", std, notNegative],
          drawTruncatedNormal,
        );
      }
      checkRange("random.truncatedNormal", "mean", mean, finite);
      checkRange("random.truncatedNormal", "std", std, notNegative);
      const result = empty(checkShape("random.truncatedNormal", shape));
      const stream = next();
      engine.core.randomNormal(result.pointer(), result.size, 0, 1, stream.seed, stream.stream);
      // One in 22 is outside and drawn again, from the element's own sequence, which the kernel's numbers are no part of.
      const draws = new Draws(stream);
      const values = result.view();
      for (let i = 0; i < values.length; i++) {
        let value = values[i]!;
        if (Math.abs(value) > 2) {
          draws.start(i);
          value = drawTruncatedNormal(draws);
        }
        values[i] = mean + std * value;
      }
      return result;
    },

    /**
     * Log-normally distributed: exp of normal numbers with the given mean (0) and standard deviation (1).
     *
     * @example
     * random.logNormal([100]).min().item() > 0 // → true
     */
    logNormal(shape: Shape, options: NormalOptions = {}): Tensor {
      checkOptions("random.logNormal", options, "{ mean: 0, std: 1 }");
      const caller = "random.logNormal";
      const mean: Named = ["mean", options.mean ?? 0, finite];
      const std: Named = ["std", options.std ?? 1, notNegative];
      if (learns(mean[1]) || learns(std[1])) {
        return exp(moved(caller, shape, options, mean, std, (draws) => draws.normal()));
      }
      return two(caller, shape, options, mean, std, (draws, m, s) => Math.exp(m + s * draws.normal()));
    },

    /**
     * Exponentially distributed with the given mean, `scale` (1); the rate is its inverse.
     *
     * @example
     * random.exponential([100], { scale: 3 }).min().item() > 0 // → true
     */
    exponential(shape: Shape, options: FloatOptions & { scale?: Parameter } = {}): Tensor {
      checkOptions("random.exponential", options, "{ scale: 1 }");
      return moved(
        "random.exponential",
        shape,
        options,
        ["location", 0, finite],
        ["scale", options.scale ?? 1, positive],
        (draws) => draws.exponential(),
      );
    },

    /**
     * Gamma distributed with shape parameter `alpha` and `scale` (1): mean alpha · scale. Gradients flow to a scale that
     * is a tensor; going back to an alpha that is one throws, since no closed form is known.
     *
     * @example
     * random.gamma([100], { alpha: 2 }).min().item() > 0 // → true
     */
    gamma(shape: Shape, options: FloatOptions & { alpha: Parameter; scale?: Parameter }): Tensor {
      checkOptions("random.gamma", options, "{ alpha: 2, scale: 1 }");
      const caller = "random.gamma";
      const alpha: Named = ["alpha", options.alpha, positive];
      const scale: Named = ["scale", options.scale ?? 1, positive];
      if (!learns(scale[1])) {
        const draw = (draws: Draws, a: number, s: number): number => s * drawGamma(draws, a);
        return withoutSlope(caller, two(caller, shape, options, alpha, scale, draw), [alpha]);
      }
      perElement(caller, "scale", scale[1], checkShape(caller, shape), positive);
      const draws = two(caller, shape, options, alpha, ["scale", 1, positive], drawGamma);
      return cast(mul(withoutSlope(caller, draws, [alpha]), operand(scale[1])), draws.dtype);
    },

    /**
     * Beta distributed in [0, 1] with mean alpha / (alpha + beta). Going back to parameters that are tensors throws, since no
     * closed form of the gradient is known.
     *
     * @example
     * random.beta([100], { alpha: 2, beta: 5 }).max().item() <= 1 // → true
     */
    beta(shape: Shape, options: FloatOptions & { alpha: Parameter; beta: Parameter }): Tensor {
      checkOptions("random.beta", options, "{ alpha: 2, beta: 3 }");
      const alpha: Named = ["alpha", options.alpha, positive];
      const beta: Named = ["beta", options.beta, positive];
      const draws = two("random.beta", shape, options, alpha, beta, drawBeta);
      return withoutSlope("random.beta", draws, [alpha, beta]);
    },

    /**
     * Dirichlet distributed: probabilities that sum to 1 along a last axis of as many elements as `alpha` has.
     *
     * @example
     * random.dirichlet([5], { alpha: [1, 2, 3] }).shape // → [ 5, 3 ]
     */
    dirichlet(shape: Shape, options: FloatOptions & { alpha: readonly number[] }): Tensor {
      checkOptions("random.dirichlet", options, "{ alpha: [1, 1, 1] }");
      const { alpha } = options;
      if (!Array.isArray(alpha)) {
        throw new TypeError(`random.dirichlet: alpha is a list of numbers, got ${describe(alpha)}`);
      }
      const size = [...checkShape("random.dirichlet", shape), alpha.length];
      const dtype = floatType("random.dirichlet", options.dtype);
      for (const value of alpha) checkRange("random.dirichlet", "alpha", value, positive);
      const width = alpha.length;
      const draw = (draws: Draws, i: number) => drawLogGamma(draws, alpha[i % width]!);
      const logs = Float64Array.from(fill(next(), size, "float64", draw).data());
      const result = empty(size, dtype);
      const values = result.view();
      for (let row = 0; row < values.length; row += width) {
        const largest = logs.subarray(row, row + width).reduce((a, b) => Math.max(a, b));
        let sum = 0;
        for (let k = row; k < row + width; k++) {
          logs[k] = Math.exp(logs[k]! - largest);
          sum += logs[k]!;
        }
        for (let k = row; k < row + width; k++) values[k] = logs[k]! / sum;
      }
      return result;
    },

    /**
     * Laplace distributed (two exponentials, back to back) with the given mean (0) and `scale` (1).
     *
     * @example
     * random.laplace([3]).shape // → [ 3 ]
     */
    laplace(shape: Shape, options: FloatOptions & { mean?: Parameter; scale?: Parameter } = {}): Tensor {
      checkOptions("random.laplace", options, "{ mean: 0, scale: 1 }");
      return moved(
        "random.laplace",
        shape,
        options,
        ["mean", options.mean ?? 0, finite],
        ["scale", options.scale ?? 1, positive],
        (draws) => draws.exponential() - draws.exponential(),
      );
    },

    /**
     * Gumbel distributed (the largest of many) with mode `location` (0) and `scale` (1). Added to the logarithms of
     * probabilities, the largest sum falls on each index with its probability.
     *
     * @example
     * random.gumbel([3]).shape // → [ 3 ]
     */
    gumbel(shape: Shape, options: FloatOptions & { location?: Parameter; scale?: Parameter } = {}): Tensor {
      checkOptions("random.gumbel", options, "{ location: 0, scale: 1 }");
      return moved(
        "random.gumbel",
        shape,
        options,
        ["location", options.location ?? 0, finite],
        ["scale", options.scale ?? 1, positive],
        (draws) => -Math.log(draws.exponential()),
      );
    },
  };
}
