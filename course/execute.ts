// Runs lectures from top to bottom through the kernel, two at a time.
import { dirname } from "node:path";
import { KernelClient } from "../kernel/cli/client.ts";
import { type Notebook, readNotebook } from "../kernel/cli/notebook.ts";
import { runCells } from "../kernel/cli/run.ts";

/** A kernel that trains keeps every core busy by itself; the second one fills the pauses. */
const AT_ONCE = 2;

/** A lecture with its outputs. */
export interface Executed {
  /** Where the lecture stands, without outputs. */
  readonly path: string;
  readonly notebook: Notebook;
  /** What went wrong, if something did: the cells behind it have not run. */
  readonly failure: string | null;
}

/** Runs the lectures; `told` hears of each that begins. The results are in the order of the paths. */
export async function executeAll(
  paths: readonly string[],
  told: (path: string) => void,
): Promise<Executed[]> {
  const results: Executed[] = new Array(paths.length);
  const waiting = paths.entries();
  const work = async () => {
    for (const [i, path] of waiting) {
      told(path);
      [results[i]] = (await execute(path)) as [Executed];
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

/** Runs a lecture in its own folder, from where its cells import; `times` in the same kernel, as "Run all" does. */
export async function execute(path: string, times = 1): Promise<Executed[]> {
  const results: Executed[] = [];
  const client = await KernelClient.start({ directory: dirname(path), session: path });
  try {
    while (results.length < times) {
      const notebook = readNotebook(path);
      results.push({ path, notebook, failure: await runCells(notebook, client, null) });
    }
  } finally {
    await client.shutdown();
  }
  return results;
}
