// Many cells in one session leave nothing behind; test/bench/endurance.py measures the same over 10,000.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { TestClient } from "./client.ts";

/** Resident memory of the kernel's processes in MB, the kernel first, by command. */
function memory(kernel: number): Map<string, number> {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,rss=,args="], { encoding: "utf8" });
  const found = new Map<string, number>();
  for (const line of table.trim().split("\n")) {
    const [pid, parent, size, ...command] = line.trim().split(/\s+/);
    if (Number(pid) === kernel) found.set("kernel", Number(size) / 1024);
    else if (Number(parent) === kernel && command.includes("--lsp"))
      found.set("language", Number(size) / 1024);
    else if (Number(parent) === kernel && command.join(" ").includes("user.ts"))
      found.set("user", Number(size) / 1024);
  }
  return found;
}

test("after warm-up 250 cells take little more memory, and no more time", async () => {
  const client = await TestClient.start();
  try {
    let n = 0;
    const cells = async (count: number) => {
      const times: number[] = [];
      for (const end = n + count; n < end; n++) {
        const begin = performance.now();
        const run = await client.execute(
          `function twice(x: number): number { return 2 * x } let last = ${n}; console.log(last); await null; twice(last)`,
        );
        times.push(performance.now() - begin);
        expect(run.result).toBe(String(2 * n));
        client.published.length = 0; // what this client remembers would take its own time
      }
      return times.sort((a, b) => a - b)[count >> 1]!;
    };
    const early = await cells(150);
    const before = memory(client.process.pid!);
    const late = await cells(250);
    const after = memory(client.process.pid!);
    expect([...after.keys()].sort()).toEqual(["kernel", "language", "user"]);
    // The collectors let some megabytes stand; a leak of 200 kB a cell would be 50 MB.
    for (const [process, size] of after) expect(size - before.get(process)!, process).toBeLessThan(45);
    expect(late).toBeLessThan(5 * early + 20);
  } finally {
    await client.stop();
  }
}, 120_000);
