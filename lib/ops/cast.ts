// The same numbers with another element type.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { Binary } from "../engine/core.ts";
import { engine } from "../engine/engine.ts";
import { empty } from "../tensor/create.ts";
import { checkDType, type DType, isFloating } from "../tensor/dtype.ts";
import { describe } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

const castRule: Rule = {
  name: "cast",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    give(x, cast(gradient, x.dtype));
  },
};

/**
 * The same numbers with another element type: to whole numbers cuts off the fraction, to bool asks "not zero?". What is too
 * large for int32 becomes the largest (NaN 0); uint8 keeps the last 8 bits of the whole number, so 256 becomes 0, as in
 * NumPy and PyTorch. Gradients flow between float32 and float64 only.
 *
 * @throws TypeError when there is no such dtype.
 * @example
 * cast(tensor([1.9, -1.9, 0]), "int32") // → tensor([ 1, -1,  0], int32)
 * cast(tensor([255, 256, -1]), "uint8") // → tensor([255,   0, 255], uint8)
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (!(x instanceof Tensor)) throw new TypeError(`cast: expected a tensor, got ${describe(x)}`);
  checkDType("cast", dtype);
  if (x.dtype === dtype) return x;
  const result = empty(x.shape, dtype);
  convert(x, result);
  return isFloating(dtype) && tracks(x) ? attach(result, castRule, [x]) : result;
}

function convert(x: Tensor, result: Tensor): void {
  const { core } = engine;
  if (x.dtype === "int32" && result.dtype === "float32") {
    core.int32ToFloat32(x.pointer(), result.pointer(), x.size);
  } else if (x.dtype === "uint8" && result.dtype === "float32") {
    core.uint8ToFloat32(x.pointer(), result.pointer(), x.size, 1);
  } else if ((x.dtype === "float32" || x.dtype === "bool") && result.dtype === "int32") {
    core.float32ToInt32(x.pointer(), result.pointer(), x.size);
  } else if (x.dtype === "float32" && result.dtype === "bool") {
    core.binaryScalar(Binary.notEqual, x.pointer(), 0, result.pointer(), x.size);
  } else {
    // Bool, held as float32 zeros and ones, is only copied.
    const source = x.view();
    const target = result.view();
    if (result.dtype === "bool") for (let i = 0; i < x.size; i++) target[i] = source[i] !== 0 ? 1 : 0;
    else if (result.dtype === "int32") for (let i = 0; i < x.size; i++) target[i] = saturate(source[i]!);
    else target.set(source);
  }
}

/** As the compiled conversion does. */
function saturate(value: number): number {
  return Math.min(Math.max(value, -2147483648), 2147483647);
}
