// What optimizers share: which variables they change, and how a step goes.
import { backward } from "../autograd/backward.ts";
import { recorded } from "../autograd/graph.ts";
import { checkTensors } from "../ops/operand.ts";
import { checkFunction, checkOptions } from "../tensor/arguments.ts";
import { coreOf } from "../tensor/compute.ts";
import { describe } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Arena, type Stretch } from "./arena.ts";

/** The step size after so many steps. */
export type Schedule = (stepsMade: number) => number;

/** Options that every optimizer takes. */
export interface OptimizerOptions {
  /**
   * The step size, or a schedule: a function from the number of steps made so far, 0 at first, to the step size of the next
   * one. It may also be changed later.
   */
  learningRate?: number | Schedule;
  /** Lets the step size fall: learningRate / (1 + decay · steps made so far), as in Keras's first optimizers; 0 by default. */
  decay?: number;
  /**
   * Pulls the weights towards 0 in each step: w ← w − learningRate · weightDecay · w, besides the gradient and not through
   * its averages ("decoupled", Loshchilov and Hutter, ICLR 2019), as in Keras and in PyTorch's AdamW; 0 by default.
   */
  weightDecay?: number;
  /** Limits each number of the gradients to ±clipValue. */
  clipValue?: number;
  /** Shortens the gradient of each variable to this length where it is longer. */
  clipNorm?: number;
  /** Shortens the gradients of all variables, taken as one vector, to this length. Pascanu et al., ICML 2013. */
  globalClipNorm?: number;
}

const clips = ["clipValue", "clipNorm", "globalClipNorm"] as const;

/**
 * Changes variables so that a loss falls. Either `zeroGrad()`, `loss.backward()`, `step()` on the parameters it was made
 * with, or `minimize(loss, variables)`, or handed to `compile`.
 *
 * @example
 * const w = variable(3);
 * const optimizer = sgd([w], { learningRate: 0.1 });
 * w.square().backward();
 * optimizer.step();
 * w.item().toFixed(4) // → '2.4000'
 */
export abstract class Optimizer {
  /** The name in summaries: "adam". */
  readonly name: string;
  /** How many steps it has made. */
  iterations = 0;
  /** How many numbers it remembers per weight. */
  protected abstract readonly slotCount: number;
  readonly weightDecay: number;
  readonly #clip: { by: (typeof clips)[number]; limit: number } | null;
  #schedule: Schedule;
  /** The size of the step that is under way, for `update`: by then `iterations` counts it. */
  protected rate = 0;
  /** The parameters it was made with. Those of a model exist from its first input on, so this is looked into at each step. */
  readonly #given: Iterable<Tensor>;
  /** One for each dtype among the variables. */
  #arenas: readonly Arena[] = [];

  constructor(name: string, parameters: Iterable<Tensor>, options: OptimizerOptions, learningRate: number) {
    this.name = name;
    this.#given = parameters;
    this.#schedule = readSchedule(name, options.learningRate ?? learningRate, options.decay);
    this.weightDecay = inRange(name, "weightDecay", options.weightDecay ?? 0, 0, Number.POSITIVE_INFINITY);
    this.#clip = readClip(name, options);
    for (const [index, parameter] of [...parameters].entries()) {
      if (!parameter.requiresGrad) {
        throw new TypeError(
          `${name}: parameter ${index} is no variable, so it gets no gradient; wrap it in variable(…)`,
        );
      }
    }
  }

  /** The size of the next step. Setting it puts a constant in the place of a schedule. */
  get learningRate(): number {
    const rate = this.#schedule(this.iterations);
    return inRange(this.name, "learningRate", rate, 0, Number.POSITIVE_INFINITY);
  }
  set learningRate(value: number) {
    this.#schedule = readSchedule(this.name, value);
  }

  /** The variables it changes. */
  get parameters(): readonly Tensor[] {
    if (this.#arenas.length === 0) return [...this.#given];
    return this.#arenas.flatMap((arena) => arena.parameters);
  }

  /** Forgets the gradients of all its variables, so that the next `backward()` starts anew. */
  zeroGrad(): void {
    const { parameters } = this;
    for (let i = 0; i < parameters.length; i++) parameters[i].grad = null;
  }

  /**
   * Changes the variables by their gradients. A variable without a gradient stays as it is.
   * @throws Error when there is no variable, or none has a gradient
   */
  step(): void {
    this.attach([...this.#given]);
    if (this.#arenas.length === 0) {
      throw new Error(`${this.name}: there is nothing to optimize; make it as ${this.name}(parameters, …)`);
    }
    const stretches = this.#arenas.flatMap((arena) => {
      arena.claim();
      return arena.stretches();
    });
    if (stretches.length === 0) {
      throw new Error(`${this.name}: no variable has a gradient; call loss.backward() before step()`);
    }
    this.#shorten(stretches);
    this.rate = this.learningRate;
    this.iterations++;
    for (const stretch of stretches) {
      const { core, weights, length } = stretch;
      if (this.weightDecay > 0) core.scale(1 - this.rate * this.weightDecay, weights, weights, length);
      this.update(stretch);
    }
    for (const arena of this.#arenas) arena.markChanged();
  }

  /**
   * One step: computes the loss, its gradients, and changes the variables.
   * @param loss computes the loss, a scalar, from the variables
   * @param given what may be changed, one variable or several; others that the loss depends on stay as they are
   * @returns the loss before the step
   * @throws Error when the loss does not depend on any of the variables
   */
  minimize(loss: () => Tensor, given: Tensor | readonly Tensor[]): number {
    const variables = given instanceof Tensor ? [given] : given;
    checkFunction(`${this.name}: minimize`, loss, "() => model(x).sub(y).square().mean()");
    checkTensors(`${this.name}: minimize`, "the variables", variables);
    this.attach(variables);
    this.zeroGrad();
    const value = recorded(`${this.name}: minimize`, loss);
    backward(value);
    for (const variable of this.parameters) if (!variables.includes(variable)) variable.grad = null;
    if (variables.every((variable) => variable.grad === null)) {
      throw new Error(
        `${this.name}: minimize: the loss depends on none of the ${variables.length} variables given`,
      );
    }
    this.step();
    return value.item();
  }

  /** Takes variables over into its care; what it remembers of those it has already stays. */
  attach(variables: readonly Tensor[]): void {
    const known = this.#arenas.flatMap((arena) => arena.parameters);
    if (variables.every((variable) => known.includes(variable))) return;
    const all = [...new Set([...known, ...variables])];
    this.#arenas = [...new Set(all.map(({ dtype }) => dtype))].map((dtype) => {
      const before = this.#arenas.find((arena) => arena.dtype === dtype) ?? null;
      return new Arena(
        all.filter((variable) => variable.dtype === dtype),
        this.slotCount,
        before,
      );
    });
  }

