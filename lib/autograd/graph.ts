// The graph of a computation: which operation made a tensor from which inputs, and how a gradient goes back through it.
import { add } from "../ops/arithmetic.ts";
import { cast } from "../ops/cast.ts";
import { sumTo } from "../ops/reduce.ts";
import { clone } from "../ops/shape.ts";
import { checkFunction } from "../tensor/arguments.ts";
import { coreOf } from "../tensor/compute.ts";
import { bytesPerElement } from "../tensor/dtype.ts";
import { checkSynchronous, resetWhenIdle, whenIdle } from "../tensor/interruption.ts";
import { sameShape } from "../tensor/shape.ts";
import { changesSoFar } from "../tensor/storage.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** An input of an operation: plain numbers take part in the arithmetic, but no gradient flows to them. */
export type Operand = Tensor | number;

/** How the gradient of an operation goes back: `backward` calls {@link give} for the inputs that {@link needs} one. */
export interface Rule {
  readonly name: string;
  backward(gradient: Tensor, node: Node): void;
}

/** One operation that was carried out. */
export class Node {
  rule: Rule;
  inputs: readonly Operand[];
  /** What the rule remembers of the forward pass. */
  saved: unknown;
  /** A tensor that nothing but this node refers to (its storage has `waiting` 1 for it): backward lets go of it. */
  owned: Tensor | null = null;
  /** The gradient of the final result with respect to this operation's output, as far as it has arrived. */
  gradient: Tensor | null = null;
  /** In a backward pass: its number, the consumers that have not sent their gradient yet, whether a target lies behind. */
  pass = 0;
  pending = 0;
  active = true;
  /** The output, when its gradient is to be left in `.grad` too. */
  keeper: Tensor | null = null;
  /** How many changes in place there had been when the operation was carried out. */
  readonly changes: number = changesSoFar();

  constructor(rule: Rule, inputs: readonly Operand[], saved: unknown) {
    this.rule = rule;
    this.inputs = inputs;
    this.saved = saved;
  }
}

/** Looks at results as they are computed, in search of NaN. */
export interface Watch {
  /** An operation, forward or in a backward pass, has made `output`. */
  made(output: Tensor, rule: Rule, inputs: readonly Operand[]): void;
  /** The operation was recorded for a backward pass. */
  recorded(node: Node): void;
  /** A backward pass is about to go back through an operation. */
  entering(node: Node): void;
  /** It has handed gradients to the operation's inputs. */
  passed(node: Node): void;
}

/** Whether operations are being recorded, and what the backward pass in progress is for. */
export const mode: {
  recording: boolean;
  /** Whether all this is inside a function that is being differentiated, so that derivatives in it must be differentiable. */
  inside: boolean;
  /** When set, gradients of leaves are collected here instead of in `.grad`. */
  targets: Map<Tensor, Tensor | null> | null;
  watch: Watch | null;
} = { recording: true, inside: false, targets: null, watch: null };

whenIdle(() => {
  mode.recording = true;
  mode.inside = false;
  mode.targets = null;
  mode.watch = null;
});

/** Whether an operation on these operands has to be recorded (or shown to whoever watches). */
export function tracks(a: Operand, b?: Operand | null, c?: Operand | null): boolean {
  return (mode.recording && (requires(a) || requires(b) || requires(c))) || mode.watch !== null;
}

function requires(operand: Operand | null | undefined): boolean {
  return typeof operand === "object" && operand !== null && operand.requiresGrad;
}

/**
 * Records that `output` came from `inputs`; returns the output. Call it only when {@link tracks} says so.
 *
 * @param saved what the rule needs to know of the forward pass.
 * @param owned a tensor that nothing but the recorded operation refers to: backward frees it.
 */
export function attach(
  output: Tensor,
  rule: Rule,
  inputs: readonly Operand[],
  saved?: unknown,
  owned: Tensor | null = null,
): Tensor {
  if (mode.watch !== null) {
    mode.watch.made(output, rule, inputs);
    if (!mode.recording || !inputs.some(requires)) return output;
  }
  output.requiresGrad = true;
  const node = new Node(rule, inputs, saved);
  if (owned !== null) {
    owned.storage.waiting = 1;
    node.owned = owned;
  }
  output.node = node;
  mode.watch?.recorded(node);
  return output;
}

