// The first thing that a client hears is the welcome, at whatever moment of the kernel's start it subscribes.
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { Subscriber } from "zeromq";
import { KERNEL } from "./client.ts";
import { temporaryFolder } from "./folders.ts";

/** The topic of the first message of a kernel for a client that comes so long after the socket is there. */
async function firstTopic(milliseconds: number): Promise<string> {
  const folder = temporaryFolder();
  const file = join(folder, "connection.json");
  const ip = join(folder, "kernel");
  const ports = { shell_port: 1, control_port: 2, stdin_port: 3, iopub_port: 4, hb_port: 5 };
  writeFileSync(file, JSON.stringify({ transport: "ipc", ip, key: "", ...ports }));
  const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
  const kernel = spawn(process.execPath, [KERNEL, file], { cwd: folder, env, stdio: "ignore" });
  const ended = new Promise((resolve) => kernel.once("exit", resolve));
  const client = new Subscriber();
  try {
    while (!existsSync(`${ip}-4`)) await setTimeout(1);
    await setTimeout(milliseconds);
    client.connect(`ipc://${ip}-4`);
    client.subscribe("");
    const frames = await client.receive();
    const header = frames[frames.findIndex((frame) => String(frame) === "<IDS|MSG>") + 2];
    return JSON.parse(String(header)).msg_type;
  } finally {
    client.close();
    kernel.kill("SIGTERM");
    await ended;
  }
}

test.each([0, 10, 20, 30, 40, 60])("%i ms after the socket is there", async (milliseconds) => {
  expect(await firstTopic(milliseconds)).toBe("iopub_welcome");
});
