// `lectern install`: writes the kernelspec with absolute paths, so that neither PATH nor Python matters when it starts.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "./error.ts";
import {
  defaultName,
  isOurs,
  type KernelSpec,
  kernelProgram,
  kernelsFolder,
  type Place,
  readSpec,
  specFolder,
} from "./kernelspec.ts";
import { version } from "./version.ts";

const template = new URL("../../kernel.json", import.meta.url);
const icons = fileURLToPath(new URL("./icons/", import.meta.url));

export function install(options: { place: Place; name?: string; displayName?: string }): number {
  const name = options.name ?? defaultName;
  const folder = specFolder(kernelsFolder(options.place), name);
  const present = readSpec(folder);
  if (present && !isOurs(present))
    throw new CommandError(
      `${folder} holds another kernel (${present.display_name}). Choose a different --name, or remove it first.`,
    );

  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec(options.displayName), null, 2)}\n`);
    for (const icon of readdirSync(icons)) copyFileSync(join(icons, icon), join(folder, icon));
  } catch (error) {
    throw new CommandError(
      `The kernel cannot be installed: ${error instanceof Error ? error.message : error}`,
    );
  }
  console.log(`Installed the kernel “${name.toLowerCase()}” in ${folder}`);
  return 0;
}

/** kernel.json filled in: this very Node, this very kernel. */
function spec(displayName?: string): KernelSpec {
  const filled: KernelSpec = JSON.parse(readFileSync(template, "utf8"));
  const values: Record<string, string> = { "{node}": process.execPath, "{kernel}": kernelProgram };
  filled.argv = filled.argv.map((word) => values[word] ?? word);
  if (displayName !== undefined) filled.display_name = displayName;
  filled.metadata = { ...filled.metadata, lectern: { version } };
  return filled;
}
