// `npm start`: prepares what is missing, then opens JupyterLab on notebooks/. Options are JupyterLab's own:
// npm start -- --no-browser --port 9999

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { ensureJupyterLab } from "./jupyterlab.mjs";
import { ensureDependencies, environment } from "./node.mjs";
import { exitCode, main, root, say } from "./run.mjs";

await main(async () => {
  await ensureDependencies();
  await build();
  const { python } = await ensureJupyterLab();

  const notebooks = join(root, "notebooks");
  mkdirSync(notebooks, { recursive: true });
  const options = [`--ServerApp.root_dir=${notebooks}`, ...process.argv.slice(2)];
  // Jupyter refuses root unless told; in a container root is often all there is.
  if (process.getuid?.() === 0) options.unshift("--allow-root");

  say("opening JupyterLab on notebooks/ (stop it with Ctrl-C)");
  // Ctrl-C reaches JupyterLab too, which asks what to do: it decides when this program ends.
  process.on("SIGINT", () => {});
  return exitCode(python, ["-m", "jupyterlab", ...options], {
    cwd: notebooks,
    env: environment(),
    stdio: "inherit",
  });
});
