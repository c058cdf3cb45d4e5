// The child process in which the cells run: how it is started, spoken to and signalled.
import { type ChildProcess, spawn } from "node:child_process";
import { extname } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL(`../runtime/user${extname(import.meta.url)}`, import.meta.url));
/** What a process had said before its end is read for so long. */
const LAST_OUTPUT_MS = 500;

export function startChild(directory: string): ChildProcess {
  return spawn(process.execPath, [...nodeFlags(), ENTRY], {
    cwd: directory,
    detached: process.platform !== "win32", // a group of its own, so that a signal reaches what a cell has started
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    windowsHide: true,
  });
}

function nodeFlags(): string[] {
  const flags = [
    "--no-force-async-hooks-checks", // an interrupt inside a timer would abort the process
    "--no-warnings", // Node's warnings are for the kernel's log; stderr belongs to the cells
  ];
  // Before Node 24 the async context is kept by promise hooks, which do not survive an interrupt.
  if (Number.parseInt(process.versions.node, 10) < 24) flags.push("--experimental-async-context-frame");
  return flags;
}

/** Resolves when all that the process had said before its end has been read. */
export async function lastOutput(data: Duplex): Promise<void> {
  if (data.closed) return;
  await new Promise<void>((resolve) => {
    const limit = setTimeout(resolve, LAST_OUTPUT_MS);
    data.once("close", () => {
      clearTimeout(limit);
      resolve();
    });
  });
}

/** 3 carries cells, output and requests, 4 interrupts and looks. */
export function pipe(child: ChildProcess, number: number): Duplex {
  return child.stdio[number] as unknown as Duplex;
}

/** Signals the process and what the cells have started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // already gone
  }
}
