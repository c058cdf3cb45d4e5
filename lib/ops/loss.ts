// Losses with a gradient of their own.
import type { Tensor } from "../tensor/tensor.ts";
/** Mean of softplus(logits) − labels · logits; labels of the same number of elements. */
export function sigmoidCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  void [logits, labels];
  throw new Error("being written");
}
/** The same on probabilities; takes the logits when the probabilities came from sigmoid, else clips at 1e-7. */
export function binaryCrossEntropy(probabilities: Tensor, labels: Tensor): Tensor {
  void [probabilities, labels];
  throw new Error("being written");
}
/** Mean of (prediction − target)². */
export function meanSquaredError(prediction: Tensor, target: Tensor): Tensor {
  void [prediction, target];
  throw new Error("being written");
}
