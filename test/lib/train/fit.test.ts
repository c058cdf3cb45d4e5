// Training: it learns, it can be repeated to the bit, it measures rightly, and it stops before doing nonsense.
import { describe, expect, test, vi } from "vitest";
import { grad, jacobian } from "../../../lib/autograd/functional.ts";
import { digits } from "../../../lib/data/digits.ts";
import { conv2d } from "../../../lib/nn/conv.ts";
import { dense } from "../../../lib/nn/dense.ts";
import { dropout } from "../../../lib/nn/dropout.ts";
import { flatten } from "../../../lib/nn/flatten.ts";
import { maxPool2d } from "../../../lib/nn/maxPool.ts";
import { sequential } from "../../../lib/nn/sequential.ts";
import { allClose } from "../../../lib/ops/closeness.ts";
import { adam } from "../../../lib/optim/adam.ts";
import { sgd } from "../../../lib/optim/sgd.ts";
import { random, seed } from "../../../lib/random/random.ts";
import { oneHot, tensor, zeros } from "../../../lib/tensor/create.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import type { Logs } from "../../../lib/train/history.ts";

const quiet = { verbose: 0 } as const;

/** Two classes that a line divides. */
function cloud(count: number) {
  seed(11);
  const x = random.normal([count, 2]);
  const values = x.data();
  const y = Array.from({ length: count }, (_, i) => (values[2 * i] + values[2 * i + 1] > 0 ? 1 : 0));
  return { x, y };
}

