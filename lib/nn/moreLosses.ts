// Losses between the squared and the absolute error, and between distributions.
import { where } from "../ops/arithmetic.ts";
import { lessEqual } from "../ops/compare.ts";
import { checkOperand, checkTensor, commonShape, toFloat } from "../ops/operand.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { alike, type LossOptions, reduced } from "./targets.ts";

/**
 * Huber's loss: ½ e² for errors up to `delta` (1 by default), delta · (|e| − ½ delta) beyond, where outliers only pull
 * as hard as in the absolute error. Huber, Annals of Mathematical Statistics 35, 1964.
 *
 * @param yTrue targets, as many as predictions: `[batch]` goes with `[batch, 1]`
 * @throws when the sizes differ, or delta is not above 0.
 * @example
 * huber(tensor([0, 0]), tensor([1, 3])).item() // → 1.5
 * huber(tensor([0, 0]), tensor([1, 3]), { delta: 2, reduction: "none" }) // → tensor([0.5, 4.0])
 */
export function huber(
  yTrue: Tensor,
  yPred: Tensor,
  { delta = 1, reduction = "mean" }: LossOptions & { delta?: number } = {},
): Tensor {
  if (!(delta > 0)) throw new RangeError(`huber: delta must be above 0, got ${describe(delta)}`);
  const target = alike("huber", yTrue, yPred);
  const error = yPred.sub(target).abs();
  const line = error.sub(delta / 2).mul(delta);
  return reduced(where(lessEqual(error, delta), error.square().div(2), line), reduction);
}

/**
 * The Kullback–Leibler divergence Σ t · log(t / p) of predicted distributions from the true ones, mean over the batch; the
 * cross-entropy less the entropy of the targets. Both are clipped at 10⁻⁷, as in Keras. `klDivergence` measures
 * distributions themselves and checks that they are some.
 *
 * @param yTrue probabilities `[batch, …, classes]`
 * @param yPred probabilities of the same shape
 * @throws when the shapes differ.
 * @example
 * klDivergenceLoss(tensor([[0.5, 0.5]]), tensor([[0.25, 0.75]])).item().toFixed(4) // → '0.1438'
 */
export function klDivergenceLoss(
  yTrue: Tensor,
  yPred: Tensor,
  { reduction = "mean" }: LossOptions = {},
): Tensor {
  checkTensor("klDivergenceLoss", yTrue);
  checkTensor("klDivergenceLoss", yPred);
  if (formatShape(yTrue.shape) !== formatShape(yPred.shape)) {
    throw new Error(
      `klDivergenceLoss: targets ${formatShape(yTrue.shape)} and predictions ${formatShape(yPred.shape)} differ — both ` +
        "are probabilities of the same classes",
    );
  }
  const [t, p] = [toFloat(yTrue).clip(1e-7, 1), yPred.clip(1e-7, 1)];
  return reduced(t.mul(t.log().sub(p.log())).sum(-1), reduction);
}

/**
 * The negative log-likelihood of targets under normal distributions that a model predicts, mean over all of them:
 * ½ (log σ² + (y − μ)² / σ²), and ½ log 2π with `full`. The arguments are in PyTorch's order; Nix and Weigend, 1994.
 *
 * @param mean predicted means μ
 * @param targets as many as means
 * @param variance predicted variances σ², taken as at least 10⁻⁶; broadcasts over the means; a number is that of all
 * @throws when the sizes differ.
 * @example
 * gaussianNllLoss(tensor([0, 1]), tensor([0, 3]), tensor([1, 4])).item().toFixed(4) // → '0.5966'
 * gaussianNllLoss(tensor([1.5, 2, 2]), tensor([1, 2, 3]), 1, { reduction: "sum" }).item() // → 0.625
 */
export function gaussianNllLoss(
  mean: Tensor,
  targets: Tensor,
  variance: Tensor | number,
  { full = false, reduction = "mean" }: LossOptions & { full?: boolean } = {},
): Tensor {
  checkOperand("gaussianNllLoss", variance);
  const target = alike("gaussianNllLoss", targets, mean);
  commonShape("gaussianNllLoss", mean, variance);
  const spread = typeof variance === "number" ? Math.max(variance, 1e-6) : toFloat(variance).clip(1e-6);
  const squares = mean.sub(target).square().div(spread);
  const elements = squares.add(typeof spread === "number" ? Math.log(spread) : spread.log()).div(2);
  return reduced(full ? elements.add(Math.log(2 * Math.PI) / 2) : elements, reduction);
}
