// Convolution, NHWC.
import type { Tensor } from "../tensor/tensor.ts";
export interface Conv2dOptions {
  bias?: Tensor | null;
  strides?: number | readonly [number, number];
  padding?: "valid" | "same";
  activation?: "linear" | "relu";
}
/** x [batch, height, width, in], filters [kh, kw, in, out]. */
export function conv2d(x: Tensor, filters: Tensor, options?: Conv2dOptions): Tensor {
  void [x, filters, options];
  throw new Error("being written");
}
