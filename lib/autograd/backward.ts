// The backward pass.
import type { Tensor } from "../tensor/tensor.ts";
export function backward(
  root: Tensor,
  gradient?: Tensor,
  options?: { createGraph?: boolean; retainGraph?: boolean },
): void {
  void [root, gradient, options];
  throw new Error("being written");
}
/** The gradients of a scalar with respect to the given tensors, without touching their .grad. */
export function gradients(
  of: Tensor,
  inputs: readonly Tensor[],
  options?: { createGraph?: boolean },
): Tensor[] {
  void [of, inputs, options];
  throw new Error("being written");
}
/** The function that computes the gradient of fn with respect to its first argument. */
export function grad(fn: (x: Tensor, ...rest: Tensor[]) => Tensor): (x: Tensor, ...rest: Tensor[]) => Tensor {
  void fn;
  throw new Error("being written");
}
