// The compiler options under which cells are checked, as the text of a tsconfig.json in the notebook's folder.
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { CHECKED, GLOBALS, PROBE } from "./documents.ts";
import { modified } from "./modules.ts";
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

export function configText(directory: string, folder: FolderConfig | null): string {
  const library = libraryPaths(directory);
  // `paths` replaces what it extends, so the folder's own are repeated.
  const paths = folder && library ? { ...folder.paths, ...library } : library;
  return JSON.stringify({
    ...(folder ? { extends: `./${FILE}` } : {}),
    compilerOptions: { ...(folder ? {} : DEFAULTS), ...NEEDED, ...(paths ? { paths } : {}) },
    files: [GLOBALS, CHECKED, PROBE, nodeTypes(directory), ...(folder?.declarations ?? [])],
    include: [],
    exclude: [],
    references: [],
  });
}

const FILE = "tsconfig.json";

/** What a folder's tsconfig.json says, with all that it extends. */
export interface FolderConfig {
  readonly paths: Paths;
  /** The declaration files among its `files` and `include`: they may declare globals. */
  readonly declarations: readonly string[];
  /** `experimentalDecorators`: those of old instead of the standard ones. */
  readonly legacyDecorators: boolean;
  /** `useDefineForClassFields`, without which fields are assigned in the constructor. */
  readonly definesFields: boolean;
}

type Paths = Record<string, string[]>;

interface ShownConfig {
  readonly compilerOptions?: {
    readonly paths?: Paths;
    readonly experimentalDecorators?: boolean;
    readonly useDefineForClassFields?: boolean;
  };
  readonly files?: readonly string[];
}

/** As the compiler reads it (50 ms); null if there is none. */
export async function readFolderConfig(directory: string): Promise<FolderConfig | null> {
  if (!existsSync(join(directory, FILE))) return null;
  const { compilerOptions = {}, files = [] } = await showConfig(directory);
  return {
    paths: compilerOptions.paths ?? {},
    declarations: files.filter((file) => /\.d\.[mc]?ts$/.test(file)),
    legacyDecorators: compilerOptions.experimentalDecorators === true,
    definesFields: compilerOptions.useDefineForClassFields !== false,
  };
}

/** Looks whether the tsconfig.json was edited. What it extends is not watched. */
export class WatchedConfig {
  readonly #directory: string;
  #time: number;
  #current: Promise<FolderConfig | null>;

  constructor(directory: string) {
    this.#directory = directory;
    this.#time = modified(join(directory, FILE));
    this.#current = readFolderConfig(directory);
  }

  get current(): Promise<FolderConfig | null> {
    return this.#current;
  }

  /** True if it has changed since the last call; `current` is the new one then. */
  hasChanged(): boolean {
    const time = modified(join(this.#directory, FILE));
    if (time === this.#time) return false;
    this.#time = time;
    this.#current = readFolderConfig(this.#directory);
    return true;
  }
}

async function showConfig(directory: string): Promise<ShownConfig> {
  try {
    const { stdout } = await promisify(execFile)(compilerPath(), ["--showConfig", "-p", directory]);
    return JSON.parse(stdout) as ShownConfig;
  } catch {
    return {}; // a tsconfig.json with errors
  }
}

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
