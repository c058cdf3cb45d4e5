// Numbers that remember how they were computed: a graph small enough to print, to draw, and to follow step by step.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { describe } from "../tensor/shape.ts";
import {
  type BackwardStep,
  bundleOf,
  chainSteps,
  computeSteps,
  type ForwardStep,
  tableOf,
} from "./scalarSteps.ts";

/** One operation as the graph remembers it: its sign in pictures, and how it is written with the names of its inputs. */
interface Operation {
  readonly sign: string;
  write(...inputs: string[]): string;
}

/**
 * A number in a computational graph. Operations give new numbers that remember where they come from; `backward()` on the
 * last one gives every number in the graph its gradient. Shows itself as a picture in a notebook, and as a table in text.
 *
 * @example
 * const [x, y, z] = [scalar(2, "x"), scalar(3, "y"), scalar(4, "z")];
 * const V = x.mul(y).add(z).named("V");
 * const f = V.mul(5).named("f");
 * f.backward();
 * [f.value, V.value] // → [ 50, 10 ]
 * [x.gradient, y.gradient, z.gradient] // → [ 15, 10, 5 ]
 */
export class Scalar {
  readonly value: number;
  /** How much the result of the last `backward()` grows for each unit that this number grows; 0 before. */
  gradient = 0;
  /** Whether the last `backward()` reached this number. */
  hasGradient = false;
  name: string | null;
  /** The operation's sign; null for inputs. */
  readonly operation: Operation | null;
  readonly inputs: readonly Scalar[];
  /** The derivatives with respect to each input. */
  readonly slopes: readonly number[];

  /** Numbers are made by `scalar(…)` and by operations, not by `new`. */
  constructor(
    value: number,
    name: string | null,
    operation: Operation | null = null,
    inputs: readonly Scalar[] = [],
    slopes: readonly number[] = [],
  ) {
    this.value = value;
    this.name = name;
    this.operation = operation;
    this.inputs = inputs;
    this.slopes = slopes;
  }

  /** Names a number in the middle of a computation; returns it. Without names they are v1, v2, … */
  named(name: string): this {
    this.name = name;
    return this;
  }

  /** a + b */
  add(other: Scalar | number): Scalar {
    return binary("+", this, other, (a, b) => [a + b, 1, 1]);
  }
  /** a − b */
  sub(other: Scalar | number): Scalar {
    return binary("−", this, other, (a, b) => [a - b, 1, -1]);
  }
  /** a · b */
  mul(other: Scalar | number): Scalar {
    return binary("×", this, other, (a, b) => [a * b, b, a]);
  }
  /** a / b */
  div(other: Scalar | number): Scalar {
    return binary("÷", this, other, (a, b) => [a / b, 1 / b, -a / (b * b)]);
  }
  /** a to the power b */
  pow(exponent: Scalar | number): Scalar {
    return binary("^", this, exponent, (a, b) => [
      a ** b,
      b === 0 ? 0 : b * a ** (b - 1),
      a > 0 ? a ** b * Math.log(a) : 0,
    ]);
  }
  /** −a */
  neg(): Scalar {
    return unary({ sign: "−", write: (a) => `−${a}` }, this, -this.value, -1);
  }
  /** eᵃ */
  exp(): Scalar {
    const y = Math.exp(this.value);
    return unary(named("exp"), this, y, y);
  }
  /** The natural logarithm. */
  log(): Scalar {
    return unary(named("ln"), this, Math.log(this.value), 1 / this.value);
  }
  /** The sine. */
  sin(): Scalar {
    return unary(named("sin"), this, Math.sin(this.value), Math.cos(this.value));
  }
  /** The cosine. */
  cos(): Scalar {
    return unary(named("cos"), this, Math.cos(this.value), -Math.sin(this.value));
  }
  /** The hyperbolic tangent. */
  tanh(): Scalar {
    const y = Math.tanh(this.value);
    return unary(named("tanh"), this, y, 1 - y * y);
  }
  /** 1 / (1 + e⁻ᵃ) */
  sigmoid(): Scalar {
    const y = 1 / (1 + Math.exp(-this.value));
    return unary(named("σ"), this, y, y * (1 - y));
  }
  /** max(a, 0); its derivative at 0 is taken as 0. */
  relu(): Scalar {
    return unary(named("relu"), this, Math.max(this.value, 0), this.value > 0 ? 1 : 0);
  }

