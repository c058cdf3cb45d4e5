// The user's process without Jupyter around it: run, interrupt, revive.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CellCompiler } from "../../../kernel/cell/compile.ts";
import type { Outcome } from "../../../kernel/process/active-runs.ts";
import type { Output } from "../../../kernel/process/protocol.ts";
import { UserProcess } from "../../../kernel/process/user-process.ts";
import { temporaryFolder } from "../folders.ts";

let user: UserProcess;
let compiler: CellCompiler;
let outputs: Output[];
let lost: number;
let runs: number;

beforeEach(() => {
  outputs = [];
  lost = 0;
  runs = 0;
  compiler = new CellCompiler();
  user = new UserProcess(temporaryFolder(), {
    requested: () => {},
    output: (output) => {
      outputs.push(output);
      return 0;
    },
    vanished: () => {},
    lost: () => {
      lost++;
      compiler = new CellCompiler();
    },
    log: () => {},
  });
});
afterEach(() => user.stop());

async function run(code: string): Promise<Outcome> {
  return (await begin(code)).ending;
}

/** Hands a cell over; how it ends is for later. */
async function begin(code: string): Promise<{ ending: Promise<Outcome> }> {
  const number = ++runs;
  const cell = await compiler.compile(code, `Cell [${number}]`);
  compiler.commit(cell);
  return { ending: user.run(number, cell.runnable) };
}

const text = (outcome: Outcome) => (outcome.status === "ok" ? outcome.result?.data["text/plain"] : outcome);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const size = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

test("the first cell starts the process; later cells see its names", async () => {
  expect(text(await run("let a = 1; a"))).toBe("1");
  expect(text(await run("a + 1"))).toBe("2");
  expect(text(await run("const b = a"))).toBe(undefined);
});

test("output carries the number of its run, in the order in which it was written", async () => {
  await run(
    'console.log("a"); console.error("b"); console.log("c"); setTimeout(() => console.log("late"), 50)',
  );
  await run("await new Promise((r) => setTimeout(r, 150))");
  const texts = outputs.map((output) => (output.type === "stream" ? output.text : output));
  expect(texts.join("")).toBe("a\nb\nc\nlate\n");
  expect(texts.slice(0, 2)).toEqual(["a\n", "b\n"]);
  const streams = outputs.map(({ type, run, ...rest }) => [type, run, "name" in rest && rest.name].join(" "));
  const [out, err] = ["stream 1 stdout", "stream 1 stderr"];
  // The last two may have come together.
  expect(streams).toEqual([out, err, out, out].slice(0, streams.length));
  expect(streams.length).toBeGreaterThan(2);
});

test("an interrupt ends a loop and keeps the process", async () => {
  await run("let n = 5");
  const { pid } = user;
  const looping = await begin("for (;;);");
  await pause(50);
  user.interrupt();
  expect(await looping.ending).toEqual({ status: "interrupted", restarted: false });
  expect(text(await run("n"))).toBe("5");
  expect([user.pid, lost]).toEqual([pid, 0]);
});

test("an interrupt right behind the cell ends it, wherever the two are on their way", async () => {
  await run("let m = 5");
  const { pid } = user;
  for (let turn = 0; turn < 20; turn++) {
    const looping = await begin(turn % 2 === 0 ? "for (;;);" : 'import "node:fs"; for (;;);');
    await pause(turn / 4);
    user.interrupt();
    expect(await looping.ending).toEqual({ status: "interrupted", restarted: false });
    expect(text(await run("m"))).toBe("5");
  }
  expect(user.pid).toBe(pid);
});

test("a cell that was interrupted while it waited for an import does not start when that is there", async () => {
  const slow = "data:text/javascript,await new Promise((resolve) => setTimeout(resolve, 400))";
  const waiting = await begin(`import ${JSON.stringify(slow)}; for (;;);`);
  await pause(200);
  user.interrupt();
  expect(await waiting.ending).toEqual({ status: "interrupted", restarted: false });
  expect(text(await run("await new Promise((resolve) => setTimeout(resolve, 600)); 1"))).toBe("1");
});

test("an interrupt before the process is ready ends the cell", async () => {
  const cell = await compiler.compile("for (;;);", "Cell [0]");
  const waiting = user.run(0, cell.runnable);
  user.interrupt();
  expect(await waiting).toEqual({ status: "interrupted", restarted: false });
  expect(text(await run("1"))).toBe("1");
});

test("a cell that cannot be interrupted loses its process", async () => {
  await run("let n = 5");
  const { pid } = user;
  const file = join(temporaryFolder(), "on");
  // A program that ignores the signal, which the cell waits for outside of JavaScript.
  const program = `trap '' INT TERM; touch '${file}'; for i in $(seq 100); do sleep 1; done`;
  const stuck = await begin(
    `import { execSync } from "node:child_process"; execSync(${JSON.stringify(program)})`,
  );
  await expect.poll(() => existsSync(file)).toBe(true);
  user.interrupt();
  expect(await stuck.ending).toEqual({ status: "interrupted", restarted: true });
  expect(lost).toBe(1);
  expect(user.pid).not.toBe(pid);
  expect(text(await run("typeof n"))).toBe("'undefined'");
});

test("a death ends the running cell with its reason; the next cell has a new process", async () => {
  await run("1");
  const dying = run('console.log("running"); await new Promise(() => {})');
  while (outputs.length === 0) await pause(10);
  process.kill(user.pid as number, "SIGKILL");
  expect(await dying).toEqual({ status: "died", reason: expect.stringContaining("ended by SIGKILL") });
  expect(lost).toBe(1);
  expect(text(await run("2"))).toBe("2");
});

test("what a cell has started ends with the process", async () => {
  const file = join(temporaryFolder(), "ticks");
  await run(
    `import { spawn } from "node:child_process"; spawn("sh", ["-c", "while sleep 0.05; do echo . >> '${file}'; done"]).pid`,
  );
  await expect.poll(() => size(file)).toBeGreaterThan(0);
  user.stop();
  const ticksInASecond = async () => {
    const before = size(file);
    await pause(1000);
    return size(file) - before;
  };
  await expect.poll(ticksInASecond).toBe(0);
});
