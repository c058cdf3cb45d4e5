// Which run of a cell the present code belongs to, also in timers and promises that outlive the cell.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Payload, RunEnd, Shown } from "../process/protocol.ts";
import { send } from "./link.ts";
import { describeThrown } from "./thrown.ts";

export interface Run {
  readonly id: number;
  /** It was interrupted: what it left in the background may not write any more. */
  stopped: boolean;
  /** The last of the values being shown, if one takes time; the next ones and the end of the cell wait for it. */
  showing: Promise<void> | null;
  /** For the front end, with the end of the run. */
  readonly payload: Payload[];
  /** Called when it is interrupted. */
  whenStopped: (() => void) | null;
}

export const currentRun = new AsyncLocalStorage<Run>();

/** Those that have not ended. */
const active = new Set<Run>();
/** Runs up to this one were stopped. The order to stop one comes through another pipe, and may be here before it. */
let stoppedId = 0;

export function beginRun(id: number): Run {
  const stopped = id <= stoppedId;
  const run: Run = { id, stopped, showing: null, payload: [], whenStopped: null };
  if (!stopped) active.add(run);
  return run;
}

/** Ends a run well when what it is showing has been shown. */
export function endRun(run: Run, result: Shown | null | Promise<Shown>): void {
  if (result instanceof Promise || run.showing !== null) {
    Promise.all([result, run.showing]).then(
      ([shown]) => report(run, { status: "ok", result: shown, payload: run.payload }),
      (error) => failRun(run, error),
    );
    return;
  }
  report(run, { status: "ok", result, payload: run.payload });
}

export function failRun(run: Run, error: unknown): void {
  report(run, { status: "error", error: describeThrown(error) });
}

/** What the run has left in the background goes on. */
function report(run: Run, end: RunEnd): void {
  active.delete(run);
  if (!run.stopped) send({ type: "end", run: run.id, end });
}

/** The main thread is free again after an interrupt: what is left of the runs up to this one is told to stop. */
export function stopRuns(last: number): void {
  stoppedId = last;
  active.forEach((run) => {
    if (run.id > last) return;
    active.delete(run);
    run.stopped = true;
    run.whenStopped?.();
  });
}

/**
 * Thrown into the background work of an interrupted run when it writes. The console swallows all errors of a stream
 * but a stack overflow, which it knows by name and message; so it has to look like one to get through.
 */
export class StoppedRun extends RangeError {
  constructor() {
    super("Maximum call stack size exceeded");
  }
}

/** The id of the run that is writing now; null if it cannot be told. */
export function writingRun(): number | null {
  const run = currentRun.getStore();
  if (run?.stopped) throw new StoppedRun();
  return run?.id ?? null;
}
