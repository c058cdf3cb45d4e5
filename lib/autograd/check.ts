// Checking gradients against differences: what backward() computes must be what small changes of the input do.
import { tensor } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { gradients } from "./backward.ts";
import { noGrad } from "./graph.ts";

/** Options of {@link checkGradients}. */
export interface CheckOptions {
  /**
   * Half the distance over which differences are taken: 10⁻⁵, or 10⁻² for a function whose result is float32, which
   * carries 7 digits: much smaller drowns in rounding.
   */
  step?: number;
  /** How far gradient and difference may be apart, relative to the largest gradient (at least 1): 10⁻⁶, or 10⁻² in float32. */
  tolerance?: number;
}

/** What {@link checkGradients} found. */
export interface GradientCheck {
  ok: boolean;
  /** The largest distance between gradient and difference, relative to the largest gradient (at least 1). */
  worst: number;
  /** Where it was: the number of the input, the index in it, and the two values. */
  at: { input: number; index: number; gradient: number; difference: number };
}

/**
 * Compares the gradients of a function with central differences (f(x + h) − f(x − h)) / 2h, one element at a time.
 *
 * The result of `fn` may have any shape: it is summed with fixed weights, so that errors cannot cancel out. `fn` gets the
 * inputs as float64, so that differences are exact to about 10⁻⁹. Should it give float32 all the same, they are exact to
 * about 10⁻³ with a step of 10⁻², hence the wider tolerance.
 *
 * @example
 * checkGradients((x) => x.square(), [tensor([1, 2, 3])]).ok // → true
 */
export function checkGradients(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: CheckOptions = {},
): GradientCheck {
  const leaves = inputs.map((input) => {
    const leaf = tensor(input, { dtype: "float64" });
    leaf.requiresGrad = true;
    return leaf;
  });
  const { shape, dtype } = noGrad(() => fn(...leaves));
  const [usualStep, usualTolerance] = dtype === "float64" ? [1e-5, 1e-6] : [1e-2, 1e-2];
  const { step = usualStep, tolerance = usualTolerance } = options;
  const count = shape.reduce((product, size) => product * size, 1);
  const weights = tensor(
    Float64Array.from({ length: count }, (_, i) => 1 + 0.5 * Math.sin(i + 1)),
    { shape },
  );
  const found = gradients(
    fn(...leaves)
      .mul(weights)
      .sum(),
    leaves,
  ).map((gradient) => gradient.data());
  const weightData = weights.data();
  const evaluate = (): number => {
    const values = noGrad(() => fn(...leaves)).data();
    // Summed in float64, so that only the function itself is rounded to float32.
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[i]! * weightData[i]!;
    return sum;
  };
  const check: GradientCheck = { ok: true, worst: 0, at: { input: 0, index: 0, gradient: 0, difference: 0 } };
  let scale = 1;
  for (const gradient of found) for (const g of gradient) scale = Math.max(scale, Math.abs(g));
  leaves.forEach((leaf, input) => {
    const original = leaf.data();
    for (let index = 0; index < leaf.size; index++) {
      const value = original[index]!;
      leaf.view()[index] = value + step;
      const above = leaf.view()[index]!;
      const high = evaluate();
      leaf.view()[index] = value - step;
      const below = leaf.view()[index]!;
      const low = evaluate();
      leaf.view()[index] = value;
      const difference = (high - low) / (above - below);
      const gradient = found[input]![index]!;
      const distance = Math.abs(gradient - difference) / scale;
      if (distance > check.worst || Number.isNaN(distance)) {
        check.worst = distance;
        check.at = { input, index, gradient, difference };
      }
    }
  });
  check.ok = check.worst <= tolerance;
  return check;
}
