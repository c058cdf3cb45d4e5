// The plain core: update rules of optimizers for float64. Signature and formulas are those of Core.optimizerStep (../core.ts).
import type { Pointer, StepCode } from "../core.ts";
import { Step } from "../core.ts";
import { float64 } from "./memory.ts";

export function optimizerStep(
  rule: StepCode,
  w: Pointer,
  g: Pointer,
  a: Pointer,
  b: Pointer,
  c: Pointer,
  n: number,
  ...k: [k0: number, k1: number, k2: number, k3: number, k4: number]
): void {
  const weights = float64(w, n);
  const gradients = float64(g, n);
  const slots = [a, b, c].map((slot) => (slot === 0 ? null : float64(slot, n)));
  const ruleStep = rules[rule];
  const state: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    for (let s = 0; s < 3; s++) state[s] = slots[s]?.[i] ?? 0;
    weights[i]! -= ruleStep(gradients[i]!, state, k, slots[1] !== null, slots[2] !== null);
    for (let s = 0; s < 3; s++) if (slots[s]) slots[s]![i] = state[s]!;
  }
}

/** How far a weight moves down; changes the state on the way. */
type RuleStep = (
  g: number,
  state: [a: number, b: number, c: number],
  k: readonly [number, number, number, number, number],
  hasB: boolean,
  hasC: boolean,
) => number;

const rules: Readonly<Record<StepCode, RuleStep>> = {
  [Step.nesterov]: (g, state, [rate, momentum]) => {
    state[0] = momentum * state[0] + g;
    return rate * (momentum * state[0] + g);
  },
  [Step.rmsprop]: (g, state, [rate, rho, epsilon, momentum, rest], hasB, hasC) => {
    state[0] = rho * state[0] + rest * g * g;
    if (hasB) state[1] = rho * state[1] + rest * g;
    const spread = Math.max(state[0] - state[1] * state[1], 0);
    const step = g / (Math.sqrt(spread) + epsilon);
    if (!hasC) return rate * step;
    state[2] = momentum * state[2] + step;
    return rate * state[2];
  },
  [Step.adagrad]: (g, state, [rate, initial, epsilon]) => {
    state[0] += g * g;
    return (rate * g) / (Math.sqrt(state[0] + initial) + epsilon);
  },
  [Step.adadelta]: (g, state, [rate, rho, epsilon, rest]) => {
    state[0] = rho * state[0] + rest * g * g;
    const step = (Math.sqrt(state[1] + epsilon) / Math.sqrt(state[0] + epsilon)) * g;
    state[1] = rho * state[1] + rest * step * step;
    return rate * step;
  },
  [Step.adamax]: (g, state, [rate, beta1, beta2, epsilon, rest]) => {
    state[0] = beta1 * state[0] + rest * g;
    state[1] = Math.max(Math.abs(g) + epsilon, beta2 * state[1]);
    return (rate * state[0]) / state[1];
  },
  [Step.adam]: (g, state, [rate, gradientRate, beta1, beta2, epsilon], _, hasC) => {
    state[0] = beta1 * state[0] + (1 - beta1) * g;
    state[1] = beta2 * state[1] + (1 - beta2) * g * g;
    if (hasC) state[2] = Math.max(state[1], state[2]);
    return (rate * state[0] + gradientRate * g) / (Math.sqrt(hasC ? state[2] : state[1]) + epsilon);
  },
};
