// Numbers kept within limits: clip, and finite values in the place of NaN and infinities.
import { attach, give, mode, type Rule, tracks } from "../autograd/graph.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import { isFloating } from "../tensor/dtype.ts";
import { describe } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mul, where } from "./arithmetic.ts";
import { equal } from "./compare.ts";
import { eachWhole } from "./elementwise.ts";
import { nanPlaces } from "./logic.ts";
import { checkTensor, toFloat } from "./operand.ts";

const clipRule: Rule = {
  name: "clip",
  backward(gradient, node) {
    const x = node.inputs[0] as Tensor;
    const [low, high] = node.saved as [number, number];
    if (mode.recording) {
      const inside = mul(toFloat(x.greaterEqual(low)), toFloat(x.lessEqual(high)));
      give(x, mul(gradient, inside));
    } else {
      const dx = empty(x.shape, x.dtype);
      coreOf(x.dtype).clipGradient(gradient.pointer(), x.pointer(), dx.pointer(), x.size, low, high);
      give(x, dx);
    }
  },
};

/**
 * x limited to the range from `low` to `high`, element by element; no gradient where it was cut. Either bound may be left
 * out. Whole numbers stay whole when the bounds are. NaN stays NaN.
 *
 * @throws when `low` is above `high`, or a bound is no number.
 * @example
 * clip(tensor([-5, 0.5, 5]), 0, 1) // → tensor([0.0, 0.5, 1.0])
 * clip(tensor([-5, 0.5, 5]), undefined, 1) // → tensor([-5.0,  0.5,  1.0])
 */
export function clip(
  input: Tensor,
  low: number | undefined = Number.NEGATIVE_INFINITY,
  high: number | undefined = Number.POSITIVE_INFINITY,
): Tensor {
  checkTensor("clip", input);
  if (Number.isNaN(Number(low)) || Number.isNaN(Number(high))) {
    throw new RangeError(`clip: the bounds are numbers, got ${describe(low)} and ${describe(high)}`);
  }
  if (low > high) throw new RangeError(`clip: low (${low}) is above high (${high})`);
  const isWholeBound = (bound: number) => Number.isInteger(bound) || !Number.isFinite(bound);
  if (!isFloating(input.dtype) && isWholeBound(low) && isWholeBound(high)) {
    return eachWhole(input, (v) => Math.min(Math.max(v, low), high));
  }
  const x = toFloat(input);
  const y = empty(x.shape, x.dtype);
  coreOf(x.dtype).clip(x.pointer(), y.pointer(), x.size, low, high);
  return tracks(x) ? attach(y, clipRule, [x], [low, high]) : y;
}

/** Options of {@link nanToNum}. */
export interface NanToNumOptions {
  /** In the place of NaN; 0 by default. */
  nan?: number;
  /** In the place of ∞; by default the largest number of the dtype. */
  posInf?: number;
  /** In the place of −∞; by default the smallest. */
  negInf?: number;
}

/**
 * x with finite numbers in the place of NaN and infinities; no gradient flows where a number was replaced.
 *
 * @example
 * nanToNum(tensor([1, NaN, Infinity]), { posInf: 9 }) // → tensor([1, 0, 9])
 */
export function nanToNum(input: Tensor, options: NanToNumOptions = {}): Tensor {
  checkTensor("nanToNum", input);
  const x = toFloat(input);
  const largest = x.dtype === "float64" ? Number.MAX_VALUE : 3.4028234663852886e38;
  const { nan = 0, posInf = largest, negInf = -largest } = options;
  const below = where(equal(x, Number.NEGATIVE_INFINITY), negInf, x);
  return where(nanPlaces(x), nan, where(equal(x, Number.POSITIVE_INFINITY), posInf, below));
}
