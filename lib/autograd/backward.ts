// The backward pass: gradients travel from a result to the variables it was computed from.
import { checkTensor, checkTensors } from "../ops/operand.ts";
import { full } from "../tensor/create.ts";
import { resetWhenIdle } from "../tensor/interruption.ts";
import { describe, formatShape, sameShape } from "../tensor/shape.ts";
import { allowReads, enterScope, guardReads, leaveScope } from "../tensor/storage.ts";
import { Tensor } from "../tensor/tensor.ts";
import { accumulate, give, letGo, mode, type Node, needs, type Rule } from "./graph.ts";

/** Options of a backward pass. */
export interface BackwardOptions {
  /** Records the backward pass itself, so that gradients of gradients can be taken. Implies `retainGraph`. */
  createGraph?: boolean;
  /** Leaves the graph as it is, so that `backward()` can go through it again. */
  retainGraph?: boolean;
}

/** Stands in for the rule of an operation whose graph was used up by an earlier pass. */
const usedUp: Rule = { name: "used up", backward: () => {} };

let passes = 0;

/** See {@link Tensor.backward}. */
export function backward(root: Tensor, gradient?: Tensor, options: BackwardOptions = {}): void {
  checkRoot("backward", root, gradient);
  run(root, gradient, options.createGraph ?? false, options.retainGraph ?? false, null);
}

/**
 * The gradients of a scalar with respect to the given tensors, in their order. Unlike `backward()` it leaves `.grad`
 * alone and also works for tensors in the middle of a computation; the graph can be used again.
 *
 * @throws when `result` is not a scalar, or does not depend on one of the inputs.
 * @example
 * const x = variable(2), y = variable(3);
 * gradients(x.square().mul(y), [x, y]) // → [ tensor(12), tensor(4) ]
 */
export function gradients(
  result: Tensor,
  inputs: readonly Tensor[],
  options: { createGraph?: boolean } = {},
): Tensor[] {
  checkRoot("gradients", result, undefined);
  checkTensors("gradients", "the inputs", inputs);
  return pullBack(result, undefined, inputs, options.createGraph ?? false).map((gradient, i) => {
    if (gradient !== null) return gradient;
    const input = inputs[i]!;
    const why = input.requiresGrad ? "the result was not computed from it" : "it is no variable(…)";
    throw new Error(`gradients: there is no gradient for input ${i}, ${formatShape(input.shape)} — ${why}`);
  });
}

/**
 * What arrives at the inputs when the gradient `start` (1 by default) is sent back from `result`; null where nothing
 * arrives. The graph can be used again, and `.grad` stays as it is.
 */
export function pullBack(
  result: Tensor,
  start: Tensor | undefined,
  inputs: readonly Tensor[],
  createGraph: boolean,
): (Tensor | null)[] {
  const found = new Map<Tensor, Tensor | null>();
  for (const input of inputs) found.set(input, null);
  if (result.requiresGrad) run(result, start, createGraph, true, found);
  return inputs.map((input) => found.get(input)!);
}

function checkRoot(name: string, root: Tensor, gradient: Tensor | undefined): void {
  if (!(root instanceof Tensor)) {
    throw new TypeError(`${name}: the result must be a tensor, got ${describe(root)}`);
  }
  if (!root.requiresGrad) {
    throw new Error(
      `${name}: no gradient leads from this tensor to a variable — make the weights with variable(…), and compute the ` +
        "loss from them outside noGrad(…) and without detach(); no gradient goes through comparisons, argMax or whole numbers",
    );
  }
  if (gradient === undefined && root.size !== 1) {
    throw new Error(
      `${name}: needs a scalar, got ${formatShape(root.shape)} — reduce it first, for example with .mean() or .sum()` +
        (name === "backward" ? ", or pass the gradient of the result as argument" : ""),
    );
  }
  if (gradient !== undefined) checkTensor(`${name}: the gradient`, gradient);
  if (gradient !== undefined && !sameShape(gradient.shape, root.shape)) {
    throw new Error(
      `${name}: the gradient ${formatShape(gradient.shape)} must have the shape of the tensor, ${formatShape(root.shape)}`,
    );
  }
}

