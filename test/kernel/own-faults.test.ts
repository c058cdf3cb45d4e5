// Faults of the kernel's own process: the session goes on.
import { expect, test } from "vitest";
import { TestClient } from "./client.ts";

/** Runs in the kernel's process, but not in the one of the cells. */
const fault = (code: string) => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`if (process.argv[1].endsWith("main.ts")) ${code}`)}`,
});

test.each([
  ["an exception", 'throw new Error("a bug")'],
  ["a rejection", 'Promise.reject(new Error("a bug"))'],
])("%s that nothing catches is logged, and the variables stay", async (_what, code) => {
  const client = await TestClient.start({ env: fault(`process.on("SIGUSR2", () => { ${code} })`) });
  try {
    await client.execute("let kept = 1");
    client.process.kill("SIGUSR2");
    await client.until(() => /a fault of the kernel: Error: a bug/.test(client.log));
    expect((await client.execute("kept")).result).toBe("1");
  } finally {
    await client.stop();
  }
});

test("a log that nobody reads any more does not end the kernel", async () => {
  const client = await TestClient.start();
  try {
    client.process.stderr?.destroy();
    for (let i = 0; i < 10; i++) await client.send("shell", "nonsense_request", {});
    expect((await client.execute("6 * 7")).result).toBe("42");
    await client.sendRaw("control", ["what is this"]);
    expect((await client.request("control", "kernel_info_request", {})).status).toBe("ok");
  } finally {
    await client.stop();
  }
});
