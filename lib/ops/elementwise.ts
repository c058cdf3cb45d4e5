// Operations of one number on each element: forward and gradient of each side by side.
import { attach, give, mode, type Rule, tracks } from "../autograd/graph.ts";
import { Binary, type BinaryCode, Unary, type UnaryCode } from "../engine/core.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { isFloating } from "../tensor/dtype.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { greater } from "./compare.ts";
import { checkTensor, toFloat } from "./operand.ts";

/** A function with a kernel. `whole`: how it goes with whole numbers, for those that stay in them. */
export function compute(
  name: string,
  code: UnaryCode,
  input: Tensor,
  rule: Rule | null,
  whole?: (x: number) => number,
): Tensor {
  checkTensor(name, input);
  if (whole !== undefined && !isFloating(input.dtype)) return eachWhole(input, whole);
  const x = toFloat(input);
  const y = empty(x.shape, x.dtype);
  coreOf(x.dtype).unary(code, x.pointer(), y.pointer(), x.size);
  return rule !== null && tracks(x) ? attach(y, rule, [x], y) : y;
}

const same = (x: number): number => x;

/** A function without a kernel, one number after the other. */
export function mapped(name: string, fn: (x: number) => number, input: Tensor, rule: Rule | null): Tensor {
  checkTensor(name, input);
  const x = toFloat(input);
  const y = empty(x.shape, x.dtype);
  const [source, target] = [x.view(), y.view()];
  for (let i = 0; i < x.size; i++) target[i] = fn(source[i]!);
  return rule !== null && tracks(x) ? attach(y, rule, [x], y) : y;
}

/** A function of whole numbers; truth values count as int32. */
export function eachWhole(x: Tensor, fn: (x: number) => number): Tensor {
  const y = empty(x.shape, x.dtype === "bool" ? "int32" : x.dtype);
  const [source, target] = [x.view(), y.view()];
  for (let i = 0; i < x.size; i++) target[i] = fn(source[i]!);
  return y;
}

/** The rule of a function with derivative `derivative(g, x, y)`: g times dy/dx, written with operations. */
export function smooth(name: string, derivative: (g: Tensor, x: Tensor, y: Tensor) => Tensor): Rule {
  return {
    name,
    backward(gradient, node) {
      const x = node.inputs[0] as Tensor;
      give(x, derivative(gradient, x, node.saved as Tensor));
    },
  };
}

/** The same for a function whose gradient has a kernel of its own, used when the backward pass is not recorded. */
function fused(name: string, code: BinaryCode, derivative: (g: Tensor, y: Tensor) => Tensor): Rule {
  return {
    name,
    backward(gradient, node) {
      const y = node.saved as Tensor;
      let dx: Tensor;
      if (mode.recording) {
        dx = derivative(gradient, y);
      } else {
        dx = empty(y.shape, y.dtype);
        coreOf(y.dtype).binary(code, gradient.pointer(), y.pointer(), dx.pointer(), y.size);
      }
      give(node.inputs[0] as Tensor, dx);
    },
  };
}

const negRule = smooth("neg", (g) => neg(g));

/**
 * −x, element by element.
 *
 * @example
 * neg(tensor([1, -2])) // → tensor([-1,  2])
 */
export function neg(x: Tensor): Tensor {
  return compute("neg", Unary.neg, x, negRule, (v) => -v);
}

const absRule = smooth("abs", (g, x) => mul(g, sign(x)));

/**
 * |x|, element by element; the gradient at 0 is 0.
 *
 * @example
 * abs(tensor([1, -2])) // → tensor([1, 2])
 */
export function abs(x: Tensor): Tensor {
  return compute("abs", Unary.abs, x, absRule, Math.abs);
}

const squareRule = smooth("square", (g, x) => mul(g, mul(x, 2)));

/**
 * x², element by element.
 *
 * @example
 * square(tensor([3, -2])) // → tensor([9, 4])
 */
export function square(x: Tensor): Tensor {
  return compute("square", Unary.square, x, squareRule, (v) => Math.imul(v, v));
}

const sqrtRule = smooth("sqrt", (g, _x, y) => div(g, mul(y, 2)));

/**
 * √x, element by element; nan for negative numbers.
 *
 * @example
 * sqrt(tensor([4, 9])) // → tensor([2, 3])
 */
export function sqrt(x: Tensor): Tensor {
  return compute("sqrt", Unary.sqrt, x, sqrtRule);
}

const expRule = smooth("exp", (g, _x, y) => mul(g, y));

/**
 * eˣ, element by element.
 *
 * @example
 * exp(tensor([0, 1])) // → tensor([1.0000, 2.7183])
 */
export function exp(x: Tensor): Tensor {
  return compute("exp", Unary.exp, x, expRule);
}

