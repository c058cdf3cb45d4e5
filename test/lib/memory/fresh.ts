// Programs in a process of their own, where memory is theirs alone.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Runs a program of the folder beside this file; it prints what it found as one line of JSON. */
export async function inFreshProcess<Found>(
  program: string,
  args: readonly string[] = [],
  { dataLimitKilobytes }: { dataLimitKilobytes?: number } = {},
): Promise<Found> {
  const path = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
  const command = [process.execPath, "--no-warnings", "--expose-gc", path, ...args];
  const limited = ["sh", "-c", `ulimit -d ${dataLimitKilobytes} && exec "$@"`, "sh", ...command];
  const [file, ...rest] = dataLimitKilobytes === undefined ? command : limited;
  const { stdout } = await promisify(execFile)(file!, rest, {
    env: { ...process.env, LECTERN_THREADS: "1" },
  });
  return JSON.parse(stdout) as Found;
}

export const megabyte: number = 2 ** 20;
