// The table of a model's layers: output shapes and numbers of parameters, as text and as HTML.
import { DISPLAY, escapeMarkup, type MimeBundle } from "../plot/bundle.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Layer } from "./layer.ts";
import type { ModelNode } from "./modelNode.ts";

/** One layer of a summary. */
export interface SummaryRow {
  name: string;
  kind: string;
  /** The shape of one output sample; null as long as the model has not seen an input. */
  outputShape: Shape | null;
  /** null as long as the model has not seen an input. */
  parameters: number | null;
  /** The layers that its inputs come from, in a functional model. */
  connectedTo?: readonly string[];
}

/** What a summary needs of a model. */
export interface Summarized extends Layer {
  readonly nodes: readonly ModelNode[];
  /** Whether the layers can be connected in any way, so that the table says how they are. */
  readonly isGraph: boolean;
}

/** What `model.summary()` gives: shown as a table, and the numbers in it. */
export class ModelSummary {
  readonly model: string;
  readonly rows: readonly SummaryRow[];
  readonly trainableParameters: number;
  readonly nonTrainableParameters: number;

  constructor(model: Summarized) {
    const { nodes, isGraph } = model;
    this.model = model.name;
    const rows = new Map<Layer, SummaryRow>();
    for (const { name, kind, layer, outputShape, from } of nodes) {
      const sources = from.map((source) => nodes[source].name);
      const known = isGraph && rows.get(layer);
      // A shared layer has one row, with the inputs of all its calls.
      if (known) known.connectedTo = [...(known.connectedTo ?? []), ...sources];
      else {
        const parameters = layer.isBuilt ? layer.parameterCount : null;
        const row = { name, kind, outputShape, parameters };
        rows.set(isGraph ? layer : ({} as Layer), isGraph ? { ...row, connectedTo: sources } : row);
      }
    }
    this.rows = [...rows.values()];
    this.trainableParameters = model.trainableCount;
    this.nonTrainableParameters = model.parameterCount - model.trainableCount;
  }

  /** All parameters, trainable or not. */
  get totalParameters(): number {
    return this.trainableParameters + this.nonTrainableParameters;
  }

  toString(): string {
    const cells = [this.#header, ...this.rows.map(rowCells)];
    const widths = this.#header.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
    const lines = cells.map((row) =>
      row
        .map((cell, i) => (i === 2 ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
        .join("  ")
        .trimEnd(),
    );
    const rule = "─".repeat(widths.reduce((total, width) => total + width + 2, -2));
    return [`Model: "${this.model}"`, rule, lines[0], rule, ...lines.slice(1), rule, ...this.#totals()].join(
      "\n",
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [DISPLAY](): MimeBundle {
    const style = ' style="text-align: left"';
    const cell = (tag: string, text: string, column: number) =>
      `<${tag}${column === 2 ? "" : style}>${escapeMarkup(text)}</${tag}>`;
    const line = (tag: string, cells: readonly string[]) =>
      `<tr>${cells.map((text, column) => cell(tag, text, column)).join("")}</tr>`;
    const html =
      `<table><caption>Model: ${escapeMarkup(this.model)}</caption>` +
      `<thead>${line("th", this.#header)}</thead>` +
      `<tbody>${this.rows.map((row) => line("td", rowCells(row))).join("")}</tbody></table>` +
      `<p>${this.#totals().join("<br>")}</p>`;
    return { "text/html": html, "text/plain": this.toString() };
  }

  get #header(): string[] {
    const isGraph = this.rows.some((row) => row.connectedTo);
    return ["Layer (type)", "Output shape", "Param #", ...(isGraph ? ["Connected to"] : [])];
  }

  #totals(): string[] {
    const lines = [
      `Total params: ${thousands(this.totalParameters)}`,
      `Trainable params: ${thousands(this.trainableParameters)}`,
      `Non-trainable params: ${thousands(this.nonTrainableParameters)}`,
    ];
    const isBuilt = this.rows.every((row) => row.parameters !== null);
    return isBuilt
      ? lines
      : [...lines, "(not built yet: give the first layer an inputShape, or call the model once)"];
  }
}

function rowCells({ name, kind, outputShape, parameters, connectedTo }: SummaryRow): string[] {
  return [
    `${name} (${kind})`,
    outputShape ? `[${["batch", ...outputShape].join(", ")}]` : "?",
    parameters === null ? "?" : thousands(parameters),
    ...(connectedTo ? [connectedTo.join(", ")] : []),
  ];
}

function thousands(count: number): string {
  return count.toLocaleString("en-US");
}
