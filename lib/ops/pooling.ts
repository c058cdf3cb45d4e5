// Pooling, NHWC.
import type { Tensor } from "../tensor/tensor.ts";
export interface Pool2dOptions {
  poolSize?: number | readonly [number, number];
  strides?: number | readonly [number, number];
  padding?: "valid" | "same";
}
/** x [batch, height, width, channels]; poolSize 2 by default, strides = poolSize by default. */
export function maxPool2d(x: Tensor, options?: Pool2dOptions): Tensor {
  void [x, options];
  throw new Error("being written");
}
