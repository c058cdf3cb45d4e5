// Gradients of a kernel that has no second derivatives: the function is computed again from plain operations, and their
// graph is differentiated with a graph of its own.
import { mul } from "../ops/arithmetic.ts";
import { sum } from "../ops/reduce.ts";
import { Tensor } from "../tensor/tensor.ts";
import { pullBack } from "./backward.ts";
import { give, mode, Node, needs, type Operand, type Rule } from "./graph.ts";

const standInRule: Rule = {
  name: "stand-in",
  backward(gradient, node) {
    const original = node.inputs[0];
    if (needs(original)) give(original, gradient);
  },
};

/** The same numbers with a graph that ends here, so that a pass inside a pass does not walk into the outer one's nodes. */
function standIn(x: Tensor): Tensor {
  const result = new Tensor(x.storage, x.offset, x.shape, x.dtype);
  if (!x.requiresGrad) return result;
  result.requiresGrad = true;
  result.node = new Node(standInRule, [], undefined);
  return result;
}

/**
 * Inside a rule, while a backward pass is recorded: gives the inputs the gradients of Σ results · arrived.
 *
 * @param compute the function that the rule belongs to, from operations that have gradients of gradients.
 * @param arrived the gradient of each result, null where none arrived.
 */
export function giveRecomputed(
  inputs: readonly Operand[],
  arrived: readonly (Tensor | null)[],
  compute: (inputs: readonly Operand[]) => readonly Tensor[],
): void {
  const tensors = inputs.map((x) => (typeof x === "number" ? x : standIn(x)));
  const weights = arrived.map((gradient) => (gradient === null ? null : standIn(gradient)));
  const results = compute(tensors);
  let total: Tensor | null = null;
  weights.forEach((weight, i) => {
    if (weight === null) return;
    const part = sum(mul(results[i]!, weight));
    total = total === null ? part : total.add(part);
  });
  if (total === null) return;
  const wanted = inputs.flatMap((x, i) => (needs(x) ? [i] : []));
  const found = pullBack(
    total,
    undefined,
    wanted.map((i) => tensors[i] as Tensor),
    mode.recording,
  );
  // From here on gradients of these gradients go on to what the stand-ins stand for.
  for (const [own, original] of [...pairs(tensors, inputs), ...pairs(weights, arrived)]) {
    if (own.node?.rule === standInRule) own.node.inputs = [original];
  }
  wanted.forEach((i, k) => {
    const gradient = found[k];
    if (gradient) give(inputs[i] as Tensor, gradient);
  });
}

function pairs(
  own: readonly (Operand | null)[],
  originals: readonly (Operand | null)[],
): [own: Tensor, original: Tensor][] {
  return own.flatMap((x, i) =>
    x instanceof Tensor ? [[x, originals[i] as Tensor] as [Tensor, Tensor]] : [],
  );
}
