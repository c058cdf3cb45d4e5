// Runs compiled cells, one after the other, and reports how each ended. Without iterators and methods of arrays in what
// every cell needs: a cell may have broken them.
import { setImmediate } from "node:timers"; // not the global one: a cell may delete it, and it serves no interrupted run
import { types } from "node:util";
import vm from "node:vm";
import type { CellContext, CellResult, RunnableCell, ScriptResult } from "../cell/compile.ts";
import { show } from "./display.ts";
import { setLoop } from "./link.ts";
import { loadImports, notebookMeta } from "./modules.ts";
import { beginRun, currentRun, endRun, failRun, type Run, StoppedRun } from "./run.ts";

const CONTEXT: CellContext = {
  meta: notebookMeta,
  loop: setLoop,
  awaited(value) {
    if (currentRun.getStore()?.stopped) throw new StoppedRun();
    return value;
  },
};
const declaredSlots = new Set<string>();

/** Runs a cell from the event loop, so that an interrupt ends the cell and not what called it. */
export function evaluate(id: number, cell: RunnableCell): void {
  const run = beginRun(id);
  setLoop(0);
  setImmediate(() => currentRun.run(run, start, run, cell));
}

function start(run: Run, cell: RunnableCell): void {
  if (run.stopped) return;
  try {
    declareSlots(cell.slots);
    const script = runScript(cell.code, cell.name) as ScriptResult;
    const setImports = script[0];
    const body = script[1];
    if (cell.imports.length === 0) {
      finish(run, body(CONTEXT));
      return;
    }
    const running = loadImports(cell.imports).then((values) => {
      if (run.stopped) throw new StoppedRun();
      setImports?.(values);
      return body(CONTEXT);
    });
    finish(run, running);
  } catch (error) {
    failRun(run, error);
  }
}

function finish(run: Run, result: CellResult | Promise<CellResult>): void {
  if (types.isPromise(result)) {
    result.then(
      (settled) => finish(run, settled),
      (error) => failRun(run, error),
    );
    return;
  }
  const value = result?.value;
  if (types.isPromise(value)) {
    value.then(
      (settled) => finishWith(run, settled),
      (error) => failRun(run, error),
    );
    return;
  }
  finishWith(run, value);
}

function finishWith(run: Run, value: unknown): void {
  endRun(run, value === undefined ? null : show(value));
}

/** Slots are script-scope variables, declared once; a name that exists already by other means is left as it is. */
function declareSlots(slots: readonly string[]): void {
  let fresh = "";
  for (let i = 0; i < slots.length; i++) {
    if (!declaredSlots.has(slots[i] as string)) fresh += fresh === "" ? slots[i] : `, ${slots[i]}`;
  }
  if (fresh === "") return;
  const declare = (names: string) => runScript(`"use strict"; let ${names};`, "slots");
  try {
    declare(fresh);
  } catch {
    for (let i = 0; i < slots.length; i++) {
      try {
        declare(slots[i] as string);
      } catch {
        // declared before, or an existing global: assigning to it works
      }
    }
  }
  for (let i = 0; i < slots.length; i++) declaredSlots.add(slots[i] as string);
}

function runScript(code: string, filename: string): unknown {
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return new vm.Script(code, { filename, importModuleDynamically }).runInThisContext();
}
