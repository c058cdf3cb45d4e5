// Training gives the same bits on any number of threads and at both vector widths. Both are chosen when the engine loads,
// so every case is a process of its own.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const library = new URL("../../../lib/index.ts", import.meta.url).href;
const engine = new URL("../../../lib/engine/engine.ts", import.meta.url).href;

const source = `
  const { conv2d, datasets, dense, dropout, flatten, maxPool2d, seed, sequential } =
    await import(${JSON.stringify(library)});
  const { engine } = await import(${JSON.stringify(engine)});
  await engine.threadsReady();
  seed(42);
  const { x, y } = datasets.digits().take(Array.from({ length: 640 }, (_, i) => i));
  const model = sequential([
    conv2d(16, 3, { activation: "relu", padding: "same", inputShape: [8, 8, 1] }),
    maxPool2d(2),
    conv2d(24, 3, { activation: "relu" }),
    flatten(),
    dropout(0.2),
    dense(64, { activation: "relu" }),
    dense(10, { activation: "softmax" }),
  ]).compile({ loss: "sparseCategoricalCrossentropy" });
  const { loss } = await model.fit(x, y, { epochs: 3, batchSize: 64, verbose: 0 });
  const weights = model.weights.map((weight) => Buffer.from(weight.data().buffer).toString("base64"));
  const { threads, simd } = engine.info();
  console.log(JSON.stringify({ threads, simd, loss, weights }));
`;

interface Outcome {
  threads: number;
  simd: number;
  loss: number[];
  weights: string[];
}

/** `before` runs before the library is loaded. */
function train(threads: number, simd: "128" | "256", before = ""): Outcome {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", before + source], {
    encoding: "utf8",
    env: { ...process.env, LECTERN_THREADS: String(threads), LECTERN_SIMD: simd },
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

test("a CNN learns the same on one, two and three threads, bit for bit", () => {
  const [one, ...others] = [1, 2, 3].map((threads) => train(threads, "256"));
  expect(one.loss[2]).toBeLessThan(one.loss[0]);
  for (const [index, outcome] of others.entries()) {
    expect(outcome.threads).toBe(index + 2);
    expect({ ...outcome, threads: 1 }).toEqual(one);
  }
});

test("and with vectors of 128 bits", () => {
  const [wide, narrow] = (["256", "128"] as const).map((simd) => train(2, simd));
  expect([wide.simd, narrow.simd]).toEqual([256, 128]);
  expect({ ...narrow, simd: 256 }).toEqual(wide);
});

test("and without SharedArrayBuffer, on one thread", () => {
  const shared = train(1, "256");
  expect(train(2, "256", "delete globalThis.SharedArrayBuffer;")).toEqual(shared);
});
