// Matrix products of whole numbers: exact where float32 would round, and wrapping around as NumPy's do.
import { promote, type TypedArray } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { cast } from "./cast.ts";

/** Both in the whole type they have in common; truth values count as int32. */
export function toCommonWhole(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const common = promote(a.dtype, b.dtype);
  const dtype = common === "bool" ? "int32" : common;
  return [cast(a, dtype), cast(b, dtype)];
}

/** The product of row-major matrices [m, k] · [k, n], written into `result`. */
export function multiplyWhole(
  a: TypedArray,
  b: TypedArray,
  result: TypedArray,
  m: number,
  n: number,
  k: number,
): void {
  const sums = new Int32Array(n);
  for (let i = 0; i < m; i++) {
    sums.fill(0);
    for (let l = 0; l < k; l++) {
      const factor = a[i * k + l]!;
      for (let j = 0; j < n; j++) sums[j]! += Math.imul(factor, b[l * n + j]!);
    }
    result.set(sums, i * n);
  }
}
