// A graph that was built once and runs many times: a list of operations without the program that made it.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import type { DiagramNode } from "../plot/diagram.ts";
import type { DType } from "../tensor/dtype.ts";
import { describe, formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Where a number of the graph is found while it runs: the results so far, in the order of the steps. */
export interface Slot {
  readonly index: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** An argument of an operation: a slot, a list with slots in it, or what it was when the graph was built. */
export type Argument =
  | { readonly slot: Slot }
  | { readonly list: readonly Argument[] }
  | { readonly fixed: unknown };

/** One operation. */
export interface Step {
  /** As it is written: `matmul`; null for taking one part out of an operation's several results. */
  readonly name: string | null;
  readonly args: readonly Argument[];
  readonly result: Slot;
  run(args: readonly unknown[]): unknown;
}

/** What a captured function returns: a tensor, or a list of tensors. */
export type Outputs = Tensor | readonly Tensor[];

/**
 * The operations of a captured function. See {@link capture}. It prints itself as a list, and shows itself as a picture in
 * a notebook.
 */
export class StaticGraph {
  readonly #placeholders: readonly { readonly name: string; readonly slot: Slot }[];
  readonly #steps: readonly Step[];
  readonly #outputs: Argument;
  readonly #leftOut: number;
  readonly #size: number;

  constructor(
    placeholders: readonly { readonly name: string; readonly slot: Slot }[],
    steps: readonly Step[],
    outputs: Argument,
    size: number,
  ) {
    this.#placeholders = placeholders;
    this.#steps = needed(steps, outputs);
    this.#leftOut = steps.filter((step) => step.name !== null && !this.#steps.includes(step)).length;
    this.#outputs = outputs;
    this.#size = size;
  }

  /** How many operations a run carries out. */
  get operations(): number {
    return this.#steps.filter((step) => step.name !== null).length;
  }

  /**
   * Carries the operations out on the given inputs, in the order of the placeholders. Gradients flow through them as
   * through any operation.
   *
   * @throws when an input has another shape or dtype than the graph was built for.
   */
  run(inputs: readonly Tensor[]): Outputs {
    this.#check(inputs);
    const slots = new Array<unknown>(this.#size);
    this.#placeholders.forEach(({ slot }, i) => {
      slots[slot.index] = inputs[i];
    });
    const steps = this.#steps;
    for (let i = 0; i < steps.length; i++) {
      const { args, result } = steps[i]!;
      const values = new Array<unknown>(args.length);
      for (let k = 0; k < args.length; k++) values[k] = lookUp(args[k]!, slots);
      slots[result.index] = steps[i]!.run(values);
    }
    return lookUp(this.#outputs, slots) as Outputs;
  }

  #check(inputs: readonly Tensor[]): void {
    if (inputs.length !== this.#placeholders.length) {
      const names = this.#placeholders.map(({ name }) => name).join(", ");
      throw new Error(
        `capture: the graph takes ${this.#placeholders.length} tensors (${names}), got ${inputs.length}`,
      );
    }
    this.#placeholders.forEach(({ name, slot }, i) => {
      const input = inputs[i];
      if (input instanceof Tensor && sameShape(input.shape, slot.shape) && input.dtype === slot.dtype) return;
      const got = input instanceof Tensor ? sizeText(input) : describe(input);
      throw new Error(
        `capture: the graph was built for ${name} ${sizeText(slot)}, got ${got} — shapes and dtypes are fixed; capture ` +
          "the function again for others",
      );
    });
  }

  /** One line a placeholder, variable and operation, and what is fixed. */
  toString(): string {
    const names = this.#names();
    const write = (argument: Argument): string => {
      if ("slot" in argument) return names.get(argument.slot)!;
      if ("list" in argument) return `[${argument.list.map(write).join(", ")}]`;
      const { fixed } = argument;
      return fixed instanceof Tensor ? names.get(fixed)! : fixedText(fixed);
    };
    const lines = this.#placeholders.map(({ name, slot }) => `${name} = placeholder  ${sizeText(slot)}`);
    for (const [what, name] of names) {
      if (what instanceof Tensor)
        lines.push(`${name} = ${what.requiresGrad ? "variable" : "constant"}  ${sizeText(what)}`);
    }
    for (const { name, args, result } of this.#steps) {
      const call =
        name === null
          ? `part ${write(args[1]!)} of ${write(args[0]!)}`
          : `${name}(${args.map(write).join(", ")})`;
      lines.push(`${names.get(result)} = ${call}  ${sizeText(result)}`);
    }
    lines.push(`returns ${write(this.#outputs)}`);
    const left =
      this.#leftOut === 0 ? "" : `; left out, because nothing needs them: ${this.#leftOut} operations`;
    lines.push(
      `fixed: shapes, dtypes, plain numbers, which way each if went, how often each loop ran${left}`,
    );
    return lines.join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** The picture and the list. The drawing code is only loaded when something is shown. */
  async [DISPLAY](): Promise<MimeBundle> {
    const { diagramBundle } = await import("../plot/diagram.ts");
    const names = this.#names();
    const numbers = new Map<Slot | Tensor, number>([...names.keys()].map((what, i) => [what, i]));
    const steps = new Map(this.#steps.map((step) => [step.result, step]));
    const results = new Set(slotsOf(this.#outputs));
    const nodes = [...names].map(([what, name]): DiagramNode => {
      const size = { name, value: sizeText(what) };
      if (what instanceof Tensor)
        return { role: what.requiresGrad ? "parameter" : "input", ...size, from: [] };
      const step = steps.get(what);
      if (step === undefined) return { role: "input", ...size, from: [] };
      const from = [...step.args].flatMap(sourcesOf).map((source) => numbers.get(source)!);
      return {
        role: results.has(what) ? "result" : "between",
        operation: step.name ?? "part",
        ...size,
        from,
      };
    });
    return diagramBundle(nodes, this.toString());
  }

  /** Names of everything in the graph, in its order: placeholders, then what stands outside of it, then results. */
  #names(): Map<Slot | Tensor, string> {
    const names = new Map<Slot | Tensor, string>();
    for (const { name, slot } of this.#placeholders) names.set(slot, name);
    let [variables, constants, results] = [0, 0, 0];
    for (const argument of [...this.#steps.flatMap((step) => step.args), this.#outputs]) {
      for (const source of sourcesOf(argument)) {
        if (!(source instanceof Tensor) || names.has(source)) continue;
        names.set(source, source.requiresGrad ? `w${++variables}` : `c${++constants}`);
      }
    }
    for (const step of this.#steps) names.set(step.result, `v${++results}`);
    return names;
  }
}

/** The steps that the outputs depend on. */
function needed(steps: readonly Step[], outputs: Argument): Step[] {
  const wanted = new Set(slotsOf(outputs));
  const kept: Step[] = [];
  for (const step of [...steps].reverse()) {
    if (!wanted.has(step.result)) continue;
    kept.push(step);
    for (const slot of step.args.flatMap(slotsOf)) wanted.add(slot);
  }
  return kept.reverse();
}

function lookUp(argument: Argument, slots: readonly unknown[]): unknown {
  if ("slot" in argument) return slots[argument.slot.index];
  if ("fixed" in argument) return argument.fixed;
  return argument.list.map((entry) => lookUp(entry, slots));
}

/** The slots and tensors that an argument names. */
function sourcesOf(argument: Argument): (Slot | Tensor)[] {
  if ("slot" in argument) return [argument.slot];
  if ("list" in argument) return argument.list.flatMap(sourcesOf);
  return argument.fixed instanceof Tensor ? [argument.fixed] : [];
}

function slotsOf(argument: Argument): Slot[] {
  return sourcesOf(argument).filter((source): source is Slot => !(source instanceof Tensor));
}

function sizeText({ shape, dtype }: { readonly shape: Shape; readonly dtype: DType }): string {
  return dtype === "float32" ? formatShape(shape) : `${formatShape(shape)} ${dtype}`;
}

function fixedText(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
}
