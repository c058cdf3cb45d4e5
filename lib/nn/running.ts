// What the layers of a model that is running know and tell: whether it is a training step, and what each of them gave.
import { resetWhenIdle, whenIdle } from "../tensor/interruption.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Layer } from "./layer.ts";

/** Whether the innermost model that is running is in a training step: so the layers that it calls know. */
let isTraining = false;
whenIdle(() => {
  isTraining = false;
});

/** Runs a piece of a model with the layers in it knowing whether it is a training step. */
export function inMode<T>(training: boolean, run: () => T): T {
  const before = isTraining;
  if (training === before) return run();
  resetWhenIdle();
  isTraining = training;
  try {
    return run();
  } finally {
    isTraining = before;
  }
}

/** Whether the innermost model that is running is in a training step. */
export function modeNow(): boolean {
  return isTraining;
}

/** Who is told what the layers give, while `observe` runs. */
let observer: ((layer: Layer, output: Tensor) => void) | null = null;
whenIdle(() => {
  observer = null;
});

/** Runs a piece of a model and tells what every layer in it gave, in their order. */
export function observe<T>(seen: (layer: Layer, output: Tensor) => void, run: () => T): T {
  const before = observer;
  resetWhenIdle();
  observer = seen;
  try {
    return run();
  } finally {
    observer = before;
  }
}

/** To be told of each output. */
export function report(layer: Layer, output: Tensor): Tensor {
  observer?.(layer, output);
  return output;
}
