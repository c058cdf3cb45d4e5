// Losses with a gradient of their own: binary cross-entropy and squared error.
import { attach, give, mode, needs, type Rule, tracks } from "../autograd/graph.ts";
import { Binary, Unary } from "../engine/core.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty, tensor } from "../tensor/create.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { log, neg, sigmoid } from "./elementwise.ts";
import { clip } from "./limits.ts";
import { checkTensor, toCommonFloat } from "./operand.ts";
import { mean } from "./reduce.ts";
import { reshape } from "./shape.ts";

/** Both in one floating type, targets in the shape of the predictions; `[batch]` fits `[batch, 1]`. */
function match(name: string, predicted: Tensor, wanted: Tensor): [prediction: Tensor, target: Tensor] {
  checkTensor(name, predicted);
  checkTensor(name, wanted);
  const [prediction, target] = toCommonFloat(predicted, wanted);
  if (sameShape(prediction.shape, target.shape)) return [prediction, target];
  // Only axes of size 1 may differ: anything else would silently pair the wrong numbers.
  const long = (size: number) => size !== 1;
  if (sameShape(prediction.shape.filter(long), target.shape.filter(long))) {
    return [prediction, reshape(target, prediction.shape)];
  }
  throw new Error(
    `${name}: targets ${formatShape(target.shape)} do not fit predictions ${formatShape(prediction.shape)} — each ` +
      "prediction needs one target",
  );
}

const sigmoidCrossEntropyRule: Rule = {
  name: "sigmoidCrossEntropy",
  backward(gradient, node) {
    const [logits, labels] = node.inputs as readonly [Tensor, Tensor];
    // d/dz = (sigmoid(z) − y) / n;  d/dy = −z / n
    const factor = mul(gradient, 1 / logits.size);
    if (logits.requiresGrad) give(logits, mul(sub(sigmoid(logits), labels), factor));
    if (labels.requiresGrad) give(labels, mul(neg(logits), factor));
  },
};

/**
 * Binary cross-entropy of raw outputs: the mean of softplus(z) − y·z, which is −y·log p − (1 − y)·log(1 − p) for
 * p = sigmoid(z), without overflow.
 *
 * @param logits any shape
 * @param labels 0 or 1 (or probabilities) for each; `[batch]` fits `[batch, 1]`
 * @throws when the shapes do not fit.
 * @example
 * sigmoidCrossEntropy(tensor([0, 100]), tensor([1, 1])).item().toFixed(4) // → '0.3466'
 */
export function sigmoidCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  const [z, y] = match("sigmoidCrossEntropy", logits, labels);
  const core = coreOf(z.dtype);
  const losses = empty(z.shape, z.dtype);
  const products = empty(z.shape, z.dtype);
  core.unary(Unary.softplus, z.pointer(), losses.pointer(), z.size);
  core.binary(Binary.mul, z.pointer(), y.pointer(), products.pointer(), z.size);
  core.axpy(-1, products.pointer(), losses.pointer(), z.size);
  const loss = tensor(core.sum(losses.pointer(), z.size) / z.size, { dtype: z.dtype });
  losses.storage.release();
  products.storage.release();
  return tracks(z, y) ? attach(loss, sigmoidCrossEntropyRule, [z, y]) : loss;
}

/**
 * Binary cross-entropy of probabilities, mean over all of them. Probabilities that came out of `sigmoid` take the exact
 * way through its input; others are clipped to [10⁻⁷, 1 − 10⁻⁷], as in Keras.
 *
 * @example
 * binaryCrossEntropy(tensor([0.5, 0.9]), tensor([1, 1])).item().toFixed(4) // → '0.3993'
 */
export function binaryCrossEntropy(probabilities: Tensor, labels: Tensor): Tensor {
  if (probabilities.logits !== null) return sigmoidCrossEntropy(probabilities.logits, labels);
  const [given, y] = match("binaryCrossEntropy", probabilities, labels);
  const p = clip(given, 1e-7, 1 - 1e-7);
  return neg(mean(add(mul(y, log(p)), mul(sub(1, y), log(sub(1, p))))));
}

const meanSquaredErrorRule: Rule = {
  name: "meanSquaredError",
  backward(gradient, node) {
    const [x, target] = node.inputs as readonly [Tensor, Tensor];
    if (mode.recording || node.owned === null) {
      const dx = mul(sub(x, target), mul(gradient, 2 / x.size));
      if (needs(x)) give(x, dx);
      if (needs(target)) give(target, neg(dx));
      return;
    }
    const factor = gradient.item();
    give(x, factor === 1 ? node.owned : mul(node.owned, factor));
  },
};

/**
 * The mean of (prediction − target)² over all elements.
 *
 * @throws when the shapes do not fit.
 * @example
 * meanSquaredError(tensor([1, 2]), tensor([1, 4])).item() // → 2
 */
export function meanSquaredError(prediction: Tensor, target: Tensor): Tensor {
  const [x, y] = match("meanSquaredError", prediction, target);
  // The usual case, gradient for the prediction only, is one pass of a kernel.
  const gradient = tracks(x) && !y.requiresGrad ? empty(x.shape, x.dtype) : null;
  const place = gradient === null ? 0 : gradient.pointer();
  const loss = tensor(coreOf(x.dtype).meanSquaredError(x.pointer(), y.pointer(), place, x.size), {
    dtype: x.dtype,
  });
  return tracks(x, y) ? attach(loss, meanSquaredErrorRule, [x, y], undefined, gradient) : loss;
}
