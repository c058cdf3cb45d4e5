// Activations of neural networks beyond relu, sigmoid and tanh: forward and gradient of each side by side.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { Binary, type BinaryCode, Unary } from "../engine/core.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { describe, formatShape, readAxis } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { add, mul, sub, where } from "./arithmetic.ts";
import { greater } from "./compare.ts";
import { compute, exp, sigmoid, smooth, softplus, square, tanh } from "./elementwise.ts";
import { clip } from "./limits.ts";
import { checkTensor, commonShape, toFloat } from "./operand.ts";
import { max } from "./reduce.ts";
import { reshape } from "./shape.ts";
import { erf } from "./special.ts";

/** A function with one parameter: a kernel of x and that number. */
function withParameter(name: string, code: BinaryCode, input: Tensor, parameter: number, rule: Rule): Tensor {
  checkTensor(name, input);
  if (!Number.isFinite(parameter)) {
    throw new RangeError(`${name}: its parameter must be a finite number, got ${String(parameter)}`);
  }
  const x = toFloat(input);
  const y = empty(x.shape, x.dtype);
  coreOf(x.dtype).binaryScalar(code, x.pointer(), parameter, y.pointer(), x.size);
  return tracks(x) ? attach(y, rule, [x], parameter) : y;
}

const leakyReluRule: Rule = {
  name: "leakyRelu",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    give(x, where(greater(x, 0), gradient, mul(gradient, node.saved as number)));
  },
};

/**
 * x where it is above 0, `negativeSlope` · x elsewhere (0.01 by default, as in the paper and PyTorch; Keras's layer has
 * 0.3). Maas, Hannun and Ng, ICML 2013.
 *
 * @example
 * leakyRelu(tensor([-1, 2]), { negativeSlope: 0.1 }) // → tensor([-0.1,  2.0])
 */
export function leakyRelu(x: Tensor, options: { negativeSlope?: number } = {}): Tensor {
  checkOptions("leakyRelu", options, "{ negativeSlope: 0.1 }");
  return withParameter("leakyRelu", Binary.leakyRelu, x, options.negativeSlope ?? 0.01, leakyReluRule);
}

const eluRule: Rule = {
  name: "elu",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const alpha = node.saved as number;
    // The unused branch is kept from overflowing: 0 · ∞ would be NaN in a second derivative.
    const slope = mul(exp(clip(x, undefined, 0)), alpha);
    give(x, where(greater(x, 0), gradient, mul(gradient, slope)));
  },
};

/**
 * x where it is above 0, α · (eˣ − 1) elsewhere. Clevert, Unterthiner and Hochreiter, ICLR 2016.
 *
 * @example
 * elu(tensor([-1, 2])) // → tensor([-0.6321,  2.0000])
 */
export function elu(x: Tensor, options: { alpha?: number } = {}): Tensor {
  checkOptions("elu", options, "{ alpha: 1 }");
  return withParameter("elu", Binary.elu, x, options.alpha ?? 1, eluRule);
}

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/**
 * elu scaled so that activations keep mean 0 and variance 1 from layer to layer: 1.0507 · elu(x, α = 1.6733).
 * Klambauer et al., NeurIPS 2017.
 *
 * @example
 * selu(tensor([-1, 1])) // → tensor([-1.1113,  1.0507])
 */
export function selu(x: Tensor): Tensor {
  checkTensor("selu", x);
  return mul(elu(x, { alpha: SELU_ALPHA }), SELU_SCALE);
}

const geluRule = smooth("gelu", (g, x) => {
  // Φ(x) + x · φ(x)
  const distribution = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return mul(g, add(distribution, mul(x, density)));
});

/**
 * x · Φ(x), Φ being the distribution function of the normal distribution. `approximate` takes the form with tanh that
 * GPT-2 uses. Hendrycks and Gimpel, 2016.
 *
 * @example
 * gelu(tensor([-1, 1])) // → tensor([-0.1587,  0.8413])
 */
