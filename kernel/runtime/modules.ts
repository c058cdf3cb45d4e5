// Where the modules of a cell come from: the notebook's folder, full TypeScript included, and this package as `lectern`.
import { readFileSync, statSync } from "node:fs";
import { createRequire, type LoadHookSync, type ResolveHookSync, registerHooks } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";
import type { TransformFailure } from "esbuild";
import type { ImportBinding, ImportRequest } from "../cell/compile.ts";
import { explainMissing } from "../language/modules.ts";

const PACKAGE = new URL("../../package.json", import.meta.url);
const LIBRARY = new URL("../../lib/", import.meta.url).href;
const NOTEBOOK = join(process.cwd(), "notebook.ts");
const TYPESCRIPT = /\.[mc]?tsx?$/;
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
    value: createRequire(NOTEBOOK),
    configurable: true,
    writable: true,
  });
}

/** Loads the imports of a cell, in order; gives the values of all their bindings as one list. */
export async function loadImports(imports: readonly ImportRequest[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const { specifier, options, bindings, frame } of imports) {
    try {
      const namespace = await importFromNotebook(specifier, options);
      for (const binding of bindings) values.push(boundValue(namespace, binding, specifier));
    } catch (error) {
      if (error instanceof Error && typeof error.stack === "string") {
        // The place of the `import()` above means nothing to the user; that of the cell's import statement does.
        const lines = error.stack.split("\n").filter((line) => !line.includes(`${NOTEBOOK}:1:`));
        error.stack = [...lines, frame].join("\n");
      }
      throw error;
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

// A module is known by its URL, so an edited file needs a new one: its version counts the edits of the file and of all
// files that it imports. Versions are part of the URLs of the user's own TypeScript files only.
const importsOf = new Map<string, Set<string>>();

const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  const parentURL = withoutVersion(context.parentURL);
  const resolved = resolveFile(specifier, { ...context, parentURL }, nextResolve);
  if (!isUsersTypeScript(resolved.url)) return resolved;
  if (parentURL !== undefined) {
    const known = importsOf.get(parentURL) ?? new Set();
    importsOf.set(parentURL, known.add(resolved.url));
  }
  if (context.conditions.includes("require")) return resolved;
  return { ...resolved, url: `${resolved.url}?${VERSION}=${version(resolved.url)}`, format: "module" };
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
    }
    explain(error, specifier, context.parentURL);
    throw error;
  }
};

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
  const bare = specifier.replace(/\.js$/, "");
  for (const ending of [".ts", ".tsx", "/index.ts"]) yield [bare + ending, parentURL];
}

const load: LoadHookSync = (url, context, nextLoad) => {
  const file = withoutVersion(url) as string;
  if (!isUsersTypeScript(file)) return nextLoad(url, context);
  const format =
    context.format === "commonjs" || context.format === "commonjs-typescript" ? "commonjs" : "module";
  return {
    format,
    source: transpile(fileURLToPath(file), format === "module" ? "esm" : "cjs"),
    shortCircuit: true,
  };
};

function isUsersTypeScript(url: string): boolean {
  return (
    url.startsWith("file:") &&
    TYPESCRIPT.test(url) &&
    !url.includes("/node_modules/") &&
    !url.startsWith(LIBRARY)
  );
}

function withoutVersion(url: string | undefined): string | undefined {
  return url?.replace(new RegExp(`\\?${VERSION}=.*$`), "");
}

function version(url: string): number {
  let newest = 0;
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    newest = Math.max(newest, statSync(fileURLToPath(file), { throwIfNoEntry: false })?.mtimeMs ?? 0);
    for (const imported of importsOf.get(file) ?? []) visit(imported);
  };
  visit(url);
  return newest;
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
