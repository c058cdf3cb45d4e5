// The table of a model's layers: output shapes and numbers of parameters, as text and as HTML.
import { escapeMarkup } from "../plot/bundle.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Layer } from "./layer.ts";

/** One layer of a summary. */
export interface SummaryRow {
  name: string;
  kind: string;
  /** The shape of one output sample; null as long as the model has not seen an input. */
  outputShape: Shape | null;
  /** null as long as the model has not seen an input. */
  parameters: number | null;
}

/** What `model.summary()` gives: shown as a table, and the numbers in it. */
export class ModelSummary {
  readonly model: string;
  readonly rows: readonly SummaryRow[];
  readonly trainableParameters: number;
  readonly nonTrainableParameters: number;

  constructor(model: Layer & { readonly layers: readonly Layer[] }) {
    this.model = model.name;
    this.rows = model.layers.map((layer) => ({
      name: layer.name,
      kind: layer.kind,
      outputShape: layer.inputShape && layer.outputShape(layer.inputShape),
      parameters: layer.inputShape && layer.parameterCount,
    }));
    this.trainableParameters = model.trainableCount;
    this.nonTrainableParameters = model.parameterCount - model.trainableCount;
  }

  /** All parameters, trainable or not. */
  get totalParameters(): number {
    return this.trainableParameters + this.nonTrainableParameters;
  }

  toString(): string {
    const cells = [["Layer (type)", "Output shape", "Param #"], ...this.rows.map(rowCells)];
    const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
    const lines = cells.map(
      ([layer, shape, count]) =>
        `${layer.padEnd(widths[0])}  ${shape.padEnd(widths[1])}  ${count.padStart(widths[2])}`,
    );
    const rule = "─".repeat(lines[0].length);
    return [`Model: "${this.model}"`, rule, lines[0], rule, ...lines.slice(1), rule, ...this.#totals()].join(
      "\n",
    );
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [Symbol.for("Jupyter.display")](): Record<string, unknown> {
    const style = ' style="text-align: left"';
    const body = this.rows.map(rowCells).map(([layer, shape, count]) => {
      return `<tr><td${style}>${escapeMarkup(layer)}</td><td${style}>${escapeMarkup(shape)}</td><td>${count}</td></tr>`;
    });
    const html =
      `<table><caption>Model: ${escapeMarkup(this.model)}</caption>` +
      `<thead><tr><th${style}>Layer (type)</th><th${style}>Output shape</th><th>Param #</th></tr></thead>` +
      `<tbody>${body.join("")}</tbody></table><p>${this.#totals().join("<br>")}</p>`;
    return { "text/html": html, "text/plain": this.toString() };
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

function rowCells({ name, kind, outputShape, parameters }: SummaryRow): [string, string, string] {
  return [
    `${name} (${kind})`,
    outputShape ? `[batch, ${outputShape.join(", ")}]` : "?",
    parameters === null ? "?" : thousands(parameters),
  ];
}

function thousands(count: number): string {
  return count.toLocaleString("en-US");
}
