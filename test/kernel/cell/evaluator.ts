// Evaluates compiled cells in this process, as the user process does.
import { createRequire } from "node:module";
import { constants, Script } from "node:vm";
import {
  CellCompiler,
  type CellContext,
  type CellResult,
  type CompiledCell,
  type ScriptResult,
} from "../../../kernel/cell/compile.ts";
import { StackMapper } from "../../../kernel/cell/stack.ts";
import type { TypeScriptOptions } from "../../../kernel/cell/typescript.ts";

process.chdir(import.meta.dirname);
const { FailedImport, loadImports, notebookMeta } = await import("../../../kernel/runtime/modules.ts");
const { describeThrown } = await import("../../../kernel/runtime/thrown.ts");

export { describeThrown, FailedImport };

Object.assign(globalThis, { require: createRequire(notebookMeta.url), log: [] });

/** Stacks of all sessions of a process; names of cells are unique. */
export const stacks = new StackMapper();

/** Slots belong to the process, so to all its sessions. */
const declaredSlots = new Set<string>();

export class Evaluator {
  readonly #compiler: CellCompiler;

  /** What `$k.loop` is told. */
  readonly #loop: (number: number) => void;

  constructor(options?: TypeScriptOptions, loop = (_number: number) => {}) {
    this.#compiler = new CellCompiler(options && (async () => options));
    this.#loop = loop;
  }

  compile(source: string, name: string): Promise<CompiledCell> {
    return this.#compiler.compile(source, name);
  }

  /** Does all that comes before the body, and gives the body. */
  async prepare(cell: CompiledCell): Promise<() => CellResult | Promise<CellResult>> {
    const { name, code, slots, imports } = cell.runnable;
    declare(slots);
    stacks.add(cell, "");
    this.#compiler.commit(cell);
    const [setImports, body] = runScript(code, name) as ScriptResult;
    const values = imports.length > 0 ? await loadImports(imports) : [];
    setImports?.(values);
    const context: CellContext = {
      meta: notebookMeta,
      loop: this.#loop,
      awaited: (value) => value,
    };
    return () => body(context);
  }
}

function declare(slots: readonly string[]): void {
  for (const slot of slots) {
    if (declaredSlots.has(slot)) continue;
    declaredSlots.add(slot);
    try {
      runScript(`"use strict"; let ${slot};`, "slots");
    } catch {
      // The name exists by other means: cells assign to that.
    }
  }
}

function runScript(code: string, filename: string): unknown {
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return new Script(code, { filename, importModuleDynamically }).runInThisContext();
}
