// Dropout.
import type { Tensor } from "../tensor/tensor.ts";
/** Zeroes elements with probability rate and scales the others by 1 / (1 − rate), when training. */
export function dropout(x: Tensor, rate: number, training: boolean): Tensor {
  void [x, rate, training];
  throw new Error("being written");
}