/**
 * Lets backward passes leave the gradient of a tensor that was computed from variables in its `.grad`, where it adds up
 * like that of a variable.
 *
 * @throws when no gradient flows through the tensor.
 * @example
 * const w = variable(3);
 * const h = w.mul(2).retainGrad();
 * h.square().backward();
 * h.grad // → tensor(12)
 */
export function retainGrad(x: Tensor): void {
  if (!x.requiresGrad) {
    throw new Error(
      "retainGrad: no gradient flows through this tensor — it must be computed from a variable(…), outside noGrad(…)",
    );
  }
  if (x.node !== null) x.node.keeper = x;
}

/** Whether the backward pass in progress wants a gradient for this operand. */
export function needs(operand: Operand | null | undefined): operand is Tensor {
  if (typeof operand !== "object" || operand === null || !operand.requiresGrad) return false;
  if (mode.targets === null) return true;
  return operand.node !== null ? operand.node.active : mode.targets.has(operand);
}

/**
 * Hands a gradient to the tensor it belongs to, adding to what is there already. A gradient larger than the tensor is
 * first summed over the axes along which the tensor was broadcast, one of another dtype cast: this is the one place for that.
 */
export function give(to: Tensor, gradient: Tensor): void {
  const typed = cast(gradient, to.dtype);
  const g = sameShape(to.shape, typed.shape) ? typed : sumTo(typed, to.shape);
  const node = to.node;
  if (node !== null) {
    const sum = node.gradient === null ? g : add(node.gradient, g);
    if (node.gradient !== null) letGo(node.gradient);
    sum.storage.waiting++;
    node.gradient = sum;
  } else if (mode.targets !== null) {
    const former = mode.targets.get(to);
    mode.targets.set(to, former ? add(former, g) : g);
  } else {
    accumulate(to, g);
  }
}

/** Adds to `.grad`. */
export function accumulate(leaf: Tensor, g: Tensor): void {
  // Whoever changed the sum so far in place, it is what counts.
  if (leaf.grad !== null) leaf.grad.storage.changed = 0;
  if (mode.recording) {
    leaf.grad = leaf.grad === null ? g : add(leaf.grad, g);
    return;
  }
  const core = coreOf(leaf.dtype);
  if (leaf.grad !== null) {
    core.axpy(1, g.pointer(), leaf.grad.pointer(), g.size);
  } else if (leaf.gradientBuffer !== null) {
    leaf.grad = leaf.gradientBuffer;
    core.copy(g.pointer(), leaf.grad.pointer(), g.size);
  } else if (isNobodysElse(g)) {
    leaf.grad = g.keep();
    g.storage.waiting++;
  } else {
    leaf.grad = clone(g).keep();
  }
}

/** Whether a gradient that this backward pass has made is nobody else's, now or later, so that it need not be copied. */
function isNobodysElse({ storage, size, dtype }: Tensor): boolean {
  return storage.isPassing && storage.waiting === 0 && storage.bytes === size * bytesPerElement[dtype];
}

/** Ends a node's use of its gradient; the last user frees the memory. Only backward passes without a graph count. */
export function letGo(gradient: Tensor): void {
  if (--gradient.storage.waiting === 0 && !mode.recording) gradient.storage.release();
}

/**
 * The place where an operation may write the gradient of a leaf directly, or null when it has to use {@link give}.
 * The writer adds when `leaf.grad` is set, overwrites when it is null, and then sets `leaf.grad` to this place.
 */
export function gradientSlot(leaf: Tensor): Tensor | null {
  if (leaf.gradientBuffer !== null) leaf.gradientBuffer.storage.changed = 0;
  return leaf.node === null && mode.targets === null && !mode.recording ? leaf.gradientBuffer : null;
}

/**
 * Runs a function without recording: nothing computed inside takes part in a later `backward()`.
 *
 * @example
 * const w = variable([1, 2]);
 * noGrad(() => w.mul(2)).requiresGrad // → false
 */
export function noGrad<T>(work: () => T): T {
  checkFunction("noGrad", work, "() => model(x)");
  return withRecording("noGrad", false, work);
}

/** Runs a function that is to be differentiated: its operations are recorded, also inside noGrad. */
export function recorded<T>(name: string, work: () => T): T {
  return withRecording(name, true, work);
}

function withRecording<T>(name: string, on: boolean, work: () => T): T {
  const { recording, inside } = mode;
  resetWhenIdle();
  mode.recording = on;
  mode.inside = on;
  try {
    return checkSynchronous(name, work());
  } finally {
    mode.recording = recording;
    mode.inside = inside;
  }
}
