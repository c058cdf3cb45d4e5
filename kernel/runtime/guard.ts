// A cell cannot end its own process by accident: exits become errors, uncaught errors are reported, warnings logged.
import { send, sendOutput } from "./link.ts";
import { currentRun, StoppedRun } from "./run.ts";
import { describeThrown } from "./thrown.ts";

/** Thrown in place of an exit. */
class ExitSignal extends Error {
  override readonly name = "ExitSignal";

  constructor(call: string) {
    super(`${call} was not carried out: it would end the notebook's process and lose all variables.`);
  }
}

export function installGuards(): void {
  guardExits();
  process.on("SIGINT", () => {}); // meant for the child processes of a cell; the cell itself is stopped by the sidecar
  process.on("uncaughtException", reportUncaught);
  process.on("unhandledRejection", reportUncaught); // Node would wrap what is not an error into one
  process.on("warning", (warning) => {
    if (warning.message.startsWith("vm.USE_MAIN_CONTEXT_DEFAULT_LOADER")) return; // ours: cells import through it
    send({ type: "log", text: String(warning.stack ?? warning) });
  });
}

function reportUncaught(thrown: unknown): void {
  if (thrown instanceof StoppedRun) return;
  const run = currentRun.getStore();
  if (run?.stopped) return;
  sendOutput({ type: "uncaught", run: run?.id ?? null, error: describeThrown(thrown) }, 0);
}

function guardExits(): void {
  const refuse = (name: string) =>
    function exit(code?: unknown): never {
      throw new ExitSignal(`${name}(${code ?? ""})`);
    };
  process.exit = refuse("process.exit");
  Object.assign(process, { reallyExit: refuse("process.exit") });
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
