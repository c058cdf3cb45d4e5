// Tensors made shorter when they are too long, in their own direction: what keeps gradients from exploding.
import { div, maximum, mul } from "../ops/arithmetic.ts";
import { stack } from "../ops/join.ts";
import { checkTensor, checkTensors, toFloat } from "../ops/operand.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { describe } from "../tensor/shape.ts";
import type { Axes, Tensor } from "../tensor/tensor.ts";
import { norm } from "./norm.ts";

/**
 * x shrunk to the norm `maxNorm` where it is longer, unchanged elsewhere: x · min(1, maxNorm / ‖x‖). With `axis` each vector along it
 * by itself. Pascanu, Mikolov and Bengio, ICML 2013.
 *
 * @throws when `maxNorm` is not above 0.
 * @example
 * clipByNorm(tensor([3, 4]), 1) // → tensor([0.6, 0.8])
 * clipByNorm(tensor([[3, 4], [0.5, 0]]), 1, { axis: 1 }).flatten() // → tensor([0.6, 0.8, 0.5, 0.0])
 */
export function clipByNorm(x: Tensor, maxNorm: number, options: { axis?: Axes } = {}): Tensor {
  checkTensor("clipByNorm", x);
  checkOptions("clipByNorm", options, "{ axis: 1 }");
  checkMaxNorm("clipByNorm", maxNorm);
  return shrunk(x, norm(x, { axis: options.axis, keepDims: true }), maxNorm);
}

/**
 * Several tensors, such as all gradients of a model, shrunk by one factor so that their norm in all (the square root of the sum of all
 * squares) is at most `maxNorm`: the direction of the whole step stays.
 *
 * @throws when `maxNorm` is not above 0.
 * @example
 * clipByGlobalNorm([tensor([3]), tensor([[0, 4]])], 1) // → [ tensor([0.6]), tensor([[0.0, 0.8]]) ]
 */
export function clipByGlobalNorm(tensors: readonly Tensor[], maxNorm: number): Tensor[] {
  checkTensors("clipByGlobalNorm", "gradients", tensors);
  checkMaxNorm("clipByGlobalNorm", maxNorm);
  if (tensors.length === 0) return [];
  const length = norm(stack(tensors.map((x) => norm(x))));
  return tensors.map((x) => shrunk(x, length, maxNorm));
}

function shrunk(x: Tensor, length: Tensor, maxNorm: number): Tensor {
  return mul(toFloat(x), div(maxNorm, maximum(length, maxNorm)));
}

function checkMaxNorm(name: string, maxNorm: number): void {
  if (maxNorm > 0) return;
  throw new RangeError(`${name}: the largest norm must be a number above 0, got ${describe(maxNorm)}`);
}