  /** Limits the gradients in place, if that is wanted. */
  #shorten(stretches: readonly Stretch[]): void {
    if (this.#clip === null) return;
    const { by, limit } = this.#clip;
    if (by === "clipValue") {
      for (const { core, gradients, length } of stretches)
        core.clip(gradients, gradients, length, -limit, limit);
      return;
    }
    const own = this.parameters.flatMap(({ grad }) =>
      grad === null ? [] : [{ core: coreOf(grad.dtype), gradients: grad.pointer(), length: grad.size }],
    );
    const groups = by === "globalClipNorm" ? [own] : own.map((one) => [one]);
    for (const group of groups) {
      const squares = group.map(({ core, gradients, length }) => core.squaredNorm(gradients, length));
      const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
      // Not below the limit, and not NaN either, which is to be seen.
      if (norm <= limit) continue;
      for (const { core, gradients, length } of group) core.scale(limit / norm, gradients, gradients, length);
    }
  }

  /** Changes the weights of one stretch of memory. */
  protected abstract update(stretch: Stretch): void;

  /** For example `sgd(learningRate 0.1, momentum 0.9), 3 steps made`. */
  toString(): string {
    const { name, iterations, weightDecay, rate, slotCount, ...own } = this;
    const settings = { learningRate: this.learningRate, ...own, ...(weightDecay > 0 && { weightDecay }) };
    const parts = Object.entries(settings).flatMap(([key, value]) =>
      typeof value === "number" ? `${key} ${value}` : value === true ? key : [],
    );
    const made = `${iterations} ${iterations === 1 ? "step" : "steps"} made`;
    return `${name}(${parts.join(", ")})${iterations > 0 ? `, ${made}` : ""}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function readSchedule(name: string, learningRate: number | Schedule, decay = 0): Schedule {
  inRange(name, "decay", decay, 0, Number.POSITIVE_INFINITY);
  const decays = (rate: number): Schedule => (decay === 0 ? () => rate : (made) => rate / (1 + decay * made));
  if (typeof learningRate !== "function")
    return decays(inRange(name, "learningRate", learningRate, 0, Number.POSITIVE_INFINITY));
  if (decay === 0) return learningRate;
  throw new TypeError(`${name}: decay belongs to a constant learningRate; the schedule given says it all`);
}

function readClip(
  name: string,
  options: OptimizerOptions,
): { by: (typeof clips)[number]; limit: number } | null {
  const wanted = clips.filter((by) => options[by] !== undefined);
  if (wanted.length === 0) return null;
  const [by] = wanted;
  if (by === undefined || wanted.length > 1) {
    throw new TypeError(`${name}: gradients are limited in one way, got ${wanted.join(" and ")}`);
  }
  const limit = options[by];
  if (typeof limit === "number" && limit > 0) return { by, limit };
  throw new RangeError(`${name}: ${by} must be a number above 0, got ${describe(limit)}`);
}

/** @throws RangeError unless low ≤ value < high. */
export function inRange(optimizer: string, option: string, value: number, low: number, high: number): number {
  if (typeof value === "number" && value >= low && value < high) return value;
  const range =
    high === Number.POSITIVE_INFINITY ? `a number from ${low} up` : `from ${low} up to but not ${high}`;
  throw new RangeError(`${optimizer}: ${option} must be ${range}, got ${describe(value)}`);
}

/** Sorts out `adam(parameters, options)`, where a single variable stands for itself, and `adam(options)`. */
export function readArguments<O extends OptimizerOptions>(
  name: string,
  first: Iterable<Tensor> | O | undefined,
  second: O | undefined,
): { parameters: Iterable<Tensor>; options: Partial<O> } {
  // A tensor is a list of its rows, which are no variables.
  const parameters = first instanceof Tensor ? [first] : isIterable(first) ? first : null;
  const options = (parameters === null ? first : second) ?? {};
  checkOptions(name, options, "{ learningRate: 0.01 }");
  return { parameters: parameters ?? [], options };
}

function isIterable(value: unknown): value is Iterable<Tensor> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
