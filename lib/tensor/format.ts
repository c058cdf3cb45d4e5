// Tensors as text.
import type { Tensor } from "./tensor.ts";
export function formatTensor(tensor: Tensor): string {
  void tensor;
  throw new Error("being written");
}