export function gelu(x: Tensor, options: { approximate?: boolean } = {}): Tensor {
  checkOptions("gelu", options, "{ approximate: true }");
  if (!options.approximate) return compute("gelu", Unary.gelu, x, geluRule);
  checkTensor("gelu", x);
  const inner = mul(add(x, mul(mul(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return mul(mul(x, 0.5), add(tanh(inner), 1));
}

const siluRule = smooth("silu", (g, x) => {
  const gate = sigmoid(x);
  return mul(g, mul(gate, add(mul(x, sub(1, gate)), 1)));
});

/**
 * x · sigmoid(x), also called swish. Ramachandran, Zoph and Le, 2017.
 *
 * @example
 * silu(tensor([-1, 1])) // → tensor([-0.2689,  0.7311])
 */
export function silu(x: Tensor): Tensor {
  return compute("silu", Unary.silu, x, siluRule);
}

/**
 * x · tanh(softplus(x)). Misra, BMVC 2020.
 *
 * @example
 * mish(tensor([-1, 1])) // → tensor([-0.3034,  0.8651])
 */
export function mish(x: Tensor): Tensor {
  checkTensor("mish", x);
  return mul(x, tanh(softplus(x)));
}

/**
 * (x + 3) / 6 limited to the range from 0 to 1: sigmoid made of straight lines, as in PyTorch and Keras 3.
 *
 * @example
 * hardSigmoid(tensor([-4, 0, 4])) // → tensor([0.0, 0.5, 1.0])
 */
export function hardSigmoid(x: Tensor): Tensor {
  checkTensor("hardSigmoid", x);
  return clip(add(mul(x, 1 / 6), 0.5), 0, 1);
}

/**
 * x limited to the range from −1 to 1: tanh made of straight lines.
 *
 * @example
 * hardTanh(tensor([-4, 0.5, 4])) // → tensor([-1.0,  0.5,  1.0])
 */
export function hardTanh(x: Tensor): Tensor {
  checkTensor("hardTanh", x);
  return clip(toFloat(x), -1, 1);
}

/**
 * leakyRelu with slopes that learn: x where it is above 0, `slope` · x elsewhere. He et al., ICCV 2015, who start it at 0.25.
 *
 * @param slope broadcasts over x: one number for all, or `[channels]` for images `[batch, height, width, channels]`
 * @throws when the shapes do not broadcast.
 * @example
 * prelu(tensor([[-1, -1, 2]]), variable([0.25, 0.5, 0.5])) // → tensor([[-0.25, -0.50,  2.00]])
 */
export function prelu(input: Tensor, slope: Tensor): Tensor {
  checkTensor("prelu", input);
  checkTensor("prelu", slope);
  commonShape("prelu", input, slope);
  const x = toFloat(input);
  return where(greater(x, 0), x, mul(x, slope));
}

/**
 * The largest of each `pieces` neighbours along an axis, the last by default: `[…, units · pieces]` becomes `[…, units]`.
 * Behind a linear layer every unit is a convex function of straight pieces that learn. Goodfellow et al., ICML 2013.
 *
 * @throws when the axis does not divide into groups of that size.
 * @example
 * maxout(tensor([[1, 3, -2, -5]]), 2) // → tensor([[ 3, -2]])
 */
export function maxout(x: Tensor, pieces: number, options: { axis?: number } = {}): Tensor {
  checkTensor("maxout", x);
  checkOptions("maxout", options, "{ axis: 1 }");
  const axis = readAxis("maxout", options.axis ?? -1, x.rank);
  const size = x.shape[axis]!;
  if (!(Number.isInteger(pieces) && pieces > 0 && size % pieces === 0)) {
    throw new RangeError(
      `maxout: axis ${axis} of ${formatShape(x.shape)} (${size}) does not divide into groups of ${describe(pieces)}`,
    );
  }
  const groups = [...x.shape.slice(0, axis), size / pieces, pieces, ...x.shape.slice(axis + 1)];
  return max(reshape(x, groups), axis + 1);
}
