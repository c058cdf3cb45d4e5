// What a graph of scalars shows: its steps as rows of a table, its numbers as text, and the picture.
import type { DiagramNode } from "../plot/diagram.ts";
import { shortNumber } from "../plot/number.ts";
import { graphOf, type Scalar } from "./scalar.ts";

/** A row of the forward pass. */
export interface ForwardStep {
  node: string;
  /** "input", or how it is computed: `x × y`. */
  formula: string;
  /** The same with numbers: `2 × 3`. */
  numbers: string;
  value: number;
}

/** A row of the backward pass. */
export interface BackwardStep {
  node: string;
  /** The chain rule: `∂f/∂V × ∂V/∂x`. */
  chain: string;
  /** The same with numbers: `5 × 3`. */
  numbers: string;
  /** What this step adds to the gradient of the node. */
  adds: number;
  /** The gradient so far; the last row of a node has all of it. */
  gradient: number;
}

/** Names for all numbers of a graph: their own, v1, v2, … for results without one, the value for inputs without one. */
function namesOf(order: readonly Scalar[]): Map<Scalar, string> {
  const taken = new Set(order.map((node) => node.name));
  const names = new Map<Scalar, string>();
  let count = 0;
  for (const node of order) {
    let name = node.name ?? (node.operation === null ? withMinus(node.value) : "");
    while (name === "" || (node.name === null && node.operation !== null && taken.has(name)))
      name = `v${++count}`;
    names.set(node, name);
  }
  return names;
}

function withMinus(value: number): string {
  return shortNumber(value).replace(/^-/, "−");
}

/** A number as a factor or argument: negative ones in brackets. */
function factor(value: number): string {
  return value < 0 ? `(${withMinus(value)})` : withMinus(value);
}

export function computeSteps(result: Scalar): ForwardStep[] {
  const order = graphOf(result);
  const names = namesOf(order);
  return order.map((node) => ({
    node: names.get(node)!,
    formula: node.operation?.write(...node.inputs.map((input) => names.get(input)!)) ?? "input",
    numbers:
      node.operation?.write(...node.inputs.map((input) => factor(input.value))) ?? withMinus(node.value),
    value: node.value,
  }));
}

export function chainSteps(result: Scalar): BackwardStep[] {
  const order = graphOf(result);
  const names = namesOf(order);
  const end = names.get(result)!;
  const gradients = new Map<Scalar, number>([[result, 1]]);
  const steps: BackwardStep[] = [{ node: end, chain: `∂${end}/∂${end}`, numbers: "1", adds: 1, gradient: 1 }];
  for (const node of order.reverse()) {
    const incoming = gradients.get(node)!;
    node.inputs.forEach((input, i) => {
      const slope = node.slopes[i]!;
      const gradient = (gradients.get(input) ?? 0) + incoming * slope;
      gradients.set(input, gradient);
      steps.push({
        node: names.get(input)!,
        chain: `∂${end}/∂${names.get(node)} × ∂${names.get(node)}/∂${names.get(input)}`,
        numbers: `${factor(incoming)} × ${factor(slope)}`,
        adds: incoming * slope,
        gradient,
      });
    });
  }
  return steps;
}

export function tableOf(result: Scalar): string {
  const order = graphOf(result);
  const steps = computeSteps(result);
  const showsGradients = result.hasGradient && result.gradient === 1;
  const end = steps.at(-1)!.node;
  const rows = steps.map(({ node, formula, value }, i) => {
    const row = [node, formula, withMinus(value)];
    return showsGradients ? [...row, withMinus(order[i]!.gradient)] : row;
  });
  const header = ["", "computed as", "value", ...(showsGradients ? [`∂${end}/∂`] : [])];
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "),
    )
    .join("\n");
}

/** The picture and the table. The drawing code is only loaded when something is shown. */
export async function bundleOf(result: Scalar): Promise<Record<string, unknown>> {
  const { diagramBundle } = await import("../plot/diagram.ts");
  const order = graphOf(result);
  const names = namesOf(order);
  const numbers = new Map(order.map((node, i) => [node, i]));
  const end = names.get(result)!;
  const showsGradients = result.hasGradient && result.gradient === 1;
  const nodes = order.map(
    (node): DiagramNode => ({
      role: node === result ? "result" : node.operation === null ? "input" : "between",
      operation: node.operation?.sign,
      value: `${names.get(node)} = ${withMinus(node.value)}`,
      gradient: showsGradients ? `∂${end}/∂${names.get(node)} = ${withMinus(node.gradient)}` : undefined,
      from: node.inputs.map((input) => numbers.get(input)!),
    }),
  );
  return diagramBundle(nodes, tableOf(result));
}
