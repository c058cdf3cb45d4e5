// A flood of output straight over ZeroMQ: complete, in order, in its own cell, and below the limits of Jupyter's server.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ directory: temporaryFolder() });
});
afterAll(() => client.stop());

const UNCHECKED = "// @ts-nocheck\n";

test("100,000 lines, then a cell: none lost, none in the wrong cell, in order", async () => {
  const first = await client.startCell(
    "for (let i = 0; i < 100_000; i++) console.log('line', i, 'of a flood')",
  );
  const second = await client.startCell('console.log("mine"); "next"');
  const run = await client.finishCell(first);
  const next = await client.finishCell(second);
  expect(run.stdout === Array.from({ length: 100_000 }, (_, i) => `line ${i} of a flood\n`).join("")).toBe(
    true,
  );
  expect([next.stdout, next.result]).toEqual(["mine\n", "'next'"]);
  expect([client.states(first), client.states(second)]).toEqual([
    ["busy", "idle"],
    ["busy", "idle"],
  ]);
  expect(client.outputs(first).length).toBe(run.outputs.length);
});

test("stdout and stderr in turns keep their order, and a flood of turns is complete in each", async () => {
  const few = await client.execute(
    "for (let i = 0; i < 200; i++) { console.log('o' + i); console.error('e' + i) }",
  );
  const order = few.outputs.map(({ content }) => content.text ?? "").join("");
  expect(order).toBe(Array.from({ length: 200 }, (_, i) => `o${i}\ne${i}\n`).join(""));
  const many = await client.execute("for (let i = 0; i < 20_000; i++) { console.log(i); console.error(i) }");
  const numbers = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("");
  expect([many.stdout === numbers, many.stderr === numbers]).toEqual([true, true]);
  expect(many.outputs.length).toBeLessThan(2700);
});

test("a child process that prints 100,000 lines", async () => {
  const run = await client.execute(
    `${UNCHECKED}require("node:child_process").execSync("seq 1 100000", { stdio: "inherit" }); console.log("end")`,
  );
  expect(run.stdout === `${Array.from({ length: 100_000 }, (_, i) => `${i + 1}\n`).join("")}end\n`).toBe(
    true,
  );
  expect((await client.execute("1")).stdout).toBe("");
});

test("heartbeats and questions are answered during a flood", async () => {
  const id = await client.startCell('for (;;) console.log("x".repeat(100))');
  await client.until(() => client.outputs(id).length > 5);
  for (let i = 0; i < 5; i++) {
    expect(await client.heartbeat()).toBe("ping");
    expect((await client.request("control", "kernel_info_request", {})).status).toBe("ok");
  }
  await client.interrupt();
  expect((await client.finishCell(id)).reply.ename).toBe("KeyboardInterrupt");
});
