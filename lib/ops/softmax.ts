// Softmax and cross-entropy.
import type { Tensor } from "../tensor/tensor.ts";
export function softmax(x: Tensor, axis?: number): Tensor {
  void [x, axis];
  throw new Error("being written");
}
export function logSoftmax(x: Tensor, axis?: number): Tensor {
  void [x, axis];
  throw new Error("being written");
}
/** Mean over the batch of −log softmax(logits)[label]; labels int [batch] or one-hot (probabilities) [batch, classes]. */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  void [logits, labels];
  throw new Error("being written");
}
/** The same on probabilities; takes the logits when the probabilities came from softmax, else clips at 1e-7. */
export function categoricalCrossEntropy(probabilities: Tensor, labels: Tensor): Tensor {
  void [probabilities, labels];
  throw new Error("being written");
}
