// Recurrent layers: shapes and parameter counts as Keras has them, starting weights, states and masks, training, mistakes.
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  adam,
  allClose,
  bidirectional,
  concat,
  dense,
  dropout,
  flip,
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

test("weights start as they are told to", () => {
  const options = { inputShape: [5, 2], recurrentInitializer: "ones" } as const;
  const layer = lstm(1, { ...options, unitForgetBias: false });
  expect(layer.bias!.toArray()).toEqual([0, 0, 0, 0]);
  expect(layer.recurrentKernel!.toArray()).toEqual([[1, 1, 1, 1]]);
  expect(gru(1, options).recurrentKernel!.toArray()).toEqual([[1, 1, 1]]);
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

describe("both directions", () => {
  const x = random.normal([2, 5, 3]);

  test.each([
    ["lstm", lstm(4, { returnSequences: true }), lstm],
    ["gru", gru(4, { returnSequences: true }), gru],
    ["simpleRnn", simpleRnn(4, { returnSequences: true }), simpleRnn],
  ] as const)("of %s are two layers, the second on the reversed sequence", (_, layer, { apply }) => {
    const both = bidirectional(layer as ReturnType<typeof lstm>, { inputShape: [5, 3] });
    const single = layer.countParams([5, 3]);
    expect(both.parameterCount).toBe(2 * single);
    const [there, back] = [both.weights.slice(0, 3), both.weights.slice(3)].map(
      ([kernel, recurrentKernel, bias]) => ({ kernel, recurrentKernel, bias }),
    );
    const a = apply(x, there).outputs;
    const b = flip(apply(flip(x, 1), back).outputs, 1);
    expect(allClose(both(x), concat([a, b], -1), { atol: 1e-6 })).toBe(true);
    expect(allClose(a, b, { atol: 0.01 })).toBe(false);
  });

  test("merged by sum, product and mean, of all steps or of the last one of each direction", () => {
    const layer = bidirectional(gru(4), { inputShape: [5, 3] });
    const { forward, backward } = layer.run(x);
    expect(allClose(layer(x), concat([forward.h, backward.h], -1))).toBe(true);
    expect(allClose(backward.outputs.at(":", 0), backward.h)).toBe(true);
    for (const [mergeMode, merge] of [
      ["sum", (a: Tensor, b: Tensor) => a.add(b)],
      ["mul", (a: Tensor, b: Tensor) => a.mul(b)],
      ["ave", (a: Tensor, b: Tensor) => a.add(b).div(2)],
    ] as const) {
      const same = bidirectional(gru(4), { mergeMode, inputShape: [5, 3] }).setWeights(layer.weights);
      expect(same.outputShape([5, 3])).toEqual([4]);
      expect(allClose(same(x), merge(forward.h, backward.h))).toBe(true);
      const { outputs } = same.run(x);
      expect(allClose(outputs, merge(forward.outputs, backward.outputs))).toBe(true);
    }
  });

  test("padding that a mask leaves out changes nothing", () => {
    const layer = bidirectional(lstm(4), { inputShape: [5, 3] });
    const padded = concat([x, random.normal([2, 2, 3])], 1);
    const mask = tensor([[1, 1, 1, 1, 1, 0, 0]]).broadcastTo([2, 7]);
    const [plain, masked] = [layer.run(x), layer.run(padded, { mask })];
    expect(allClose(masked.outputs.at(":", ":5"), plain.outputs, { atol: 1e-6 })).toBe(true);
    expect(allClose(masked.backward.h, plain.backward.h, { atol: 1e-6 })).toBe(true);
  });

  test("learn what only the end of a sequence tells of its first step", async () => {
    seed(3);
    const inputs = random.normal([200, 6, 1]);
    // Each step is asked for the sign of the last number.
    const last = inputs.at(":", 5).greater(0).cast("float32");
    const targets = last.expandDims(1).broadcastTo([200, 6, 1]);
    const model = sequential([
      bidirectional(gru(8, { returnSequences: true }), { inputShape: [6, 1] }),
      dense(1, { activation: "sigmoid" }),
    ]).compile({ optimizer: adam({ learningRate: 0.02 }), loss: "binaryCrossentropy" });
    const history = await model.fit(inputs, targets, { epochs: 25, batchSize: 20, verbose: 0 });
    expect(history.loss.at(-1)).toBeLessThan(0.2);
  });

  test("what they say of other layers, and of sequences with other features", () => {
    expect(() => bidirectional(dense(3) as unknown as ReturnType<typeof lstm>)).toThrow(
      "bidirectional: takes a recurrent layer such as lstm(8)",
    );
    expect(() => bidirectional(lstm(3), { mergeMode: "add" as "sum" })).toThrow('unknown mergeMode "add"');
    const layer = bidirectional(lstm(3), { inputShape: [5, 3] });
    expect(() => layer(random.normal([2, 5, 4]))).toThrow(
      "bidirectional: expected sequences [batch, time, 3]",
    );
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
