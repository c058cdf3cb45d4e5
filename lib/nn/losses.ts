// Losses: how far predictions are from the truth, one number for a batch. Chosen by name, or any function of this form.

import { where } from "../ops/arithmetic.ts";
import { softplus } from "../ops/elementwise.ts";
import { binaryCrossEntropy, meanSquaredError as meanSquared, sigmoidCrossEntropy } from "../ops/loss.ts";
import { checkTensor, toFloat } from "../ops/operand.ts";
import { categoricalCrossEntropy, logSoftmax, softmaxCrossEntropy } from "../ops/softmax.ts";
import { oneHot } from "../tensor/create.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { choose } from "./choose.ts";
import { huber, klDivergenceLoss } from "./moreLosses.ts";
import { alike, classNumbers, type LossOptions, reduced } from "./targets.ts";

/** A loss: from what is true and what was predicted to a scalar tensor, the mean over the batch. */
export type LossFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** Options of the cross-entropies. */
export interface CrossentropyOptions extends LossOptions {
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
  { fromLogits = false, reduction = "mean" }: CrossentropyOptions = {},
): Tensor {
  const labels = classNumbers("sparseCategoricalCrossentropy", yTrue, yPred);
  if (reduction !== "mean") {
    return reduced(ofLabels(logarithms(yPred, fromLogits), labels).neg(), reduction);
  }
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
  { fromLogits = false, reduction = "mean" }: CrossentropyOptions = {},
): Tensor {
  checkTensor("categoricalCrossentropy", yTrue);
  checkTensor("categoricalCrossentropy", yPred);
  if (yTrue.rank !== 2 || !sameShape(yTrue.shape, yPred.shape)) {
    throw new Error(
      `categoricalCrossentropy: labels ${formatShape(yTrue.shape)} and predictions ${formatShape(yPred.shape)} differ — ` +
        "labels are one-hot rows here; for class numbers use sparseCategoricalCrossentropy",
    );
  }
  const target = toFloat(yTrue);
  if (reduction !== "mean")
    return reduced(logarithms(yPred, fromLogits).mul(target).sum(-1).neg(), reduction);
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
  { fromLogits = false, reduction = "mean" }: CrossentropyOptions = {},
): Tensor {
  const target = alike("binaryCrossentropy", yTrue, yPred);
  if (reduction !== "mean") {
    const logits = fromLogits ? yPred : yPred.logits;
    if (logits !== null) return reduced(softplus(logits).sub(logits.mul(target)), reduction);
    const p = yPred.clip(1e-7, 1 - 1e-7);
    const no = target.neg().add(1).mul(p.neg().add(1).log());
    return reduced(target.mul(p.log()).add(no).neg(), reduction);
  }
  return fromLogits ? sigmoidCrossEntropy(yPred, target) : binaryCrossEntropy(yPred, target);
}

/** The number of each row's class, of `[batch, classes]`. Chosen, not multiplied: another class may have −∞. */
function ofLabels(logProbabilities: Tensor, labels: Tensor): Tensor {
  return where(oneHot(labels, logProbabilities.shape[1]!), logProbabilities, 0).sum(-1);
}

/** The logarithms of probabilities `[batch, classes]`: by way of the logits where they are known. */
function logarithms(yPred: Tensor, fromLogits: boolean): Tensor {
  const logits = fromLogits ? yPred : yPred.logits;
  return logits === null ? yPred.clip(1e-7, 1).log() : logSoftmax(logits);
}

/**
 * The mean of the squared differences.
 *
 * @param yTrue targets, as many as predictions: `[batch]` goes with `[batch, 1]`
 * @throws Error when the sizes differ
 * @example
 * meanSquaredError(tensor([1, 2]), tensor([1, 4])).item() // → 2
 * meanSquaredError(tensor([1, 2]), tensor([1, 4]), { reduction: "none" }) // → tensor([0, 4])
 */
export function meanSquaredError(
  yTrue: Tensor,
  yPred: Tensor,
  { reduction = "mean" }: LossOptions = {},
): Tensor {
  const target = alike("meanSquaredError", yTrue, yPred);
  return reduction === "mean" ? meanSquared(yPred, target) : reduced(yPred.sub(target).square(), reduction);
}

/**
 * The mean of the absolute differences.
 *
 * @param yTrue targets, as many as predictions: `[batch]` goes with `[batch, 1]`
 * @throws Error when the sizes differ
 * @example
 * meanAbsoluteError(tensor([1, 2]), tensor([1, 4])).item() // → 1
 */
export function meanAbsoluteError(
  yTrue: Tensor,
  yPred: Tensor,
  { reduction = "mean" }: LossOptions = {},
): Tensor {
  const target = alike("meanAbsoluteError", yTrue, yPred);
  return reduced(yPred.sub(target).abs(), reduction);
}

/**
 * Negative log likelihood of log-probabilities, with the arguments in PyTorch's order.
 *
 * @param logProbabilities `[batch, classes]`, as `logSoftmax` gives them
 * @param labels class numbers `[batch]`
 * @throws when the shapes do not fit, or a label is no class.
 * @example
 * nllLoss(tensor([[0, 1]]).logSoftmax(), tensor([1], { dtype: "int32" })).item().toFixed(4) // → '0.3133'
 */
export function nllLoss(logProbabilities: Tensor, labels: Tensor): Tensor {
  const classes = classNumbers("nllLoss", labels, logProbabilities);
  return ofLabels(logProbabilities, classes).sum().div(-logProbabilities.shape[0]!);
}

/**
 * Cross-entropy of logits, with the arguments in PyTorch's order.
 *
 * @param logits `[batch, classes]`
 * @param labels class numbers `[batch]`
 * @throws when the shapes do not fit, or a label is no class.
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
  huber: huber as LossFunction,
  klDivergence: klDivergenceLoss as LossFunction,
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
