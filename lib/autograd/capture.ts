// Define-and-run: a function is run once on placeholders, which record what is done with them; later runs repeat that.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { checkFunction } from "../tensor/arguments.ts";
import { checkSynchronous, resetWhenIdle, whenIdle } from "../tensor/interruption.ts";
import { describe } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { recorded } from "./graph.ts";
import { type Argument, type Outputs, type Slot, StaticGraph, type Step } from "./staticGraph.ts";

/** A captured function: called like the function itself. `graph` is what it has recorded; null before the first call. */
export interface Captured<Inputs extends readonly Tensor[], Result extends Outputs> {
  (...inputs: Inputs): Result;
  readonly graph: StaticGraph | null;
}

/** Methods of tensors that a placeholder refuses: they read or change numbers, and it has none. */
const refused = new Set([
  "item",
  "toArray",
  "data",
  "view",
  "pointer",
  "toJSON",
  "assign",
  "set",
  "backward",
  "retainGrad",
]);

/** Stands for a tensor while a graph is built: it has a shape and a dtype, but no numbers. */
class Placeholder extends Tensor {
  readonly slot: Slot;
  /** Real numbers of this shape, from which the shapes of results are found. */
  readonly example: Tensor;

  constructor(example: Tensor, slot: Slot) {
    super(example.storage, example.offset, example.shape, example.dtype);
    this.slot = slot;
    this.example = example;
    Object.defineProperty(this, "storage", { get: refuseFunction });
  }

  override *[Symbol.iterator](): Generator<Tensor> {
    for (let i = 0; i < (this.shape[0] ?? 0); i++) yield this.at(i);
  }

