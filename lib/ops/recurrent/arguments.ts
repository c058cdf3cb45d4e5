// What recurrent operations are called with: weights, masks, initial states, checked and brought to one element type.
import { checkOptions } from "../../tensor/arguments.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { where } from "../arithmetic.ts";
import { cast } from "../cast.ts";
import { checkTensor, toCommonFloat } from "../operand.ts";
import { expandDims } from "../shape.ts";

/** The weights of a recurrent layer in Keras's layout; n is the number of gates. */
export interface RecurrentWeights {
  /** What inputs are multiplied with, `[features, n · units]`. */
  kernel: Tensor;
  /** What states are multiplied with, `[units, n · units]`. */
  recurrentKernel: Tensor;
  /** `[n · units]`, or none. */
  bias?: Tensor | null;
}

/** Options of recurrent operations. */
export interface RecurrentOptions {
  /**
   * Which steps count, `[batch, time]`, true or not 0: in the others a sequence's state stays as it is, and its output is
   * that of the step before. For sequences of different lengths.
   */
  mask?: Tensor | null;
  /** Reads each sequence from its end; the outputs come in the order in which they are computed. */
  goBackwards?: boolean;
}

/** Checked arguments: one floating type throughout, absent ones null. */
export interface RecurrentCall {
  x: Tensor;
  kernel: Tensor;
  recurrentKernel: Tensor;
  bias: Tensor | null;
  /** Initial states `[batch, units]`; zeros where null. */
  initial: readonly (Tensor | null)[];
  /** `[batch, time]`, float32 0 and 1. */
  mask: Tensor | null;
  backwards: boolean;
  units: number;
}

/**
 * Reads the arguments of a recurrent operation.
 * @param gates how many gates the weights have
 * @param biasRows 2 for a bias of two rows `[2, gates · units]`, one for each kernel
 * @throws when a shape does not fit.
 */
export function readCall(
  name: string,
  input: Tensor,
  weights: RecurrentWeights,
  options: RecurrentOptions,
  states: readonly (Tensor | null | undefined)[],
  gates: number,
  biasRows: 1 | 2 = 1,
): RecurrentCall {
  checkTensor(name, input);
  checkOptions(name, weights, "{ kernel, recurrentKernel, bias }");
  checkTensor(name, weights.kernel);
  checkTensor(name, weights.recurrentKernel);
  if (input.rank !== 3) {
    const hint =
      input.rank === 2
        ? "; for one feature a step use .expandDims(-1), for a single sequence .expandDims(0)"
        : "";
    throw new Error(`${name}: x must be [batch, time, features], got ${formatShape(input.shape)}${hint}`);
  }
  const [batch, time, features] = input.shape as [number, number, number];
  const units = weights.recurrentKernel.shape[0] ?? 0;
  const columns = gates * units;
  const expect = (what: string, tensor: Tensor, shape: readonly number[], why: string) => {
    if (sameShape(tensor.shape, shape)) return;
    throw new Error(`${name}: ${what} ${formatShape(tensor.shape)} must be ${formatShape(shape)} — ${why}`);
  };
  const count = gates === 1 ? "units" : `${gates} · units`;
  expect("recurrentKernel", weights.recurrentKernel, [units, columns], `[units, ${count}]`);
  expect(
    "kernel",
    weights.kernel,
    [features, columns],
    `[features, ${count}] for x ${formatShape(input.shape)}`,
  );
  const [x, kernel, recurrentKernel, bias, ...initial] = toCommonFloat(
    input,
    weights.kernel,
    weights.recurrentKernel,
    weights.bias ?? null,
    ...states.map((state) => state ?? null),
  );
  if (bias !== null) {
    const shape = biasRows === 2 ? [2, columns] : [columns];
    expect("bias", bias, shape, biasRows === 2 ? `[2, ${count}], a row for each kernel` : `[${count}]`);
  }
  for (const state of initial) {
    if (state !== null) expect("the initial state", state, [batch, units], "[batch, units]");
  }
  const mask = options.mask ?? null;
  if (mask !== null) {
    checkTensor(name, mask);
    expect("mask", mask, [batch, time], "[batch, time]");
  }
  const steps = mask === null ? null : cast(mask.detach(), "bool");
  return {
    // What pads a sequence may be anything: NaN times a gradient of 0 would reach the weights.
    x: steps === null ? x : where(expandDims(steps, 2), x, 0),
    ...{ kernel, recurrentKernel, bias, initial, units },
    mask: steps,
    backwards: options.goBackwards ?? false,
  };
}
