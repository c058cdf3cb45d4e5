// Finding the operation that made the first NaN or infinity, forward or backward.
import { shortNumber } from "../plot/number.ts";
import { checkFunction } from "../tensor/arguments.ts";
import { isFloating } from "../tensor/dtype.ts";
import { checkSynchronous, resetWhenIdle } from "../tensor/interruption.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { mode, type Node, needs, type Operand, type Rule, type Watch } from "./graph.ts";

/**
 * Runs a piece of work and stops with an error at the first operation that makes a NaN or an infinity, in the forward or a
 * backward pass: the error names the operation, the shapes, the values it got, and the line in your code. It looks at
 * every number, so it is slow: wrap the step that goes wrong, not the whole training.
 *
 * An infinity that comes out where one went in (such as the −∞ of a mask) is let pass; NaN never is.
 *
 * @returns what `work` returns, when nothing was found.
 * @throws Error at the first NaN or infinity.
 * @example
 * // traceNaN(() => variable([4, 0]).sqrt().sum().backward()) throws:
 * // traceNaN: in the backward pass of sqrt, div made an infinity, element [1] of its result [2]; …
 * traceNaN(() => tensor([1, 2]).log()) // → tensor([0.0000, 0.6931])
 */
export function traceNaN<T>(work: () => T): T {
  checkFunction("traceNaN", work, "() => loss().backward()");
  const outer = mode.watch;
  resetWhenIdle();
  mode.watch = new Tracer();
  try {
    return checkSynchronous("traceNaN", work());
  } finally {
    mode.watch = outer;
  }
}

/** What is wrong with a tensor: the kind of number, and where it stands. */
interface Finding {
  readonly kind: "NaN" | "an infinity";
  readonly index: number;
}

/** The first NaN, or else the first infinity. */
function find(x: Tensor): Finding | null {
  if (!isFloating(x.dtype)) return null;
  const values = x.view();
  let infinite = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) continue;
    if (Number.isNaN(value)) return { kind: "NaN", index: i };
    if (infinite < 0) infinite = i;
  }
  return infinite < 0 ? null : { kind: "an infinity", index: infinite };
}

class Tracer implements Watch {
  /** Where in the user's code each recorded operation stands. */
  readonly #places = new WeakMap<Node, string>();
  /** The operation that a backward pass is going back through. */
  #current: Node | null = null;

  made(output: Tensor, rule: Rule, inputs: readonly Operand[]): void {
    const finding = find(output);
    if (finding === null) return;
    const given = inputs.map((input) => (typeof input === "number" ? ofNumber(input) : find(input)));
    if (finding.kind === "an infinity" && given.some((found) => found !== null)) return;
    const already = given.findIndex((found) => found?.kind === finding.kind);
    const where =
      output.rank === 0
        ? ""
        : `, element ${indexText(finding.index, output.shape)} of its result ${formatShape(output.shape)}`;
    const origin =
      already < 0
        ? ""
        : ` — but its input ${already} holds ${finding.kind} already: look at the data, or at what was computed before traceNaN`;
    const node = this.#current;
    const subject =
      node === null
        ? `${rule.name} made ${finding.kind}`
        : `in the backward pass of ${node.rule.name}, ${rule.name} made ${finding.kind}`;
    throw this.#error(`${subject}${where}${origin}`, inputs);
  }

  recorded(node: Node): void {
    if (this.#current === null) this.#places.set(node, placeInCode());
  }

  entering(node: Node): void {
    const finding = find(node.gradient!);
    this.#current = node;
    if (finding === null) return;
    throw this.#error(`${finding.kind} is in the gradient that arrives at ${node.rule.name}`, [
      node.gradient!,
    ]);
  }

  passed(node: Node): void {
    node.inputs.forEach((input, i) => {
      if (!needs(input)) return;
      const gradient = input.node === null ? (mode.targets?.get(input) ?? input.grad) : input.node.gradient;
      const finding = gradient === null ? null : find(gradient);
      if (finding === null) return;
      const element = input.rank === 0 ? "" : `element ${indexText(finding.index, input.shape)} of `;
      const where = `${element}the gradient for its input ${i}`;
      throw this.#error(`the backward pass of ${node.rule.name} made ${finding.kind}, ${where}`, node.inputs);
    });
    this.#current = null;
  }

  #error(message: string, inputs: readonly Operand[]): Error {
    const node = this.#current;
    this.#current = null;
    const given = inputs.map(operandText).join(" and ");
    const place = node === null ? placeInCode() : this.#places.get(node);
    const line = place ? `\n${node === null ? "computed" : `${node.rule.name} was computed`}\n${place}` : "";
    return new Error(
      `traceNaN: ${message}; its ${inputs.length === 1 ? "input is" : "inputs are"} ${given}${line}`,
    );
  }
}

function ofNumber(value: number): Finding | null {
  if (Number.isFinite(value)) return null;
  return { kind: Number.isNaN(value) ? "NaN" : "an infinity", index: 0 };
}

function operandText(operand: Operand): string {
  if (typeof operand === "number") return `the number ${shortNumber(operand)}`;
  const { shape, size } = operand;
  if (size === 0) return formatShape(shape);
  const values = operand.view();
  if (shape.length === 0) return shortNumber(values[0]!);
  if (size === 1) return `${formatShape(shape)} ${shortNumber(values[0]!)}`;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < low) low = values[i]!;
    if (values[i]! > high) high = values[i]!;
  }
  return low > high
    ? `${formatShape(shape)}, all NaN`
    : `${formatShape(shape)} from ${shortNumber(low)} to ${shortNumber(high)}`;
}

function indexText(index: number, shape: Shape): string {
  const position: number[] = [];
  let rest = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    position.unshift(rest % shape[axis]!);
    rest = Math.floor(rest / shape[axis]!);
  }
  return formatShape(position);
}

const library = new URL("../", import.meta.url);
const libraryPaths = [library.href, decodeURIComponent(library.pathname)];

/** The innermost frame of the stack outside of the library, as the engine writes it; "" where there is none. */
function placeInCode(): string {
  const limits = Error as { stackTraceLimit?: number };
  const before = limits.stackTraceLimit;
  limits.stackTraceLimit = 60;
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  limits.stackTraceLimit = before;
  return (
    lines.find((line) => !line.includes("node:") && !libraryPaths.some((path) => line.includes(path))) ?? ""
  );
}
