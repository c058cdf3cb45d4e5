// Recurrent layers by the engine's kernels: all steps in one call, forward and backward, in float32.
import {
  attach,
  give,
  gradientSlot,
  letGo,
  mode,
  type Node,
  needs,
  type Operand,
  type Rule,
  tracks,
} from "../../autograd/graph.ts";
import { giveRecomputed } from "../../autograd/recompute.ts";
import {
  fitsKernels,
  RecurrentCell,
  type RecurrentCellCode,
  type RecurrentForward,
  type RecurrentGeometry,
  recurrentBackward,
  recurrentForward,
  recurrentMemory,
} from "../../engine/recurrent.ts";
import { empty } from "../../tensor/create.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { RecurrentCall } from "./arguments.ts";

/** Outputs of all steps, then the last states. */
type Results = readonly Tensor[];

/** What the rule remembers. The gates are in a tensor that the node owns; a backward pass uses them up. */
interface Memory {
  geometry: RecurrentGeometry;
  call: RecurrentCall;
  y: Tensor;
  room: Tensor;
  spent: boolean;
  /** The gradients of the results that arrived in the pass of this number. */
  arrived: (Tensor | null)[];
  pass: number;
  compose: (call: RecurrentCall) => Results;
}

/** One of several results of a kernel: keeps its gradient for the rule of all of them. */
const resultRule: Rule = {
  name: "recurrent result",
  backward(gradient, node) {
    const whole = node.inputs[0] as Tensor;
    if (!needs(whole)) return;
    const { memory, index } = node.saved as { memory: Memory; index: number };
    if (memory.pass !== node.pass) memory.arrived = memory.arrived.map(() => null);
    memory.pass = node.pass;
    gradient.storage.waiting++;
    memory.arrived[index] = gradient;
    give(whole, empty([0]));
  },
};

const rules = { lstm: rule("lstm"), gru: rule("gru"), simpleRnn: rule("simpleRnn") };

function rule(name: string): Rule {
  return {
    name,
    backward(_, node) {
      const memory = node.saved as Memory;
      const { arrived } = memory;
      memory.arrived = arrived.map(() => null);
      if (mode.recording)
        giveRecomputed(node.inputs, arrived, (inputs) => memory.compose(callWith(memory, inputs)));
      else sendBack(node, memory, arrived);
      for (const gradient of arrived) if (gradient !== null) letGo(gradient);
    },
  };
}

/** The tensors that gradients flow to, in the order of {@link callWith}; 0 stands for what is absent. */
function inputsOf({ x, kernel, recurrentKernel, bias, initial }: RecurrentCall): readonly Operand[] {
  return [x, kernel, recurrentKernel, bias ?? 0, ...initial.map((state) => state ?? 0)];
}

function callWith(memory: Memory, inputs: readonly Operand[]): RecurrentCall {
  const [x, kernel, recurrentKernel, bias, ...initial] = inputs.map((input) =>
    input instanceof Tensor ? input : null,
  );
  return { ...memory.call, x: x!, kernel: kernel!, recurrentKernel: recurrentKernel!, bias: bias!, initial };
}

/**
 * All steps in one call of the kernels, or null when they cannot do it (another dtype, sizes beyond their memory).
 * @param compose computes the same from plain operations, for gradients of gradients.
 */
export function runKernels(
  name: keyof typeof rules,
  cell: RecurrentCellCode,
  call: RecurrentCall,
  compose: (call: RecurrentCall) => Results,
): Results | null {
  const { x, units } = call;
  const [batch, time, features] = x.shape as [number, number, number];
  const geometry: RecurrentGeometry = { cell, batch, time, features, units, backwards: call.backwards };
  if (x.dtype !== "float32" || !fitsKernels(geometry)) return null;
  const inputs = inputsOf(call);
  const recorded = inputs.some((input) => tracks(input));
  const room = recorded ? empty([recurrentMemory(geometry)]) : null;
  const y = empty([batch, time, units]);
  const states = call.initial.map(() => empty([batch, units]));
  recurrentForward(geometry, pointers(cell, call, [y, ...states], room));
  const results = [y, ...states];
  if (room === null) return results;
  const memory: Memory = {
    ...{ geometry, call, room, spent: false, pass: 0, compose },
    y: y.detach(),
    arrived: results.map(() => null),
  };
  // A node has one output: this one, of no elements, stands for all results together.
  const whole = attach(empty([0]), rules[name], inputs, memory, room);
  return results.map((result, index) => attach(result, resultRule, [whole], { memory, index }));
}

function pointers(
  cell: RecurrentCellCode,
  call: RecurrentCall,
  results: Results,
  room: Tensor | null,
): RecurrentForward {
  const bias = call.bias === null ? 0 : call.bias.pointer();
  const [y, h, c] = results;
  return {
    x: call.x.pointer(),
    mask: call.mask === null ? 0 : call.mask.pointer(),
    h0: call.initial[0]?.pointer() ?? 0,
    c0: call.initial[1]?.pointer() ?? 0,
    kernel: call.kernel.pointer(),
    recurrentKernel: call.recurrentKernel.pointer(),
    bias,
    recurrentBias: bias !== 0 && cell === RecurrentCell.gru ? bias + 12 * call.units : 0,
    y: y!.pointer(),
    h: h!.pointer(),
    c: c?.pointer() ?? 0,
    memory: room === null ? 0 : room.pointer(),
  };
}

function sendBack(node: Node, memory: Memory, [dy, dh, dc]: readonly (Tensor | null)[]): void {
  const { geometry, call, room } = memory;
  const { cell } = geometry;
  const states = call.initial.map(() => empty([geometry.batch, geometry.units]));
  const forward = pointers(cell, call, [memory.y, ...states], room);
  // A graph that is gone through again: the first time has overwritten the gates with gradients.
  if (memory.spent) recurrentForward(geometry, forward);
  memory.spent = true;
  const [x, kernel, recurrentKernel, bias, h0, c0] = node.inputs.map((input) =>
    needs(input) ? input : null,
  );
  const dx = x ? empty(x.shape) : null;
  const dh0 = h0 ? empty(h0.shape) : null;
  const dc0 = c0 ? empty(c0.shape) : null;
  const weights = [kernel, recurrentKernel, bias].map((weight) => (weight ? placeFor(weight) : null));
  const [dKernel, dRecurrentKernel, dBias] = weights.map((gradient) => gradient?.pointer() ?? 0);
  recurrentBackward(geometry, {
    ...forward,
    dy: dy?.pointer() ?? 0,
    dh: dh?.pointer() ?? 0,
    dc: dc?.pointer() ?? 0,
    dx: dx?.pointer() ?? 0,
    dh0: dh0?.pointer() ?? 0,
    dc0: dc0?.pointer() ?? 0,
    dKernel: dKernel!,
    dRecurrentKernel: dRecurrentKernel!,
    dBias: dBias!,
    dRecurrentBias: dBias !== 0 && cell === RecurrentCell.gru ? dBias! + 12 * geometry.units : 0,
  });
  [kernel, recurrentKernel, bias].forEach((weight, i) => {
    if (!weight) return;
    if (weights[i] === weight.gradientBuffer) weight.grad = weight.gradientBuffer;
    else give(weight, weights[i]!);
  });
  if (x) give(x, dx!);
  if (h0) give(h0, dh0!);
  if (c0) give(c0, dc0!);
}

/** Where a weight's gradient is written: at its place in the optimizer's memory if nothing is there yet. */
function placeFor(weight: Tensor): Tensor {
  return (weight.grad === null ? gradientSlot(weight) : null) ?? empty(weight.shape);
}
