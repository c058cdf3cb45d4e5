// Comparisons: element by element, dtype bool, no gradient.
import type { Tensor } from "../tensor/tensor.ts";
export function greater(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function greaterEqual(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function less(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function lessEqual(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function equal(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function notEqual(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
