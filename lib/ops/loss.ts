// Losses with a gradient of their own: binary cross-entropy and squared error.
import { attach, give, mode, type Rule, tracks } from "../autograd/graph.ts";
import { Binary, Unary } from "../engine/core.ts";
import { engine } from "../engine/engine.ts";
import { empty, tensor } from "../tensor/create.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { clip, log, neg, sigmoid } from "./elementwise.ts";
import { checkTensor, toFloat } from "./operand.ts";
import { mean } from "./reduce.ts";
import { reshape } from "./shape.ts";

/** Targets in the shape of the predictions; `[batch]` fits `[batch, 1]`. */
function matchTargets(name: string, prediction: Tensor, target: Tensor): Tensor {
  checkTensor(name, prediction);
  checkTensor(name, target);
  if (sameShape(prediction.shape, target.shape)) return toFloat(target);
  // Only axes of size 1 may differ: anything else would silently pair the wrong numbers.
  const long = (size: number) => size !== 1;
  if (sameShape(prediction.shape.filter(long), target.shape.filter(long))) {
    return reshape(toFloat(target), prediction.shape);
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
  const y = matchTargets("sigmoidCrossEntropy", logits, labels);
  const z = toFloat(logits);
  const core = engine.core;
  const losses = empty(z.shape);
  const products = empty(z.shape);
  core.unary(Unary.softplus, z.pointer(), losses.pointer(), z.size);
  core.binary(Binary.mul, z.pointer(), y.pointer(), products.pointer(), z.size);
  core.axpy(-1, products.pointer(), losses.pointer(), z.size);
  const loss = tensor(core.sum(losses.pointer(), z.size) / z.size);
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
  const y = matchTargets("binaryCrossEntropy", probabilities, labels);
  const p = clip(probabilities, 1e-7, 1 - 1e-7);
  return neg(mean(add(mul(y, log(p)), mul(sub(1, y), log(sub(1, p))))));
}

const meanSquaredErrorRule: Rule = {
  name: "meanSquaredError",
  backward(gradient, node) {
    const [x, target] = node.inputs as readonly [Tensor, Tensor];
    if (mode.recording || node.owned === null) {
      const dx = mul(sub(x, target), mul(gradient, 2 / x.size));
      if (x.requiresGrad) give(x, dx);
      if (target.requiresGrad) give(target, neg(dx));
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
  const y = matchTargets("meanSquaredError", prediction, target);
  const x = toFloat(prediction);
  // The usual case, gradient for the prediction only, is one pass of a kernel.
  const gradient = tracks(x) && !y.requiresGrad ? empty(x.shape) : null;
  const place = gradient === null ? 0 : gradient.pointer();
  const loss = tensor(engine.core.meanSquaredError(x.pointer(), y.pointer(), place, x.size));
  if (!tracks(x, y)) return loss;
  attach(loss, meanSquaredErrorRule, [x, y]);
  if (gradient !== null) gradient.storage.waiting = 1;
  loss.node!.owned = gradient;
  return loss;
}
