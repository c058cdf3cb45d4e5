// shutdown_request: answered, told to all clients, and then the process ends.
import { once } from "node:events";
import { expect, test } from "vitest";
import { TestClient } from "./client.ts";

test.each([
  ["control", false, "1"],
  ["control", true, "while (true) {}"],
  ["shell", true, "1"],
  ["shell", false, "await new Promise(() => {})"],
] as const)("on %s, restart %s, while the cell %j runs", async (channel, restart, code) => {
  const client = await TestClient.start();
  try {
    const cell = await client.startCell(code);
    await client.until(() => client.states(cell).includes(code === "1" ? "idle" : "busy"));
    const ended = once(client.process, "exit");
    const id = await client.send(channel, "shutdown_request", { restart });
    expect((await client.reply(id)).content).toEqual({ status: "ok", restart });
    await client.until(() => client.states(id).includes("idle"));
    expect(client.outputs(id)).toEqual([{ type: "shutdown_reply", content: { status: "ok", restart } }]);
    expect(await ended).toEqual([0, null]);
  } finally {
    await client.stop();
  }
});
