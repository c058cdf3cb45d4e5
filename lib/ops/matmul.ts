// Matrix products.
import type { Tensor } from "../tensor/tensor.ts";
export function matmul(a: Tensor, b: Tensor): Tensor {
  void [a, b];
  throw new Error("being written");
}
/** x · weight + bias, then the activation, in one pass. x [..., in], weight [in, out], bias [out]. */
export function linear(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options?: { activation?: "linear" | "relu" },
): Tensor {
  void [x, weight, bias, options];
  throw new Error("being written");
}
