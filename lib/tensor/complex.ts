// Complex numbers, as some results are.
import type { Tensor } from "./tensor.ts";

/** Complex numbers: real and imaginary parts, two tensors of one shape. */
export interface Complex {
  real: Tensor;
  imaginary: Tensor;
}
