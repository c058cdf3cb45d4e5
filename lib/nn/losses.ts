// Losses: how far predictions are from the truth, one number for a batch. Chosen by name, or any function of this form.
import { binaryCrossEntropy, meanSquaredError as meanSquared, sigmoidCrossEntropy } from "../ops/loss.ts";
import { toFloat, toIndices } from "../ops/operand.ts";
import { categoricalCrossEntropy, softmaxCrossEntropy } from "../ops/softmax.ts";
import { oneHot } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { choose } from "./choose.ts";

/** A loss: from what is true and what was predicted to a scalar tensor, the mean over the batch. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** Options of the cross-entropies. */
export interface CrossentropyOptions {
  /**
   * Says that `yPred` holds logits. Without it `yPred` holds probabilities; when those came out of softmax or sigmoid,
   * the loss is still computed from the logits behind them, which cannot overflow.
   */
  fromLogits?: boolean;
}

/**
 * Cross-entropy of class numbers: the mean of −log p[label].
 *
 * @param yTrue class numbers, int32 `[batch]` (or `[batch, 1]`)
 * @param yPred probabilities `[batch, classes]`, or logits with `fromLogits`
 * @throws Error when a label is no class, or the batches differ
 * @example
 * const labels = tensor([0, 1], { dtype: "int32" });
 * sparseCategoricalCrossentropy(labels, tensor([[0.5, 0.5], [0.5, 0.5]])).item().toFixed(4) // → '0.6931'
 */
export function sparseCategoricalCrossentropy(
  yTrue: Tensor,
  yPred: Tensor,
  { fromLogits = false }: CrossentropyOptions = {},
): Tensor {
  const labels = classNumbers("sparseCategoricalCrossentropy", yTrue, yPred);
  return fromLogits ? softmaxCrossEntropy(yPred, labels) : categoricalCrossEntropy(yPred, labels);
}

/**
 * Cross-entropy of one-hot labels (or of any distributions): the mean of −Σ t · log p.
 *
 * @param yTrue one-hot rows `[batch, classes]`
 * @param yPred probabilities `[batch, classes]`, or logits with `fromLogits`
 * @throws Error when the shapes differ
 * @example
 * categoricalCrossentropy(tensor([[1, 0]]), tensor([[0.25, 0.75]])).item().toFixed(4) // → '1.3863'
 */
export function categoricalCrossentropy(
  yTrue: Tensor,
  yPred: Tensor,
  { fromLogits = false }: CrossentropyOptions = {},
): Tensor {
  if (yTrue.rank !== 2 || yTrue.shape[0] !== yPred.shape[0] || yTrue.shape[1] !== yPred.shape[1]) {
    throw new Error(
      `categoricalCrossentropy: labels ${formatShape(yTrue.shape)} and predictions ${formatShape(yPred.shape)} differ — ` +
        "labels are one-hot rows here; for class numbers use sparseCategoricalCrossentropy",
    );
  }
  const target = toFloat(yTrue);
  return fromLogits ? softmaxCrossEntropy(yPred, target) : categoricalCrossEntropy(yPred, target);
}

/**
 * Cross-entropy of yes-or-no labels: the mean of −(t · log p + (1 − t) · log(1 − p)).
 *
 * @param yTrue 0 or 1 (or a probability), as many as predictions
 * @param yPred probabilities, or logits with `fromLogits`
 * @throws Error when the sizes differ
 * @example
 * binaryCrossentropy(tensor([1, 0]), tensor([0.5, 0.5])).item().toFixed(4) // → '0.6931'
 */
export function binaryCrossentropy(
  yTrue: Tensor,
  yPred: Tensor,
  { fromLogits = false }: CrossentropyOptions = {},
): Tensor {
  const target = alike("binaryCrossentropy", yTrue, yPred);
  return fromLogits ? sigmoidCrossEntropy(yPred, target) : binaryCrossEntropy(yPred, target);
}

/**
 * The mean of the squared differences.
 *
 * @param yTrue targets, as many as predictions: `[batch]` goes with `[batch, 1]`
 * @throws Error when the sizes differ
 * @example
 * meanSquaredError(tensor([1, 2]), tensor([1, 4])).item() // → 2
 */
export function meanSquaredError(yTrue: Tensor, yPred: Tensor): Tensor {
  return meanSquared(yPred, alike("meanSquaredError", yTrue, yPred));
}

