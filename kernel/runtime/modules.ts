// Where the modules of a cell come from: the notebook's folder, full TypeScript included, and this package as `lectern`.
import { existsSync, readFileSync } from "node:fs";
import { createRequire, type LoadHookSync, type ResolveHookSync, registerHooks } from "node:module";
import { basename, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";
import type { TransformFailure } from "esbuild";
import type { ImportBinding, ImportRequest } from "../cell/compile.ts";
import { explainMissing } from "../language/modules.ts";
import { beginImport, importFailed, noteImport, noteLoad, versionOf, withImports } from "./versions.ts";

const PACKAGE = new URL("../../package.json", import.meta.url);
const LIBRARY = new URL("../../lib/", import.meta.url).href;
const NOTEBOOK = join(process.cwd(), "notebook.ts");
const TYPESCRIPT = /\.[mc]?tsx?$/;
const MODULE = /\.(?:[mc]?[jt]sx?|json)$/;
const VERSION = "lectern-version";

/** `import.meta` of the cells: that of a module `notebook.ts` in the notebook's folder. */
export const notebookMeta = {
  url: pathToFileURL(NOTEBOOK).href,
  dirname: process.cwd(),
  filename: NOTEBOOK,
  resolve(specifier: string): string {
    if (/^(\.{0,2}\/|[a-z]+:)/.test(specifier)) return new URL(specifier, notebookMeta.url).href;
    return pathToFileURL(createRequire(NOTEBOOK).resolve(specifier)).href;
  },
};

const importFromNotebook = new vm.Script("(specifier, options) => import(specifier, options)", {
  filename: NOTEBOOK,
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as (specifier: string, options?: object) => Promise<Record<string, unknown>>;

export function installModules(): void {
  registerHooks({ resolve, load });
  Object.defineProperty(globalThis, "require", {
    value: requireFromNotebook(),
    configurable: true,
    writable: true,
  });
}

/** `require` of the cells: a file of the user's that has changed, or imports one that has, is loaded anew. */
function requireFromNotebook(): NodeJS.Require {
  const original = createRequire(NOTEBOOK);
  /** File → its version when it was loaded. */
  const loaded = new Map<string, number>();
  const load = (id: string): unknown => {
    const path = original.resolve(id);
    const url = isAbsolute(path) ? pathToFileURL(path).href : "";
    if (!isUsers(url)) return original(id);
    for (const file of withImports(url)) {
      const version = versionOf(file);
      if (loaded.get(file) !== version) delete original.cache[fileURLToPath(file)];
      loaded.set(file, version);
    }
    return original(id);
  };
  return Object.assign(load, original);
}

/** The failure of an import statement, with the stack line that leads to it. */
export class FailedImport {
  readonly thrown: unknown;
  readonly #frame: string;

  constructor(thrown: unknown, frame: string) {
    this.thrown = thrown;
    this.#frame = frame;
  }

  /** Without any code of the value: it may be a proxy that throws. */
  static is(value: unknown): value is FailedImport {
    return typeof value === "object" && value !== null && #frame in value;
  }

  get frame(): string {
    return this.#frame;
  }
}

/** Loads the imports of a cell, in order; gives the values of all their bindings as one list. Throws FailedImport. */
export async function loadImports(imports: readonly ImportRequest[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const { specifier, options, bindings, frame } of imports) {
    beginImport();
    try {
      const namespace = await importFromNotebook(specifier, options);
      for (const binding of bindings) values.push(boundValue(namespace, binding, specifier));
    } catch (error) {
      importFailed();
      throw new FailedImport(error, frame);
    }
  }
  return values;
}

function boundValue(namespace: Record<string, unknown>, binding: ImportBinding, specifier: string): unknown {
  const { imported, required } = binding;
  if (imported === "*") return namespace;
  if (imported in namespace) return namespace[imported];
  const commonJs = "module.exports" in namespace ? namespace.default : null;
  if (commonJs !== null && (typeof commonJs === "object" || typeof commonJs === "function")) {
    if (imported in (commonJs as object)) return (commonJs as Record<string, unknown>)[imported];
  }
  if (required) {
    throw new SyntaxError(
      `The requested module '${specifier}' does not provide an export named '${imported}'`,
    );
  }
  return undefined;
}

const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  const parentURL = withoutVersion(context.parentURL);
  const resolved = resolveFile(specifier, { ...context, parentURL }, nextResolve);
  const { url } = resolved;
  if (!isUsers(url) || (/\.c?js$/.test(url) && resolved.format !== "module")) return resolved;
  if (parentURL !== undefined && isUsers(parentURL)) noteImport(parentURL, url);
  if (context.conditions.includes("require"))
    return TYPESCRIPT.test(url) ? { ...resolved, format: "commonjs" } : resolved;
  const versioned = { ...resolved, url: `${url}?${VERSION}=${versionOf(url)}` };
  if (url.endsWith(".json")) return { ...versioned, importAttributes: { type: "json" } };
  return TYPESCRIPT.test(url) ? { ...versioned, format: "module" } : versioned;
};

/** As Node does, and then: `./x` and `./x.js` find `./x.ts`, and `lectern` is this package if the folder has none. */
const resolveFile: ResolveHookSync = (specifier, context, nextResolve) => {
  try {
    return nextResolve(specifier, context);
  } catch (error) {
    for (const [other, parentURL] of alternatives(specifier, context.parentURL)) {
      try {
        return nextResolve(other, { ...context, parentURL });
      } catch {
        // the first error says what the user wrote
      }
      noteMissing(other, context.parentURL);
    }
    noteMissing(specifier, context.parentURL);
    explain(error, specifier, context.parentURL);
    throw error;
  }
};

/** A file that is not there may be made: then its importer is loaded anew. */
function noteMissing(specifier: string, parentURL: string | undefined): void {
  if (parentURL === undefined || !isUsers(parentURL) || !/^\.{0,2}\//.test(specifier)) return;
  noteImport(parentURL, new URL(specifier, parentURL).href);
}

/** Says what to do about a module that is not there, for an import in the user's own code. */
function explain(error: unknown, specifier: string, parentURL: string | undefined): void {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") return;
  const parent = parentURL?.startsWith("file:") ? parentURL : notebookMeta.url;
  if (parent.includes("/node_modules/") || specifier.startsWith("file:")) return;
  const reason = explainMissing(specifier, dirname(fileURLToPath(new URL("./-", parent))));
  if (reason !== null) (error as Error).message = reason;
}

function* alternatives(
  specifier: string,
  parentURL: string | undefined,
): Generator<[string, string | undefined]> {
  if (specifier === "lectern" || specifier.startsWith("lectern/")) yield [specifier, PACKAGE.href];
  if (!/^\.{0,2}\//.test(specifier) && !specifier.startsWith("file:")) return;
  const [, bare = specifier, kind = ""] = /^(.*)\.([cm]?)jsx?$/.exec(specifier) ?? [];
  const endings =
    bare === specifier ? [".ts", ".tsx", ".mts", ".js", ".mjs", "/index.ts", "/index.js"] : [".tsx"];
  for (const ending of [`.${kind}ts`, ...endings]) yield [bare + ending, parentURL];
}

const load: LoadHookSync = (url, context, nextLoad) => {
  const file = withoutVersion(url) as string;
  if (isUsers(file)) {
    noteLoad(file);
    if (!existsSync(fileURLToPath(file))) throw missingFile(fileURLToPath(file)); // Node's resolution remembers it
  }
  if (!isUsers(file) || !TYPESCRIPT.test(file)) return nextLoad(url, context);
  const format =
    context.format === "commonjs" || context.format === "commonjs-typescript" ? "commonjs" : "module";
  return {
    format,
    source: transpile(fileURLToPath(file), format === "module" ? "esm" : "cjs"),
    shortCircuit: true,
  };
};

function missingFile(path: string): Error {
  return new Error(explainMissing(`./${basename(path)}`, dirname(path)) ?? `There is no file '${path}'.`);
}

/** A module of the user's own, which may change while the notebook is open. */
function isUsers(url: string): boolean {
  return (
    url.startsWith("file:") && MODULE.test(url) && !url.includes("/node_modules/") && !url.startsWith(LIBRARY)
  );
}

function withoutVersion(url: string | undefined): string | undefined {
  return url?.replace(new RegExp(`\\?${VERSION}=.*$`), "");
}

function transpile(file: string, format: "esm" | "cjs"): string {
  const { transformSync } = loadEsbuild();
  try {
    const { code } = transformSync(readFileSync(file, "utf8"), {
      sourcefile: file,
      loader: file.endsWith("x") ? "tsx" : "ts",
      format,
      target: `node${process.versions.node}`,
      sourcemap: "inline",
      logLevel: "silent",
      tsconfigRaw: {},
    });
    process.setSourceMapsEnabled(true); // only now: it makes every stack slower
    return code;
  } catch (error) {
    const [first] = (error as Partial<TransformFailure>).errors ?? [];
    if (!first?.location) throw error;
    const { line, column } = first.location;
    const syntaxError = new SyntaxError(first.text);
    syntaxError.stack = `SyntaxError: ${first.text}\n    at ${file}:${line}:${column + 1}`;
    throw syntaxError;
  }
}

let esbuild: typeof import("esbuild") | null = null;

function loadEsbuild(): typeof import("esbuild") {
  if (esbuild !== null) return esbuild;
  // Without a service process of its own, which would be among the child processes that an interrupt ends.
  process.env.ESBUILD_WORKER_THREADS = "0";
  esbuild = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  delete process.env.ESBUILD_WORKER_THREADS;
  return esbuild;
}
