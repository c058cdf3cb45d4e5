// Changes of shape.
import type { Shape } from "../tensor/shape.ts";
import type { Axes, Tensor } from "../tensor/tensor.ts";
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  void [x, axes];
  throw new Error("being written");
}
export function reshape(x: Tensor, shape: Shape): Tensor {
  void [x, shape];
  throw new Error("being written");
}
export function flatten(x: Tensor, startAxis?: number): Tensor {
  void [x, startAxis];
  throw new Error("being written");
}
export function expandDims(x: Tensor, axis: number): Tensor {
  void [x, axis];
  throw new Error("being written");
}
export function squeeze(x: Tensor, axis?: Axes): Tensor {
  void [x, axis];
  throw new Error("being written");
}
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  void [x, shape];
  throw new Error("being written");
}
export function clone(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function assign(x: Tensor, value: Tensor | number): void {
  void [x, value];
  throw new Error("being written");
}
/** Joined along an existing axis. */
export function concat(tensors: readonly Tensor[], axis?: number): Tensor {
  void [tensors, axis];
  throw new Error("being written");
}
/** Joined along a new axis. */
export function stack(tensors: readonly Tensor[], axis?: number): Tensor {
  void [tensors, axis];
  throw new Error("being written");
}
/** Zeros (or value) added around: [before, after] an axis. */
export function pad(x: Tensor, amounts: readonly (readonly [number, number])[], value?: number): Tensor {
  void [x, amounts, value];
  throw new Error("being written");
}
