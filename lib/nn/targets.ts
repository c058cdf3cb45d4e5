// What losses make of the truth they are given: class numbers, targets in the shape of the predictions, one number a sample.
import { checkTensor, toFloat, toIndices } from "../ops/operand.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { choose } from "./choose.ts";

/** What becomes of the losses of the samples: their mean, their sum, or a tensor `[batch]` of them. */
export type Reduction = "mean" | "sum" | "none";

/** Options of losses. */
export interface LossOptions {
  /** `"mean"` by default; `"none"` gives the loss of each sample, `[batch]`, to be weighted or masked. */
  reduction?: Reduction;
}

/** Losses of elements `[batch, …]`: the mean within each sample, then the reduction. */
export function reduced(elements: Tensor, reduction: Reduction): Tensor {
  const reduce = choose("reduction", reduction, reductions);
  return reduce(elements.rank < 2 ? elements : elements.mean(elements.shape.slice(1).map((_, i) => i + 1)));
}

const reductions = {
  mean: (samples: Tensor) => samples.mean(),
  sum: (samples: Tensor) => samples.sum(),
  none: (samples: Tensor) => samples,
};

/** Labels as int32 `[batch]`, for predictions `[batch, classes]`. @throws when the shapes do not fit. */
export function classNumbers(loss: string, labels: Tensor, predictions: Tensor): Tensor {
  checkTensor(loss, labels);
  checkTensor(loss, predictions);
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
export function alike(loss: string, yTrue: Tensor, yPred: Tensor): Tensor {
  checkTensor(loss, yTrue);
  checkTensor(loss, yPred);
  const target = toFloat(yTrue);
  if (target.shape === yPred.shape) return target;
  if (target.size !== yPred.size || target.shape[0] !== yPred.shape[0]) {
    throw new Error(
      `${loss}: targets ${formatShape(yTrue.shape)} and predictions ${formatShape(yPred.shape)} differ in size`,
    );
  }
  return target.reshape(yPred.shape);
}
