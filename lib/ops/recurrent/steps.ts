// Recurrent layers step by step from plain operations: for float64, for gradients of gradients, and to look into gates.
import { zeros } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { where } from "../arithmetic.ts";
import { at } from "../indexing.ts";
import { stack } from "../join.ts";
import { linear } from "../matmul.ts";
import type { RecurrentCall } from "./arguments.ts";

/** What one step gives: the new states, the output first, and the values of the gates by name. */
export interface StepResult<Gate extends string> {
  states: readonly Tensor[];
  gates: Readonly<Record<Gate, Tensor>>;
}

/** One step: `projected` is x · kernel + bias of the step, `[batch, gates · units]`. */
export type Step<Gate extends string> = (
  projected: Tensor,
  states: readonly Tensor[],
  call: RecurrentCall,
) => StepResult<Gate>;

/** What all steps give. */
export interface StepsResult<Gate extends string> {
  /** `[batch, time, units]` */
  outputs: Tensor;
  /** The last states `[batch, units]`. */
  states: readonly Tensor[];
  /** The gates of each step, `[batch, time, units]`, by name. */
  gates: Record<Gate, Tensor>;
}

/**
 * Goes through all steps.
 * @param bias what is added to x · kernel
 */
export function takeSteps<Gate extends string>(
  call: RecurrentCall,
  bias: Tensor | null,
  step: Step<Gate>,
): StepsResult<Gate> {
  const { x, mask, units } = call;
  const [batch, time] = x.shape as [number, number, number];
  const projected = linear(x, call.kernel, bias);
  let states: readonly Tensor[] = call.initial.map(
    (state) => state ?? zeros([batch, units], { dtype: x.dtype }),
  );
  const outputs: Tensor[] = [];
  const gates = new Map<string, Tensor[]>();
  for (let i = 0; i < time; i++) {
    const t = call.backwards ? time - 1 - i : i;
    const result = step(at(projected, ":", t), states, call);
    const counts = mask === null ? null : at(mask, ":", t).reshape([batch, 1]);
    states = result.states.map((state, k) => (counts === null ? state : where(counts, state, states[k]!)));
    outputs.push(states[0]!);
    for (const [name, gate] of Object.entries<Tensor>(result.gates)) {
      if (i === 0) gates.set(name, []);
      gates.get(name)!.push(gate);
    }
  }
  if (time === 0) {
    // Only a step knows the names of the gates: one on nothing, which does not count.
    const nothing = zeros([batch, projected.shape[2]!], { dtype: x.dtype });
    for (const name of Object.keys(step(nothing, states, call).gates)) gates.set(name, []);
  }
  const overTime = (tensors: readonly Tensor[]) =>
    tensors.length > 0 ? stack(tensors, 1) : zeros([batch, 0, units], { dtype: x.dtype });
  return {
    outputs: overTime(outputs),
    states,
    gates: Object.fromEntries([...gates].map(([name, values]) => [name, overTime(values)])) as Record<
      Gate,
      Tensor
    >,
  };
}

/** The columns of gate number k: units k · units … (k + 1) · units − 1. */
export function gateColumns(sums: Tensor, k: number, units: number, count = 1): Tensor {
  return at(sums, ":", `${k * units}:${(k + count) * units}`);
}
