// Operations on each element, with broadcasting.

import type { DType } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";
export function add(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function sub(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function mul(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function div(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function pow(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function maximum(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function minimum(a: Tensor | number, b: Tensor | number): Tensor {
  void a;
  void b;
  throw new Error("being written");
}
export function neg(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function abs(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function sign(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function exp(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function log(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function sqrt(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function square(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function sin(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function cos(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function relu(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function sigmoid(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function tanh(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function floor(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function round(x: Tensor): Tensor {
  void x;
  throw new Error("being written");
}
export function clip(x: Tensor, low: number, high: number): Tensor {
  void [x, low, high];
  throw new Error("being written");
}
export function cast(x: Tensor, dtype: DType): Tensor {
  void [x, dtype];
  throw new Error("being written");
}
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  void [condition, a, b];
  throw new Error("being written");
}