function run(
  root: Tensor,
  start: Tensor | undefined,
  createGraph: boolean,
  retainGraph: boolean,
  targets: Map<Tensor, Tensor | null> | null,
): void {
  const recording = mode.recording;
  const outerTargets = mode.targets;
  resetWhenIdle();
  const outerScope = createGraph ? null : enterScope();
  mode.recording = createGraph;
  mode.targets = targets;
  try {
    const seed = start ?? full(root.shape, 1, { dtype: root.dtype });
    // The caller's own gradient must outlive the pass, and must not be overwritten by it.
    if (start !== undefined) start.storage.waiting++;
    const order = root.node === null ? [] : consumersFirst(root.node);
    if (targets !== null) markPaths(order, targets);
    give(root, seed);
    for (const node of order) propagate(node, createGraph || retainGraph);
    if (targets !== null) collect(targets);
  } finally {
    allowReads();
    mode.recording = recording;
    mode.targets = outerTargets;
    if (start !== undefined) start.storage.waiting--;
    if (!createGraph) leaveScope(outerScope);
  }
}

/** The operations behind a result, each after all that consumed its output. */
function consumersFirst(root: Node): Node[] {
  const pass = ++passes;
  root.pass = pass;
  root.pending = 0;
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    node.gradient = null;
    node.active = true;
    if (node.rule === usedUp) {
      throw new Error(
        "backward: an earlier backward() already used this graph up — compute the loss again, or pass " +
          "{ retainGraph: true } to the earlier call",
      );
    }
    const inputs = node.inputs;
    for (let i = 0; i < inputs.length; i++) {
      const input = nodeOf(inputs[i]!);
      if (input === null) continue;
      if (input.pass === pass) {
        input.pending++;
      } else {
        input.pass = pass;
        input.pending = 1;
        stack.push(input);
      }
    }
  }
  const order: Node[] = [];
  stack.push(root);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    order.push(node);
    const inputs = node.inputs;
    for (let i = 0; i < inputs.length; i++) {
      const input = nodeOf(inputs[i]!);
      if (input !== null && --input.pending === 0) stack.push(input);
    }
  }
  return order;
}

function nodeOf(operand: Tensor | number): Node | null {
  return typeof operand === "number" ? null : operand.node;
}

/** Marks the operations that lie between the result and a target; only those get a gradient. */
function markPaths(order: readonly Node[], targets: Map<Tensor, Tensor | null>): void {
  const targetNodes = new Set<Node>();
  for (const target of targets.keys()) if (target.node !== null) targetNodes.add(target.node);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    node.active = targetNodes.has(node) || node.inputs.some(needs);
  }
}

/** Sends the gradient of one operation's output on to its inputs. */
function propagate(node: Node, retainGraph: boolean): void {
  const gradient = node.gradient;
  if (gradient !== null) {
    if (node.keeper !== null && mode.targets === null) accumulate(node.keeper, gradient);
    mode.watch?.entering(node);
    guardReads(node.changes, node.rule.name);
    node.rule.backward(gradient, node);
    allowReads();
    mode.watch?.passed(node);
    // Targets in the middle of a computation are read from their node at the end of the pass.
    if (mode.targets === null) {
      letGo(gradient);
      node.gradient = null;
    }
  }
  if (retainGraph) return;
  if (node.owned !== null) letGo(node.owned);
  node.owned = null;
  node.rule = usedUp;
  node.inputs = [];
  node.saved = undefined;
}

function collect(targets: Map<Tensor, Tensor | null>): void {
  for (const [target, found] of targets) {
    const gradient = target.node === null ? found : target.node.gradient;
    targets.set(target, gradient);
    gradient?.storage.lift();
  }
}
