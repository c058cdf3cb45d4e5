// Softmax, its logarithm, and the cross-entropy that goes with it.
import { attach, give, mode, needs, type Rule, tracks } from "../autograd/graph.ts";
import { engine } from "../engine/engine.ts";
import { coreOf } from "../tensor/compute.ts";
import { empty, oneHot, tensor } from "../tensor/create.ts";
import { formatShape, readAxis, sameShape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { exp, log, neg } from "./elementwise.ts";
import { clip } from "./limits.ts";
import { checkTensor, toCommonFloat, toFloat, toIndices } from "./operand.ts";
import { mean, sum } from "./reduce.ts";
import { reshape, transpose } from "./shape.ts";

const softmaxRule: Rule = {
  name: "softmax",
  backward(gradient, node) {
    const y = node.saved as Tensor;
    // dx = y · (g − Σ g·y)
    const recorded = () => mul(y, sub(gradient, sum(mul(gradient, y), -1, { keepDims: true })));
    give(node.inputs[0] as Tensor, mode.recording ? recorded() : rowGradient(gradient, y, 0));
  },
};

const logSoftmaxRule: Rule = {
  name: "logSoftmax",
  backward(gradient, node) {
    const y = node.saved as Tensor;
    // dx = g − softmax · Σ g
    const recorded = () => sub(gradient, mul(exp(y), sum(gradient, -1, { keepDims: true })));
    give(node.inputs[0] as Tensor, mode.recording ? recorded() : rowGradient(gradient, y, 1));
  },
};

function rowGradient(gradient: Tensor, y: Tensor, log: 0 | 1): Tensor {
  const dx = empty(y.shape, y.dtype);
  const columns = y.shape[y.rank - 1]!;
  const rows = columns === 0 ? 0 : y.size / columns;
  coreOf(y.dtype).softmaxGradient(gradient.pointer(), y.pointer(), dx.pointer(), rows, columns, log);
  return dx;
}

function alongAxis(name: string, input: Tensor, axis: number, log: 0 | 1, rule: Rule): Tensor {
  checkTensor(name, input);
  if (input.rank === 0) throw new Error(`${name}: needs at least one axis, got a scalar`);
  const position = readAxis(name, axis, input.rank);
  const last = input.rank - 1;
  if (position !== last) {
    const order = input.shape.map((_, i) => (i === position ? last : i === last ? position : i));
    return transpose(alongAxis(name, transpose(input, order), -1, log, rule), order);
  }
  const x = toFloat(input);
  const y = empty(x.shape, x.dtype);
  const columns = x.shape[last]!;
  if (x.size > 0) coreOf(x.dtype).softmax(x.pointer(), y.pointer(), x.size / columns, columns, log);
  return tracks(x) ? attach(y, rule, [x], y) : y;
}

/**
 * eˣ / Σ eˣ along an axis, the last by default: numbers become probabilities that sum to 1. Computed without overflow.
 * The result remembers x, so that a cross-entropy can work on x itself, which is more exact.
 *
 * @example
 * softmax(tensor([0, Math.log(3)])) // → tensor([0.25, 0.75])
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  const y = alongAxis("softmax", x, axis, 0, softmaxRule);
  if (axis === -1 || axis === x.rank - 1) y.logits = x;
  return y;
}

/**
 * The logarithm of softmax along an axis, the last by default, computed without overflow.
 *
 * @example
 * logSoftmax(tensor([0, 0])) // → tensor([-0.6931, -0.6931])
 */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return alongAxis("logSoftmax", x, axis, 1, logSoftmaxRule);
}

const crossEntropyRule: Rule = {
  name: "softmaxCrossEntropy",
  backward(gradient, node) {
    const [logits, learned] = node.inputs as readonly [Tensor, Tensor?];
    const [rows, classes] = logits.shape as [number, number];
    if (needs(learned)) give(learned, mul(logSoftmax(logits), mul(gradient, -1 / rows)));
    if (!needs(logits)) return;
    if (mode.recording) {
      const labels = node.saved as Tensor;
      const targets = labels.dtype === "int32" ? oneHot(labels, classes) : labels;
      // The weights of a row need not sum to 1: a row of zeros does not count at all.
      const all = mul(softmax(logits), sum(targets, 1, { keepDims: true }));
      give(logits, mul(mul(sub(all, targets), 1 / rows), gradient));
      return;
    }
    const factor = gradient.item();
    give(logits, factor === 1 ? node.owned! : mul(node.owned!, factor));
  },
};

