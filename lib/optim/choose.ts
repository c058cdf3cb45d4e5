// Optimizers chosen by name, with their usual settings.
import { choose } from "../nn/choose.ts";
import { Adam } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { Sgd } from "./sgd.ts";

const optimizers = {
  sgd: () => new Sgd([]),
  adam: () => new Adam([]),
} as const;

/** An optimizer by name. */
export type OptimizerName = keyof typeof optimizers;

/** @throws Error with a suggestion when there is no optimizer of that name. */
export function resolveOptimizer(optimizer: OptimizerName | Optimizer): Optimizer {
  return typeof optimizer === "string" ? choose("optimizer", optimizer, optimizers)() : optimizer;
}
