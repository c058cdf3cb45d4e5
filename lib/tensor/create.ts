// Creation of tensors.
import type { DType, TypedArray } from "./dtype.ts";
import type { Shape } from "./shape.ts";
import type { NestedArray, Tensor } from "./tensor.ts";
export function tensor(values: NestedArray | TypedArray, options?: { dtype?: DType; shape?: Shape }): Tensor {
  void [values, options];
  throw new Error("being written");
}
export function zeros(shape: Shape, options?: { dtype?: DType }): Tensor {
  void [shape, options];
  throw new Error("being written");
}
export function ones(shape: Shape, options?: { dtype?: DType }): Tensor {
  void [shape, options];
  throw new Error("being written");
}
export function full(shape: Shape, value: number, options?: { dtype?: DType }): Tensor {
  void [shape, value, options];
  throw new Error("being written");
}
export function arange(start: number, end?: number, step?: number, options?: { dtype?: DType }): Tensor {
  void [start, end, step, options];
  throw new Error("being written");
}
export function linspace(start: number, end: number, count?: number): Tensor {
  void [start, end, count];
  throw new Error("being written");
}
export function eye(rows: number, columns?: number): Tensor {
  void [rows, columns];
  throw new Error("being written");
}
export function oneHot(labels: Tensor | readonly number[], classes: number): Tensor {
  void [labels, classes];
  throw new Error("being written");
}
/** A leaf that gradients flow to. */
export function variable(value: Tensor | NestedArray | TypedArray): Tensor {
  void value;
  throw new Error("being written");
}
