// Gated recurrent units over whole sequences.
import { RecurrentCell } from "../../engine/recurrent.ts";
import { ones } from "../../tensor/create.ts";
import { describe } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { add, mul, sub } from "../arithmetic.ts";
import { sigmoid, tanh } from "../elementwise.ts";
import { at } from "../indexing.ts";
import { linear, matmul } from "../matmul.ts";
import { type RecurrentCall, type RecurrentOptions, type RecurrentWeights, readCall } from "./arguments.ts";
import { runKernels } from "./kernels.ts";
import { gateColumns, type Step, type StepsResult, takeSteps } from "./steps.ts";

/** Which form of the GRU is meant. */
export interface GruForm {
  /**
   * Where the reset gate acts: on h₋₁·U + b (true, by default, as in Keras and PyTorch; the bias then has two rows), or on
   * h₋₁ before the product (false, as Cho et al. 2014 print it).
   */
  resetAfter?: boolean;
  /**
   * What the update gate z says: how much of the old state to `"keep"` (by default: h = z ∘ h₋₁ + (1 − z) ∘ h̃, Cho et al.
   * 2014, Keras, PyTorch) or to `"replace"` (h = (1 − z) ∘ h₋₁ + z ∘ h̃, Chung et al. 2014).
   */
  update?: "keep" | "replace";
}

export interface GruOptions extends RecurrentOptions, GruForm {
  /** The state before the first step, `[batch, units]`; zeros by default. */
  initialState?: Tensor;
}

export interface GruResult {
  /** The outputs of all steps, `[batch, time, units]`. */
  outputs: Tensor;
  /** The output of the last step, `[batch, units]`. */
  h: Tensor;
}

/** A step of the form wanted. */
function stepOf({ resetAfter, update }: Required<GruForm>): Step<keyof GruGates> {
  return (projected, [h], { recurrentKernel, bias, units }) => {
    const both = gateColumns(projected, 0, units, 2);
    const own = gateColumns(projected, 2, units);
    const gates = (sums: Tensor) =>
      [sigmoid(gateColumns(sums, 0, units)), sigmoid(gateColumns(sums, 1, units))] as const;
    let z: Tensor;
    let r: Tensor;
    let candidate: Tensor;
    if (resetAfter) {
      const recurrent = linear(h!, recurrentKernel, bias === null ? null : at(bias, 1));
      [z, r] = gates(add(both, gateColumns(recurrent, 0, units, 2)));
      candidate = tanh(add(own, mul(r, gateColumns(recurrent, 2, units))));
    } else {
      [z, r] = gates(add(both, matmul(h!, gateColumns(recurrentKernel, 0, units, 2))));
      candidate = tanh(add(own, matmul(mul(r, h!), gateColumns(recurrentKernel, 2, units))));
    }
    const [kept, taken] = update === "keep" ? [z, sub(1, z)] : [sub(1, z), z];
    const state = add(mul(kept, h!), mul(taken, candidate));
    return { states: [state], gates: { update: z, reset: r, candidate, state } };
  };
}

function formOf({ resetAfter = true, update = "keep" }: GruForm): Required<GruForm> {
  if (update === "keep" || update === "replace") return { resetAfter, update };
  throw new TypeError(`gru: update is "keep" or "replace", got ${describe(update)}`);
}

function read(name: string, x: Tensor, weights: RecurrentWeights, options: GruOptions): RecurrentCall {
  return readCall(name, x, weights, options, [options.initialState], 3, formOf(options).resetAfter ? 2 : 1);
}

function compose(call: RecurrentCall, form: Required<GruForm>): StepsResult<keyof GruGates> {
  const bias = call.bias !== null && form.resetAfter ? at(call.bias, 0) : call.bias;
  return takeSteps(call, bias, stepOf(form));
}

/** Weights with which `"keep"` does what these do with `"replace"`: 1 − σ(s) = σ(−s). */
function turned(call: RecurrentCall): RecurrentCall {
  const signs = ones([3 * call.units], { dtype: call.x.dtype });
  signs.view().fill(-1, 0, call.units);
  return {
    ...call,
    kernel: mul(call.kernel, signs),
    recurrentKernel: mul(call.recurrentKernel, signs),
    bias: call.bias === null ? null : mul(call.bias, signs),
  };
}

/**
 * Gated recurrent units over whole sequences. With the gates z (update) and r (reset) = σ(x·W + h₋₁·U + b) and the candidate
 * h̃ = tanh(x·W + b₀ + r ∘ (h₋₁·U + b₁)): h = z ∘ h₋₁ + (1 − z) ∘ h̃. Cho et al., EMNLP 2014; other forms by options.
 *
 * Shapes: x `[batch, time, features]`; kernel `[features, 3 · units]`, recurrentKernel `[units, 3 · units]` in the order
 * z, r, h̃ as in Keras (PyTorch has r, z, n); bias `[2, 3 · units]`, first for the kernel, then for the recurrent kernel,
 * or `[3 · units]` with `resetAfter: false`.
 *
 * @throws when a shape does not fit.
 * @example
 * const weights = { kernel: full([1, 3], 0.5), recurrentKernel: full([1, 3], 0.5) };
 * const x = tensor([[[1], [2], [3]]]);
 * gru(x, weights, { resetAfter: false }).outputs.flatten() // → tensor([0.1745, 0.3291, 0.4243])
 * gru(x, weights, { resetAfter: false, update: "replace" }).h.item().toFixed(4) // → '0.9095'
 */
export function gru(x: Tensor, weights: RecurrentWeights, options: GruOptions = {}): GruResult {
  const call = read("gru", x, weights, options);
  const form = formOf(options);
  const results = form.resetAfter ? runGru(call, form) : null;
  if (results !== null) return { outputs: results[0]!, h: results[1]! };
  const { outputs, states } = compose(call, form);
  return { outputs, h: states[0]! };
}

function runGru(call: RecurrentCall, form: Required<GruForm>): readonly Tensor[] | null {
  const keeping = form.update === "keep" ? call : turned(call);
  return runKernels("gru", RecurrentCell.gru, keeping, (given) => {
    const { outputs, states } = compose(given, { resetAfter: true, update: "keep" });
    return [outputs, ...states];
  });
}

/** The values of the gates in all steps, `[batch, time, units]` each. */
export interface GruGates {
  update: Tensor;
  reset: Tensor;
  candidate: Tensor;
  state: Tensor;
}

/**
 * What the gates of {@link gru} do: z, r, h̃ and h of every step, to look at. Steps that a mask leaves out are computed
 * like the others.
 *
 * @example
 * const weights = { kernel: full([1, 3], 0.5), recurrentKernel: full([1, 3], 0.5) };
 * gruGates(tensor([[[1], [2], [3]]]), weights).update.shape // → [ 1, 3, 1 ]
 */
export function gruGates(x: Tensor, weights: RecurrentWeights, options: GruOptions = {}): GruGates {
  return compose(read("gruGates", x, weights, options), formOf(options)).gates;
}
