// Models with branches, shared layers, several inputs and outputs: the losses of twenty steps are PyTorch's.
import { describe, expect, test } from "vitest";
import {
  adam,
  add,
  avgPool2d,
  concatenate,
  conv2d,
  dense,
  globalAvgPool2d,
  globalMaxPool2d,
  input,
  maxPool2d,
  model,
  multiply,
  seed,
  sgd,
  subtract,
  tensor,
} from "../../../lib/index.ts";
import fixture from "../../fixtures/train/branches.json" with { type: "json" };

// PyTorch's losses are in float64: what is left is the rounding of float32.
const TOLERANCE = 1e-6;

test("four paths, a residual block and two poolings train as in PyTorch", () => {
  const { batch, sample, x: values, y: labels, weights, losses } = fixture.inception;
  const same = { activation: "tanh", padding: "same" } as const;
  const image = input(sample);
  const one = conv2d(3, 1, same)(image);
  const three = conv2d(4, 3, same)(conv2d(2, 1, same)(image));
  const pools = [maxPool2d, avgPool2d].map((pool) => pool(3, { strides: 1, padding: "same" })(image));
  const joined = concatenate([one, three, ...pools]);
  const block = add([joined, conv2d(11, 3, same)(joined)]);
  const features = concatenate([globalAvgPool2d()(block), globalMaxPool2d()(block)]);
  const net = model(image, dense(3, { activation: "softmax" })(features));
  // In the order of the layers: the 1×1 of the second path stands before its 3×3, as in the script.
  net.setWeights(weights.map(({ shape, values }) => tensor(values, { shape })));
  net.compile({ optimizer: sgd({ learningRate: 0.05 }), loss: "sparseCategoricalCrossentropy" });
  const x = tensor(values, { shape: [labels.length, ...sample] });
  const y = tensor(labels, { dtype: "int32" });
  const errors = losses.map((loss, step) => {
    const start = (step * batch) % labels.length;
    const found = net.trainOnBatch(x.slice(start, start + batch), y.slice(start, start + batch));
    return Math.abs(found - loss) / loss;
  });
  expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
});

function twoSided() {
  const [left, right] = [input([5], { name: "left" }), input([5], { name: "right" })];
  const shared = dense(6, { activation: "tanh" });
  const [a, b] = [shared(left), shared(right)];
  const number = dense(1, { name: "number" })(multiply([a, b]));
  const label = dense(3, { name: "label", activation: "softmax" })(subtract([a, b]));
  return model([left, right], [number, label]);
}

describe("two inputs, shared layers, two outputs", () => {
  const { inputs, targets, weights, losses } = fixture.twoSided;
  const compiled = () => {
    const net = twoSided().setWeights(weights);
    return net.compile({
      optimizer: adam({ learningRate: 0.01 }),
      loss: ["meanSquaredError", "sparseCategoricalCrossentropy"],
      lossWeights: [1, 0.3],
      metrics: ["accuracy"],
    });
  };

  test("train as in PyTorch", async () => {
    const net = compiled();
    const history = await net.fit(inputs, targets, { epochs: losses.length, batchSize: 64, verbose: 0 });
    losses.forEach(([total, number, label], epoch) => {
      expect(Math.abs(history.loss[epoch] - total) / total).toBeLessThan(TOLERANCE);
      expect(Math.abs(history.history.numberLoss[epoch] - number) / number).toBeLessThan(TOLERANCE);
      expect(Math.abs(history.history.labelLoss[epoch] - label) / label).toBeLessThan(TOLERANCE);
    });
    expect(Object.keys(history.history)).toEqual([
      "loss",
      "numberLoss",
      "numberAccuracy",
      "labelLoss",
      "labelAccuracy",
    ]);
  });

  test("fit in batches with validation, evaluate and predict", async () => {
    seed(4);
    const net = compiled();
    const x = inputs.map((each) => tensor(each));
    const before = await net.evaluate(x, targets, { batchSize: 10 });
    expect(before.loss).toBeCloseTo(losses[0][0], 5);
    const history = await net.fit(x, targets, {
      epochs: 5,
      batchSize: 16,
      validationSplit: 0.25,
      verbose: 0,
    });
    expect(history.history.valLabelLoss).toHaveLength(5);
    expect(history.loss[4]).toBeLessThan(history.loss[0]);
    const [number, label] = net.predict(x, { batchSize: 9 });
    expect([number.shape, label.shape]).toEqual([
      [64, 1],
      [64, 3],
    ]);
    expect(number.at(50).toArray()).toEqual(net.predict(x)[0].at(50).toArray());
  });

  test("say which input or output is wrong", async () => {
    const net = compiled();
    await expect(net.fit(tensor(inputs[0]), targets)).rejects.toThrow(
      "fit: the model has 2 inputs (left, right): x is a list with one for each, got a Tensor",
    );
    await expect(net.fit([inputs[0], inputs[1].slice(1)], targets)).rejects.toThrow(
      "input left has 64 samples, input right has 63 — they must agree",
    );
    await expect(net.fit(inputs, [targets[0], targets[0]])).rejects.toThrow("y for label");
    expect(() => twoSided().compile({ loss: ["mse"] })).toThrow(
      "compile: 1 losses for 2 outputs (number, label)",
    );
    const x = input([5]);
    const single = model(x, dense(1)(x)).compile({ loss: "mse" });
    await expect(
      single.fit(
        inputs.map((each) => tensor(each)),
        targets[0],
      ),
    ).rejects.toThrow(
      "fit: x is a list of 2 tensors, but the model has one input: join them with stack(…) or concat(…)",
    );
    expect(() => single.compile({ loss: ["mse", "mse"] })).toThrow("compile: 2 losses for one output");
    expect(() => dense(2)(inputs.map((each) => tensor(each)) as never)).toThrow(
      "dense: expected a tensor, got a list of 2 tensors, which it takes one of: join them, concatenate([a, b])",
    );
  });
});
