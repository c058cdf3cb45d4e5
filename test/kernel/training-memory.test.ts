// A training cell that is run again and again in a real session leaves nothing behind in the process of the cells.
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { TestClient } from "./client.ts";

const lib = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../lib/${path}`, import.meta.url)));

const training = `const x = random.uniform([512, 100]), y = random.integers([512], { high: 4 });
const model = sequential([dense(128, { activation: "relu", inputShape: [100] }), dense(4, { activation: "softmax" })]);
model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
const history = await model.fit(x, y, { epochs: 2, verbose: 0 });
const scores = await model.evaluate(x, y);
const product = x.matmul(x.transpose()).relu().mean();
model`;

// Registries are called some time after the collector: it is asked until nothing more goes for three times.
const looking = `for (let unchanged = 0, least = Infinity; unchanged < 3; unchanged++) {
  engine.collect(true);
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (engine.memory.blocksInUse < least) unchanged = -1;
  least = Math.min(least, engine.memory.blocksInUse);
}
const { heapUsed, rss } = process.memoryUsage();
JSON.stringify({ inUse: engine.memory.bytesInUse, blocks: engine.memory.blocksInUse, heapUsed, rss })`;

test("40 runs of a training cell leave memory flat", { timeout: 180_000 }, async () => {
  const client = await TestClient.start();
  try {
    const importing = await client.execute(
      `import { dense, random, sequential } from ${lib("index.ts")}; import { engine } from ${lib("engine/engine.ts")};`,
    );
    expect(importing.reply.status).toBe("ok");
    const run = async (times: number) => {
      for (let i = 0; i < times; i++) {
        expect((await client.execute(training)).reply, client.log).toMatchObject({ status: "ok" });
      }
      const { result, reply } = await client.execute(looking);
      expect(reply.status).toBe("ok");
      return JSON.parse(result!.slice(1, -1)) as Record<"inUse" | "blocks" | "heapUsed" | "rss", number>;
    };
    const early = await run(8);
    const late = await run(32);
    expect(early.inUse).toBeGreaterThan(2 ** 20);
    expect([late.inUse, late.blocks]).toEqual([early.inUse, early.blocks]);
    expect(late.heapUsed - early.heapUsed).toBeLessThan(4 * 2 ** 20);
    expect(late.rss - early.rss).toBeLessThan(40 * 2 ** 20);
  } finally {
    await client.stop();
  }
});
