// The compiler options under which cells are checked, as the text of a tsconfig.json in the notebook's folder.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { CHECKED, GLOBALS, PROBE } from "./documents.ts";
import { compilerPath } from "./server.ts";

/** What a cell needs whatever the folder's own tsconfig.json says: the kernel runs all of TypeScript, and no file is written. */
const NEEDED = {
  target: "esnext",
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  skipLibCheck: true,
  noEmit: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
  erasableSyntaxOnly: false,
  isolatedModules: false,
  isolatedDeclarations: false,
  verbatimModuleSyntax: false,
  composite: false,
  incremental: false,
  declaration: false,
};

/**
 * For a folder without a tsconfig.json. `noImplicitAny` is on because without it `const xs = []` is a `never[]`; its own
 * reports are dropped with the diagnostics. Without the types of browsers: `name` or `event` are not there in a cell.
 */
const DEFAULTS = { strict: true, noImplicitAny: true, lib: ["esnext"], types: [] };

export async function configText(directory: string): Promise<string> {
  const own = existsSync(join(directory, "tsconfig.json"));
  const library = libraryPaths(directory);
  // `paths` replaces what it extends, so the folder's own are repeated.
  const paths = own && library ? { ...(await ownPaths(directory)), ...library } : library;
  return JSON.stringify({
    ...(own ? { extends: "./tsconfig.json" } : {}),
    compilerOptions: { ...(own ? {} : DEFAULTS), ...NEEDED, ...(paths ? { paths } : {}) },
    files: [GLOBALS, CHECKED, PROBE, nodeTypes(directory)],
    include: [],
    exclude: [],
    references: [],
  });
}

type Paths = Record<string, string[]>;

/** The types of Node: the folder's own if it has them, so that they are never there twice. */
function nodeTypes(directory: string): string {
  const types = "@types/node/package.json";
  const file =
    findUp(directory, join("node_modules", types)) ?? createRequire(import.meta.url).resolve(types);
  return join(dirname(file), "index.d.ts");
}

/** This package under its own name, from its `exports`; nothing if the folder has installed a package of this name. */
function libraryPaths(directory: string): Paths | null {
  const root = packageRoot();
  const { name, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, Target>;
  };
  if (findUp(directory, join("node_modules", name, "package.json"))) return null;
  const paths: Paths = {};
  for (const [subpath, target] of Object.entries(exports)) {
    const file = typesOf(target);
    if (file) paths[name + subpath.slice(1)] = [join(root, file)];
  }
  return paths;
}

/** A target of package.json's `exports`: a file, or one file for each condition. */
type Target = string | { readonly [condition: string]: Target } | null;

function typesOf(target: Target): string | null {
  if (typeof target === "string" || target === null) return target;
  return typesOf(target.types ?? target.import ?? target.default ?? null);
}

/** The `paths` of the folder's tsconfig.json, as the compiler reads it. */
async function ownPaths(directory: string): Promise<Paths> {
  try {
    const { stdout } = await promisify(execFile)(compilerPath(), ["--showConfig", "-p", directory]);
    return (JSON.parse(stdout) as { compilerOptions?: { paths?: Paths } }).compilerOptions?.paths ?? {};
  } catch {
    return {}; // a tsconfig.json with errors
  }
}

/** The folder of this package: the nearest one above this file with a package.json. */
function packageRoot(): string {
  return dirname(findUp(import.meta.dirname, "package.json") as string);
}

function findUp(directory: string, file: string): string | null {
  const path = join(directory, file);
  if (existsSync(path)) return path;
  const parent = dirname(directory);
  return parent === directory ? null : findUp(parent, file);
}
