// JupyterLab in .venv: the kernelspec, and settings that keep it from asking about news or looking for updates.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { environment, repositoryNode } from "./node.mjs";
import { ensurePython } from "./python.mjs";
import { root, run } from "./run.mjs";

/** Makes .venv, with Lectern's kernel in it; returns its Python. */
export async function ensureJupyterLab() {
  const { prefix, python } = await ensurePython(".venv", "requirements.txt", "JupyterLab");
  stayQuiet(prefix);
  const install = [join(root, "kernel", "cli", "lectern.mjs"), "install", "--prefix", prefix];
  await run(repositoryNode(), install, { env: environment(), stdio: ["ignore", "ignore", 2] });
  return { prefix, python };
}

function stayQuiet(prefix) {
  write(join(prefix, "etc", "jupyter", "labconfig", "page_config.json"), {
    disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true },
  });
  // Read-only, the extension manager lists what is installed and asks no package index.
  write(join(prefix, "etc", "jupyter", "jupyter_lab_config.json"), {
    LabApp: { extension_manager: "readonly" },
  });
  // JupyterLab brings scripts in CommonJS, which Node would read as modules because our package.json says so.
  write(join(prefix, "package.json"), { type: "commonjs" });
}

function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
