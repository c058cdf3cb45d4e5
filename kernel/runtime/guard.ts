// A cell cannot end its own process by accident: exits become errors, uncaught errors are reported, warnings logged.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { send, sendOutput } from "./link.ts";
import { currentRun, type Run, StoppedRun } from "./run.ts";
import { describeThrown } from "./thrown.ts";

/** A timer that throws at every tick would fill the notebook: so many uncaught errors of one run are shown. */
const SHOWN_UNCAUGHT = 50;

/** The pipes to the kernel: cells come through the one, interrupts through the other. */
const KERNEL_PIPES: ReadonlySet<unknown> = new Set([3, 4]);

/** Thrown in place of an exit. */
class ExitSignal extends Error {
  override readonly name = "ExitSignal";

  constructor(call: string) {
    super(`${call} was not carried out: it would end the notebook's process and lose all variables.`);
  }
}

export function installGuards(): void {
  guardExits();
  guardPipes();
  // Meant for the child processes of a cell; the cell itself is stopped by the sidecar.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  process.on("uncaughtException", reportUncaught);
  process.on("unhandledRejection", reportUncaught); // Node would wrap what is not an error into one
  process.on("warning", (warning) => {
    if (warning.message.startsWith("vm.USE_MAIN_CONTEXT_DEFAULT_LOADER")) return; // ours: cells import through it
    send({ type: "log", text: String(warning.stack ?? warning) });
  });
  guardListeners();
}

const uncaught = new WeakMap<Run | typeof process, number>();

function reportUncaught(thrown: unknown): void {
  if (thrown instanceof StoppedRun) return;
  const run = currentRun.getStore();
  if (run?.stopped) return;
  const count = (uncaught.get(run ?? process) ?? 0) + 1;
  uncaught.set(run ?? process, count);
  if (count > SHOWN_UNCAUGHT + 1) return;
  const error = describeThrown(
    count <= SHOWN_UNCAUGHT
      ? thrown
      : new Error(
          `${SHOWN_UNCAUGHT} errors of this cell were caught by nothing; further ones are not shown.`,
        ),
  );
  sendOutput({ type: "uncaught", run: run?.id ?? null, error }, 0);
}

function guardExits(): void {
  const refuse = (name: string) =>
    function exit(code?: unknown): never {
      throw new ExitSignal(`${name}(${code ?? ""})`);
    };
  process.exit = refuse("process.exit");
  Object.assign(process, { reallyExit: refuse("process.exit"), execve: refuse("process.execve") });
  process.abort = refuse("process.abort");

  const kill = process.kill.bind(process);
  process.kill = (pid: number, signal?: string | number): true => {
    const isOurs = pid === process.pid || pid === 0 || pid === -process.pid;
    const isHarmless = signal === 0 || signal === "SIGINT";
    if (isOurs && !isHarmless)
      throw new ExitSignal(`process.kill(${pid}, ${JSON.stringify(signal ?? "SIGTERM")})`);
    return kill(pid, signal);
  };
}

/** A program that closes all files it does not know would lose the kernel. */
function guardPipes(): void {
  const { close, closeSync } = fs;
  const check = (fd: unknown) => {
    if (!KERNEL_PIPES.has(fd)) return;
    throw new Error(
      `File descriptor ${fd} was not closed: the notebook's process hears the kernel through it.`,
    );
  };
  fs.closeSync = (fd) => {
    check(fd);
    closeSync(fd);
  };
  fs.close = Object.assign((...args: Parameters<typeof close>) => {
    check(args[0]);
    close(...args);
  }, close);
  syncBuiltinESMExports();
}

/** `process.removeAllListeners()` takes away a program's own listeners, and not those that keep the process alive. */
function guardListeners(): void {
  const kept = new Set<unknown>();
  for (const event of process.eventNames())
    for (const listener of process.rawListeners(event as "exit")) kept.add(listener);
  process.removeAllListeners = (...events: (string | symbol)[]) => {
    for (const event of events.length > 0 ? events : process.eventNames())
      for (const listener of process.rawListeners(event as "exit"))
        if (!kept.has(listener)) process.removeListener(event, listener as () => void);
    return process;
  };
}
