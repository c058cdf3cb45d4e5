// Starts the programs the set-up needs, and the two ways of telling a person about it.

import { spawn, spawnSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The repository's folder, wherever it was cloned to. */
export const root = fileURLToPath(new URL("..", import.meta.url));

export const onWindows = process.platform === "win32";

/** A failure whose message says all a person needs: no stack is shown for it. */
export class SetupError extends Error {}

/** Progress goes to stderr, so that stdout holds only what was asked for (`npm run bench -- --json`). */
export function say(text) {
  process.stderr.write(`lectern: ${text}\n`);
}

/** Runs a program to its end with its output on ours; throws when it fails. */
export async function run(command, args, options = {}) {
  const code = await exitCode(command, args, options);
  if (code !== 0) throw new SetupError(`“${[command, ...args].join(" ")}” ended with ${code}.`);
}

/** Seconds before each further try. */
const PAUSES = [5, 30];

/** Runs a program that downloads: a network fails by chance, so it is given three tries. */
export async function download(command, args, options = {}) {
  for (const pause of PAUSES) {
    if ((await exitCode(command, args, options)) === 0) return;
    say(`“${[command, ...args].join(" ")}” failed; trying again in ${pause} s`);
    await setTimeout(pause * 1000);
  }
  await run(command, args, options);
}

/** Runs a program to its end and returns its exit code, or the name of the signal that ended it. */
export function exitCode(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    // The program's stdout joins our stderr unless the caller says otherwise: see say().
    const child = spawn(command, args, { cwd: root, stdio: ["inherit", 2, 2], ...options });
    child.on("error", (error) => reject(new SetupError(`“${command}” does not start: ${error.message}`)));
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
}

/** The trimmed stdout of a short program, or null when it does not start or fails. */
export function output(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", ...options });
  return result.status === 0 ? result.stdout.trim() : null;
}

/** Runs a set-up script's main function; its failures become one plain paragraph and exit code 1. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
