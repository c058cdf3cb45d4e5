// Training with batch normalization: losses, running statistics and the loss that they give are PyTorch's.
import { expect, test } from "vitest";
import {
  activation,
  batchNormalization,
  conv2d,
  dense,
  flatten,
  ones,
  sequential,
  sgd,
  tensor,
  zeros,
} from "../../../lib/index.ts";
import fixture from "../../fixtures/train/branches.json" with { type: "json" };

const { batch, losses, running, evaluated, weights } = fixture.normalized;

function normalizedNet() {
  const net = sequential(
    [
      conv2d(4, 3),
      batchNormalization({ momentum: 0.9 }),
      activation("tanh"),
      flatten(),
      dense(3, { activation: "softmax" }),
    ],
    { inputShape: [6, 5, 2] },
  );
  const [kernel, bias, gamma, beta, ...last] = weights;
  return net.setWeights([kernel, bias, gamma, beta, zeros([4]), ones([4]), ...last]);
}

test("trains and remembers as PyTorch and Keras do", async () => {
  const x = tensor(fixture.normalized.x);
  const y = tensor(fixture.normalized.y, { dtype: "int32" });
  const net = normalizedNet();
  net.compile({ optimizer: sgd({ learningRate: 0.05 }), loss: "sparseCategoricalCrossentropy" });
  losses.forEach((loss, step) => {
    const start = (step * batch) % y.size;
    const found = net.trainOnBatch(x.slice(start, start + batch), y.slice(start, start + batch));
    // PyTorch's numbers are in float64: what is left is the rounding of float32.
    expect(Math.abs(found - loss) / loss).toBeLessThan(2e-6);
  });
  const [, , runningMean, runningVariance] = net.layers[1].weights;
  runningMean.data().forEach((value, i) => {
    expect(value).toBeCloseTo(running[0][i], 5);
  });
  runningVariance.data().forEach((value, i) => {
    expect(value).toBeCloseTo(running[1][i], 5);
  });
  const { loss } = await net.evaluate(x, y);
  expect(Math.abs(loss - evaluated) / evaluated).toBeLessThan(2e-6);
});

test("its running statistics are not trained, and stay when it is frozen", () => {
  const net = normalizedNet();
  const layer = net.layers[1];
  expect([layer.parameterCount, layer.trainableCount]).toEqual([16, 8]);
  expect(net.summary().nonTrainableParameters).toBe(8);
  expect(layer.parameters().length).toBe(2);
  layer.trainable = false;
  const before = layer.weights.map((weight) => weight.toArray());
  net.compile({ optimizer: sgd({ learningRate: 0.05 }), loss: "sparseCategoricalCrossentropy" });
  net.trainOnBatch(fixture.normalized.x, fixture.normalized.y);
  expect(layer.weights.map((weight) => weight.toArray())).toEqual(before);
});

test("normalizes rows of numbers too, and refuses other channels", () => {
  const layer = batchNormalization({ epsilon: 0 });
  const rows = tensor([
    [1, 10],
    [3, 30],
  ]);
  expect(layer(rows, { training: true }).toArray()).toEqual([
    [-1, -1],
    [1, 1],
  ]);
  expect(() => layer(ones([2, 3]))).toThrow("batchNormalization: expected [batch, …, 2], got [batch, 3]");
  expect(() => batchNormalization({ momentum: 2 })).toThrow("momentum is between 0 and 1, got 2");
});
