// The probabilities of classes as random choices need them: checked, and added up along the last axis.
import { tensor } from "../tensor/create.ts";
import { type NestedArray, Tensor } from "../tensor/tensor.ts";

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
 * @throws RangeError when there is no class, a probability is outside [0, 1], or a row does not sum to 1 within 1e-5 (what
 *   float32 leaves of it).
 */
export function runningSums(
  caller: string,
  options: { probabilities: Weights } | { logits: Weights },
): RunningSums {
  const asLogits = "logits" in options;
  const given = asLogits ? options.logits : options.probabilities;
  const source = given instanceof Tensor ? given.detach() : tensor(given, { dtype: "float64" });
  const width = source.shape.at(-1) ?? 0;
  if (width === 0) throw new RangeError(`${caller}: needs the probabilities of at least one class`);
  const values = Float64Array.from(source.data());
  for (let row = 0; row < values.length; row += width) {
    const part = values.subarray(row, row + width);
    if (asLogits) exponentials(caller, part);
    else checkProbabilities(caller, part);
    for (let k = 1; k < width; k++) part[k]! += part[k - 1]!;
    if (!asLogits && Math.abs(part[width - 1]! - 1) > 1e-5) {
      throw new RangeError(
        `${caller}: probabilities sum to 1, these to ${part[width - 1]} — divide by the sum, or give logits`,
      );
    }
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

function checkProbabilities(caller: string, probabilities: Float64Array): void {
  const wrong = probabilities.findIndex((p) => !(p >= 0 && p <= 1 + 1e-5));
  if (wrong >= 0) {
    throw new RangeError(
      `${caller}: probability ${probabilities[wrong]} at position ${wrong} is not in [0, 1]`,
    );
  }
}
