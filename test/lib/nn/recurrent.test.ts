// Recurrent layers: shapes and parameter counts as Keras has them, starting weights, states and masks, training, mistakes.
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  adam,
  allClose,
  dense,
  dropout,
  functional,
  gru,
  lstm,
  random,
  seed,
  sequential,
  simpleRnn,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "../../../lib/index.ts";

describe("parameters as in Keras", () => {
  test.each([
    ["lstm", lstm(7, { inputShape: [5, 3] }), 308],
    ["lstm without bias", lstm(7, { inputShape: [5, 3], useBias: false }), 280],
    ["gru", gru(7, { inputShape: [5, 3] }), 252],
    ["gru, reset before", gru(7, { inputShape: [5, 3], resetAfter: false }), 231],
    ["simpleRnn", simpleRnn(7, { inputShape: [5, 3] }), 77],
  ])("%s", (_, layer, count) => {
    expect(layer.parameterCount).toBe(count);
    expect(layer.outputShape([5, 3])).toEqual([7]);
  });

  test("of a stack of two LSTM layers over 60 steps", () => {
    const model = sequential([
      lstm(256, { returnSequences: true, inputShape: [60, 1] }),
      dropout(0.4),
      lstm(256),
      dropout(0.4),
      dense(64, { activation: "relu" }),
      dense(1),
    ]);
    expect(model.layers.map((layer) => layer.parameterCount)).toEqual([264192, 0, 525312, 0, 16448, 65]);
  });
});

test("weights start orthogonal, biases at 0, that of the forget gate at 1", () => {
  seed(1);
  const layer = lstm(3, { inputShape: [5, 2] });
  const u = layer.recurrentKernel!;
  const products = u.matmul(u.transpose()).toArray<number[][]>();
  products.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(value).toBeCloseTo(i === j ? 1 : 0, 5);
    });
  });
  expect(layer.bias!.toArray()).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  expect(gru(3, { inputShape: [5, 2] }).bias!.toArray()).toEqual([Array(9).fill(0), Array(9).fill(0)]);
});

test("a sequence in two halves, the second from the state of the first, is the whole one", () => {
  seed(2);
  const x = random.normal([3, 6, 2]);
  const [first, second] = [x.at(":", ":4"), x.at(":", "4:")];
  const long = lstm(5);
  const before = long.run(first);
  const after = long.run(second, { initialState: [before.h, before.c] });
  expect(after.h.toArray()).toEqual(long.run(x).h.toArray());
  const short = gru(5);
  const half = short.run(second, { initialState: short.run(first).h });
  expect(half.h.toArray()).toEqual(short(x).toArray());
});

test("run takes a mask; returnSequences gives all steps; goBackwards turns the sequence around", () => {
  seed(3);
  const x = random.normal([2, 4, 3]);
  const layer = simpleRnn(4, { returnSequences: true });
  expect(layer(x).shape).toEqual([2, 4, 4]);
  const masked = layer.run(x, {
    mask: tensor([
      [true, true, false, false],
      [true, true, true, true],
    ]),
  });
  expect(masked.h.at(0).toArray()).toEqual(layer(x).at(0, 1).toArray());
  const back = simpleRnn(4, { returnSequences: true, goBackwards: true }).build([4, 3]);
  back.setWeights([...layer.weights]);
  expect(back(x).toArray()).toEqual(layer(x.at(":", "::-1")).toArray());
});

test.each([
  ["lstm", () => lstm(16, { inputShape: [8, 1] })],
  ["gru", () => gru(16, { inputShape: [8, 1] })],
  ["gru, other forms", () => gru(16, { inputShape: [8, 1], resetAfter: false, update: "replace" })],
  ["simpleRnn", () => simpleRnn(16, { inputShape: [8, 1] })],
])("%s learns which number came first", async (_, make) => {
  seed(4);
  const x = random.uniform([256, 8, 1], { low: -1, high: 1 });
  const y = x.at(":", 0, ":");
  const model = sequential([make(), dense(1)]).compile({
    optimizer: adam({ learningRate: 0.01 }),
    loss: "mse",
  });
  const { loss } = await model.fit(x, y, { epochs: 40, batchSize: 32, verbose: 0 });
  expect(loss.at(-1)!).toBeLessThan(loss[0]! / 10);
});

