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

test("after warm-up 250 cells take little more memory", { timeout: 400_000 }, async () => {
  const client = await TestClient.start();
  try {
    let n = 0;
    const cells = async (count: number) => {
      for (const end = n + count; n < end; n++) {
        const run = await client.execute(
          `function twice(x: number): number { return 2 * x } let last = ${n}; console.log(last); await null; twice(last)`,
        );
        expect(run.result).toBe(String(2 * n));
        client.published.length = 0; // what this client remembers would take its own time
      }
    };
    await cells(150);
    let before = memory(client.process.pid!);
    const growth = async () => {
      await cells(250);
      const after = memory(client.process.pid!);
      expect([...after.keys()].sort()).toEqual(["kernel", "language", "user"]);
      const grown = Object.fromEntries(
        [...after].map(([process, size]) => [process, size - before.get(process)!]),
      );
      before = after;
      return grown;
    };
    // The collectors let some megabytes stand; a leak of 200 kB a cell would be 50 MB. On a busy machine they come late: what
    // they have let grow in one round they hold in the next, and a leak grows in each.
    const isLarge = (grown: Record<string, number>) => Object.values(grown).some((size) => size >= 45);
    let grown = await growth();
    for (let more = 0; more < 2 && isLarge(grown); more++) grown = await growth();
    expect(isLarge(grown), JSON.stringify(grown)).toBe(false);
  } finally {
    await client.stop();
  }
});