  override toString(): string {
    return `placeholder ${JSON.stringify(this.shape)}, ${this.dtype}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  async [DISPLAY](): Promise<MimeBundle> {
    return { "text/plain": this.toString() };
  }
}

function refuse(name: string): never {
  throw new Error(
    `capture: ${name} needs the numbers of a placeholder, which has none while the graph is built — they exist only when ` +
      "it runs, so no if, loop, print or change in place can depend on them",
  );
}

/** Refuses a function that would compute with a placeholder; says how it becomes an operation of the graph. */
function refuseFunction(): never {
  if (recorder === null) {
    throw new Error(
      "capture: this is a placeholder of a graph that has been built, it never has numbers — use what the captured function returns",
    );
  }
  const name = calledFunction();
  const method = methods.has(name) ? `write the method, x.${name}(…), or ` : "";
  throw new Error(
    `capture: ${name === "" ? "a function" : `${name}(…)`} was called with a placeholder, which has no numbers while the graph ` +
      `is built. Methods of tensors are recorded; ${method}make it one operation: asOperation(${name || "f"})(…), and a layer ` +
      "asOperation(layer)(…)",
  );
}

/** The name of the library's function that is being called from outside; empty when the stack does not tell. */
function calledFunction(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const frames = (new Error().stack ?? "").split("\n").slice(1);
  Error.stackTraceLimit = stackTraceLimit;
  const library = new URL("..", import.meta.url).pathname;
  // Between functions of the library stand those of the language: Array.map (<anonymous>).
  const outside = frames.findIndex((frame) => !(frame.includes(library) || frame.endsWith("(<anonymous>)")));
  return /^\s*at (?:\w+\.)?(\w+) /.exec(frames[outside - 1] ?? "")?.[1] ?? "";
}

/** The graph that is being built, and whether one of its operations is being carried out: what that does inside is its own. */
let recorder: Recorder | null = null;
let executing = false;

class Recorder {
  readonly steps: Step[] = [];
  size = 0;
  readonly #made = new Map<string, unknown>();
  readonly #numbers = new Map<object, number>();

  slot({ shape, dtype }: Tensor): Slot {
    return { index: this.size++, shape, dtype };
  }

  /** Carries an operation out on the examples and records it. */
  record(name: string, run: Step["run"], values: readonly unknown[]): unknown {
    const args = values.map((value) => this.argument(name, value));
    executing = true;
    const example = run(values.map(exampleOf));
    executing = false;
    // cast and reshape may hand their input on as it is.
    const same = values.find((value) => value instanceof Placeholder && value.example === example);
    return same ?? this.result(name, run, args, example);
  }

  /** Records a method of tensors, unless the same one on the same arguments is there already. */
  once(name: string, run: Step["run"], values: readonly unknown[]): unknown {
    const key = `${name}(${values.map((value) => this.#keyOf(value)).join()})`;
    const former = this.#made.get(key);
    if (former !== undefined) return former;
    const result = this.record(name, run, values);
    this.#made.set(key, result);
    return result;
  }

  #keyOf(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map((entry) => this.#keyOf(entry)).join()}]`;
    if (typeof value !== "object" || value === null) return String(value);
    if (!(value instanceof Tensor)) return JSON.stringify(value);
    const number = this.#numbers.get(value) ?? this.#numbers.size;
    this.#numbers.set(value, number);
    return `#${number}`;
  }

  result(name: string | null, run: Step["run"], args: readonly Argument[], example: unknown): unknown {
    if (example instanceof Tensor) {
      const result = this.slot(example);
      this.steps.push({ name, run, args, result });
      return new Placeholder(example, result);
    }
    const isList = Array.isArray(example);
    if (!isList && (typeof example !== "object" || example === null)) return refuse(name ?? "a part");
    // Several results: the operation is one step, taking each of them out of what it gives is another.
    const whole: Slot = { index: this.size++, shape: [], dtype: "float32" };
    this.steps.push({ name, run, args, result: whole });
    const part = (key: string | number, value: unknown) =>
      this.result(
        null,
        ([results, k]) => (results as Record<string, unknown>)[k as string],
        [{ slot: whole }, { fixed: key }],
        value,
      );
    if (isList) return example.map((value, i) => part(i, value));
    return Object.fromEntries(Object.entries(example).map(([key, value]) => [key, part(key, value)]));
  }

  argument(name: string, value: unknown): Argument {
    if (value instanceof Placeholder) return { slot: value.slot };
    if (Array.isArray(value) && value.some(isRecorded))
      return { list: value.map((entry) => this.argument(name, entry)) };
    if (value instanceof Tensor && value.node !== null) {
      throw new Error(
        `capture: ${name} gets a tensor that was computed from a variable by ${value.node.rule.name} outside of the graph ` +
          "— it would stay as it is now; compute it with methods of tensors inside the captured function, or pass it in",
      );
    }
    return { fixed: value };
  }
}

/** Whether an operation with this argument belongs to the graph: variables are looked up anew in each run. */
function isRecorded(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isRecorded);
  return value instanceof Placeholder || (value instanceof Tensor && value.requiresGrad);
}

function exampleOf(value: unknown): unknown {
  if (value instanceof Placeholder) return value.example;
  return Array.isArray(value) && value.some(isRecorded) ? value.map(exampleOf) : value;
}

/** What `work` records, with the methods of all tensors recording: `w.mul(x)` is one of the variable w, x the placeholder. */
function build<T>(into: Recorder, work: () => T): T {
  resetWhenIdle();
  const prototype = Tensor.prototype as unknown as Record<string, unknown>;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value !== "function" || name === "constructor" || name === "toString" || name === "keep")
      continue;
    const method = value as (...args: unknown[]) => unknown;
    const run: Step["run"] = (args) =>
      args.length === 2 ? method.call(args[0], args[1]) : method.apply(args[0], args.slice(1));
    methods.set(name, method);
    prototype[name] = function (this: Tensor, ...args: unknown[]): unknown {
      if (refused.has(name) && this instanceof Placeholder)
        return name === "pointer" || name === "view" ? refuseFunction() : refuse(`.${name}()`);
      if (executing || refused.has(name) || !(isRecorded(this) || args.some(isRecorded)))
        return method.apply(this, args);
      return into.once(name, run, [this, ...args]);
    };
  }
  recorder = into;
  executing = false;
  try {
    return checkSynchronous("capture", recorded("capture", work));
  } finally {
    endBuild();
  }
}

const methods = new Map<string, unknown>();

function endBuild(): void {
  const prototype = Tensor.prototype as unknown as Record<string, unknown>;
  for (const [name, method] of methods) prototype[name] = method;
  methods.clear();
  recorder = null;
}

whenIdle(endBuild);

