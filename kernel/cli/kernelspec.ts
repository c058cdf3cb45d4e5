// Kernelspecs: the folders in which Jupyter looks for them, and what one of ours holds.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "./error.ts";

/** For this user, for the active Python environment, or below a prefix of one's own. */
export type Place = "user" | "sys-prefix" | { prefix: string };

export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: string;
  kernel_protocol_version: string;
  env: Record<string, string>;
  /** `lectern` marks a spec as ours: uninstall removes no other. */
  metadata: { debugger: boolean; supported_encryption?: string[]; lectern?: { version: string } };
}

export const defaultName = "lectern";

/** The kernel's program, as the kernelspec names it. */
export const kernelProgram = fileURLToPath(new URL("../main.ts", import.meta.url));

/** The folder that holds one folder a kernel, for a place. */
export function kernelsFolder(place: Place): string {
  if (place === "user") return join(userData(), "kernels");
  const prefix = place === "sys-prefix" ? sysPrefix() : resolve(place.prefix);
  return join(prefix, "share", "jupyter", "kernels");
}

/** Every folder in which Jupyter may find kernels, most important first (jupyter_core.paths.jupyter_path). */
export function searchedFolders(): string[] {
  const named = (process.env.JUPYTER_PATH ?? "").split(delimiter).filter(Boolean);
  const prefix = findSysPrefix();
  const environment = prefix === null ? [] : [join(prefix, "share", "jupyter")];
  const system =
    process.platform === "win32"
      ? [join(process.env.PROGRAMDATA ?? "C:\\ProgramData", "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  const folders = [...named, userData(), ...environment, ...system].map((folder) => join(folder, "kernels"));
  return [...new Set(folders)];
}

/** The kernel.json in a kernel's folder, or null when there is none that can be read. */
export function readSpec(folder: string): KernelSpec | null {
  try {
    return JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
  } catch {
    return null;
  }
}

/** Whether `lectern install` wrote this spec. */
export function isOurs(spec: KernelSpec): boolean {
  return typeof spec.metadata?.lectern?.version === "string";
}

/** The folder of the kernel named `name` among `kernels`; refuses names that Jupyter would not find. */
export function specFolder(kernels: string, name: string): string {
  if (!/^[a-z0-9._-]+$/i.test(name) || /^\.+$/.test(name))
    throw new CommandError(`“${name}” cannot be a kernel's name: use letters, digits, “.”, “_” and “-”.`);
  return join(kernels, name.toLowerCase());
}

function userData(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return resolve(JUPYTER_DATA_DIR);
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}

function sysPrefix(): string {
  const prefix = findSysPrefix();
  if (prefix !== null) return prefix;
  throw new CommandError(
    "--sys-prefix: no Python environment is active and there is no python3 to ask.\n" +
      "Activate the environment that has JupyterLab, or name its folder with --prefix.",
  );
}

function findSysPrefix(): string | null {
  const { VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  if (VIRTUAL_ENV) return VIRTUAL_ENV;
  if (CONDA_PREFIX) return CONDA_PREFIX;
  const python = process.platform === "win32" ? "python" : "python3";
  const { status, stdout } = spawnSync(python, ["-c", "import sys; print(sys.prefix)"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}
