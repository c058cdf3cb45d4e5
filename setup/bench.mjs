// `npm run bench`: prepares the peers in .venv-bench, then measures Lectern against them.
// `npm run --silent bench -- --json` prints JSON and nothing else (npm itself prints two lines without --silent).

import { join } from "node:path";
import { build } from "./build.mjs";
import { ensureDependencies, environment, repositoryNode } from "./node.mjs";
import { ensurePython } from "./python.mjs";
import { exitCode, main, root, SetupError } from "./run.mjs";

await main(async () => {
  const options = process.argv.slice(2);
  const unknown = options.find((option) => option !== "--json");
  if (unknown) throw new SetupError(`“${unknown}”? The one option is --json.`);
  await ensureDependencies();
  await build();
  const { python } = await ensurePython(".venv-bench", "requirements-bench.txt", "PyTorch and ipykernel");
  const bench = join(root, "test", "bench", "bench.ts");
  return exitCode(repositoryNode(), [bench, python, ...options], { env: environment(), stdio: "inherit" });
});
