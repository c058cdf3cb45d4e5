// Training, whole: the losses of twenty Adam steps of an MLP and a CNN are those that PyTorch gives from the same weights.
import { describe, expect, test } from "vitest";
import { conv2d } from "../../../lib/nn/conv.ts";
import { dense } from "../../../lib/nn/dense.ts";
import { flatten } from "../../../lib/nn/flatten.ts";
import { maxPool2d } from "../../../lib/nn/maxPool.ts";
import { sequential } from "../../../lib/nn/sequential.ts";
import { adam } from "../../../lib/optim/adam.ts";
import { tensor } from "../../../lib/tensor/create.ts";
import fixture from "../../fixtures/train/steps.json" with { type: "json" };

const relu = { activation: "relu" } as const;
const softmax = { activation: "softmax" } as const;

const cases = [
  {
    name: "an MLP",
    expected: fixture.mlp,
    layers: () => [dense(16, relu), dense(8, relu), dense(3, softmax)],
  },
  {
    name: "a CNN with padding, strides and pooling",
    expected: fixture.cnn,
    layers: () => [
      conv2d(4, 3, relu),
      maxPool2d(2),
      conv2d(5, 3, { ...relu, padding: "same" }),
      conv2d(6, 2, { ...relu, strides: 2 }),
      maxPool2d(2),
      flatten(),
      dense(3, softmax),
    ],
  },
];

describe.each(cases)("$name", ({ expected, layers }) => {
  const { batch, sample, weights, losses } = expected;
  const x = tensor(expected.x, { shape: [expected.y.length, ...sample] });
  const y = tensor(expected.y, { dtype: "int32" });

  test("has PyTorch's losses", () => {
    const model = sequential(layers(), { inputShape: sample });
    model.setWeights(weights.map(({ shape, values }) => tensor(values, { shape })));
    model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: "sparseCategoricalCrossentropy" });
    const errors = losses.map((loss, step) => {
      const start = (step * batch) % expected.y.length;
      const found = model.trainOnBatch(x.slice(start, start + batch), y.slice(start, start + batch));
      return Math.abs(found - loss) / loss;
    });
    // PyTorch's are in float64: what is left is the rounding of float32.
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });
});