/**
 * The mean over the batch of −log softmax(logits)[label]: the loss of a classifier, from its raw outputs.
 *
 * @param logits `[batch, classes]`, or with more leading axes.
 * @param labels class numbers `[batch]`, or a distribution for each row, such as one-hot, `[batch, classes]`; gradients flow
 *   to a distribution, too.
 * @throws when the shapes do not fit or a label is no class.
 * @example
 * softmaxCrossEntropy(tensor([[0, 0]]), tensor([1])).item().toFixed(4) // → '0.6931'
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  checkTensor("softmaxCrossEntropy", logits);
  const [z, targets] = matchLabels("softmaxCrossEntropy", logits, labels);
  const [rows, classes] = z.shape as [number, number];
  const gradient = tracks(z) ? empty(z.shape, z.dtype) : null;
  const target = gradient === null ? 0 : gradient.pointer();
  const core = coreOf(z.dtype);
  const kernel = targets.dtype === "int32" ? core.softmaxCrossEntropy : core.softmaxCrossEntropyDense;
  const value = kernel(z.pointer(), targets.pointer(), target, 0, rows, classes);
  const loss = tensor(value, { dtype: z.dtype });
  if (!tracks(z, targets)) return loss;
  return attach(loss, crossEntropyRule, tracks(targets) ? [z, targets] : [z], targets, gradient);
}

/** Logits as [rows, classes] with labels as int32 [rows] or [rows, classes] of the type of the logits. */
function matchLabels(name: string, logits: Tensor, labels: Tensor): [logits: Tensor, labels: Tensor] {
  checkTensor(name, labels);
  if (logits.rank === 0)
    throw new Error(`${name}: the first argument must be [batch, classes], got a scalar`);
  const classes = logits.shape[logits.rank - 1]!;
  const rows = sizeOf(logits.shape.slice(0, -1));
  const asRows = (x: Tensor) => (x.rank === 2 ? x : reshape(x, [rows, classes]));
  if (sameShape(labels.shape, logits.shape)) {
    const [z, targets] = toCommonFloat(logits, labels);
    return [asRows(z), asRows(targets)];
  }
  const z = asRows(toFloat(logits));
  if (labels.size !== rows || (labels.rank > 1 && labels.shape[0] !== logits.shape[0])) {
    throw new Error(
      `${name}: labels ${formatShape(labels.shape)} do not fit ${formatShape(logits.shape)} — they are class numbers ` +
        `${formatShape(logits.shape.slice(0, -1))} or one-hot rows ${formatShape(logits.shape)}`,
    );
  }
  const numbers = toIndices(name, labels);
  const outside = engine.core.findIndexOutside(numbers.pointer(), rows, classes);
  if (outside >= 0) {
    throw new RangeError(
      `${name}: label ${numbers.view()[outside]} of example ${outside} is no class from 0 to ${classes - 1} — does the ` +
        "last layer have one output for each class?",
    );
  }
  return [z, numbers];
}

/**
 * The cross-entropy of probabilities: −log p[label], mean over the batch. Probabilities that came out of `softmax` take
 * the exact way through its input; others are clipped at 10⁻⁷ so that the logarithm stays finite, as in Keras.
 *
 * @param probabilities `[batch, classes]`
 * @param labels class numbers `[batch]`, or one-hot `[batch, classes]`
 * @example
 * categoricalCrossEntropy(tensor([[0.25, 0.75]]), tensor([0])).item().toFixed(4) // → '1.3863'
 */
export function categoricalCrossEntropy(probabilities: Tensor, labels: Tensor): Tensor {
  if (probabilities.logits !== null) return softmaxCrossEntropy(probabilities.logits, labels);
  const [p, found] = matchLabels("categoricalCrossEntropy", probabilities, labels);
  const targets = found.dtype === "int32" ? oneHot(found, p.shape[1]!) : found;
  return neg(mean(sum(mul(targets, log(clip(p, 1e-7, 1))), 1)));
}
