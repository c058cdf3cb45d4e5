// The queue of cells: what becomes of those that come behind one that fails.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MagicError } from "../../kernel/magics/magic.ts";
import { ExecutionQueue } from "../../kernel/messages/execute.ts";
import type { Handler, Request } from "../../kernel/messages/handler.ts";
import type { Kernel } from "../../kernel/messages/kernel.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue in a kernel whose cells fail, each before it runs. */
function failingQueue() {
  const answers: unknown[] = [];
  const kernel = {
    headers: { session: "" },
    executionCount: 0,
    history: { add() {} },
    publish() {},
    readMagics: () => ({
      check() {
        throw new MagicError("no");
      },
    }),
    async serve(request: Request, handler: Handler) {
      const reply = await handler(kernel as unknown as Kernel, request);
      answers.push(reply?.content.status);
    },
  };
  const queue = new ExecutionQueue(kernel as unknown as Kernel);
  const add = (options: object = {}) => {
    const content = { code: "1", ...options };
    queue.add({ channel: "shell", message: { header: {}, content } } as unknown as Request);
  };
  return { add, answers };
}

test("all cells of a long stream are aborted, also those that come after the first has failed", async () => {
  const { add, answers } = failingQueue();
  add();
  for (let i = 0; i < 30; i++) {
    await vi.advanceTimersByTimeAsync(4);
    expect(answers).toEqual([]);
    add();
  }
  await vi.advanceTimersByTimeAsync(20);
  expect(answers).toEqual(["error", ...Array(30).fill("aborted")]);
  add();
  await vi.advanceTimersByTimeAsync(20);
  expect(answers.at(-1)).toBe("error");
});

test("a stream without end is not waited for", async () => {
  const { add, answers } = failingQueue();
  add();
  for (let i = 0; i < 300; i++) {
    await vi.advanceTimersByTimeAsync(4);
    add();
  }
  expect(answers[0]).toBe("error");
  expect(answers).toContain("aborted");
});

test("with stop_on_error off, or of a silent cell, nobody is aborted", async () => {
  const { add, answers } = failingQueue();
  for (const options of [{ stop_on_error: false }, { silent: true }, {}, {}]) add(options);
  await vi.advanceTimersByTimeAsync(20);
  expect(answers).toEqual(["error", "error", "error", "aborted"]);
});
