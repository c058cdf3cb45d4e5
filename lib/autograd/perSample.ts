// The gradient of each example of a batch by itself, instead of their mean.
import { checkTensors } from "../ops/operand.ts";
import { checkFunction } from "../tensor/arguments.ts";
import { empty } from "../tensor/create.ts";
import { formatShape } from "../tensor/shape.ts";
import { scope } from "../tensor/storage.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { gradients } from "./backward.ts";

/**
 * The gradients of a loss for each example of a batch by itself: for looking at single examples, for clipping each
 * gradient (differentially private training), for the variance of gradients. One forward and backward pass an example.
 *
 * @param loss the loss of a batch, a scalar; it is called with batches of one example.
 * @param parameters the variables to differentiate with respect to, with shapes `[…p]`.
 * @param batch the tensors that `loss` takes; the first axis of each counts the examples.
 * @returns for each parameter a tensor `[examples, …p]`.
 * @throws when the tensors of the batch differ in their number of examples, or the loss does not depend on a parameter.
 * @example
 * const w = variable([2]);
 * const loss = (x: Tensor, y: Tensor) => x.mul(w).sub(y).square().mean();
 * perSampleGradients(loss, [w], [tensor([1, 2]), tensor([0, 0])])[0]!.toArray() // → [ [ 4 ], [ 16 ] ]
 */
export function perSampleGradients<Batch extends readonly Tensor[]>(
  loss: (...batch: Batch) => Tensor,
  parameters: readonly Tensor[],
  batch: Batch,
): Tensor[] {
  checkFunction("perSampleGradients", loss, "(x, y) => model(x).sub(y).square().mean()");
  checkTensors("perSampleGradients", "parameters", parameters);
  checkTensors("perSampleGradients", "the parts of the batch", batch);
  if (batch.length === 0) throw new Error("perSampleGradients: the batch needs at least one tensor");
  const count = batch[0]!.shape[0];
  if (count === undefined || batch.some((part) => part.shape[0] !== count)) {
    throw new Error(
      `perSampleGradients: the first axes must count the same examples, got ${batch.map((part) => formatShape(part.shape)).join(" and ")}`,
    );
  }
  const results = parameters.map((parameter) => empty([count, ...parameter.shape], parameter.dtype));
  for (let i = 0; i < count; i++) {
    scope(() => {
      const example = batch.map((part) => part.slice(i, i + 1)) as readonly Tensor[] as Batch;
      const found = gradients(loss(...example), parameters);
      results.forEach((result, p) => {
        result.at(i).assign(found[p]!);
      });
    });
  }
  return results;
}