const logRule = smooth("log", (g, x) => div(g, x));

/**
 * The natural logarithm, element by element; −inf at 0, nan for negative numbers.
 *
 * @example
 * log(tensor([1, 10])) // → tensor([0.0000, 2.3026])
 */
export function log(x: Tensor): Tensor {
  return compute("log", Unary.log, x, logRule);
}

const log1pRule = smooth("log1p", (g, x) => div(g, add(x, 1)));

/**
 * ln(1 + x), element by element, exact also for tiny x.
 *
 * @example
 * log1p(tensor([0, 1])) // → tensor([0.0000, 0.6931])
 */
export function log1p(x: Tensor): Tensor {
  return compute("log1p", Unary.log1p, x, log1pRule);
}

const expm1Rule = smooth("expm1", (g, _x, y) => mul(g, add(y, 1)));

/**
 * eˣ − 1, element by element, exact also for tiny x.
 *
 * @example
 * expm1(tensor([0, 1])) // → tensor([0.0000, 1.7183])
 */
export function expm1(x: Tensor): Tensor {
  return compute("expm1", Unary.expm1, x, expm1Rule);
}

const softplusRule = smooth("softplus", (g, x) => mul(g, sigmoid(x)));

/**
 * ln(1 + eˣ), element by element, without overflow: a smooth relu.
 *
 * @example
 * softplus(tensor([0, 100])) // → tensor([  0.6931, 100.0000])
 */
export function softplus(x: Tensor): Tensor {
  return compute("softplus", Unary.softplus, x, softplusRule);
}

const reluRule = fused("relu", Binary.reluGradient, (g, y) => mul(g, toFloat(greater(y, 0))));

/**
 * max(x, 0), element by element; the gradient at 0 is 0.
 *
 * @example
 * relu(tensor([-1, 2])) // → tensor([0, 2])
 */
export function relu(x: Tensor): Tensor {
  return compute("relu", Unary.relu, x, reluRule, (v) => Math.max(v, 0));
}

const sigmoidRule = fused("sigmoid", Binary.sigmoidGradient, (g, y) => mul(g, mul(y, sub(1, y))));

/**
 * 1 / (1 + e⁻ˣ), element by element, without overflow; with a slope, that of `slope` · x. Remembers x, so that a
 * cross-entropy can use it.
 *
 * @example
 * sigmoid(tensor([0, 100])) // → tensor([0.5, 1.0])
 * sigmoid(tensor([0, 1]), { slope: 2 }) // → tensor([0.5000, 0.8808])
 */
export function sigmoid(input: Tensor, options: { slope?: number } = {}): Tensor {
  checkOptions("sigmoid", options, "{ slope: 2 }");
  const { slope = 1 } = options;
  const x = slope === 1 ? input : mul(input, slope);
  const y = compute("sigmoid", Unary.sigmoid, x, sigmoidRule);
  y.logits = x;
  return y;
}

const tanhRule = fused("tanh", Binary.tanhGradient, (g, y) => mul(g, sub(1, mul(y, y))));

/**
 * The hyperbolic tangent, element by element.
 *
 * @example
 * tanh(tensor([0, 100])) // → tensor([0, 1])
 */
export function tanh(x: Tensor): Tensor {
  return compute("tanh", Unary.tanh, x, tanhRule);
}

/**
 * −1, 0 or 1 by the sign of x, element by element; no gradient.
 *
 * @example
 * sign(tensor([-3, 0, 2])) // → tensor([-1,  0,  1])
 */
export function sign(x: Tensor): Tensor {
  return compute("sign", Unary.sign, x, null, Math.sign);
}

/**
 * x rounded down to a whole number, element by element; no gradient.
 *
 * @example
 * floor(tensor([1.7, -1.2])) // → tensor([ 1, -2])
 */
export function floor(x: Tensor): Tensor {
  return compute("floor", Unary.floor, x, null, same);
}

/**
 * x rounded up to a whole number, element by element; no gradient.
 *
 * @example
 * ceil(tensor([1.2, -1.7])) // → tensor([ 2, -1])
 */
export function ceil(x: Tensor): Tensor {
  return compute("ceil", Unary.ceil, x, null, same);
}

/**
 * x rounded to the nearest whole number, halves to the even one as in NumPy; no gradient.
 *
 * @example
 * round(tensor([0.5, 1.5, 2.4])) // → tensor([0, 2, 2])
 */
export function round(x: Tensor): Tensor {
  return compute("round", Unary.round, x, null, same);
}

/**
 * x without its fraction, element by element; no gradient.
 *
 * @example
 * trunc(tensor([1.7, -1.7])) // → tensor([ 1, -1])
 */
export function trunc(x: Tensor): Tensor {
  return compute("trunc", Unary.trunc, x, null, same);
}
