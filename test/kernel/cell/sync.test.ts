// Which cells run synchronously, and what others see while an asynchronous one waits.
import { expect, test } from "vitest";
import { TestSession } from "./session.ts";

test.each([
  ["1", false],
  ["async () => await 1", false],
  ['import fs from "node:fs"; fs.x', false],
  ["await 1", true],
  ["for await (const x of []) ;", true],
  ['class A { [await "k"] = 1 }', true],
  ["if (false) await 1", true],
  ["[1].map(async (x) => await x); 1", false],
])("%j: asynchronous %j", async (source, isAsync) => {
  const outcome = await new TestSession().ok(source);
  expect(outcome.gavePromise).toBe(isAsync);
});

test("the stack of a cell has no frame of a wrapper", async () => {
  const { stack } = await new TestSession().fails('throw new Error("s")', /s/);
  expect(stack.split("\n")).toHaveLength(2);
});

test("an asynchronous cell: its names are seen while it waits and after it failed", async () => {
  const session = new TestSession();
  const gate = Promise.withResolvers<void>();
  Object.assign(globalThis, { begun: false, gate: gate.promise });
  const running = session.run(
    '// @ts-nocheck\nlet w = 1; globalThis.begun = true; await globalThis.gate; w = 2; throw new Error("late")',
  );
  await expect.poll(() => (globalThis as { begun?: boolean }).begun).toBe(true);
  await session.ok("w", 1);
  gate.resolve();
  await running;
  await session.ok("w", 2);
});
