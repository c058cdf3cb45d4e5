// Dropout: elements that vanish at random while training.
import { attach, give, type Rule, tracks } from "../autograd/graph.ts";
import { nextStream } from "../random/random.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkTensor, toFloat } from "./operand.ts";

/** Which elements stay follows from these numbers alone, so nothing but them has to be remembered. */
interface Mask {
  rate: number;
  seed: number;
  stream: number;
}

function applyMask(x: Tensor, mask: Mask): Tensor {
  const y = empty(x.shape, x.dtype);
  coreOf(x.dtype).dropout(x.pointer(), y.pointer(), x.size, mask.rate, mask.seed, mask.stream);
  return tracks(x) ? attach(y, dropoutRule, [x], mask) : y;
}

const dropoutRule: Rule = {
  name: "dropout",
  backward(gradient, node) {
    give(node.inputs[0] as Tensor, applyMask(gradient, node.saved as Mask));
  },
};

/**
 * While training, each element becomes 0 with probability `rate`, and the others are divided by 1 − rate so that the
 * expected sum stays (Srivastava et al. 2014, "inverted" form). Otherwise x itself.
 *
 * @throws when the rate is not in [0, 1).
 * @example
 * dropout(tensor([1, 2]), 0.5, false) // → tensor([1, 2])
 */
export function dropout(x: Tensor, rate: number, training: boolean): Tensor {
  checkTensor("dropout", x);
  if (!(rate >= 0 && rate < 1)) {
    const hint = rate > 1 && rate <= 100 ? ` — did you mean ${rate / 100}?` : "";
    throw new RangeError(
      `dropout: the rate is the part that is dropped, from 0 to less than 1, got ${rate}${hint}`,
    );
  }
  if (!training || rate === 0) return x;
  return applyMask(toFloat(x), { rate, ...nextStream() });
}
