// L-BFGS: quasi-Newton steps for smooth losses that are the same at each call, such as those of all data at once.

import { pullBack } from "../autograd/backward.ts";
import { recorded } from "../autograd/graph.ts";
import { checkTensors } from "../ops/operand.ts";
import { checkFunction, checkOptions } from "../tensor/arguments.ts";
import { tensor } from "../tensor/create.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

export interface LbfgsOptions {
  /** How many of the last steps it remembers; 10 by default. */
  memory?: number;
}

/** What was learnt of the curvature in one step: how far it went, and how the gradient changed on the way. */
interface Correction {
  step: Float64Array;
  change: Float64Array;
  product: number;
}

/** A place: the numbers of all variables one after the other, the loss there, and its gradient. */
interface Place {
  x: Float64Array;
  loss: number;
  gradient: Float64Array;
}

/** How often a step is made shorter or longer at most. */
const TRIES = 30;
/** Wolfe's conditions: how much of the promised decrease a step must bring, and how flat it must be at its end. */
const DECREASE = 1e-4;
const FLATNESS = 0.9;

/** No `Optimizer`: it computes the loss several times in a step, so it cannot go by gradients that somebody else has left. */
export class Lbfgs {
  /** How many steps it has made. */
  iterations = 0;
  readonly memory: number;
  #corrections: Correction[] = [];
  #variables: readonly Tensor[] = [];

  constructor(options: LbfgsOptions = {}) {
    checkOptions("lbfgs", options, "{ memory: 20 }");
    const { memory = 10 } = options;
    if (!(Number.isInteger(memory) && memory > 0)) {
      throw new RangeError(`lbfgs: memory must be a whole number above 0, got ${describe(memory)}`);
    }
    this.memory = memory;
  }

  /**
   * One step: computes the loss and its gradients, then looks for a good length along the direction that the last steps
   * suggest, for which the loss is computed again, mostly once or twice.
   * @param loss computes the loss, a scalar, from the variables; the same value for the same numbers, so without dropout
   * @param variables what may be changed; others that the loss depends on stay as they are
   * @returns the loss before the step; the variables stay where they are when no step makes it smaller
   * @throws Error when the loss is no scalar or does not depend on any of the variables
   */
  minimize(loss: () => Tensor, variables: Tensor | readonly Tensor[]): number {
    const list = variables instanceof Tensor ? [variables] : variables;
    checkFunction("lbfgs: minimize", loss, "() => x.square().sum()");
    checkTensors("lbfgs: minimize", "the variables", list);
    if (list.length !== this.#variables.length || list.some((v, i) => v !== this.#variables[i])) {
      this.#variables = [...list];
      this.#corrections = [];
    }
    this.iterations++;
    const start = evaluate(loss, list);
    if (start.gradient.every((g) => g === 0)) return start.loss;
    const end = this.#walk(start, this.#direction(start.gradient), (x) => {
      place(list, x);
      return evaluate(loss, list);
    });
    place(list, end.x);
    this.#learn(start, end);
    return start.loss;
  }

  /** −H·g, where H is what the corrections make of the inverse Hessian (two loops: Nocedal, 1980). */
  #direction(gradient: Float64Array): Float64Array {
    const direction = gradient.map((g) => -g);
    const last = this.#corrections.at(-1);
    if (last === undefined) {
      // Nothing is known of the scale yet: a first step of length 1 at most.
      return scaled(direction, 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))));
    }
    const shares = this.#corrections.map(() => 0);
    for (let i = this.#corrections.length - 1; i >= 0; i--) {
      const { step, change, product } = this.#corrections[i]!;
      shares[i] = dot(step, direction) / product;
      addTo(direction, -shares[i]!, change);
    }
    const result = scaled(direction, last.product / dot(last.change, last.change));
    this.#corrections.forEach(({ step, change, product }, i) => {
      addTo(result, shares[i]! - dot(change, result) / product, step);
    });
    return result;
  }

  /** The place behind a step that keeps Wolfe's conditions, found by bisection; the start where there is none. */
  #walk(start: Place, direction: Float64Array, visit: (x: Float64Array) => Place): Place {
    const slope = dot(start.gradient, direction);
    if (!(slope < 0)) return start;
    let [short, long, length] = [0, Number.POSITIVE_INFINITY, 1];
    let best = start;
    for (let i = 0; i < TRIES; i++) {
      const end = visit(start.x.map((x, j) => x + length * direction[j]!));
      if (!(end.loss <= start.loss + DECREASE * length * slope)) long = length;
      else {
        best = end;
        if (dot(end.gradient, direction) >= FLATNESS * slope) break;
        short = length;
      }
      length = long === Number.POSITIVE_INFINITY ? 2 * short : (short + long) / 2;
    }
    return best;
  }

  #learn(start: Place, end: Place): void {
    const step = end.x.map((x, i) => x - start.x[i]!);
    const change = end.gradient.map((g, i) => g - start.gradient[i]!);
    const product = dot(step, change);
    // Without a curvature above 0 the corrections would no longer lead downhill; without a step they have failed.
    if (product > Number.EPSILON * dot(change, change)) this.#corrections.push({ step, change, product });
    else this.#corrections = [];
    if (this.#corrections.length > this.memory) this.#corrections.shift();
  }
}

/**
 * L-BFGS, for the last digits of small smooth problems: each step goes to the minimum of the quadratic that the last gradients
 * suggest, as far as the loss really falls (Wolfe's conditions). It wants the loss of all data at once, not of batches. Liu
 * and Nocedal, Mathematical Programming 45, 1989.
 *
 * @throws RangeError when memory is no whole number above 0
 * @example
 * const w = variable([-1.2, 1], { dtype: "float64" });
 * const valley = () => w.at(1).sub(w.at(0).square()).square().mul(100).add(w.at(0).sub(1).square());
 * const optimizer = lbfgs();
 * for (let step = 0; step < 50; step++) optimizer.minimize(valley, w);
 * w.toArray().map((v) => v.toFixed(6)) // → [ '1.000000', '1.000000' ]
 */
export function lbfgs(options?: LbfgsOptions): Lbfgs {
  return new Lbfgs(options);
}

function evaluate(loss: () => Tensor, variables: readonly Tensor[]): Place {
  const value = recorded("lbfgs: minimize", loss);
  if (value.size !== 1) {
    throw new Error(
      `lbfgs: the loss must be a scalar, got ${formatShape(value.shape)} — use .mean() or .sum()`,
    );
  }
  const found = pullBack(value, undefined, variables, false);
  if (found.every((gradient) => gradient === null)) {
    throw new Error(`lbfgs: minimize: the loss depends on none of the ${variables.length} variables given`);
  }
  const zeros = (v: Tensor) => new Float64Array(v.size);
  return {
    x: joined(variables.map((v) => v.view())),
    loss: value.item(),
    gradient: joined(found.map((gradient, i) => gradient?.view() ?? zeros(variables[i]!))),
  };
}

/** Writes the numbers to the variables. */
function place(variables: readonly Tensor[], x: Float64Array): void {
  let start = 0;
  for (const variable of variables) {
    const { shape, dtype, size } = variable;
    variable.assign(tensor(x.slice(start, start + size), { shape, dtype }));
    start += size;
  }
}

function joined(parts: readonly ArrayLike<number>[]): Float64Array {
  const result = new Float64Array(parts.reduce((total, part) => total + part.length, 0));
  let start = 0;
  for (const part of parts) {
    result.set(part, start);
    start += part.length;
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function scaled(a: Float64Array, factor: number): Float64Array {
  return a.map((v) => v * factor);
}

/** a += factor · b */
function addTo(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!;
}
