// Jupyter in a terminal: jupyter console, key by key as a person presses them, and the programs that run a whole file.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { code, writeNotebook } from "./notebooks.ts";
import { Place, python } from "./programs.ts";

const place = new Place();
beforeAll(() => place.installKernel());
afterAll(() => place.remove());

const driver = fileURLToPath(new URL("terminal.py", import.meta.url));

/** What is typed, or an interrupt, and what has to be seen then; null is the end of the program. */
type Step = readonly [typed: string | { signal: "interrupt" }, awaited: string | null];
const interrupt = { signal: "interrupt" } as const;
const endOfInput = "\x04";
const clearLine = "\x15";
const up = "\x1b[A";

interface Session {
  /** What the terminal showed after each step. */
  shown: string[];
  status: number | null;
}

async function inConsole(steps: readonly Step[], ...options: string[]): Promise<Session> {
  const program = [python, "-m", "jupyter_console", ...options];
  const { code, stdout, stderr } = await place.python(driver, JSON.stringify(steps), ...program);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Session;
}

test("a session, from the banner to the end", { timeout: 120_000 }, async () => {
  const { shown, status } = await inConsole(
    [
      ["", "In [1]:"],
      ["1 + 1\r", "Out[1]: 2"],
      ["function twice(n: number) {\r", "...:"], // Enter goes on with what is incomplete
      ["return 2 * n\r", "...:"],
      ["}\r", "In [3]:"],
      ["twice(21)\r", "Out[3]: 42"],
      ['throw new Error("out of chalk")\r', "at Cell [4]:1:7"],
      ["const total: number = 'twelve'\r", "TS2322: Type 'string' is not assignable"],
      ["const apricot = 1, apple = 2\r", "In [7]:"],
      ["ap\t", "apricot"], // Tab suggests
      [clearLine, ""],
      ["while (true) {}\r", "while"],
      [interrupt, "KeyboardInterrupt"],
      ["const who = await input('Name? ')\r", "Name?"],
      ["Ada\r", "In [9]:"],
      ["who + apple\r", "Out[9]: 'Ada2'"], // the loop has spoilt nothing
      ['console.error("to stderr"); console.log("to stdout")\r', "to stdout"],
      [up, "console.error"],
      [clearLine, ""],
      [endOfInput, "exit"],
      ["y\r", null],
    ],
    "--kernel=lectern",
  );
  expect(status).toBe(0);
  expect(shown[0]).toMatch(/Lectern [\d.]+ · TypeScript [\d.]+ · Node [\d.]+/);
  expect(shown[9]).toContain("apple");
  expect(shown.join("")).not.toMatch(/\[lectern\]|Traceback|Exception/);
});

test("a second console works with the kernel of the first, and leaves it running", {
  timeout: 120_000,
}, async () => {
  const file = join(place.folder, "shared.json");
  const options = ["--kernel=lectern", `--KernelManager.connection_file=${file}`];
  const kernel = spawn(python, ["-m", "jupyter", "kernel", ...options], {
    cwd: place.notebooks,
    env: place.env,
  });
  const ended = new Promise((resolve) => kernel.on("exit", resolve));
  try {
    await expect.poll(() => existsSync(file), { timeout: 60_000 }).toBe(true);
    const leave: Step[] = [
      [endOfInput, "exit"],
      ["y\r", null],
    ];
    await inConsole([["", "In [1]:"], ["const shared = 41\r", "In [2]:"], ...leave], `--existing=${file}`);
    const { shown } = await inConsole(
      [["", "]:"], ["shared + 1\r", "Out[2]: 42"], ...leave],
      `--existing=${file}`,
    );
    expect(shown[1]).toContain("42");
  } finally {
    kernel.kill("SIGTERM");
    await ended;
  }
});

test("jupyter run runs a file, jupyter execute a notebook", { timeout: 120_000 }, async () => {
  writeFileSync(join(place.notebooks, "script.ts"), 'const n: number = 20;\nconsole.log(n + 22, "lines");');
  const run = await place.python("-m", "jupyter", "run", "--kernel=lectern", "script.ts");
  expect(run).toMatchObject({ code: 0, stdout: "42 lines\n" });

  const notebook = join(place.notebooks, "small.ipynb");
  writeNotebook(notebook, [code("const n: number = 20;"), code("n + 22")]);
  const { code: status, stderr } = await place.python("-m", "jupyter", "execute", "--inplace", notebook);
  expect(status, stderr).toBe(0);
  expect(readFileSync(notebook, "utf8")).toMatch(/"text\/plain": \[\s*"42"/);
});
