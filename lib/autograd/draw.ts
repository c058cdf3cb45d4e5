// The graph behind a tensor, printed and drawn: which operations made it from which variables and data.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import type { DiagramNode } from "../plot/diagram.ts";
import { shortNumber } from "../plot/number.ts";
import { describe, formatShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Node, Operand } from "./graph.ts";

/** A tensor of the graph with the operation that made it; null for what the graph begins with. */
interface Entry {
  readonly tensor: Tensor;
  readonly node: Node | null;
  readonly inputs: readonly Operand[];
}

/**
 * The graph that a tensor was computed with: every recorded operation with the shape of its result, variables in green,
 * data in blue, numbers that are scalars with their value and gradient. Shows itself as a picture in a notebook.
 *
 * Draw before `backward()`, which uses the graph up (or keep it with `retainGraph`). Labels and other whole numbers do not
 * appear, since no gradient concerns them.
 *
 * @param names what to call tensors in the picture: `{ x, w, b }`.
 * @throws when nothing was recorded, or the graph was used up.
 * @example
 * const [x, w] = [tensor([1, 2]), variable([3, 4])];
 * String(drawGraph(x.mul(w), { x, w })) // → 'v1 = mul(x [2], w [2])  [2]'
 */
export function drawGraph(result: Tensor, names: Readonly<Record<string, Tensor>> = {}): TensorGraph {
  return new TensorGraph(result, names);
}

/** See {@link drawGraph}. */
export class TensorGraph {
  readonly #entries: readonly Entry[];
  readonly #names: ReadonlyMap<Tensor | Node, string>;

  constructor(result: Tensor, names: Readonly<Record<string, Tensor>>) {
    if (!(result instanceof Tensor))
      throw new TypeError(`drawGraph: needs a tensor, got ${describe(result)}`);
    if (result.node === null) {
      throw new Error(
        "drawGraph: no operation was recorded for this tensor — compute it from a variable(…), outside noGrad(…)",
      );
    }
    this.#entries = entriesBehind(result);
    const own = new Map<Tensor | Node, string>();
    for (const [name, tensor] of Object.entries(names)) own.set(keyOf(tensor), name);
    let count = 0;
    for (const { tensor, node } of this.#entries)
      if (node !== null && !own.has(node)) own.set(keyOf(tensor), `v${++count}`);
    this.#names = own;
  }

  /** One line an operation: `v1 = matmul(x [1, 2], w [2, 1])  [1, 1]`. */
  toString(): string {
    const written = (operand: Operand): string => {
      if (typeof operand === "number") return shortNumber(operand);
      const name = this.#names.get(keyOf(operand));
      if (operand.node !== null && name !== undefined) return name;
      return `${name ?? (operand.requiresGrad ? "variable" : "data")} ${sizeText(operand)}`;
    };
    return this.#entries
      .filter((entry) => entry.node !== null)
      .map(({ tensor, node, inputs }) => {
        return `${this.#names.get(node!)} = ${node!.rule.name}(${inputs.map(written).join(", ")})  ${sizeText(tensor)}`;
      })
      .join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** The picture and the lines. The drawing code is only loaded when something is shown. */
  async [DISPLAY](): Promise<MimeBundle> {
    const { diagramBundle } = await import("../plot/diagram.ts");
    const numbers = new Map(this.#entries.map(({ tensor }, i) => [keyOf(tensor), i]));
    const last = this.#entries.length - 1;
    const nodes = this.#entries.map(({ tensor, node, inputs }, i): DiagramNode => {
      const name = this.#names.get(keyOf(tensor));
      const given = node === null && name === undefined ? (tensor.requiresGrad ? "variable" : "data") : name;
      return {
        role: i === last ? "result" : node !== null ? "between" : tensor.requiresGrad ? "parameter" : "input",
        operation: node === null ? undefined : operationText(node.rule.name, inputs),
        name: given,
        value: valueText(tensor),
        gradient: gradientText(tensor),
        from: inputs.flatMap((input) => (typeof input === "number" ? [] : [numbers.get(keyOf(input))!])),
      };
    });
    return diagramBundle(nodes, this.toString());
  }
}

/** What stands for a tensor in the graph: views and copies of the object share the operation that made it. */
function keyOf(tensor: Tensor): Tensor | Node {
  return tensor.node ?? tensor;
}

/** Everything behind a result, and itself, each after what it was made from. Without recursion: graphs may be deep. */
function entriesBehind(result: Tensor): Entry[] {
  const order: Entry[] = [];
  const met = new Set<Tensor | Node>([keyOf(result)]);
  const stack: { tensor: Tensor; inputs: readonly Operand[]; next: number }[] = [];
  const open = (tensor: Tensor): void => {
    const inputs = tensor.node?.inputs ?? [];
    if (tensor.node !== null && inputs.length === 0) {
      throw new Error(
        "drawGraph: backward() used this graph up — draw it before, or pass { retainGraph: true } to backward()",
      );
    }
    stack.push({ tensor, inputs, next: 0 });
  };
  open(result);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.next === top.inputs.length) {
      stack.pop();
      order.push({ tensor: top.tensor, node: top.tensor.node, inputs: top.inputs });
      continue;
    }
    const input = top.inputs[top.next++]!;
    if (typeof input === "number" || met.has(keyOf(input))) continue;
    met.add(keyOf(input));
    open(input);
  }
  return order;
}

/** An operation with the plain numbers among its inputs: `pow(·, 3)`. */
function operationText(name: string, inputs: readonly Operand[]): string {
  if (!inputs.some((input) => typeof input === "number")) return name;
  return `${name}(${inputs.map((input) => (typeof input === "number" ? shortNumber(input) : "·")).join(", ")})`;
}

function sizeText({ shape, dtype }: Tensor): string {
  return dtype === "float32" ? formatShape(shape) : `${formatShape(shape)} ${dtype}`;
}

/** A scalar's value, else the shape. */
function valueText(tensor: Tensor): string {
  return tensor.rank === 0 ? shortNumber(tensor.item()) : sizeText(tensor);
}

function gradientText({ grad }: Tensor): string | undefined {
  if (grad === null) return undefined;
  return `grad ${grad.size === 1 ? shortNumber(grad.view()[0]!) : formatShape(grad.shape)}`;
}
