// Checking gradients against differences: what backward() computes must be what small changes of the input do.
import { add, mul } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { checkTensors } from "../ops/operand.ts";
import { sum } from "../ops/reduce.ts";
import { checkFunction } from "../tensor/arguments.ts";
import { tensor } from "../tensor/create.ts";
import { describe, type Shape, sizeOf } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { pullBack } from "./backward.ts";
import { recorded } from "./graph.ts";

/** Options of {@link checkGradients}. */
export interface CheckOptions {
  /** 2 checks the gradients of the gradients as well; 1 by default. */
  order?: 1 | 2;
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
  /** Where it was: in which derivative, the number of the input, the index in it, and the two values. */
  at: { order: 1 | 2; input: number; index: number; gradient: number; difference: number };
}

type Fn = (...inputs: Tensor[]) => Tensor;

/**
 * Compares the gradients of a function with central differences (f(x + h) − f(x − h)) / 2h, one element at a time. With
 * `order: 2` the gradients of the gradients, too.
 *
 * `inputs` are the arguments of `fn`, or the only one. The result of `fn` may have any shape: it is summed with fixed weights, so that errors cannot cancel out. `fn` gets the
 * inputs as float64, so that differences are exact to about 10⁻⁹. Should it give float32 all the same, they are exact to
 * about 10⁻³ with a step of 10⁻², hence the wider tolerance. An input without influence has gradient 0.
 *
 * @throws when the inputs are no list of tensors, or the function gives no tensor.
 * @example
 * checkGradients((x) => x.square(), tensor([1, 2, 3])).ok // → true
 * const { ok, at } = checkGradients((x) => x.mul(x.detach()), [tensor([1])]);
 * [ok, at.gradient, at.difference.toFixed(6)] // → [ false, 1, '2.000000' ]
 */
export function checkGradients(
  fn: Fn,
  inputs: Tensor | readonly Tensor[],
  options: CheckOptions = {},
): GradientCheck {
  const list = inputs instanceof Tensor ? [inputs] : inputs;
  checkFunction("checkGradients", fn, "(x) => x.square()");
  checkTensors("checkGradients", "the inputs", list);
  const leaves = list.map((input) => {
    const leaf = tensor(input, { dtype: "float64" });
    leaf.requiresGrad = true;
    return leaf;
  });
  const result: unknown = fn(...leaves);
  if (!(result instanceof Tensor)) {
    throw new TypeError(`checkGradients: the function must return a tensor, got ${describe(result)}`);
  }
  const { dtype } = result;
  const [usualStep, usualTolerance] = dtype === "float64" ? [1e-5, 1e-6] : [1e-2, 1e-2];
  const { step = usualStep, tolerance = usualTolerance, order = 1 } = options;
  const check: GradientCheck = {
    ok: true,
    worst: 0,
    at: { order: 1, input: 0, index: 0, gradient: 0, difference: 0 },
  };
  compare(1, fn, leaves, step, check);
  if (order === 2) compare(2, slopeOf(fn), leaves, step, check);
  check.ok = check.worst <= tolerance;
  return check;
}

/** Fixed weights between 0.5 and 1.5, different for each element; 1 for a scalar. */
function weightsFor(shape: Shape): Tensor {
  const values = Float64Array.from({ length: sizeOf(shape) }, (_, i) => 1 + 0.5 * Math.sin(i));
  return tensor(values, { shape });
}

/** The weighted sum of a result, in float64, so that only the function itself is rounded to float32. */
function weighted(x: Tensor): Tensor {
  return sum(mul(cast(x, "float64"), weightsFor(x.shape)));
}

/** The function whose gradients are the second derivatives: the weighted sum of all gradients of `fn`. */
function slopeOf(fn: Fn): Fn {
  return (...leaves) => {
    const found = pullBack(weighted(fn(...leaves)), undefined, leaves, true);
    return found.reduce<Tensor>(
      (total, gradient) => (gradient === null ? total : add(total, weighted(gradient))),
      tensor(0, { dtype: "float64" }),
    );
  };
}

/** Checks one derivative; keeps the worst element in `check`. */
function compare(order: 1 | 2, fn: Fn, leaves: readonly Tensor[], step: number, check: GradientCheck): void {
  const evaluate = () => recorded("checkGradients", () => weighted(fn(...leaves)));
  const found = pullBack(evaluate(), undefined, leaves, false).map((g) => g?.data() ?? null);
  let scale = 1;
  for (const gradient of found) for (const g of gradient ?? []) scale = Math.max(scale, Math.abs(g));
  leaves.forEach((leaf, input) => {
    const original = leaf.data();
    for (let index = 0; index < leaf.size; index++) {
      const value = original[index]!;
      const [above, below] = [value + step, value - step];
      leaf.view()[index] = above;
      const high = evaluate().item();
      leaf.view()[index] = below;
      const low = evaluate().item();
      leaf.view()[index] = value;
      const difference = (high - low) / (above - below);
      const gradient = found[input]?.[index] ?? 0;
      const distance = Math.abs(gradient - difference) / scale;
      if (distance > check.worst || Number.isNaN(distance)) {
        check.worst = distance;
        check.at = { order, input, index, gradient, difference };
      }
    }
  });
}
