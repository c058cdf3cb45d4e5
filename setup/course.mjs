// `npm run course`: prepares what is missing, then runs every lecture and writes the pages of the course into build/course/.
// `npm run course -- --missing` also lists the rows that no lecture reproduces yet.

import { join } from "node:path";
import { build } from "./build.mjs";
import { ensureJupyterLab } from "./jupyterlab.mjs";
import { ensureDependencies, environment, repositoryNode } from "./node.mjs";
import { exitCode, main, root, SetupError } from "./run.mjs";

await main(async () => {
  const options = process.argv.slice(2);
  const unknown = options.find((option) => option !== "--missing");
  if (unknown) throw new SetupError(`“${unknown}”? The one option is --missing.`);
  await ensureDependencies();
  await build();
  const { python } = await ensureJupyterLab();
  const course = join(root, "course", "course.ts");
  return exitCode(repositoryNode(), [course, python, ...options], { env: environment(), stdio: "inherit" });
});
