// Reductions over axes.
import type { Axes, ReduceOptions, Tensor } from "../tensor/tensor.ts";
export function sum(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  void [x, axis, options];
  throw new Error("being written");
}
export function mean(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  void [x, axis, options];
  throw new Error("being written");
}
export function max(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  void [x, axis, options];
  throw new Error("being written");
}
export function min(x: Tensor, axis?: Axes, options?: ReduceOptions): Tensor {
  void [x, axis, options];
  throw new Error("being written");
}
export function variance(x: Tensor, axis?: Axes, options?: ReduceOptions & { correction?: number }): Tensor {
  void [x, axis, options];
  throw new Error("being written");
}
export function std(x: Tensor, axis?: Axes, options?: ReduceOptions & { correction?: number }): Tensor {
  void [x, axis, options];
  throw new Error("being written");
}
export function argMax(x: Tensor, axis?: number, options?: ReduceOptions): Tensor {
  void [x, axis, options];
  throw new Error("being written");
}
export function argMin(x: Tensor, axis?: number, options?: ReduceOptions): Tensor {
  void [x, axis, options];
  throw new Error("being written");
}
