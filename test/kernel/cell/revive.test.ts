// The compiler goes on when the process of esbuild has ended.
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { TestSession } from "./session.ts";

function esbuildProcesses(): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).split("\n");
  const rows = lines.map((line) => line.trim().split(/\s+/));
  const own = rows.filter(
    ([, parent, name]) => Number(parent) === process.pid && /esbuild$/.test(name ?? ""),
  );
  return own.map(([pid]) => Number(pid));
}

test("cells compile after esbuild was killed", async () => {
  const session = new TestSession();
  await session.ok("enum A { B }");
  const processes = esbuildProcesses();
  expect(processes).toHaveLength(1);
  process.kill(processes[0]!, "SIGKILL");
  await expect.poll(esbuildProcesses).toEqual([]);
  await sleep(100);
  await session.ok("enum C { D = 2 } C.D", 2);
  await session.fails("const = 1", /SyntaxError/);
  expect(esbuildProcesses()).toHaveLength(1);
});
