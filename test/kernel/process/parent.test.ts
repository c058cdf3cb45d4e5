// The kernel and all its processes end with the program that started it.
import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { connectionFile, KERNEL } from "../client.ts";

test("the kernel ends when its parent is gone", async () => {
  const { path } = await connectionFile();
  // The pipe is closed when the last process that holds it has ended: first the parent, then the kernel.
  const parent = spawn("sh", ["-c", 'JPY_PARENT_PID=$$ "$@" & wait', "sh", process.execPath, KERNEL, path]);
  const closed = new Promise<string>((resolve) =>
    parent.stdout.resume().once("close", () => resolve("closed")),
  );
  const pause = (ms: number) =>
    new Promise<string>((resolve) => setTimeout(() => resolve("still there"), ms));
  expect(await Promise.race([closed, pause(1500)])).toBe("still there");
  parent.kill("SIGKILL");
  expect(await Promise.race([closed, pause(100_000)])).toBe("closed");
});
