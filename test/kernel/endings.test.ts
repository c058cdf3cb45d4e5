// However the kernel ends, nothing that it or its cells have started is left.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";

const UNCHECKED = "// @ts-nocheck\n";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly command: string;
}

function processes(): Process[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,stat=,args="], { encoding: "utf8" });
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, parent, state, ...command] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), state: state!, command: command.join(" ") };
    });
}

/** A process and all that it and its children have started. */
function tree(root: number): Process[] {
  const all = processes();
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

const left = (before: readonly Process[]) =>
  processes().filter(({ pid, command }) => before.some((old) => old.pid === pid && old.command === command));

/** A kernel with a cell that runs, and programs beside it that cannot be asked to go. */
async function busyKernel(): Promise<{ client: TestClient; before: Process[] }> {
  const client = await TestClient.start();
  await client.execute("const checked: number = 1; checked");
  await client.execute(
    `${UNCHECKED}const { spawn } = require("node:child_process");
     spawn("sh", ["-c", "trap '' TERM INT HUP; while :; do sleep 1; done"]).pid`,
  );
  const id = await client.startCell(`${UNCHECKED}console.log("on"); for (;;);`);
  await client.until(() => client.outputs(id).some(({ type }) => type === "stream"));
  const before = tree(client.process.pid!);
  expect(before.length).toBeGreaterThanOrEqual(4); // kernel, user process, language server, shell
  return { client, before };
}

test.each<[string, (client: TestClient) => unknown]>([
  ["all processes end with a kernel that is killed", (client) => client.process.kill("SIGKILL")],
  ["all processes end with a SIGHUP", (client) => client.process.kill("SIGHUP")],
  [
    "all processes end with a shutdown, programs that ignore SIGTERM too",
    (client) => client.request("control", "shutdown_request", { restart: true }),
  ],
])("%s", async (_, end) => {
  const { client, before } = await busyKernel();
  await end(client);
  await expect.poll(() => left(before)).toEqual([]);
  await client.stop();
});

test("a language server that is killed, or that hangs", async () => {
  const client = await TestClient.start();
  try {
    const check = async () => (await client.executeWrong('const wrong: number = "text"')).reply.ename;
    expect(await check()).toBe("TypeScriptError");
    for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
      const server = tree(client.process.pid!).find(({ command }) => command.includes("--lsp"));
      process.kill(server!.pid, signal);
      expect((await client.execute("let unhurt = 1; unhurt")).result).toBe("1");
      expect(await check()).toBe("TypeScriptError");
    }
    const defunct = () => tree(client.process.pid!).filter(({ state }) => state.startsWith("Z"));
    await expect.poll(defunct).toEqual([]);
  } finally {
    await client.stop();
  }
});

test("a crash of native code", async () => {
  const client = await TestClient.start();
  try {
    for (const signal of ["SEGV", "ABRT", "BUS"]) {
      const run = await client.execute(
        `${UNCHECKED}console.log("before"); await new Promise((r) => setTimeout(r, 100)); require("node:child_process").execSync("kill -${signal} " + process.pid); for (;;);`,
      );
      expect(run.reply.ename).toBe("ProcessEnded");
      expect(run.reply.evalue).toContain(`SIG${signal}`);
      expect(run.stdout).toBe("before\n");
      expect((await client.execute("1 + 1")).result).toBe("2");
    }
  } finally {
    await client.stop();
  }
});

test("folders that cannot be written", async () => {
  // Not even root can make files there.
  const nowhere = "/dev/null/missing";
  const client = await TestClient.start({
    directory: existsSync("/sys/kernel/mm") ? "/sys/kernel/mm" : temporaryFolder(),
    env: {
      XDG_CACHE_HOME: nowhere,
      XDG_DATA_HOME: nowhere,
      TMPDIR: nowhere,
      HOME: nowhere,
      NODE_COMPILE_CACHE: nowhere,
    },
  });
  try {
    expect((await client.execute("let n: number = 20; n + 1")).result).toBe("21");
    const full = await client.execute(
      `${UNCHECKED}require("node:fs").writeFileSync("${existsSync("/dev/full") ? "/dev/full" : "/missing/file"}", "text")`,
    );
    expect(full.reply.evalue).toMatch(/ENOSPC|ENOENT/);
  } finally {
    await client.stop();
  }
});
