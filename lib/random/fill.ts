// Tensors whose elements are drawn one by one.
import { empty } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Draws, type Stream } from "./draws.ts";

/** Gives each call a stream that no other call has had. */
export type NextStream = () => Stream;

/** Options that all fractions share. */
export interface FloatOptions {
  /** float32, or float64 for twice the digits; by default float32. */
  dtype?: "float32" | "float64";
}

/** @throws TypeError when fractions are asked for in a type that has none. */
export function floatType(caller: string, dtype: FloatOptions["dtype"] = "float32"): "float32" | "float64" {
  if (dtype === "float32" || dtype === "float64") return dtype;
  throw new TypeError(
    `${caller}: gives float32 or float64, not ${String(dtype)} — use random.integers, or cast()`,
  );
}

/** A tensor whose element i is draw(draws at the beginning of element i, i). */
export function fill(
  stream: Stream,
  shape: Shape,
  dtype: DType,
  draw: (draws: Draws, element: number) => number,
): Tensor {
  const result = empty(shape, dtype);
  const values = result.view();
  const draws = new Draws(stream);
  for (let i = 0; i < values.length; i++) {
    draws.start(i);
    values[i] = draw(draws, i);
  }
  return result;
}
