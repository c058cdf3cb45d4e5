// Random numbers: one global seed, a counter-based generator.
import type { Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";
export function seed(n: number): void {
  void n;
  throw new Error("being written");
}
export const random = {
  uniform(shape: Shape, options?: { low?: number; high?: number }): Tensor {
    void [shape, options];
    throw new Error("being written");
  },
  normal(shape: Shape, options?: { mean?: number; std?: number }): Tensor {
    void [shape, options];
    throw new Error("being written");
  },
  /** The numbers 0 … n−1 in random order, int32. */
  permutation(n: number): Tensor {
    void n;
    throw new Error("being written");
  },
};
