// Runs compiled cells, one after the other, and reports how each ended.
import { setImmediate } from "node:timers"; // a cell may delete the global one
import { types } from "node:util";
import vm from "node:vm";
import type { CellContext, CellResult, RunnableCell, ScriptResult } from "../cell/compile.ts";
import type { RunEnd, Shown } from "../process/protocol.ts";
import { show } from "./display.ts";
import { send } from "./link.ts";
import { loadImports, notebookMeta } from "./modules.ts";
import { currentRun, type Run } from "./run.ts";
import { describeThrown } from "./thrown.ts";

const declaredSlots = new Set<string>();
let latest: Run | null = null;

/** Runs a cell from the event loop, so that an interrupt ends the cell and not what called it. */
export function evaluate(id: number, cell: RunnableCell): void {
  const run: Run = { id, stopped: false, showing: null, loop: null };
  latest = run;
  setImmediate(() => currentRun.run(run, start, run, cell));
}

/** The main thread is free again after an interrupt: what is left of the run is told to stop. */
export function stopRun(id: number): void {
  if (latest?.id !== id) return;
  latest.stopped = true;
  const { loop } = latest;
  latest.loop = null;
  loop?.save(...loop.values);
}

function start(run: Run, cell: RunnableCell): void {
  try {
    declareSlots(cell.slots);
    const [setImports, body] = runScript(cell.code, cell.name) as ScriptResult;
    const context = cellContext(run);
    if (cell.imports.length === 0) {
      finish(run, body(context));
      return;
    }
    const running = loadImports(cell.imports).then((values) => {
      setImports?.(values);
      return body(context);
    });
    finish(run, running);
  } catch (error) {
    fail(run, error);
  }
}

function finish(run: Run, result: CellResult | Promise<CellResult>): void {
  if (types.isPromise(result)) {
    result.then(
      (settled) => finish(run, settled),
      (error) => fail(run, error),
    );
    return;
  }
  const value = result?.value;
  if (types.isPromise(value)) {
    value.then(
      (settled) => finishWith(run, settled),
      (error) => fail(run, error),
    );
    return;
  }
  finishWith(run, value);
}

function finishWith(run: Run, value: unknown): void {
  const shown = value === undefined ? null : show(value);
  if (shown instanceof Promise || run.showing !== null) {
    Promise.all([shown, run.showing]).then(
      ([result]) => end(run, { status: "ok", result }),
      (error) => fail(run, error),
    );
    return;
  }
  end(run, { status: "ok", result: shown as Shown | null });
}

function fail(run: Run, error: unknown): void {
  end(run, { status: "error", error: describeThrown(error) });
}

function end(run: Run, runEnd: RunEnd): void {
  if (!run.stopped) send({ type: "end", run: run.id, end: runEnd });
}

function cellContext(run: Run): CellContext {
  return {
    meta: notebookMeta,
    loop(save, values = []) {
      run.loop = save === null ? null : { save, values };
      return values;
    },
  };
}

/** Slots are script-scope variables, declared once; a name that exists already by other means is left as it is. */
function declareSlots(slots: readonly string[]): void {
  const fresh = slots.filter((slot) => !declaredSlots.has(slot));
  if (fresh.length === 0) return;
  const declare = (names: readonly string[]) => runScript(`"use strict"; let ${names.join(", ")};`, "slots");
  try {
    declare(fresh);
  } catch {
    for (const slot of fresh) {
      try {
        declare([slot]);
      } catch {
        // an existing global: assigning to it works
      }
    }
  }
  for (const slot of fresh) declaredSlots.add(slot);
}

function runScript(code: string, filename: string): unknown {
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return new vm.Script(code, { filename, importModuleDynamically }).runInThisContext();
}
