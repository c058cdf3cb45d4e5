// Functions of one number, applied to numbers, lists and tensors.
import { empty } from "../tensor/create.ts";
import { describe } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** A number, a list of numbers or a tensor. */
export type Argument = number | Tensor | ArrayLike<number>;

/** What comes of an argument: a number of a number, a tensor of its shape of a tensor, a list of a list. */
export type Result<X extends Argument> = X extends number ? number : X extends Tensor ? Tensor : number[];

/**
 * f of each number. Tensors give float32, float64 ones float64; f itself works in double precision.
 * @throws TypeError for anything but numbers.
 */
export function apply<X extends Argument>(caller: string, x: X, f: (value: number) => number): Result<X> {
  if (typeof x === "number") return f(x) as Result<X>;
  if (x instanceof Tensor) {
    const values = x.data();
    const result = empty(x.shape, x.dtype === "float64" ? "float64" : "float32");
    const target = result.view();
    for (let i = 0; i < target.length; i++) target[i] = f(values[i]!);
    return result as Result<X>;
  }
  if (!Array.isArray(x) && !ArrayBuffer.isView(x)) {
    throw new TypeError(`${caller}: needs a number, a list of numbers or a tensor, got ${describe(x)}`);
  }
  return Array.from(x as ArrayLike<number>, (value, i) => {
    if (typeof value === "number") return f(value);
    throw new TypeError(`${caller}: position ${i} holds no number but ${describe(value)}`);
  }) as Result<X>;
}
