// LSTM over whole sequences.
import { RecurrentCell } from "../../engine/recurrent.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { add, mul } from "../arithmetic.ts";
import { sigmoid, tanh } from "../elementwise.ts";
import { matmul } from "../matmul.ts";
import { type RecurrentCall, type RecurrentOptions, type RecurrentWeights, readCall } from "./arguments.ts";
import { runKernels } from "./kernels.ts";
import { gateColumns, type Step, takeSteps } from "./steps.ts";

export interface LstmOptions extends RecurrentOptions {
  /** The output and the cells before the first step, `[batch, units]` each; zeros by default. */
  initialState?: readonly [h: Tensor, c: Tensor];
}

export interface LstmResult {
  /** The outputs of all steps, `[batch, time, units]`. */
  outputs: Tensor;
  /** The output of the last step, `[batch, units]`. */
  h: Tensor;
  /** The cells after the last step, `[batch, units]`. */
  c: Tensor;
}

const step: Step<keyof LstmGates> = (projected, [h, c], { recurrentKernel, units }) => {
  const sums = add(projected, matmul(h!, recurrentKernel));
  const input = sigmoid(gateColumns(sums, 0, units));
  const forget = sigmoid(gateColumns(sums, 1, units));
  const candidate = tanh(gateColumns(sums, 2, units));
  const output = sigmoid(gateColumns(sums, 3, units));
  const cell = add(mul(forget, c!), mul(input, candidate));
  return { states: [mul(output, tanh(cell)), cell], gates: { input, forget, candidate, output, cell } };
};

function read(name: string, x: Tensor, weights: RecurrentWeights, options: LstmOptions): RecurrentCall {
  return readCall(name, x, weights, options, options.initialState ?? [null, null], 4);
}

/**
 * Long short-term memory over whole sequences. With the gates i (input), f (forget), o (output) = σ(x·W + h₋₁·U + b) and
 * the candidate c̃ = tanh(x·W + h₋₁·U + b): c = f ∘ c₋₁ + i ∘ c̃, h = o ∘ tanh(c). Hochreiter and Schmidhuber, Neural
 * Computation 1997; the forget gate by Gers et al. 2000.
 *
 * Shapes: x `[batch, time, features]`; kernel `[features, 4 · units]`, recurrentKernel `[units, 4 · units]`, bias
 * `[4 · units]` in the order i, f, c̃, o, as in Keras and PyTorch (whose two biases are added, and matrices transposed).
 *
 * @throws when a shape does not fit.
 * @example
 * const weights = { kernel: full([1, 4], 0.5), recurrentKernel: full([1, 4], 0.5) };
 * lstm(tensor([[[1], [2], [3]]]), weights).outputs.flatten() // → tensor([0.1743, 0.5009, 0.7700])
 */
export function lstm(x: Tensor, weights: RecurrentWeights, options: LstmOptions = {}): LstmResult {
  const call = read("lstm", x, weights, options);
  const compose = (given: RecurrentCall) => {
    const { outputs, states } = takeSteps(given, given.bias, step);
    return [outputs, ...states];
  };
  const [outputs, h, c] = runKernels("lstm", RecurrentCell.lstm, call, compose) ?? compose(call);
  return { outputs: outputs!, h: h!, c: c! };
}

/** The values of the gates in all steps, `[batch, time, units]` each. */
export interface LstmGates {
  input: Tensor;
  forget: Tensor;
  candidate: Tensor;
  output: Tensor;
  cell: Tensor;
}

/**
 * What the gates of {@link lstm} do: i, f, c̃, o and c of every step, to look at. Steps that a mask leaves out are
 * computed like the others.
 *
 * @example
 * const weights = { kernel: full([1, 4], 0.5), recurrentKernel: full([1, 4], 0.5) };
 * lstmGates(tensor([[[1], [2], [3]]]), weights).cell.flatten() // → tensor([0.2876, 0.8103, 1.4925])
 */
export function lstmGates(x: Tensor, weights: RecurrentWeights, options: LstmOptions = {}): LstmGates {
  const call = read("lstmGates", x, weights, options);
  return takeSteps(call, call.bias, step).gates;
}
