// An interrupt ends a cell without running `finally`: gradients and memory must be as usual in the next one.
import { setTimeout as wait } from "node:timers/promises";
import { runInThisContext } from "node:vm";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  capture,
  customGradient,
  gradients,
  noGrad,
  Tensor,
  tensor,
  traceNaN,
  variable,
  zeros,
} from "../../../lib/index.ts";
import { bytesResident } from "../../../lib/tensor/blocks.ts";
import { scope } from "../../../lib/tensor/storage.ts";

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

test.each([false, true])(
  "after an interrupt inside a backward pass, createGraph %s, everything is usable",
  async (createGraph) => {
    const [w, v] = [variable([1, 2]), variable([3, 4])];
    const endless = customGradient(
      (x: Tensor) => x.mul(2),
      (gradient) => {
        forever();
        return gradient;
      },
    );
    const before = w.mul(v);
    const loss = endless(before.square()).sum();
    interrupt(() => loss.backward(undefined, { createGraph }));
    await wait(20);
    w.grad = v.grad = null;
    // The mode is as usual, the same variables and the part of the graph that the pass had not reached can be used.
    expect(noGrad(() => w.mul(2)).requiresGrad).toBe(false);
    before.sum().backward();
    expect([w.grad, v.grad].map((g) => (g as unknown as Tensor).toArray())).toEqual([
      [3, 4],
      [1, 2],
    ]);
    expect(gradients(w.square().sum(), [w])[0]!.toArray()).toEqual([2, 4]);
    // Numbers that were overwritten can be read: the guard of the backward pass is gone.
    w.assign(7);
    expect(w.mul(1).toArray()).toEqual([7, 7]);
    const later = zeros([3]);
    scope(() => zeros([100]));
    expect(later.sum().item()).toBe(0);
  },
);

test.each<[string, (work: () => void) => unknown]>([
  ["noGrad", noGrad],
  ["scope", scope],
  ["traceNaN", traceNaN],
  [
    "capture",
    (work) =>
      capture((x: Tensor) => {
        work();
        return x;
      })(tensor(1)),
  ],
])(
  "what an interrupted cell goes on with gets no timer: %s changes nothing then, and can be interrupted later",
  async (_, during) => {
    await wait(20);
    vi.spyOn(globalThis, "setTimeout").mockImplementation(() => {
      throw new Error("stopped");
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const { mul } = Tensor.prototype;
    expect(() => during(() => {})).toThrow("stopped");
    vi.restoreAllMocks();
    expectUsual();
    await wait(20);
    interrupt(() => during(() => forever()));
    await wait(20);
    expectUsual();

    function expectUsual(): void {
      expect(Tensor.prototype.mul).toBe(mul);
      expect(Number.isNaN(tensor(-1).log().item())).toBe(true);
      const kept = variable(2).square();
      expect(kept.requiresGrad).toBe(true);
      const before = bytesResident();
      scope(() => zeros([100]));
      expect(bytesResident()).toBe(before);
      expect(kept.item()).toBe(4);
    }
  },
);

test("scope and noGrad refuse asynchronous functions", () => {
  expect(() => noGrad(async () => 1)).toThrow(/must not be async/);
  expect(() => scope(async () => 1)).toThrow(/must not be async/);
});

function forever(): void {
  for (let i = 0; i >= 0; i = (i + 1) % 1000);
}
