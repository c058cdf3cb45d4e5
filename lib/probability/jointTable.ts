// Tables of joint probabilities of several random variables with named states.
import { DISPLAY, type Displayable, escapeMarkup, type MimeBundle } from "../plot/bundle.ts";
import { checkProbabilities } from "../random/probabilities.ts";
import { checkOptions } from "../tensor/arguments.ts";
import { describe } from "../tensor/shape.ts";
import { Categorical } from "./categorical.ts";

/** The states of each variable by its name. */
export type Variables = Readonly<Record<string, readonly string[]>>;

/** Probabilities nested as deep as there are variables. */
export type NestedProbabilities = number | readonly NestedProbabilities[];

/** The joint probabilities of random variables, one axis a variable. */
export class JointTable implements Displayable {
  readonly variables: Variables;
  readonly #names: readonly string[];
  /** Row-major over the variables in their order. */
  readonly #values: readonly number[];

  constructor(variables: Variables, values: readonly number[]) {
    checkProbabilities("jointTable", values);
    this.variables = variables;
    this.#names = Object.keys(variables);
    this.#values = values;
  }

  /**
   * The probability that the named variables have the given states, whatever the others have: of all of them, one number
   * of the table; of fewer, a marginal one.
   * @throws RangeError when there is no such variable or state.
   */
  probability(states: Readonly<Record<string, string>>): number {
    const wanted = this.#positions("probability", states);
    return this.#sum((position) => wanted.every((state, axis) => state < 0 || position[axis] === state));
  }

