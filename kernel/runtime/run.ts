// Which run of a cell the present code belongs to, also in timers and promises that outlive the cell.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Payload } from "../process/protocol.ts";

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
  /** What the running loop holds in local variables, see CellContext. */
  loop: { save: (...values: unknown[]) => void; values: unknown[] } | null;
}

export const currentRun = new AsyncLocalStorage<Run>();

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
