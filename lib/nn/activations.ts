// Activations of layers: chosen by name, or any function of a tensor.
import { elu, gelu, hardSigmoid, hardTanh, leakyRelu, mish, selu, silu } from "../ops/activations.ts";
import { relu, sigmoid, softplus, tanh } from "../ops/elementwise.ts";
import { logSoftmax, softmax } from "../ops/softmax.ts";
import { clippedLinear, step } from "../ops/thresholds.ts";
import { atan } from "../ops/trigonometry.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { choose } from "./choose.ts";

const activations = {
  linear: (x: Tensor) => x,
  relu,
  sigmoid,
  tanh,
  softmax: (x: Tensor) => softmax(x),
  logSoftmax: (x: Tensor) => logSoftmax(x),
  leakyRelu: (x: Tensor) => leakyRelu(x),
  elu: (x: Tensor) => elu(x),
  selu,
  gelu: (x: Tensor) => gelu(x),
  silu,
  swish: silu,
  mish,
  softplus,
  hardSigmoid,
  hardTanh,
  arctan: atan,
  step: (x: Tensor) => step(x),
  clippedLinear: (x: Tensor) => clippedLinear(x),
} as const;

/** An activation by name. */
export type ActivationName = keyof typeof activations;

/** An activation: its name, or a function applied to what the layer computed. */
export type Activation = ActivationName | ((x: Tensor) => Tensor);

/**
 * What a layer with this activation has to do: what the operation itself applies while it writes its result (`fused`),
 * and what comes after it.
 */
export interface ActivationPlan {
  readonly fused: "linear" | "relu";
  readonly after: ((x: Tensor) => Tensor) | null;
  readonly name: string;
}

/** @throws Error with a suggestion when there is no activation of that name. */
export function planActivation(activation: Activation = "linear"): ActivationPlan {
  if (typeof activation === "function") {
    if (activation === relu) return { fused: "relu", after: null, name: "relu" };
    return { fused: "linear", after: activation, name: activation.name || "function" };
  }
  const apply = choose("activation", activation, activations);
  if (activation === "relu") return { fused: "relu", after: null, name: activation };
  return { fused: "linear", after: activation === "linear" ? null : apply, name: activation };
}

/** The function of that name, or the function itself. @throws Error with a suggestion when there is no such activation. */
export function activationFunction(activation: Activation): (x: Tensor) => Tensor {
  return typeof activation === "function" ? activation : choose("activation", activation, activations);
}
