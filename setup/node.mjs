// The npm dependencies and the repository's own Node, which runs everything once it is there.

import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { download, onWindows, root, SetupError, say } from "./run.mjs";

const modules = join(root, "node_modules");
const nodePackage = join(modules, "node");

/** Installs the locked npm dependencies when they are missing or older than the lockfile. */
export async function ensureDependencies() {
  if (!installedAfterLockfile()) {
    say("installing the npm dependencies (once; a minute or two)");
    await installLocked(root);
  }
  // npm may be set up not to run install scripts; the package `node` needs its one to fetch the program.
  if (!findNode()) {
    say("fetching the repository's own Node");
    await download(process.env.npm_node_execpath ?? process.execPath, ["installArchSpecificPackage.js"], {
      cwd: nodePackage,
    });
  }
}

/** Installs what a folder's lockfile names. */
export async function installLocked(folder) {
  const [npm, args, options] = npmCommand(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  await download(npm, args, { ...options, cwd: folder });
}

/** The repository's own Node: cells, tests and benchmarks all run on this one version. */
export function repositoryNode() {
  const node = findNode();
  if (!node) throw new SetupError("node_modules/node holds no program. Please run: npm ci");
  return node;
}

/** The environment in which `node` means the repository's own, also for programs that are started in turn. */
export function environment(extra = {}) {
  const path = Object.keys(process.env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const folders = [join(nodePackage, "bin"), process.env[path] ?? ""];
  return { ...process.env, [path]: folders.join(onWindows ? ";" : ":"), ...extra };
}

function findNode() {
  const names = onWindows ? ["node.exe"] : ["node"];
  return names.map((name) => join(nodePackage, "bin", name)).find((file) => existsSync(file));
}

function installedAfterLockfile() {
  const installed = join(modules, ".package-lock.json");
  return existsSync(installed) && modified(installed) >= modified(join(root, "package-lock.json"));
}

function modified(file) {
  return statSync(file).mtimeMs;
}

function npmCommand(args) {
  // Under `npm start`, npm says where it is; this avoids npm.cmd, which Windows starts only through a shell.
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm?.endsWith(".js")) return [node ?? process.execPath, [npm, ...args], {}];
  return ["npm", args, { shell: onWindows }];
}