const classifier = () =>
  sequential([
    dense(8, { activation: "relu", inputShape: [2] }),
    dense(2, { activation: "softmax" }),
  ]).compile({
    optimizer: adam({ learningRate: 0.02 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });

test("a penalty on slopes in a loss reaches the weights", async () => {
  seed(2);
  const model = sequential([dense(2, { activation: "sigmoid", inputShape: [3], useBias: false })]);
  const [W] = model.weights;
  const x = tensor([[0.5, -1, 2]]);
  const encode = (v: Tensor) => v.matmul(W).sigmoid();
  const slopes = () => jacobian(encode)(x.at(0)).square().sum();
  model.compile({ optimizer: sgd({ learningRate: 1 }), loss: (_, code) => code.sum().mul(0).add(slopes()) });
  // ‖∂σ(x·W)/∂x‖² = Σⱼ (hⱼ (1 − hⱼ))² Σᵢ Wᵢⱼ²
  const closed = (weights: Tensor) => {
    const h = x.at(0).matmul(weights).sigmoid();
    return h.mul(h.neg().add(1)).square().mul(weights.square().sum(0)).sum();
  };
  const before = W.clone();
  await model.fit(x, zeros([1, 2]), { epochs: 1, ...quiet });
  const step = before.sub(W.detach());
  expect(step.abs().max().item()).toBeGreaterThan(1e-3);
  expect(allClose(step, grad(closed)(before), { atol: 1e-6 })).toBe(true);
});

test("a convolutional net learns the digits in a few epochs", async () => {
  seed(42);
  const { train, test: held } = digits().split({ test: 0.2 });
  const model = sequential([
    conv2d(16, 3, { activation: "relu", padding: "same", inputShape: [8, 8, 1] }),
    maxPool2d(2),
    conv2d(32, 3, { activation: "relu", padding: "same" }),
    flatten(),
    dense(64, { activation: "relu" }),
    dense(10, { activation: "softmax" }),
  ]);
  model.compile({
    optimizer: adam({ learningRate: 3e-3 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const history = await model.fit(train.x, train.y, {
    epochs: 6,
    batchSize: 64,
    validationSplit: 0.1,
    ...quiet,
  });
  expect(Object.keys(history.history)).toEqual(["loss", "accuracy", "valLoss", "valAccuracy"]);
  expect(history.history.accuracy).toHaveLength(6);
  const result = await model.evaluate(held.x, held.y);
  expect(result.accuracy).toBeGreaterThan(0.96);
  const predicted = model.predict(held.x).argMax(1).data();
  const truth = held.y.data();
  expect(predicted.filter((label, i) => label === truth[i]).length / truth.length).toBeCloseTo(
    result.accuracy,
    10,
  );
});

test("the same seed gives the same bits", async () => {
  const run = async () => {
    seed(5);
    const { x, y } = cloud(200);
    const model = sequential([
      dense(8, { activation: "relu" }),
      dropout(0.2),
      dense(1, { activation: "sigmoid" }),
    ]);
    model.compile({ optimizer: "adam", loss: "binaryCrossentropy" });
    const history = await model.fit(x, y, { epochs: 3, ...quiet });
    return { loss: history.loss, weights: model.weights.map((weight) => weight.toArray()) };
  };
  expect(await run()).toEqual(await run());
});

describe("what fit does with the samples", () => {
  test("the loss of an epoch is the mean over samples, a short last batch counting less", async () => {
    const model = sequential([dense(1, { inputShape: [1], useBias: false })]).setWeights([[[0]]]);
    model.compile({ optimizer: sgd({ learningRate: 0 }), loss: "mse", metrics: ["mae"] });
    const y = [1, 2, 3, 4, 10];
    const history = await model.fit(zeros([5, 1]), y, { batchSize: 2, ...quiet });
    expect(history.loss[0]).toBeCloseTo((1 + 4 + 9 + 16 + 100) / 5, 5);
    expect(history.history.mae[0]).toBeCloseTo(20 / 5, 5);
  });

  test("validationSplit takes the last samples, before shuffling", async () => {
    const model = sequential([dense(1, { inputShape: [1], useBias: false })]).setWeights([[[0]]]);
    model.compile({ optimizer: sgd({ learningRate: 0 }), loss: "mse" });
    const history = await model.fit(zeros([10, 1]), [1, 1, 1, 1, 1, 1, 1, 1, 3, 5], {
      validationSplit: 0.2,
      ...quiet,
    });
    expect(history.loss[0]).toBeCloseTo(1, 6);
    expect(history.history.valLoss[0]).toBeCloseTo((9 + 25) / 2, 5);
  });

  test("validationData is measured as it is given", async () => {
    const model = classifier();
    const { x, y } = cloud(60);
    const history = await model.fit(x, y, { validationData: [[[5, 5]], [1]], epochs: 2, ...quiet });
    expect(history.last.valLoss).toBeCloseTo((await model.evaluate([[5, 5]], [1])).loss, 6);
  });

  test("labels may be int32, float32 or plain, and one-hot for the other loss", async () => {
    const { x, y } = cloud(64);
    const losses: number[] = [];
    const int = tensor(y, { dtype: "int32" });
    for (const labels of [y, int, tensor(y), tensor(y).reshape([64, 1])]) {
      seed(1);
      losses.push((await classifier().fit(x, labels, { epochs: 2, ...quiet })).last.loss);
    }
    seed(1);
    const model = classifier().compile({
      optimizer: adam({ learningRate: 0.02 }),
      loss: "categoricalCrossentropy",
    });
    losses.push((await model.fit(x, oneHot(int, 2), { epochs: 2, ...quiet })).last.loss);
    for (const loss of losses) expect(loss).toBeCloseTo(losses[0], 6);
  });

  test("without shuffle the samples come in their order", async () => {
    const seen: number[] = [];
    const model = sequential([dense(1, { inputShape: [1] })]);
    model.compile({
      optimizer: "sgd",
      loss: (yTrue, yPred) => {
        seen.push(...yTrue.data());
        return yPred.sub(yTrue.reshape(yPred.shape)).square().mean();
      },
    });
    await model.fit(zeros([5, 1]), [1, 2, 3, 4, 5], { batchSize: 2, shuffle: false, ...quiet });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    await model.fit(zeros([5, 1]), [1, 2, 3, 4, 5], { batchSize: 2, ...quiet });
    expect(seen.slice(5).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test("frozen layers do not change", async () => {
    const model = classifier();
    model.layers[0].trainable = false;
    model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
    const [frozen, , free] = model.weights.map((weight) => weight.toArray());
    const { x, y } = cloud(32);
    await model.fit(x, y, quiet);
    expect(model.weights[0].toArray()).toEqual(frozen);
    expect(model.weights[2].toArray()).not.toEqual(free);
  });
});

describe("callbacks", () => {
  test("hear of batches and epochs, and may stop the training", async () => {
    const { x, y } = cloud(40);
    const onBatchEnd = vi.fn();
    const epochs: [number, Logs][] = [];
    const history = await classifier().fit(x, y, {
      epochs: 50,
      batchSize: 16,
      callbacks: [
        {
          onBatchEnd,
          onEpochEnd: async (epoch, logs, training) => {
            epochs.push([epoch, logs]);
            if (epoch === 3) training.stop();
          },
        },
      ],
      ...quiet,
    });
    expect(history.loss).toHaveLength(3);
    expect(onBatchEnd).toHaveBeenCalledTimes(9);
    expect(epochs.map(([epoch]) => epoch)).toEqual([1, 2, 3]);
    expect(Object.keys(epochs[0][1])).toEqual(["loss", "accuracy"]);
  });

  test("other work of the program goes on while a model trains", async () => {
    const { x, y } = cloud(64);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await classifier().fit(x, y, { epochs: 200, ...quiet });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(1);
  });
});

describe("trainOnBatch", () => {
  test("makes one step and gives the loss before it", async () => {
    const { x, y } = cloud(32);
    const model = classifier();
    const before = (await model.evaluate(x, y)).loss;
    expect(model.trainOnBatch(x, y)).toBeCloseTo(before, 6);
    expect((await model.evaluate(x, y)).loss).toBeLessThan(before);
  });

  test("builds a model that has not seen an input", () => {
    const model = sequential([dense(1)]).compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "mse" });
    const losses = Array.from({ length: 20 }, () => model.trainOnBatch([[1], [2]], [2, 4]));
    expect(losses[19]).toBeLessThan(losses[0] / 10);
  });
});

describe("mistakes are told before the first step", () => {
  const { x, y } = cloud(20);
  const train = (
    inputs: Parameters<ReturnType<typeof classifier>["fit"]>[0],
    targets: typeof inputs,
    options = {},
  ) => classifier().fit(inputs, targets, { ...quiet, ...options });

  test.each([
    ["no samples", () => train(zeros([0, 2]), []), "fit: x has no samples (shape [0, 2])"],
    ["numbers of samples", () => train(x, y.slice(1)), "fit: x has 20 samples, y has 19"],
    [
      "the width",
      () => train(zeros([20, 3]), y),
      "layer 1 of 2, dense_1: expected [batch, 2], got [batch, 3]",
    ],
    [
      "a label too high",
      () =>
        train(
          x,
          y.map((label) => label + 1),
        ),
      "the model has classes 0 to 1; classes count from 0",
    ],
    [
      "a label that is no class",
      () =>
        train(
          x,
          y.map((label) => label / 2),
        ),
      "not a class number",
    ],
    ["one-hot rows", () => train(x, oneHot(y, 2)), 'for one-hot rows use loss "categoricalCrossentropy"'],
    ["epochs", () => train(x, y, { epochs: 0 }), "fit: epochs must be a whole number above 0, got 0"],
    [
      "the batch size",
      () => train(x, y, { batchSize: 2.5 }),
      "fit: batchSize must be a whole number above 0, got 2.5",
    ],
    [
      "validationSplit",
      () => train(x, y, { validationSplit: 1.2 }),
      "validationSplit is a share between 0 and 1, got 1.2",
    ],
    ["ragged arrays", () => train([[1, 2], [3]], [0, 1]), "fit: x cannot be read as a tensor"],
    ["no compile", () => sequential([dense(1)]).fit(x, y, quiet), "fit: the model is not compiled"],
  ])("%s", async (_name, run, message) => {
    await expect(run()).rejects.toThrow(message);
  });

  test("targets for the wrong loss", async () => {
    const model = sequential([dense(1, { inputShape: [2] })]);
    model.compile({ loss: "sparseCategoricalCrossentropy" });
    await expect(model.fit(x, y, quiet)).rejects.toThrow('use loss "binaryCrossentropy"');
    model.compile({ loss: "binaryCrossentropy" });
    await expect(
      model.fit(
        x,
        y.map((label) => label * 3),
        quiet,
      ),
    ).rejects.toThrow("targets between 0 and 1, y has 3");
    model.compile({ loss: "mse" });
    await expect(model.fit(x, zeros([20, 2]), quiet)).rejects.toThrow(
      "the model gives [batch, 1], y is [20, 2]",
    );
  });

  test("misspelt names", () => {
    const model = classifier();
    // @ts-expect-error: no such loss
    const loss = () => model.compile({ loss: "sparse_categorical_crossentropy" });
    expect(loss).toThrow(
      'unknown loss "sparse_categorical_crossentropy" — did you mean "sparseCategoricalCrossentropy"?',
    );
    // @ts-expect-error: no such metric
    expect(() => model.compile({ loss: "mse", metrics: ["acuracy"] })).toThrow('did you mean "accuracy"?');
  });
});

test("a loss that is not a number stops the training and says where", async () => {
  const model = sequential([dense(1, { inputShape: [1] })]);
  model.compile({ optimizer: sgd({ learningRate: 1e30 }), loss: "mse" });
  const x = Array.from({ length: 64 }, (_, i) => [i]);
  const run = model.fit(x, x, { epochs: 5, ...quiet });
  await expect(run).rejects.toThrow(
    /in epoch \d, batch \d.*a learning rate that is too high \(sgd has 1e\+30: try 1e\+29\)/,
  );
});
