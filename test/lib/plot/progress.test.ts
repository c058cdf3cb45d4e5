// Live progress: throttled, in order, and the same at the end however long it took.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MimeBundle } from "../../../lib/plot/bundle.ts";
import { timeLeft } from "../../../lib/plot/live.ts";
import { progress, TrainingProgress } from "../../../lib/plot/progress.ts";
import { expectSafeHtml, expectText } from "./read.ts";

interface Message {
  type: string;
  content: { data: MimeBundle; metadata: object; transient: { display_id: string } };
}

const BROADCAST = Symbol.for("Jupyter.broadcast");
let messages: Message[] = [];
let now = 0;

beforeEach(() => {
  messages = [];
  now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  Object.assign(globalThis, {
    [BROADCAST]: (type: string, content: Message["content"]) => messages.push({ type, content }),
  });
});

afterEach(() => {
  Reflect.deleteProperty(globalThis, BROADCAST);
  vi.restoreAllMocks();
});

function train(epochs: number, batches: number, batchMs: number): MimeBundle {
  messages = [];
  const view = new TrainingProgress({ epochs, batches });
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (let batch = 1; batch <= batches; batch++) {
      now += batchMs;
      view.update({ epoch, batch, logs: { loss: 1 / (epoch + batch / batches) } });
    }
    view.epochEnd({ loss: 1 / epoch, accuracy: 1 - 1 / (epoch + 1), valLoss: 1.2 / epoch, valAccuracy: 0.5 });
  }
  view.done();
  return messages[messages.length - 1].content.data;
}

describe("TrainingProgress", () => {
  test("shows one output and updates it in place", () => {
    train(3, 10, 50);
    expect(messages[0].type).toBe("display_data");
    expect(new Set(messages.slice(1).map((message) => message.type))).toEqual(
      new Set(["update_display_data"]),
    );
    expect(new Set(messages.map((message) => message.content.transient.display_id)).size).toBe(1);
    const first = messages[0].content.transient.display_id;
    train(1, 1, 1);
    expect(messages[0].content.transient.display_id).not.toBe(first);
  });

  test("draws at most ten times a second, and reads the numbers only then", () => {
    const logs = vi.fn(() => ({ loss: 1 }));
    const view = new TrainingProgress({ epochs: 1, batches: 1000 });
    for (let batch = 1; batch <= 1000; batch++) {
      now += 2;
      view.update({ epoch: 1, batch, logs });
    }
    expect(logs).toHaveBeenCalledTimes(20);
    expect(messages).toHaveLength(1 + 20);
  });

  test("says where it is and how long it will take", () => {
    const view = new TrainingProgress({ epochs: 4, batches: 10 });
    now = 5000;
    view.update({ epoch: 1, batch: 5, logs: { loss: 0.51234 } });
    const text = expectText(messages[1].content.data);
    expect(text).toContain("epoch 1 of 4 · batch 5 of 10 · 35 s left · loss 0.5123");
    now = 10_000;
    view.epochEnd({ loss: 0.4 });
    expect(expectText(messages[2].content.data)).toContain("30 s left · loss 0.4");
  });

  test("ends the same however long it took, without times or identifiers", () => {
    const fast = train(5, 8, 1);
    const slow = train(5, 8, 700);
    expect(fast).toEqual(slow);
    expect(fast["text/plain"]).toBe(
      "5 epochs · 8 batches each · loss 0.2, accuracy 0.8333, valLoss 0.24, valAccuracy 0.5",
    );
    expect(String(fast["text/html"])).not.toMatch(/lectern-|\d s left|<progress/);
    expect(JSON.stringify(fast).length).toBeLessThan(20_000);
  });

  test("is safe HTML all the way", () => {
    train(3, 10, 120);
    for (const { content } of messages) {
      expectText(content.data);
      expectSafeHtml(String(content.data["text/html"]));
    }
  });

  test("draws a growing curve of the running loss", () => {
    train(2, 20, 120);
    const curve = (message: Message): string => {
      const source = /base64,([^"]*)"/.exec(String(message.content.data["text/html"]));
      return source ? Buffer.from(source[1], "base64").toString() : "";
    };
    const points = messages.slice(3, 15).map((message) => curve(message).split("L").length);
    expect(points).toEqual([...points].sort((a, b) => a - b));
    expect(points[points.length - 1]).toBeGreaterThan(points[0]);
    expect(curve(messages[3])).toContain('xmlns="http://www.w3.org/2000/svg"');
  });

  test("tells of an early end and of a failure", () => {
    const early = new TrainingProgress({ epochs: 10, batches: 2 });
    early.epochEnd({ loss: 1 });
    early.done();
    expect(expectText(messages[messages.length - 1].content.data)).toContain("1 of 10 epochs");
    const broken = new TrainingProgress({ epochs: 10, batches: 2 });
    broken.update({ epoch: 1, batch: 2, logs: { loss: Number.NaN } });
    broken.failed();
    expect(expectText(messages[messages.length - 1].content.data)).toContain("stopped in epoch 1, batch 2");
  });

  test("survives a loss that is not finite", () => {
    const view = new TrainingProgress({ epochs: 3, batches: 1 });
    for (const loss of [1, Number.NaN, Number.POSITIVE_INFINITY]) view.epochEnd({ loss });
    view.done();
    expectSafeHtml(String(messages[messages.length - 1].content.data["text/html"]));
    expect(JSON.stringify(messages)).not.toContain("NaN,");
  });

  test("prints a line per epoch outside a notebook", () => {
    Reflect.deleteProperty(globalThis, BROADCAST);
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const view = new TrainingProgress({ epochs: 2, batches: 5 });
    view.update({ epoch: 1, batch: 1, logs: { loss: 1 } });
    view.epochEnd({ loss: 0.5 });
    view.epochEnd({ loss: 0.25 });
    view.done();
    expect(log.mock.calls).toEqual([["Epoch 1/2: loss 0.5"], ["Epoch 2/2: loss 0.25"]]);
  });
});

describe("progress", () => {
  const lastText = (): string => expectText(messages[messages.length - 1].content.data);

  test("goes through a list and ends full", () => {
    expect([...progress(["a", "b", "c"])]).toEqual(["a", "b", "c"]);
    expect(lastText()).toBe(`${"█".repeat(24)} 3 of 3`);
    for (const { content } of messages) expectSafeHtml(String(content.data["text/html"]));
  });

  test("stops where the loop stops, and counts what has no length", () => {
    for (const item of progress([1, 2, 3, 4])) if (item === 3) break;
    expect(lastText()).toContain("2 of 4");
    expect([...progress(new Map([[1, 2]]).keys())]).toEqual([1]);
    expect(lastText()).toBe("1");
  });
});

test("timeLeft speaks in seconds, minutes and hours, and not too early", () => {
  expect(timeLeft(500, 0.5)).toBe("");
  expect(timeLeft(5000, 0)).toBe("");
  expect(timeLeft(10_000, 0.5)).toBe("10 s left");
  expect(timeLeft(60_000, 0.1)).toBe("9 min left");
  expect(timeLeft(3_600_000, 0.25)).toBe("3.0 h left");
});
