// Timers and ticks of a run end with its interrupt: otherwise an interrupted cell would go on in the background, unseen.
import timers from "node:timers";
import { promisify } from "node:util";
import { currentRun, StoppedRun } from "./run.ts";

type Callback = (...args: unknown[]) => unknown;
type Start = (callback: Callback, ...rest: unknown[]) => NodeJS.Timeout | NodeJS.Immediate;
type Name = "setTimeout" | "setInterval" | "setImmediate";

/** The global functions only: Node itself uses those of its module, also in what it does for several runs at once. */
export function guardTimers(): void {
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    Object.defineProperty(globalThis, name, {
      value: guard(timers[name] as unknown as Start, name),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
}

/** So many ticks of a stopped run, each asked for in the one before, are a loop. */
const MOST_TICKS = 100;

/**
 * A tick that a termination has left in the queue would ask for the next one, and that for the next, before any other cell
 * could begin. So the ticks of a stopped run come one in each turn of the event loop, and a loop of them ends. They do come:
 * Node, too, asks for ticks, also for what other runs use.
 */
export function guardTicks(): void {
  const { nextTick } = process;
  const { setImmediate } = timers;
  const { apply } = Reflect; // a cell may replace it
  let depth = 0;
  process.nextTick = (callback: Callback, ...rest: unknown[]): void => {
    if (!currentRun.getStore()?.stopped || typeof callback !== "function") {
      nextTick(callback, ...rest);
      return;
    }
    const own = depth + 1;
    if (own > MOST_TICKS) throw new StoppedRun();
    setImmediate(() => {
      depth = own;
      try {
        apply(callback, undefined, rest);
      } finally {
        depth = 0;
      }
    });
  };
}

/** What waits for a timer still goes on, so that `finally` blocks run; but it gets no new one. */
function guard(start: Start, name: Name): Start {
  const { clearInterval } = timers;
  const { apply } = Reflect; // a cell may replace it
  const guarded: Start = (callback, ...rest) => {
    const run = currentRun.getStore();
    if (run?.stopped) throw new StoppedRun();
    if (name !== "setInterval" || run === undefined || typeof callback !== "function") {
      return start(callback, ...rest);
    }
    const timer = start(
      function (this: unknown, ...args) {
        if (!run.stopped) return apply(callback, this, args);
        return clearInterval(timer as NodeJS.Timeout);
      },
      ...rest,
    );
    return timer;
  };
  Object.defineProperty(guarded, "name", { value: name });
  const custom = (start as unknown as Record<symbol, unknown>)[promisify.custom];
  return Object.assign(guarded, { [promisify.custom]: custom });
}