/**
 * The mean of the absolute differences.
 *
 * @param yTrue targets, as many as predictions: `[batch]` goes with `[batch, 1]`
 * @throws Error when the sizes differ
 * @example
 * meanAbsoluteError(tensor([1, 2]), tensor([1, 4])).item() // → 1
 */
export function meanAbsoluteError(yTrue: Tensor, yPred: Tensor): Tensor {
  return yPred
    .sub(alike("meanAbsoluteError", yTrue, yPred))
    .abs()
    .mean();
}

/**
 * Negative log likelihood of log-probabilities, with the arguments in PyTorch's order.
 *
 * @param logProbabilities `[batch, classes]`, as `logSoftmax` gives them
 * @param labels class numbers `[batch]`
 * @example
 * nllLoss(tensor([[0, 1]]).logSoftmax(), tensor([1], { dtype: "int32" })).item().toFixed(4) // → '0.3133'
 */
export function nllLoss(logProbabilities: Tensor, labels: Tensor): Tensor {
  const chosen = oneHot(classNumbers("nllLoss", labels, logProbabilities), logProbabilities.shape[1]);
  return logProbabilities.mul(toFloat(chosen)).sum().div(-logProbabilities.shape[0]);
}

/**
 * Cross-entropy of logits, with the arguments in PyTorch's order.
 *
 * @param logits `[batch, classes]`
 * @param labels class numbers `[batch]`
 * @example
 * crossEntropyLoss(tensor([[0, 1]]), tensor([1], { dtype: "int32" })).item().toFixed(4) // → '0.3133'
 */
export function crossEntropyLoss(logits: Tensor, labels: Tensor): Tensor {
  return softmaxCrossEntropy(logits, classNumbers("crossEntropyLoss", labels, logits));
}

const losses = {
  sparseCategoricalCrossentropy: sparseCategoricalCrossentropy as LossFunction,
  categoricalCrossentropy: categoricalCrossentropy as LossFunction,
  binaryCrossentropy: binaryCrossentropy as LossFunction,
  meanSquaredError: meanSquaredError as LossFunction,
  meanAbsoluteError: meanAbsoluteError as LossFunction,
  mse: meanSquaredError as LossFunction,
  mae: meanAbsoluteError as LossFunction,
} as const;

/** A loss by name. */
export type LossName = keyof typeof losses;

/** A loss: its name, or a function from truth and prediction to a scalar tensor. */
export type Loss = LossName | LossFunction;

/** @throws Error with a suggestion when there is no loss of that name. */
export function resolveLoss(loss: Loss): LossFunction {
  return typeof loss === "function" ? loss : choose("loss", loss, losses);
}

/** The name of one of the library's losses, null for another function. */
export function nameOfLoss(loss: LossFunction): LossName | null {
  return (Object.keys(losses) as LossName[]).find((name) => losses[name] === loss) ?? null;
}

function classNumbers(loss: string, labels: Tensor, predictions: Tensor): Tensor {
  const [batch, classes] = predictions.shape;
  const isColumn = labels.rank === 2 && labels.shape[1] === 1;
  if (predictions.rank !== 2 || labels.size !== batch || !(labels.rank === 1 || isColumn)) {
    const isOneHot = labels.rank === 2 && labels.shape[1] === classes;
    const hint = isOneHot ? "; for one-hot labels use categoricalCrossentropy" : "";
    throw new Error(
      `${loss}: expected class numbers [batch] and predictions [batch, classes], ` +
        `got ${formatShape(labels.shape)} and ${formatShape(predictions.shape)}${hint}`,
    );
  }
  return toIndices(loss, isColumn ? labels.reshape([batch]) : labels);
}

/** The targets in the shape of the predictions: `[batch]` and `[batch, 1]` must not broadcast to `[batch, batch]`. */
function alike(loss: string, yTrue: Tensor, yPred: Tensor): Tensor {
  const target = toFloat(yTrue);
  if (target.shape === yPred.shape) return target;
  if (target.size !== yPred.size || target.shape[0] !== yPred.shape[0]) {
    throw new Error(
      `${loss}: targets ${formatShape(yTrue.shape)} and predictions ${formatShape(yPred.shape)} differ in size`,
    );
  }
  return target.reshape(yPred.shape);
}
