// Optimizers chosen by name, with their usual settings.
import { choose } from "../nn/choose.ts";
import { Adadelta } from "./adadelta.ts";
import { Adagrad } from "./adagrad.ts";
import { Adam, adamW } from "./adam.ts";
import { Adamax } from "./adamax.ts";
import { Nadam } from "./nadam.ts";
import type { Optimizer } from "./optimizer.ts";
import { Rmsprop } from "./rmsprop.ts";
import { Sgd } from "./sgd.ts";

const optimizers = {
  sgd: () => new Sgd([]),
  adam: () => new Adam([]),
  adamW: () => adamW(),
  adamax: () => new Adamax([]),
  nadam: () => new Nadam([]),
  rmsprop: () => new Rmsprop([]),
  adagrad: () => new Adagrad([]),
  adadelta: () => new Adadelta([]),
} as const;

/** An optimizer by name. */
export type OptimizerName = keyof typeof optimizers;

/** @throws Error with a suggestion when there is no optimizer of that name. */
export function resolveOptimizer(optimizer: OptimizerName | Optimizer): Optimizer {
  return typeof optimizer === "string" ? choose("optimizer", optimizer, optimizers)() : optimizer;
}