  /**
   * Gives every number that this one was computed from its gradient, by the chain rule from here back to the inputs. It
   * starts from 0 each time: unlike those of tensors, gradients of earlier calls do not add up.
   */
  backward(): void {
    const order = graphOf(this);
    for (const node of order) {
      node.gradient = 0;
      node.hasGradient = true;
    }
    this.gradient = 1;
    for (const node of order.reverse()) {
      node.inputs.forEach((input, i) => {
        input.gradient += node.gradient * node.slopes[i]!;
      });
    }
  }

  /**
   * The forward pass, one row a number: its name, how it is computed, the same with numbers put in, and its value.
   *
   * @example
   * scalar(3, "x").pow(2).named("f").forwardSteps().at(-1) // → { node: 'f', formula: 'x ^ 2', numbers: '3 ^ 2', value: 9 }
   */
  forwardSteps(): ForwardStep[] {
    return computeSteps(this);
  }

  /**
   * The backward pass, one row for each arrow of the graph from the result back: the chain rule in names and in numbers,
   * what it adds, and the gradient of that number so far. It does not need `backward()`.
   *
   * @example
   * scalar(3, "x").pow(2).named("f").backwardSteps().map(({ chain, numbers }) => `${chain} = ${numbers}`) // → [ '∂f/∂f = 1', '∂f/∂f × ∂f/∂x = 1 × 6' ]
   */
  backwardSteps(): BackwardStep[] {
    return chainSteps(this);
  }

  /** Every number of the graph in a table: how it is computed, its value, and its gradient after `backward()`. */
  toString(): string {
    return tableOf(this);
  }

  /** The text, where JavaScript wants one; what its operators computed, no graph would remember. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint !== "number") return tableOf(this);
    throw new TypeError(
      "a number of a graph is computed with by its methods, which remember it: x.mul(2), x.add(y); the plain number is x.value",
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return tableOf(this);
  }

  [DISPLAY](): Promise<MimeBundle> {
    return bundleOf(this);
  }
}

/**
 * A number to compute with in a graph that shows every step. See {@link Scalar}.
 *
 * @throws TypeError when the value is no number, or the name no text.
 * @example
 * const [w, x, b] = [scalar(2, "w"), scalar(-2.79, "x"), scalar(6, "b")];
 * const o = w.mul(x).add(b).tanh().named("o");
 * o.backward();
 * [o.value.toFixed(4), w.gradient.toFixed(4)] // → [ '0.3969', '-2.3504' ]
 */
export function scalar(value: number, name?: string): Scalar {
  if (typeof value !== "number") {
    throw new TypeError(
      `scalar: needs one number, got ${describe(value)} — for more of them there is tensor(…)`,
    );
  }
  if (name !== undefined && typeof name !== "string") {
    throw new TypeError(`scalar: a name is a text such as "x", got ${describe(name)}`);
  }
  return new Scalar(value, name ?? null);
}

/** All numbers behind a result, and itself, each after those it was computed from. Without recursion: graphs may be deep. */
export function graphOf(result: Scalar): Scalar[] {
  const order: Scalar[] = [];
  const state = new Map<Scalar, number>();
  const stack = [result];
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const next = state.get(node) ?? 0;
    if (next < node.inputs.length) {
      state.set(node, next + 1);
      const input = node.inputs[next]!;
      if (!state.has(input)) stack.push(input);
    } else {
      stack.pop();
      if (next !== Number.POSITIVE_INFINITY) order.push(node);
      state.set(node, Number.POSITIVE_INFINITY);
    }
  }
  return order;
}

function named(name: string): Operation {
  return { sign: name, write: (a) => `${name}(${a})` };
}

function unary(operation: Operation, a: Scalar, value: number, slope: number): Scalar {
  return new Scalar(value, null, operation, [a], [slope]);
}

function binary(
  sign: string,
  a: Scalar,
  other: Scalar | number,
  compute: (a: number, b: number) => [value: number, slopeA: number, slopeB: number],
): Scalar {
  if (typeof other !== "number" && !(other instanceof Scalar)) {
    throw new TypeError(`${sign}: computes with scalars and plain numbers, got ${describe(other)}`);
  }
  const constant = typeof other === "number";
  const [value, slopeA, slopeB] = compute(a.value, constant ? other : other.value);
  if (!constant)
    return new Scalar(
      value,
      null,
      { sign, write: (p, q) => `${p} ${sign} ${q}` },
      [a, other],
      [slopeA, slopeB],
    );
  // A plain number belongs to the operation: nothing flows back to it.
  const operation = {
    sign: `${sign} ${written(other)}`,
    write: (p: string) => `${p} ${sign} ${written(other)}`,
  };
  return new Scalar(value, null, operation, [a], [slopeA]);
}

/** A plain number within a formula. */
function written(value: number): string {
  return value < 0 ? `(−${-value})` : String(value);
}
