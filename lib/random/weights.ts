// The probabilities of classes as random choices need them: checked, and added up along the last axis.

import { made } from "../tensor/create.ts";
import { type NestedArray, Tensor } from "../tensor/tensor.ts";
import { checkProbabilities } from "./probabilities.ts";

/** Numbers for classes: a list, or rows of them. */
export type Weights = Tensor | readonly NestedArray[];

/** Running sums along the last axis, all rows one after the other. */
export interface RunningSums {
  values: Float64Array;
  shape: readonly number[];
}

/**
 * Running sums of probabilities, or of exp(logits) over their largest.
 *
 * @throws RangeError when there is no class, a probability is outside [0, 1], or a row does not sum to 1.
 */
export function runningSums(
  caller: string,
  options: { probabilities: Weights } | { logits: Weights },
): RunningSums {
  const asLogits = "logits" in options;
  const given = asLogits ? options.logits : options.probabilities;
  const source = given instanceof Tensor ? given.detach() : made(caller, given, { dtype: "float64" });
  const width = source.shape.at(-1) ?? 0;
  if (width === 0) throw new RangeError(`${caller}: needs the probability of at least one state`);
  const values = Float64Array.from(source.data());
  if (!asLogits) checkProbabilities(caller, values, width);
  for (let row = 0; row < values.length; row += width) {
    const part = values.subarray(row, row + width);
    if (asLogits) exponentials(caller, part);
    for (let k = 1; k < width; k++) part[k]! += part[k - 1]!;
  }
  return { values, shape: source.shape };
}

function exponentials(caller: string, logits: Float64Array): void {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  if (!Number.isFinite(largest)) {
    throw new RangeError(`${caller}: the largest logit must be a finite number, got ${largest}`);
  }
  for (let k = 0; k < logits.length; k++) logits[k] = Math.exp(logits[k]! - largest);
}
