// The files and packages that cells import, on disk: which have changed, and why one was not found.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { closest } from "./spelling.ts";

const ENDINGS = ["", ".ts", ".tsx", ".mts", ".js", ".mjs", ".json", ".d.ts", "/index.ts", "/index.js"];
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])([^"'\n]+)\1/g;

/** As the protocol numbers them. */
export type FileEvent = {
  readonly file: string;
  readonly type: typeof CREATED | typeof CHANGED | typeof DELETED;
};
const CREATED = 1;
const CHANGED = 2;
const DELETED = 3;

/** The server watches nothing itself. Here the imports of the cells, and those of the files behind them, are looked at. */
export class ImportedFiles {
  readonly #directory: string;
  /** Path → time of its last change; 0 as long as it is missing. */
  readonly #times = new Map<string, number>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** What has changed since the last call among all that was imported so far; `source` may import more. */
  changes(source: string): FileEvent[] {
    this.#watchImports(source, this.#directory);
    const events: FileEvent[] = [];
    for (const [file, old] of this.#times) {
      const time = modified(file);
      if (time === old) continue;
      this.#times.set(file, time);
      events.push({ file, type: time === 0 ? DELETED : old === 0 ? CREATED : CHANGED });
      if (time > 0) this.#watchImportsOf(file);
    }
    return events;
  }

  #watchImports(source: string, directory: string): void {
    for (const specifier of specifiersIn(source)) {
      for (const file of candidates(specifier, directory)) {
        if (this.#times.has(file)) continue;
        this.#times.set(file, modified(file));
        this.#watchImportsOf(file);
      }
    }
  }

  #watchImportsOf(file: string): void {
    if (/\.[mc]?tsx?$/.test(file) && !file.includes("node_modules") && modified(file) > 0)
      this.#watchImports(readFileSync(file, "utf8"), dirname(file));
  }
}

/** Why a module was not found and what would be right; null if the file is there, so that only its types are missing. */
export function explainMissing(specifier: string, directory: string): string | null {
  if (!isPath(specifier)) {
    const name = packageName(specifier);
    const installed = packageFolders(directory).some((folder) => existsSync(join(folder, name)));
    if (specifier.startsWith("node:") || isBuiltin(name)) return `Node has no module '${specifier}'.`;
    if (installed) return `The package '${name}' is installed, but it has no module '${specifier}'.`;
    return `The package '${name}' is not installed in ${directory}: npm install ${name}`;
  }
  const path = resolve(directory, specifier);
  if (existsSync(path) && statSync(path).isFile()) return null;
  const similar = similarFile(path);
  const hint = similar
    ? ` Did you mean '${specifier.slice(0, specifier.lastIndexOf("/") + 1)}${similar}'?`
    : "";
  return `There is no file '${specifier}' in ${directory}.${hint}`;
}

/** The packages that an import in a folder can name. */
export function installedPackages(directory: string): string[] {
  const names = new Set<string>();
  for (const folder of packageFolders(directory)) {
    for (const name of entries(folder)) {
      if (name.startsWith("@"))
        for (const inner of entries(join(folder, name))) names.add(`${name}/${inner}`);
      else if (!name.startsWith(".")) names.add(name);
    }
  }
  return [...names].filter((name) => !name.startsWith("@types/"));
}

function specifiersIn(source: string): string[] {
  return [...source.matchAll(SPECIFIER)].map((match) => match[2] as string);
}

function candidates(specifier: string, directory: string): string[] {
  if (specifier.startsWith("node:")) return [];
  if (!isPath(specifier)) {
    const name = packageName(specifier);
    return packageFolders(directory).flatMap((folder) => [join(folder, name), join(folder, "@types", name)]);
  }
  const path = resolve(directory, specifier);
  return [...ENDINGS.map((ending) => path + ending), path.replace(/\.js$/, ".ts")];
}

function packageFolders(directory: string): string[] {
  const folder = join(directory, "node_modules");
  const parent = dirname(directory);
  return parent === directory ? [folder] : [folder, ...packageFolders(parent)];
}

function isPath(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier) || specifier === "." || specifier === "..";
}

function packageName(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}

/** The time of a file's last change; 0 if there is none. */
export function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A file beside the missing one whose name differs by its ending, by case or by a letter or two. */
function similarFile(path: string): string | undefined {
  const near = entries(dirname(path)).filter((name) => !name.startsWith("__notebook_"));
  const similar = closest(stem(path), near.map(stem));
  return near.find((name) => stem(name) === similar);
}

function stem(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return name.slice(0, name.length - extname(name).length);
}
