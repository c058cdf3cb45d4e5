// From published messages to the outputs of a notebook's cells, as nbclient collects them.
import type { Message } from "../wire/message.ts";
import { type Cell, type MimeData, type Output, textOf } from "./notebook.ts";

/** What the contents of published messages hold, as far as outputs are concerned. */
interface Published {
  name: string;
  text: string;
  data: MimeData;
  metadata: object;
  transient?: { display_id?: string };
  execution_count: number;
  ename: string;
  evalue: string;
  traceback: string[];
  wait: boolean;
}

type DataOutput = Extract<Output, { data: MimeData }>;

/** Outputs of a whole run: a display may be updated from another cell than the one that shows it. */
export class OutputCollector {
  readonly #displays = new Map<string, Set<DataOutput>>();
  /** Cells whose outputs are dropped when the next one arrives: `clear_output` with `wait`. */
  readonly #clearing = new Set<Cell>();

  /** Notes a message that was published for a cell. Returns the output that it added, if any. */
  receive(cell: Cell, message: Message): Output | null {
    const content = message.content as unknown as Published;
    const type = message.header.msg_type;
    if (type === "execute_input") cell.execution_count = content.execution_count;
    if (type === "clear_output") this.#clear(cell, content.wait);
    if (type === "update_display_data") this.#update(displayId(content), content);
    const output = outputOf(type, content);
    if (!output) return null;

    if (this.#clearing.has(cell)) this.#clear(cell, false);
    if ("data" in output) {
      if (output.output_type === "execute_result") cell.execution_count = output.execution_count;
      this.#remember(displayId(content), output);
    }
    add(cell, output);
    return output;
  }

  #clear(cell: Cell, wait: boolean): void {
    if (wait) {
      this.#clearing.add(cell);
      return;
    }
    this.#clearing.delete(cell);
    for (const output of cell.outputs ?? [])
      for (const shown of this.#displays.values()) shown.delete(output as DataOutput);
    cell.outputs = [];
  }

  #remember(id: string | undefined, output: DataOutput): void {
    if (id === undefined) return;
    this.#update(id, output);
    const shown = this.#displays.get(id) ?? new Set();
    this.#displays.set(id, shown.add(output));
  }

  #update(id: string | undefined, { data, metadata }: { data: MimeData; metadata: object }): void {
    if (id === undefined) return;
    for (const shown of this.#displays.get(id) ?? []) Object.assign(shown, { data, metadata });
  }
}

function outputOf(type: string, content: Published): Output | null {
  switch (type) {
    case "stream":
      return { output_type: "stream", name: content.name, text: content.text };
    case "display_data":
      return { output_type: "display_data", data: content.data, metadata: content.metadata };
    case "execute_result": {
      const { data, metadata, execution_count } = content;
      return { output_type: "execute_result", data, metadata, execution_count };
    }
    case "error": {
      const { ename, evalue, traceback } = content;
      return { output_type: "error", ename, evalue, traceback };
    }
    default:
      return null;
  }
}

/** Appends an output; a stream continues the one before it, and a carriage return starts its line anew. */
function add(cell: Cell, output: Output): void {
  cell.outputs ??= [];
  const last = cell.outputs.at(-1);
  if (output.output_type !== "stream") {
    cell.outputs.push(output);
  } else if (last?.output_type === "stream" && last.name === output.name) {
    last.text = overwritten(textOf(last.text) + textOf(output.text));
  } else {
    cell.outputs.push({ ...output, text: overwritten(textOf(output.text)) });
  }
}

function overwritten(text: string): string {
  return text.includes("\r") ? text.replace(/[^\n]*\r(?=[^\r\n])/g, "") : text;
}

function displayId(content: Published): string | undefined {
  return content.transient?.display_id;
}
