// Activations with thresholds: the step of the first artificial neurons, and straight lines that saturate.
import { checkOptions } from "../tensor/arguments.ts";
import { zeros } from "../tensor/create.ts";
import { describe } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { sub, where } from "./arithmetic.ts";
import { greater, less } from "./compare.ts";
import { mapped, smooth } from "./elementwise.ts";
import { clip } from "./limits.ts";
import { checkTensor, toFloat } from "./operand.ts";

const stepRule = smooth("step", (g) => zeros(g.shape, { dtype: g.dtype }));

/**
 * 0 below the threshold (0 by default), 1 from there on: Heaviside's function. Its gradient is 0 everywhere, which is why
 * networks of steps cannot be trained by gradients. McCulloch and Pitts, 1943.
 *
 * @throws when the threshold is no number.
 * @example
 * step(tensor([-1, 0, 2])) // → tensor([0, 1, 1])
 * step(tensor([-1, 0, 2]), { threshold: 1 }) // → tensor([0, 0, 1])
 */
export function step(x: Tensor, options: { threshold?: number } = {}): Tensor {
  checkOptions("step", options, "{ threshold: 1 }");
  const { threshold = 0 } = options;
  if (typeof threshold !== "number" || Number.isNaN(threshold)) {
    throw new RangeError(`step: the threshold must be a number, got ${describe(threshold)}`);
  }
  return mapped("step", (v) => (v < threshold ? 0 : v >= threshold ? 1 : v), x, stepRule);
}

/** Options of {@link clippedLinear}. */
export interface ClippedLinearOptions {
  /** Where the line begins, θ₁; −1 by default. */
  low?: number;
  /** Where it ends, θ₂; 1 by default. */
  high?: number;
  /** The value before it, β₁; by default `low`, so that the function is continuous. */
  below?: number;
  /** The value behind it, β₂; by default `high`. */
  above?: number;
}

/**
 * A saturating line: x from `low` to `high`, the constants `below` and `above` outside, where no gradient flows. With
 * `{ low: 0, high: Infinity }` it is relu.
 *
 * @throws when `low` is above `high`.
 * @example
 * clippedLinear(tensor([-3, 0.5, 3])) // → tensor([-1.0,  0.5,  1.0])
 * clippedLinear(tensor([-3, 0.5, 3]), { low: 0, high: 2, above: 5 }) // → tensor([0.0, 0.5, 5.0])
 */
export function clippedLinear(input: Tensor, options: ClippedLinearOptions = {}): Tensor {
  checkOptions("clippedLinear", options, "{ low: 0, high: 1 }");
  const { low = -1, high = 1 } = options;
  const { below = low, above = high } = options;
  checkTensor("clippedLinear", input);
  if (!(low <= high)) {
    throw new RangeError(`clippedLinear: low (${describe(low)}) must not be above high (${describe(high)})`);
  }
  const x = toFloat(input);
  return where(less(x, low), below, where(greater(x, high), above, x));
}

/**
 * x moved towards 0 by the threshold, and 0 where it is nearer than that: the step that L1 penalties take in proximal
 * gradient descent, which makes weights exactly 0. Daubechies, Defrise and De Mol, 2004.
 *
 * @throws when the threshold is below 0.
 * @example
 * softThreshold(tensor([-3, -0.5, 2]), 1) // → tensor([-2,  0,  1])
 */
export function softThreshold(input: Tensor, threshold: number): Tensor {
  checkTensor("softThreshold", input);
  if (typeof threshold !== "number" || !(threshold >= 0)) {
    throw new RangeError(
      `softThreshold: the threshold must be a number from 0 up, got ${describe(threshold)}`,
    );
  }
  const x = toFloat(input);
  return sub(x, clip(x, -threshold, threshold));
}
