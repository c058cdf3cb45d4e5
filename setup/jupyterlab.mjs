// The Jupyter programs: JupyterLab in .venv for people, everything the kernel is tested under in .venv-test.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { environment, repositoryNode } from "./node.mjs";
import { ensurePython } from "./python.mjs";
import { root, run } from "./run.mjs";

/** Makes .venv, with Lectern's kernel in it; returns its Python. */
export async function ensureJupyterLab() {
  const { prefix, python } = await ensurePython(".venv", ["requirements.txt"], "JupyterLab");
  stayQuiet(join(prefix, "etc", "jupyter"));
  scriptsAreCommonJS(prefix);
  const install = [join(root, "kernel", "cli", "lectern.mjs"), "install", "--prefix", prefix];
  await run(repositoryNode(), install, { env: environment(), stdio: ["ignore", "ignore", 2] });
  return { prefix, python };
}

/** Makes .venv-test: JupyterLab as in .venv, the other programs beside it. The tests install the kernel by themselves. */
export async function ensureTestPrograms() {
  const requirements = ["requirements.txt", "requirements-test.txt"];
  const about = "JupyterLab, nbgrader, papermill and others";
  const { prefix } = await ensurePython(".venv-test", requirements, about, { ownPackage: true });
  scriptsAreCommonJS(prefix);
}

/** Settings in a folder of Jupyter's: JupyterLab neither asks about news nor looks for updates, and leaves `others` out. */
export function stayQuiet(folder, others = []) {
  const disabled = ["@jupyterlab/apputils-extension:announcements", ...others];
  write(join(folder, "labconfig", "page_config.json"), {
    disabledExtensions: Object.fromEntries(disabled.map((name) => [name, true])),
  });
  // Read-only, the extension manager lists what is installed and asks no package index.
  write(join(folder, "jupyter_lab_config.json"), {
    LabApp: { extension_manager: "readonly" },
  });
}

/** JupyterLab brings scripts in CommonJS, which Node would read as modules because our package.json says so. */
function scriptsAreCommonJS(prefix) {
  write(join(prefix, "package.json"), { type: "commonjs" });
}

function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
