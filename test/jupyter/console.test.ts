// Jupyter in a terminal: jupyter console, key by key as a person presses them, and the programs that run a whole file.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { code, writeNotebook } from "./notebooks.ts";
import { Place, python } from "./programs.ts";

const place = new Place();
beforeAll(() => place.installKernel());
afterAll(() => place.remove());

const driver = fileURLToPath(new URL("terminal.py", import.meta.url));

/**
 * What is typed, or an interrupt, and what is awaited then, after which the next can be typed; null is the end of the program.
 * What else has to be seen until then.
 */
type Step = readonly [typed: string | { signal: "interrupt" }, awaited: string | null, ...seen: string[]];
const interrupt = { signal: "interrupt" } as const;
const endOfInput = "\x04";
const clearLine = "\x15";
const up = "\x1b[A";

interface Session {
  /** What the terminal showed after each step. */
  shown: string[];
  status: number | null;
}

/** For what hangs, in seconds: a console gives up on a kernel that is silent for 1 or 5, and busy machines are slow. */
const patience = 300;
const limit = 600_000;
const patientConsole = `from jupyter_client.channels import HBChannel
HBChannel.time_to_dead = ${patience}
from jupyter_console.app import main
main()`;
const limits = ["ZMQTerminalInteractiveShell.kernel_is_complete_timeout", "ZMQCompleter.timeout"].map(
  (name) => `--${name}=${patience}`,
);

async function inConsole(steps: readonly Step[], ...options: string[]): Promise<Session> {
  const program = [python, "-c", patientConsole, ...limits, ...options];
  const { code, stdout, stderr } = await place.python(driver, JSON.stringify(steps), ...program);
  expect(code, stderr).toBe(0);
  const session = JSON.parse(stdout) as Session;
  for (const [i, [typed, , ...seen]] of steps.entries())
    for (const text of seen) expect(session.shown[i], JSON.stringify(typed)).toContain(text);
  return session;
}

test("a session, from the banner to the end", { timeout: limit }, async () => {
  const { shown, status } = await inConsole(
    [
      ["", "In [1]:"],
      ["1 + 1\r", "In [2]:", "Out[1]: 2"],
      ["function twice(n: number) {\r", "...:"], // Enter goes on with what is incomplete
      ["return 2 * n\r", "...:"],
      ["}\r", "In [3]:"],
      ["twice(21)\r", "In [4]:", "Out[3]: 42"],
      ['throw new Error("out of chalk")\r', "In [5]:", "at Cell [4]:1:7"],
      ["const total: number = 'twelve'\r", "In [6]:", "TS2322: Type 'string' is not assignable"],
      ["const apricot = 1, apple = 2\r", "In [7]:"],
      ["ap\t", "apricot", "apple"], // Tab suggests
      [clearLine, ""],
      // Not what is typed, which shows before anything runs.
      ["console.log('spin' + 'ning'); while (true) {}\r", "spinning"],
      [interrupt, "In [8]:", "KeyboardInterrupt"],
      ["const who = await input('Na' + 'me? ')\r", "Name?"],
      ["Ada\r", "In [9]:"],
      ["who + apple\r", "In [10]:", "Out[9]: 'Ada2'"], // the loop has spoilt nothing
      [
        'console.error("to " + "stderr"); console.log("to " + "stdout")\r',
        "In [11]:",
        "to stderr",
        "to stdout",
      ],
      [up, "console.error"],
      [clearLine, ""],
      [endOfInput, "exit"],
      ["y\r", null],
    ],
    "--kernel=lectern",
  );
  expect(status).toBe(0);
  expect(shown[0]).toMatch(/Lectern [\d.]+ · TypeScript [\d.]+ · Node [\d.]+/);
  expect(shown.join("")).not.toMatch(/\[lectern\]|Traceback|Exception/);
});

test("a second console works with the kernel of the first, and leaves it running", {
  timeout: limit,
}, async () => {
  const file = join(place.folder, "shared.json");
  const options = ["--kernel=lectern", `--KernelManager.connection_file=${file}`];
  const kernel = spawn(python, ["-m", "jupyter", "kernel", ...options], {
    cwd: place.notebooks,
    env: place.env,
  });
  const ended = new Promise((resolve) => kernel.on("exit", resolve));
  try {
    await expect.poll(() => isWritten(file), { timeout: patience * 1000 }).toBe(true);
    const leave: Step[] = [
      [endOfInput, "exit"],
      ["y\r", null],
    ];
    await inConsole([["", "In [1]:"], ["const shared = 41\r", "In [2]:"], ...leave], `--existing=${file}`);
    await inConsole([["", "]:"], ["shared + 1\r", "In [3]:", "Out[2]: 42"], ...leave], `--existing=${file}`);
  } finally {
    kernel.kill("SIGTERM");
    await ended;
  }
});

/** The connection file is there before all of it is. */
function isWritten(file: string): boolean {
  try {
    return JSON.parse(readFileSync(file, "utf8")) !== null;
  } catch {
    return false;
  }
}

test("jupyter run runs a file, jupyter execute a notebook", { timeout: limit }, async () => {
  writeFileSync(join(place.notebooks, "script.ts"), 'const n: number = 20;\nconsole.log(n + 22, "lines");');
  const run = await place.python("-m", "jupyter", "run", "--kernel=lectern", "script.ts");
  expect(run).toMatchObject({ code: 0, stdout: "42 lines\n" });

  const notebook = join(place.notebooks, "small.ipynb");
  writeNotebook(notebook, [code("const n: number = 20;"), code("n + 22")]);
  const { code: status, stderr } = await place.python("-m", "jupyter", "execute", "--inplace", notebook);
  expect(status, stderr).toBe(0);
  expect(readFileSync(notebook, "utf8")).toMatch(/"text\/plain": \[\s*"42"/);
});
