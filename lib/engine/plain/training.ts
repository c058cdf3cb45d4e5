// The plain core: dropout and optimizer updates of float64. Signatures and meaning are those of Core (../core.ts).
import type { Pointer } from "../core.ts";
import { engine } from "../engine.ts";
import { float32, float64 } from "./memory.ts";

/** Drops the same elements as the float32 kernel does with this seed and stream. */
export function dropout(x: Pointer, y: Pointer, n: number, rate: number, seed: number, stream: number): void {
  const mask = engine.memory.allocate(4 * n);
  try {
    engine.core.fill(mask, n, 1);
    engine.core.dropout(mask, mask, n, rate, seed, stream);
    const kept = float32(mask, n);
    const source = float64(x, n);
    const target = float64(y, n);
    for (let i = 0; i < n; i++) target[i] = kept[i] === 0 ? 0 : source[i]! / (1 - rate);
  } finally {
    engine.memory.free(mask);
  }
}

export function sgd(
  w: Pointer,
  g: Pointer,
  velocity: Pointer,
  n: number,
  learningRate: number,
  momentum: number,
): void {
  const weights = float64(w, n);
  const gradients = float64(g, n);
  if (velocity === 0) {
    for (let i = 0; i < n; i++) weights[i]! -= learningRate * gradients[i]!;
    return;
  }
  const velocities = float64(velocity, n);
  for (let i = 0; i < n; i++) {
    velocities[i] = momentum * velocities[i]! + gradients[i]!;
    weights[i]! -= learningRate * velocities[i]!;
  }
}

export function adam(
  w: Pointer,
  g: Pointer,
  m: Pointer,
  v: Pointer,
  n: number,
  learningRate: number,
  beta1: number,
  beta2: number,
  epsilon: number,
  step: number,
): void {
  const weights = float64(w, n);
  const gradients = float64(g, n);
  const means = float64(m, n);
  const squares = float64(v, n);
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  for (let i = 0; i < n; i++) {
    const gradient = gradients[i]!;
    means[i] = beta1 * means[i]! + (1 - beta1) * gradient;
    squares[i] = beta2 * squares[i]! + (1 - beta2) * gradient * gradient;
    const root = Math.sqrt(squares[i]! / correction2) + epsilon;
    weights[i]! -= (learningRate * (means[i]! / correction1)) / root;
  }
}
