// `npm run bench`: prepares the peers in .venv-bench and test/bench/peers, then measures Lectern against them.
// `npm run --silent bench -- --json` prints JSON and nothing else (npm itself prints two lines without --silent).

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { ensureDependencies, environment, installLocked, repositoryNode } from "./node.mjs";
import { ensurePython } from "./python.mjs";
import { exitCode, main, root, SetupError, say } from "./run.mjs";
import { hash, unlessStamped } from "./stamp.mjs";

await main(async () => {
  const options = process.argv.slice(2);
  const unknown = options.find((option) => option !== "--json");
  if (unknown) throw new SetupError(`“${unknown}”? The one option is --json.`);
  await ensureDependencies();
  await build();
  const { python } = await ensurePython(".venv-bench", ["requirements-bench.txt"], "PyTorch and ipykernel");
  await ensurePeers();
  const bench = join(root, "test", "bench", "bench.ts");
  return exitCode(repositoryNode(), [bench, python, ...options], { env: environment(), stdio: "inherit" });
});

/** The other TypeScript kernel and library, away from our own dependencies. */
async function ensurePeers() {
  const folder = join(root, "test", "bench", "peers");
  const lock = readFileSync(join(folder, "package-lock.json"));
  await unlessStamped(join(folder, "node_modules", "lectern-stamp"), hash([lock]), async () => {
    say("installing tslab and TensorFlow.js (once)");
    await installLocked(folder);
  });
}
