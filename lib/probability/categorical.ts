// The categorical distribution: a random variable whose states have names.
import { DISPLAY, type Displayable, type MimeBundle } from "../plot/bundle.ts";
import { Draws } from "../random/draws.ts";
import { checkProbabilities } from "../random/probabilities.ts";
import { nextStream } from "../random/random.ts";
import { drawIndex } from "../random/samplers.ts";
import { checkFunction } from "../tensor/arguments.ts";
import { describe } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { entropy } from "./information.ts";

/**
 * A random variable with finitely many named states.
 *
 * @example
 * const weather = distributions.categorical({ sun: 0.7, rain: 0.3 });
 * weather.pmf("rain") // → 0.3
 * weather.mode // → 'sun'
 */
export class Categorical<State extends string = string> implements Displayable {
  /** The names of the states. */
  readonly states: readonly State[];
  /** Their probabilities, in the order of `states`. */
  readonly probabilities: readonly number[];
  readonly #runningSums: readonly number[];

  constructor(states: readonly State[], probabilities: readonly number[]) {
    checkProbabilities("categorical", probabilities);
    this.states = states;
    this.probabilities = probabilities;
    let sum = 0;
    this.#runningSums = probabilities.map((p) => {
      sum += p;
      return sum;
    });
  }

  /** The probability of a state. @throws RangeError when there is no such state. */
  pmf(state: State): number {
    const index = this.states.indexOf(state);
    if (index < 0) {
      throw new RangeError(`categorical.pmf: no state "${state}" — there are ${this.states.join(", ")}`);
    }
    return this.probabilities[index]!;
  }

  /** The logarithm of the probability of a state. */
  logPmf(state: State): number {
    return Math.log(this.pmf(state));
  }

  /** The most probable state. */
  get mode(): State {
    return this.states[this.probabilities.indexOf(Math.max(...this.probabilities))]!;
  }

  /** The entropy in nats. */
  get entropy(): number {
    return entropy(this.probabilities);
  }

  /** The expected value of a number that belongs to each state. */
  expect(value: (state: State) => number): number {
    checkFunction("categorical.expect", value, "(state) => prize[state]");
    return this.states.reduce((sum, state, i) => sum + this.probabilities[i]! * value(state), 0);
  }

  /** Draws a state, or a list of `count`; follows `seed`. */
  sample(): State;
  sample(count: number): State[];
  sample(count?: number): State | State[] {
    const draws = new Draws(nextStream());
    const draw = (i: number): State => {
      draws.start(i);
      return this.states[drawIndex(draws, this.#runningSums, 0, this.states.length)]!;
    };
    return count === undefined ? draw(0) : Array.from({ length: count }, (_, i) => draw(i));
  }

  toString(): string {
    const parts = this.states.map((state, i) => `${state} ${Number(this.probabilities[i]!.toPrecision(4))}`);
    return `categorical(${parts.join(", ")})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  async [DISPLAY](): Promise<MimeBundle> {
    const { bar } = await import("../plot/bar.ts");
    const chart = await bar({ x: this.states, y: this.probabilities, yLabel: "probability" })[DISPLAY]();
    return { ...chart, "text/plain": this.toString() };
  }
}

/**
 * A random variable with named states and their probabilities; a plain list names them "0", "1", …. Plain numbers, through
 * which no gradient flows.
 *
 * @throws RangeError when a number is no probability, or they do not sum to 1.
 * @example
 * const weather = distributions.categorical({ sun: 0.7, rain: 0.3 });
 * weather.pmf("rain") // → 0.3
 * weather.mode // → 'sun'
 */
export function categorical<State extends string>(
  probabilities: Readonly<Record<State, number>> | readonly number[],
): Categorical<State> {
  const given: unknown = probabilities;
  if (typeof given !== "object" || given === null || given instanceof Tensor) {
    const instead =
      given instanceof Tensor ? " — what learns takes logSoftmax(…) and crossEntropyLoss(…)" : "";
    throw new TypeError(
      `categorical: needs { state: probability, … } or a list of probabilities, got ${describe(given)}${instead}`,
    );
  }
  return new Categorical(Object.keys(probabilities) as State[], Object.values<number>(probabilities));
}