const source = `
  import { gru, lstm, random, seed, sequential, simpleRnn, variable } from ${JSON.stringify(new URL("../../../lib/index.ts", import.meta.url).href)};
  import { engine } from ${JSON.stringify(new URL("../../../lib/engine/engine.ts", import.meta.url).href)};
  await engine.threadsReady();
  seed(42);
  const model = sequential([
    lstm(70, { returnSequences: true, inputShape: [13, 5] }), gru(48, { returnSequences: true }), simpleRnn(33),
  ]);
  const x = variable(random.normal([37, 13, 5]));
  model(x).square().sum().backward();
  const found = [...model.weights, x].map(({ grad }) => Buffer.from(grad.data().buffer).toString("base64"));
  const { threads, simd } = engine.info();
  console.log(JSON.stringify({ threads, simd, found }));
`;

function run(threads: number, simd: "128" | "256"): { threads: number; simd: number; found: string[] } {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
    env: { ...process.env, LECTERN_THREADS: String(threads), LECTERN_SIMD: simd },
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

test("gradients are the same bits on any number of threads and at both vector widths", () => {
  const one = run(1, "256");
  expect([one.threads, one.simd]).toEqual([1, 256]);
  for (const threads of [2, 3]) expect(run(threads, "256")).toEqual({ ...one, threads });
  expect(run(2, "128")).toEqual({ ...one, threads: 2, simd: 128 });
});

describe("activations of the simple layer", () => {
  test("linear: the gradient over T steps is the product of T weights", () => {
    for (const [w, steps, expected] of [
      [0.9, 10, 0.3487],
      [0.9, 50, 0.005154],
      [1.1, 20, 6.7275],
      [-0.5, 3, -0.125],
    ] as const) {
      const start = variable([[1]]);
      const weights = { kernel: tensor([[1]]), recurrentKernel: tensor([[w]]) };
      const options = { initialState: start, activation: "linear" } as const;
      simpleRnn
        .apply(zeros([1, steps, 1]), weights, options)
        .h.sum()
        .backward();
      expect(start.grad!.item()).toBeCloseTo(expected, 4);
    }
  });

  test("any name or function, as a layer too; tanh as a function is what the kernels have", () => {
    seed(5);
    const x = random.normal([2, 5, 3]);
    const own = simpleRnn(4, { activation: (v) => v.tanh(), returnSequences: true, inputShape: [5, 3] });
    const same = simpleRnn(4, { returnSequences: true, inputShape: [5, 3] }).setWeights(own.weights);
    expect(allClose(own(x), same(x), { atol: 1e-6 })).toBe(true);
    const sigmoid = simpleRnn(4, { activation: "sigmoid", inputShape: [1, 3] });
    const first = x.at(":", ":1");
    const wanted = first.at(":", 0).matmul(sigmoid.kernel!).add(sigmoid.bias!).sigmoid();
    expect(allClose(sigmoid(first), wanted, { atol: 1e-6 })).toBe(true);
  });
});

describe("mistakes", () => {
  test("name the layer and what it expected", () => {
    expect(() => lstm(0)).toThrow("lstm: units must be a whole number above 0, got 0");
    expect(() => lstm(4)(tensor([[1, 2]]))).toThrow(
      "lstm: expected sequences [batch, time, features], got [batch, 2] — one feature a step? Then use .expandDims(-1)",
    );
    const layer = gru(4, { inputShape: [5, 3] });
    expect(() => layer(random.normal([2, 5, 4]))).toThrow(
      "gru: expected sequences [batch, time, 3], got [batch, 5, 4]",
    );
    expect(() => simpleRnn(4, { activation: "sigmod" as "sigmoid" })).toThrow(
      'unknown activation "sigmod" — did you mean "sigmoid"?',
    );
    const weights = { kernel: tensor([[1]]), recurrentKernel: tensor([[1]]) };
    expect(() => functional.simpleRnn(tensor([[[1]]]), weights, { activation: "sigmoid" as "tanh" })).toThrow(
      'simpleRnn: activation is "tanh", "relu" or a function such as (x) => x, got "sigmoid"',
    );
    expect(() => lstm.apply(tensor([[1]]), weights)).toThrow("for a single sequence .expandDims(0)");
  });
  test("a longer sequence than the first one is no mistake", () => {
    const layer = lstm(4, { inputShape: [5, 3] });
    const longer: Tensor = layer(random.normal([2, 9, 3]));
    expect(longer.shape).toEqual([2, 4]);
  });
});
