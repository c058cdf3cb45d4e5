// !command: a shell command, whose output streams into the cell while it runs.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { performance } from "node:perf_hooks";
import type { Readable } from "node:stream";
import { setInterval, setTimeout } from "node:timers"; // the global ones are the cells' own
import type { UserSide } from "./magic.ts";

/** A command that does not stop when asked to is ended after this time. */
const PATIENCE_MS = 1000;
/** What a command leaves running in the background may keep its output open for ever. */
const LAST_WORDS_MS = 200;

/** Added to the number of the signal that has ended a command, as shells do. */
const FATAL_SIGNAL = 128;

/** Resolves when the command has ended. A failed one does not fail the cell, as in IPython, but it is said. */
export async function runCommand(user: UserSide, command: string): Promise<void> {
  let child: ReturnType<typeof start> | null = null;
  let stopped = false;
  // Before the start: an interrupt may end that in the middle, when there is a process but nobody has it.
  const forget = user.whenStopped(() => {
    stopped = true;
    child?.stdout.destroy();
    child?.stderr.destroy();
    // As Ctrl+C in a terminal: to the command and what it has started, which are in the group of this process.
    if (process.platform !== "win32") process.kill(0, "SIGINT");
    else child?.kill();
    setTimeout(() => child?.kill("SIGKILL"), PATIENCE_MS);
  });
  const running = start(command);
  child = running;
  let latest = performance.now();
  const forward = (source: Readable, stream: "stdout" | "stderr") =>
    source.setEncoding("utf8").on("data", (text: string) => {
      latest = performance.now();
      user.print(text, stream);
    });
  forward(running.stdout, "stdout");
  forward(running.stderr, "stderr");
  const end = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
    const ended = (code: number | null, signal: NodeJS.Signals | null) => {
      if (!stopped) resolve(signal ?? code ?? 0); // the rest of an interrupted cell does not run
    };
    running.once("error", reject);
    running.once("close", ended);
    running.once("exit", (code, signal) => {
      const timer = setInterval(() => {
        if (performance.now() - latest < LAST_WORDS_MS) return;
        clearInterval(timer);
        ended(code, signal);
      }, LAST_WORDS_MS);
      running.once("close", () => clearInterval(timer));
    });
  }).finally(forget);
  const exitCode = typeof end === "string" ? FATAL_SIGNAL + constants.signals[end] : end;
  showExitCode(exitCode);
  if (end !== 0) user.print(typeof end === "string" ? `[ended by ${end}]\n` : `[exit code ${end}]\n`);
}

function start(command: string) {
  return spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
}

/** The exit code of the latest command is a global of the cells. */
export function showExitCode(value: number | undefined): void {
  Object.defineProperty(globalThis, "_exit_code", { value, configurable: true, writable: true });
}