  /**
   * The distribution of one variable, or the table of several, summed over the others.
   * @throws RangeError when there is no such variable.
   */
  marginal(name: string): Categorical;
  marginal(names: readonly string[]): JointTable;
  marginal(wanted: string | readonly string[]): Categorical | JointTable {
    const kept = typeof wanted === "string" ? [wanted] : wanted;
    if (!Array.isArray(kept)) {
      throw new TypeError(`jointTable.marginal: takes a name or a list of names, got ${describe(wanted)}`);
    }
    const axes = kept.map((name) => this.#axis("marginal", name));
    const sizes = axes.map((axis) => this.#states(axis).length);
    const sums = new Array<number>(sizes.reduce((a, b) => a * b, 1)).fill(0);
    this.#each((position, value) => {
      let index = 0;
      axes.forEach((axis, i) => {
        index = index * sizes[i]! + position[axis]!;
      });
      sums[index]! += value;
    });
    if (typeof wanted === "string") return new Categorical(this.#states(axes[0]!), sums);
    return new JointTable(Object.fromEntries(axes.map((axis, i) => [kept[i]!, this.#states(axis)])), sums);
  }

  /**
   * What is known of the other variables once some have been observed: P(others | observed). One other variable gives its
   * distribution, several a table.
   * @throws RangeError when the observation is impossible, or nothing is left.
   */
  given(observed: Readonly<Record<string, string>>): Categorical | JointTable {
    const wanted = this.#positions("given", observed);
    const others = this.#names.filter((_, axis) => wanted[axis]! < 0);
    const total = this.probability(observed);
    if (others.length === 0) throw new RangeError("jointTable.given: all variables are given, none is left");
    if (total === 0) throw new RangeError("jointTable.given: what is given has probability 0");
    const kept: number[] = [];
    this.#each((position, value) => {
      if (wanted.every((state, axis) => state < 0 || position[axis] === state)) kept.push(value / total);
    });
    if (others.length === 1) return new Categorical(this.variables[others[0]!]!, kept);
    return new JointTable(Object.fromEntries(others.map((name) => [name, this.variables[name]!])), kept);
  }

  /** Whether every probability is the product of the marginal ones, within `tolerance` (1e-9). */
  independent(tolerance = 1e-9): boolean {
    const margins = this.#names.map((name) => this.marginal(name).probabilities);
    let same = true;
    this.#each((position, value) => {
      const product = position.reduce((result, state, axis) => result * margins[axis]![state]!, 1);
      if (Math.abs(product - value) > tolerance) same = false;
    });
    return same;
  }

  /** The entropy of all variables together, in nats. */
  get entropy(): number {
    return this.#values.reduce((sum, p) => (p === 0 ? sum : sum - p * Math.log(p)), 0);
  }

  #each(visit: (position: readonly number[], value: number) => void): void {
    const sizes = this.#names.map((_, axis) => this.#states(axis).length);
    this.#values.forEach((value, index) => {
      let rest = index;
      const position = sizes.map(() => 0);
      for (let axis = sizes.length - 1; axis >= 0; axis--) {
        position[axis] = rest % sizes[axis]!;
        rest = Math.floor(rest / sizes[axis]!);
      }
      visit(position, value);
    });
  }

  #sum(counts: (position: readonly number[]) => boolean): number {
    let sum = 0;
    this.#each((position, value) => {
      if (counts(position)) sum += value;
    });
    return sum;
  }

  #states(axis: number): readonly string[] {
    return this.variables[this.#names[axis]!]!;
  }

  #axis(caller: string, name: string): number {
    const axis = this.#names.indexOf(name);
    if (axis >= 0) return axis;
    throw new RangeError(`jointTable.${caller}: no variable "${name}" — there are ${this.#names.join(", ")}`);
  }

  /** For each variable the position of the given state, or −1. */
  #positions(caller: string, states: Readonly<Record<string, string>>): number[] {
    checkOptions(`jointTable.${caller}`, states, '{ weather: "sun" }');
    const positions = this.#names.map(() => -1);
    for (const [name, state] of Object.entries(states)) {
      const axis = this.#axis(caller, name);
      positions[axis] = this.#states(axis).indexOf(state);
      if (positions[axis]! >= 0) continue;
      throw new RangeError(
        `jointTable.${caller}: ${name} has no state "${state}" — it has ${this.#states(axis).join(", ")}`,
      );
    }
    return positions;
  }

  /** Rows of text: the states of all variables but the last in front, those of the last across; sums of two variables. */
  #rows(): string[][] {
    const last = this.#states(this.#names.length - 1);
    const margins = this.#names.length === 2;
    const rows = [[...this.#names.slice(0, -1), ...last, ...(margins ? ["sum"] : [])]];
    const number = (value: number): string => String(Number(value.toPrecision(4)));
    for (let start = 0; start < this.#values.length; start += last.length) {
      const row = this.#values.slice(start, start + last.length);
      rows.push([...row.map(number), ...(margins ? [number(row.reduce((a, b) => a + b, 0))] : [])]);
    }
    let line = 1;
    this.#each((position) => {
      if (position.at(-1) !== 0) return;
      rows[line++]!.unshift(...position.slice(0, -1).map((state, axis) => this.#states(axis)[state]!));
    });
    if (margins) rows.push(["sum", ...this.marginal(this.#names[1]!).probabilities.map(number), "1"]);
    return rows;
  }

  /** The table, with the marginal sums of two variables. */
  toString(): string {
    const rows = this.#rows();
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    const heads = this.#names.length - 1;
    return rows
      .map((row) =>
        row
          .map((cell, i) => (i < heads ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
          .join("  ")
          .trimEnd(),
      )
      .join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [DISPLAY](): MimeBundle {
    const heads = this.#names.length - 1;
    const html = this.#rows().map((row, line) => {
      const cells = row.map((cell, column) => {
        const tag = line === 0 || column < heads ? "th" : "td";
        return `<${tag}>${escapeMarkup(cell)}</${tag}>`;
      });
      return `<tr>${cells.join("")}</tr>`;
    });
    return { "text/html": `<table>${html.join("")}</table>`, "text/plain": this.toString() };
  }
}

/**
 * A table of joint probabilities: the variables with the names of their states, and the probabilities nested in that order.
 *
 * @throws RangeError when the numbers do not fill the table, are no probabilities, or do not sum to 1.
 * @example
 * const table = jointTable({ weather: ["sun", "rain"], mood: ["good", "bad"] }, [[0.5, 0.2], [0.1, 0.2]]);
 * table.marginal("weather") // → categorical(sun 0.7, rain 0.3)
 * table.given({ mood: "bad" }) // → categorical(sun 0.5, rain 0.5)
 */
export function jointTable(variables: Variables, probabilities: readonly NestedProbabilities[]): JointTable {
  checkOptions("jointTable", variables, '{ weather: ["sun", "rain"] }');
  const names = Object.keys(variables);
  for (const name of names) {
    if (Array.isArray(variables[name])) continue;
    throw new TypeError(
      `jointTable: the states of ${name} are a list of names, got ${describe(variables[name])}`,
    );
  }
  if (names.length === 0) throw new RangeError("jointTable: needs at least one variable");
  const values: number[] = [];
  const read = (nested: NestedProbabilities, axis: number): void => {
    if (axis === names.length) {
      values.push(nested as number);
      return;
    }
    const states = variables[names[axis]!]!;
    if (!Array.isArray(nested) || nested.length !== states.length) {
      const found = Array.isArray(nested) ? `a list of ${nested.length}` : String(nested);
      throw new RangeError(`jointTable: ${names[axis]} has ${states.length} states, its axis is ${found}`);
    }
    for (const part of nested) read(part, axis + 1);
  };
  read(probabilities, 0);
  return new JointTable(variables, values);
}
