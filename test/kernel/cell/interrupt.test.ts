// A cell that is ended from outside keeps the values it has reached.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("./interrupted.ts", import.meta.url));

async function valueAfterInterrupt(source: string, look: string): Promise<unknown> {
  // Without the option, ending code in a callback of Node aborts the process.
  const options = ["--no-force-async-hooks-checks", "--disable-warning=ExperimentalWarning"];
  const { stdout } = await promisify(execFile)(process.execPath, [...options, PROGRAM, source, look]);
  return (JSON.parse(stdout) as { value: unknown }).value;
}

test.each([
  ["a loop with a call", "let a = 1; while (true) { a++; Number(1) }", "a"],
  ["a localised loop", "let b = 1; while (true) { b++ }", "b"],
  ["after await", "let c = 1; await null; while (true) { c++; Number(2) }", "c"],
  ["a loop in a function", "let d = 1; function spin() { for (;;) d++ } spin()", "d"],
])("%s", async (_what, source, name) => {
  expect(await valueAfterInterrupt(source, name)).toBeGreaterThan(10_000);
});

test("a localised loop with an inner loop and two names", async () => {
  const source = `let e = 1, f: any = "";
    while (true) { for (let i = 0; i < 1000; i++) e += i * 0.5; f += 1; if (f.length > 5) f = "" }`;
  const [e, length] = (await valueAfterInterrupt(source, "[e, f.length]")) as [number, number];
  expect(e).toBeGreaterThan(10_000);
  expect(length).toBeLessThan(6);
});