/**
 * Turns a function of tensors into a graph that is built once and run many times (define-and-run, as in TensorFlow 1), where
 * everything else in this library is define-by-run.
 *
 * The first call runs `fn` on placeholders, which have shapes but no numbers, and records what is done with them; `graph`
 * then prints and draws it. Each call, the first one too, carries out the recorded operations on its inputs. JavaScript is
 * over by then: loops are unrolled, each `if` has gone one way for good, `console.log` prints once, and shapes and
 * plain numbers stay as they were. Variables are looked up anew in each run. Operations that nothing needs are left out, equal
 * ones are carried out once, and what depends on no placeholder and no variable is computed when the graph is built. Gradients flow through, so `grad(captured)` works.
 *
 * Methods of tensors are recorded; other functions, and layers, by {@link asOperation}.
 *
 * @throws when `fn` asks for the numbers of a placeholder, and later when an input has another shape or dtype.
 * @example
 * const w = variable(2);
 * const neuron = capture((x: Tensor) => x.mul(w).tanh());
 * neuron(tensor([0, 1])) // → tensor([0.000, 0.964])
 * String(neuron.graph).split("\n")[2] // → 'v1 = mul(x, w1)  [2]'
 * w.assign(0);
 * neuron(tensor([0, 1])) // → tensor([0, 0])
 */
export function capture<Inputs extends readonly Tensor[], Result extends Outputs>(
  fn: (...inputs: Inputs) => Result,
): Captured<Inputs, Result> {
  checkFunction("capture", fn, "(x) => x.square().sum()");
  let graph: StaticGraph | null = null;
  const captured = (...inputs: Inputs): Result => {
    // Within another captured function its operations are recorded into that graph.
    if (recorder !== null && inputs.some(isRecorded)) return fn(...inputs);
    graph ??= trace(fn, inputs);
    return graph.run(inputs) as Result;
  };
  return Object.defineProperty(captured, "graph", { get: () => graph }) as Captured<Inputs, Result>;
}

function trace<Inputs extends readonly Tensor[]>(
  fn: (...inputs: Inputs) => Outputs,
  inputs: Inputs,
): StaticGraph {
  const into = new Recorder();
  const names = parameterNames(fn);
  const placeholders = inputs.map((input) => {
    if (!(input instanceof Tensor)) {
      throw new TypeError(`capture: the inputs must be tensors, got ${describe(input)} — wrap it: tensor(…)`);
    }
    return new Placeholder(input.detach(), into.slot(input));
  });
  const made: unknown = build(into, () => fn(...(placeholders as readonly Tensor[] as Inputs)));
  const isList = Array.isArray(made) && made.every((value) => value instanceof Tensor);
  if (!isList && !(made instanceof Tensor)) {
    throw new TypeError(
      `capture: the function must return a tensor or a list of tensors, got ${describe(made)}`,
    );
  }
  const named = placeholders.map(({ slot }, i) => ({ name: names?.[i] ?? `x${i + 1}`, slot }));
  return new StaticGraph(named, into.steps, into.argument("the result", made), into.size);
}

/** The names of a function's parameters, for print and picture; null when they are not plain names. */
function parameterNames(fn: (...inputs: never[]) => unknown): string[] | null {
  const list = /^(?:function\s*[\w$]*\s*)?\(([^()]*)\)|^([\w$]+)\s*=>/.exec(String(fn));
  const names = (list?.[1] ?? list?.[2] ?? "").split(",").map((name) => name.trim());
  return names.every((name) => /^[A-Za-z_$][\w$]*$/.test(name)) ? names : null;
}

/**
 * Lets a captured graph record a function as one operation: functions of the library that are no methods, layers, one's
 * own. Outside of {@link capture} the result is the function itself.
 *
 * @example
 * const loss = asOperation(softmaxCrossEntropy);
 * const cost = capture((z: Tensor, labels: Tensor) => loss(z.mul(2), labels));
 * cost(tensor([[0, 0]]), tensor([1])).item().toFixed(4) // → '0.6931'
 */
export function asOperation<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
): (...args: Args) => Result {
  checkFunction("asOperation", fn, "(x) => layer(x)");
  return (...args) => {
    if (recorder === null || executing || !args.some(isRecorded)) return fn(...args);
    return recorder.record(fn.name || "operation", (values) => fn(...(values as Args)), args) as Result;
  };
}
