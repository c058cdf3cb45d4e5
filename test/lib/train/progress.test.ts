// What is seen of a training: live progress in a notebook, lines in plain Node, the record afterwards.
import { inspect } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { dense } from "../../../lib/nn/dense.ts";
import { sequential } from "../../../lib/nn/sequential.ts";
import { random, seed } from "../../../lib/random/random.ts";

function cloud(count: number) {
  seed(11);
  return { x: random.normal([count, 2]), y: Array.from({ length: count }, (_, i) => i % 2) };
}

const classifier = () =>
  sequential([
    dense(8, { activation: "relu", inputShape: [2] }),
    dense(2, { activation: "softmax" }),
  ]).compile({
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });

describe("what is seen of it", () => {
  const broadcast = Symbol.for("Jupyter.broadcast");
  const outside = globalThis as unknown as Record<symbol, unknown>;

  test("one output that is updated in place while it trains, and says at the end what came out", async () => {
    const texts: string[] = [];
    const ids = new Set<string>();
    outside[broadcast] = (
      type: string,
      content: { data: Record<string, string>; transient: { display_id: string } },
    ) => {
      texts.push(`${type}: ${content.data["text/plain"]}`);
      ids.add(content.transient.display_id);
    };
    onTestFinished(() => {
      delete outside[broadcast];
    });
    const { x, y } = cloud(64);
    const history = await classifier().fit(x, y, { epochs: 3, validationSplit: 0.25 });
    expect(ids.size).toBe(1);
    expect(texts[0]).toMatch(/^display_data: .*epoch 1 of 3/);
    expect(texts[texts.length - 1]).toContain(`loss ${history.last.loss.toPrecision(3)}`.slice(0, 8));
    expect(texts[texts.length - 1]).toContain("3 epochs");
  });

  test("a line per epoch in plain Node, nothing with verbose: 0", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    onTestFinished(() => log.mockRestore());
    const { x, y } = cloud(32);
    await classifier().fit(x, y, { epochs: 2, verbose: 0 });
    expect(log).not.toHaveBeenCalled();
    await classifier().fit(x, y, { epochs: 2 });
    expect(log.mock.calls.map(([line]) => String(line).slice(0, 16))).toEqual([
      "Epoch 1/2: loss ",
      "Epoch 2/2: loss ",
    ]);
  });

  test("the record itself, in one line and as curves", async () => {
    const { x, y } = cloud(32);
    const history = await classifier().fit(x, y, { epochs: 2, verbose: 0 });
    expect(inspect(history)).toMatch(/^History of 2 epochs; last: loss [\d.]+, accuracy [\d.]+$/);
    const display = (history as unknown as Record<symbol, () => Promise<Record<string, string>>>)[
      Symbol.for("Jupyter.display")
    ].bind(history);
    expect((await display())["text/plain"]).toContain("2 epochs");
  });
});
