// The simple recurrent layer over whole sequences.
import { RecurrentCell } from "../../engine/recurrent.ts";
import { describe } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { add } from "../arithmetic.ts";
import { relu, tanh } from "../elementwise.ts";
import { matmul } from "../matmul.ts";
import { type RecurrentCall, type RecurrentOptions, type RecurrentWeights, readCall } from "./arguments.ts";
import { runKernels } from "./kernels.ts";
import { takeSteps } from "./steps.ts";

export interface SimpleRnnOptions extends RecurrentOptions {
  /** The state before the first step, `[batch, units]`; zeros by default. */
  initialState?: Tensor;
  /** `"tanh"` (by default), `"relu"`, or another function, with which the steps are taken one by one. */
  activation?: "tanh" | "relu" | ((x: Tensor) => Tensor);
}

export interface SimpleRnnResult {
  /** The outputs of all steps, `[batch, time, units]`. */
  outputs: Tensor;
  /** The output of the last step, `[batch, units]`. */
  h: Tensor;
}

/**
 * The simple recurrent layer over whole sequences: h = tanh(x·W + h₋₁·U + b), or another activation. Elman, Cognitive
 * Science 1990.
 *
 * Shapes: x `[batch, time, features]`; kernel `[features, units]`, recurrentKernel `[units, units]`, bias `[units]`.
 *
 * @throws when a shape does not fit, or the activation is none of these.
 * @example
 * const weights = { kernel: tensor([[1]]), recurrentKernel: tensor([[1]]) };
 * simpleRnn(tensor([[[1], [2], [3]]]), weights, { activation: "relu" }).outputs.flatten() // → tensor([1, 3, 6])
 */
export function simpleRnn(
  x: Tensor,
  weights: RecurrentWeights,
  options: SimpleRnnOptions = {},
): SimpleRnnResult {
  const call = readCall("simpleRnn", x, weights, options, [options.initialState], 1);
  const { activation = "tanh" } = options;
  const isOther = typeof activation === "function";
  if (!isOther && activation !== "tanh" && activation !== "relu") {
    throw new TypeError(
      `simpleRnn: activation is "tanh", "relu" or a function such as (x) => x, got ${describe(activation)}`,
    );
  }
  const activate = isOther ? activation : activation === "tanh" ? tanh : relu;
  const compose = (given: RecurrentCall) => {
    const { outputs, states } = takeSteps(given, given.bias, (projected, [h]) => ({
      states: [activate(add(projected, matmul(h!, given.recurrentKernel)))],
      gates: {},
    }));
    return [outputs, ...states];
  };
  const byKernel = isOther ? null : runKernels("simpleRnn", RecurrentCell[activation], call, compose);
  const [outputs, h] = byKernel ?? compose(call);
  return { outputs: outputs!, h: h! };
}
