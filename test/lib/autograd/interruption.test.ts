// An interrupt ends a cell without running `finally`: gradients and memory must be as usual in the next one.
import { setTimeout as wait } from "node:timers/promises";
import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
import { noGrad, variable, zeros } from "../../../lib/index.ts";
import { bytesResident, scope } from "../../../lib/tensor/storage.ts";

/** Runs a function and ends it like an interrupt does, while it loops. */
function interrupt(work: () => void): void {
  const holder = globalThis as unknown as { interrupted?: () => void };
  holder.interrupted = work;
  expect(() => runInThisContext("interrupted()", { timeout: 50 })).toThrow(/timed out/);
  delete holder.interrupted;
}

test("after an interrupt inside noGrad, gradients are recorded again", async () => {
  interrupt(() => noGrad(() => forever()));
  await wait(20);
  const w = variable(2);
  w.square().backward();
  expect(w.grad!.item()).toBe(4);
});

test("after an interrupt inside a training step, tensors of later cells last", async () => {
  interrupt(() => scope(() => forever()));
  await wait(20);
  const later = zeros([10]);
  const before = bytesResident();
  scope(() => zeros([100]));
  expect(bytesResident()).toBe(before);
  expect(later.sum().item()).toBe(0);
});

test("scope and noGrad refuse asynchronous functions", () => {
  expect(() => noGrad(async () => 1)).toThrow(/must not be async/);
  expect(() => scope(async () => 1)).toThrow(/must not be async/);
});

function forever(): void {
  for (let i = 0; i >= 0; i = (i + 1) % 1000);
}
