// `lectern run`: a notebook from top to bottom through the real kernel, without Python.
import { basename, dirname, resolve } from "node:path";
import { KernelClient } from "./client.ts";
import { CommandError } from "./error.ts";
import { type Cell, type Notebook, type Output, readNotebook, textOf, writeNotebook } from "./notebook.ts";
import { OutputCollector } from "./outputs.ts";

/** Runs the notebook; resolves to the exit code: 1 when a cell failed, which stderr then names. */
export async function run(path: string, options: { output?: string }): Promise<number> {
  const notebook = readNotebook(path);
  refuseOtherLanguages(path, notebook);
  const file = resolve(path);
  const client = await KernelClient.start({ directory: dirname(file), session: file });
  const interrupt = () => void client.interrupt().catch(() => {});
  process.on("SIGINT", interrupt);
  let failure: string | null;
  try {
    notebook.metadata.language_info = (await client.kernelInfo()).language_info as object;
    const printer = options.output === undefined ? new Printer() : null;
    failure = await runCells(notebook, client, printer);
  } finally {
    process.off("SIGINT", interrupt);
    await client.shutdown();
  }
  if (options.output !== undefined) {
    writeNotebook(options.output, notebook);
    console.log(`Wrote ${options.output}`);
  }
  if (failure === null) return 0;
  console.error(`${basename(path)}: ${failure}`);
  return 1;
}

/** Runs the code cells in order until one fails; returns a description of that failure, or null. */
export async function runCells(
  notebook: Notebook,
  client: KernelClient,
  printer: Printer | null,
): Promise<string | null> {
  const collector = new OutputCollector();
  for (const [index, cell] of notebook.cells.entries()) {
    const code = textOf(cell.source);
    const tags = cell.metadata.tags ?? [];
    if (cell.cell_type !== "code" || code.trim() === "" || tags.includes("skip-execution")) continue;
    const mayFail = tags.includes("raises-exception");
    cell.outputs = [];
    cell.execution_count = null;
    try {
      const reply = await client.execute(code, !mayFail, (message) => {
        const output = collector.receive(cell, message);
        if (output) printer?.add(output);
      });
      printer?.flush();
      if (reply.status !== "ok" && !mayFail)
        return `${nameOf(cell, index)} failed\n  ${reply.ename}: ${reply.evalue}`;
    } catch (error) {
      // The kernel itself is gone: no cell after this one can run, but what there is can still be written.
      if (error instanceof CommandError) return `${nameOf(cell, index)} failed\n  ${error.message}`;
      throw error;
    }
  }
  return null;
}

function nameOf(cell: Cell, index: number): string {
  const firstLine = textOf(cell.source).trimStart().split("\n", 1)[0];
  return `cell ${index + 1}${cell.id === undefined ? "" : ` (id ${cell.id})`} “${firstLine}”`;
}

/** Prints outputs as they come; a display waits for what comes after it, so that a progress bar is printed once, when full. */
class Printer {
  #display: Output | null = null;

  add(output: Output): void {
    this.flush();
    if (output.output_type === "display_data") this.#display = output;
    else print(output);
  }

  flush(): void {
    if (this.#display) print(this.#display);
    this.#display = null;
  }
}

function print(output: Output): void {
  if (output.output_type === "stream") {
    (output.name === "stderr" ? process.stderr : process.stdout).write(textOf(output.text));
  } else if (output.output_type === "error") {
    console.error(output.traceback.join("\n"));
  } else {
    console.log(textOf(output.data["text/plain"] as string));
  }
}

function refuseOtherLanguages(path: string, notebook: Notebook): void {
  const { name, language } = notebook.metadata.kernelspec ?? {};
  if (language === undefined || /^(typescript|javascript)$/i.test(language)) return;
  throw new CommandError(`${path} is a notebook for the kernel “${name}” (${language}), not for TypeScript.`);
}
