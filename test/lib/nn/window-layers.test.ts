// Convolution, pooling and upsampling layers in one to three dimensions: shapes, numbers of weights, what they compute, and errors.
import { describe, expect, test } from "vitest";
import { avgPool1d, avgPool3d } from "../../../lib/nn/avgPool.ts";
import { conv1d, conv2d, conv3d } from "../../../lib/nn/conv.ts";
import { conv2dTranspose } from "../../../lib/nn/conv2dTranspose.ts";
import { depthwiseConv2d, separableConv2d } from "../../../lib/nn/depthwiseConv2d.ts";
import {
  globalAvgPool1d,
  globalAvgPool3d,
  globalMaxPool1d,
  globalMaxPool3d,
} from "../../../lib/nn/globalPool.ts";
import type { Layer } from "../../../lib/nn/layer.ts";
import { maxPool1d, maxPool2d, maxPool3d } from "../../../lib/nn/maxPool.ts";
import { sequential } from "../../../lib/nn/sequential.ts";
import { upSampling2d } from "../../../lib/nn/upSampling2d.ts";
import { adam } from "../../../lib/optim/adam.ts";
import { random, seed } from "../../../lib/random/random.ts";
import { ones, tensor, zeros } from "../../../lib/tensor/create.ts";
import type { Shape } from "../../../lib/tensor/shape.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";

describe("output shapes and parameters, as Keras counts them", () => {
  const same = { padding: "same" } as const;
  const cases: [string, Layer, Shape, Shape, number][] = [
    ["conv1d", conv1d(64, 5), [200, 128], [196, 64], 41024],
    ["conv1d causal", conv1d(8, 3, { padding: "causal", dilation: 2 }), [20, 4], [20, 8], 104],
    ["conv1d strides", conv1d(8, 4, { strides: 2, ...same }), [21, 4], [11, 8], 136],
    ["conv1d in groups", conv1d(6, 3, { groups: 2, padding: [[1, 0]] }), [20, 4], [19, 6], 42],
    ["conv1d channels first", conv1d(8, 3, { dataFormat: "channelsFirst" }), [4, 20], [8, 18], 104],
    ["conv3d", conv3d(16, 3), [10, 32, 32, 3], [8, 30, 30, 16], 1312],
    ["conv3d per axis", conv3d(2, [1, 3, 5], { strides: [2, 1, 1] }), [7, 8, 9, 1], [4, 6, 5, 2], 32],
    ["transposed", conv2dTranspose(64, 5, { strides: 2, ...same }), [7, 7, 128], [14, 14, 64], 204864],
    ["transposed valid", conv2dTranspose(3, [3, 2], { strides: [2, 3] }), [4, 5, 2], [9, 15, 3], 39],
    [
      "transposed as in PyTorch",
      conv2dTranspose(8, 3, { strides: 2, padding: 1, outputPadding: 1 }),
      ...([[14, 14, 16], [28, 28, 8], 1160] as const),
    ],
    ["depthwise", depthwiseConv2d(3, same), [14, 14, 512], [14, 14, 512], 5120],
    ["depthwise, more filters", depthwiseConv2d([3, 2], { depthMultiplier: 3 }), [5, 5, 2], [3, 4, 6], 42],
    ["separable", separableConv2d(512, 3, { useBias: false, ...same }), [14, 14, 512], [14, 14, 512], 266752],
    ["separable, multiplied", separableConv2d(4, 3, { depthMultiplier: 2 }), [5, 5, 3], [3, 3, 4], 82],
    ["maxPool1d", maxPool1d(), [21, 4], [10, 4], 0],
    ["maxPool1d rounded up", maxPool1d(2, { ceilMode: true }), [21, 4], [11, 4], 0],
    ["avgPool1d", avgPool1d(3, { strides: 1, ...same }), [21, 4], [21, 4], 0],
    ["maxPool3d", maxPool3d([1, 2, 2]), [8, 28, 28, 16], [8, 14, 14, 16], 0],
    ["avgPool3d", avgPool3d(2), [8, 7, 6, 5], [4, 3, 3, 5], 0],
    ["globalAvgPool1d", globalAvgPool1d(), [30, 7], [7], 0],
    ["globalMaxPool1d", globalMaxPool1d(), [30, 7], [7], 0],
    ["globalAvgPool3d", globalAvgPool3d(), [3, 4, 5, 7], [7], 0],
    ["globalMaxPool3d", globalMaxPool3d(), [3, 4, 5, 7], [7], 0],
    ["upSampling2d", upSampling2d([2, 3]), [4, 5, 6], [8, 15, 6], 0],
  ];
  test.each(cases)("%s", (_name, layer, input, output, parameters) => {
    expect(layer.outputShape(input)).toEqual(output);
    expect(layer.build(input).parameterCount).toBe(parameters);
    expect(layer(zeros([2, ...input])).shape).toEqual([2, ...output]);
  });
});

// The operations themselves are compared with PyTorch in test/lib/ops.
describe("a layer is its operation with its weights, and its activation behind it", () => {
  const options = { strides: 2, activation: "tanh", biasInitializer: "randomNormal" } as const;
  const shape = { strides: 2 } as const;
  const cases: [string, Layer, Shape, (x: Tensor, weights: readonly Tensor[]) => Tensor][] = [
    ["conv1d", conv1d(3, 4, options), [9, 2], (x, [w, b]) => conv1d.apply(x, w, { ...shape, bias: b })],
    ["conv3d", conv3d(3, 2, options), [4, 5, 4, 2], (x, [w, b]) => conv3d.apply(x, w, { ...shape, bias: b })],
    [
      "conv2dTranspose",
      conv2dTranspose(3, [2, 3], { ...options, padding: 1, outputPadding: [1, 0] }),
      [4, 5, 2],
      (x, [w, b]) => conv2dTranspose.apply(x, w, { ...shape, padding: 1, outputPadding: [1, 0], bias: b }),
    ],
    [
      "depthwiseConv2d",
      depthwiseConv2d(2, { ...options, depthMultiplier: 2 }),
      [6, 5, 2],
      (x, [w, b]) => depthwiseConv2d.apply(x, w, { ...shape, bias: b }),
    ],
    [
      "separableConv2d",
      separableConv2d(3, 2, { ...options, dataFormat: "channelsFirst" }),
      [2, 6, 5],
      (x, [w, v, b]) => separableConv2d.apply(x, w, v, { ...shape, dataFormat: "channelsFirst", bias: b }),
    ],
  ];
  test.each(cases)("%s", (_name, layer, input, operation) => {
    seed(4);
    const x = random.normal([3, ...input]);
    const y = layer(x);
    const expected = operation(x, layer.weights).tanh();
    expect(y.toArray()).toEqual(expected.toArray());
    y.square().sum().backward();
    for (const weight of layer.weights) expect(weight.grad!.abs().sum().item()).toBeGreaterThan(0);
  });

  test("relu, which the operation applies itself, in each of them", () => {
    seed(4);
    for (const [name, plain, rectified] of [
      ["conv1d", conv1d(3, 2), conv1d(3, 2, { activation: "relu" })],
      ["conv2dTranspose", conv2dTranspose(3, 2), conv2dTranspose(3, 2, { activation: "relu" })],
      ["depthwiseConv2d", depthwiseConv2d(2), depthwiseConv2d(2, { activation: "relu" })],
      ["separableConv2d", separableConv2d(3, 2), separableConv2d(3, 2, { activation: "relu" })],
    ] as const) {
      const x = random.normal(name === "conv1d" ? [2, 5, 2] : [2, 5, 5, 2]);
      const y = plain(x);
      rectified.build(x.shape.slice(1)).setWeights(plain.weights);
      expect(rectified(x).toArray(), name).toEqual(y.relu().toArray());
      expect(y.min().item(), name).toBeLessThan(0);
    }
  });
});

test("an autoencoder for images learns to give back what it gets", async () => {
  seed(2);
  const relu = { activation: "relu", padding: "same" } as const;
  const model = sequential(
    [
      ...[conv2d(8, 3, relu), maxPool2d(2), separableConv2d(8, 3, relu), upSampling2d(2)],
      ...[conv2dTranspose(4, 3, relu), conv2d(1, 3, { activation: "sigmoid", padding: "same" })],
    ],
    { inputShape: [8, 8, 1] },
  );
  expect(model.outputShape([8, 8, 1])).toEqual([8, 8, 1]);
  // Bars of one colour, whose places two numbers say.
  const places = random.integers([64, 2], { high: 8 }).toArray<number[][]>();
  const x = tensor(
    places.map(([row, column]) =>
      Array.from({ length: 8 }, (_, i) =>
        Array.from({ length: 8 }, (_, j) => [i === row || j === column ? 1 : 0]),
      ),
    ),
  );
  model.compile({ optimizer: adam({ learningRate: 0.01 }), loss: "meanSquaredError" });
  const { loss } = await model.fit(x, x, { epochs: 30, batchSize: 16, verbose: 0 });
  expect(loss.at(-1)!).toBeLessThan(loss[0] / 4);
});

describe("errors name the layer and what would be right", () => {
  test("other axes", () => {
    expect(() => conv1d(8, 3)(zeros([4, 20]))).toThrow(
      "conv1d: expected input [batch, steps, channels], got [batch, 20] — the channels are missing: did you mean .reshape([-1, 20, 1])?",
    );
    expect(() => conv3d(8, 3)(zeros([4, 8, 9, 7]))).toThrow(
      "conv3d: expected input [batch, depth, height, width, channels], got [batch, 8, 9, 7] — the channels are missing: did you mean .reshape([-1, 8, 9, 7, 1])?",
    );
    expect(() => globalMaxPool1d()(zeros([4, 20]))).toThrow(
      "globalMaxPool1d: expected input [batch, steps, channels], got [batch, 20]",
    );
    expect(() => upSampling2d()(zeros([4, 20, 20]))).toThrow("did you mean .reshape([-1, 20, 20, 1])?");
  });

  test("another number of channels", () => {
    const layer = conv1d(8, 3, { inputShape: [20, 4] });
    expect(() => layer(zeros([1, 4, 20]))).toThrow(
      'conv1d: expected input [batch, steps, 4], got [batch, 4, 20] — channels come last: did you mean .transpose([0, 2, 1])? Or use dataFormat: "channelsFirst"',
    );
    expect(() => conv3d(1, 1, { inputShape: [2, 3, 4, 5] })(zeros([1, 2, 3, 4, 6]))).toThrow(
      "conv3d: expected input [batch, depth, height, width, 5], got [batch, 2, 3, 4, 6]",
    );
    expect(() => conv2dTranspose(1, 1, { inputShape: [2, 3, 4] })(zeros([1, 2, 3, 5]))).toThrow(
      "conv2dTranspose: expected input [batch, height, width, 4], got [batch, 2, 3, 5]",
    );
    expect(() => separableConv2d(1, 1, { inputShape: [2, 3, 4] })(zeros([1, 2, 3, 5]))).toThrow(
      "separableConv2d: expected input [batch, height, width, 4], got [batch, 2, 3, 5]",
    );
  });

  test("windows that do not fit", () => {
    expect(() => conv1d(8, 3, { dilation: 4 })(zeros([1, 8, 1]))).toThrow(
      'conv1d: expected a sequence of at least 9 (the size of the filters), got [batch, 8, 1] — use a smaller one, padding: "same"',
    );
    expect(() => maxPool3d(2)(zeros([1, 4, 4, 1, 1]))).toThrow(
      "maxPool3d: expected a volume of at least 2×2×2 (the size of the window), got [batch, 4, 4, 1, 1]",
    );
    expect(() => conv2dTranspose(1, 2, { padding: 1 })(ones([1, 1, 4, 1]))).toThrow(
      "conv2dTranspose: expected an image of which the padding leaves something, got [batch, 1, 4, 1] — the output would be 0×3",
    );
  });

  test("options", () => {
    expect(() => conv1d(8, [3, 3] as never)).toThrow(
      "conv1d: kernelSize is one number, or one for each axis such as [2]; got [3, 3]",
    );
    expect(() => conv3d(8, [3, 3] as never)).toThrow("such as [2, 2, 2]; got [3, 3]");
    expect(() => conv2d(8, 3, { padding: "causal" as never })).toThrow(
      'unknown padding "causal"; known: valid, same',
    );
    expect(() => conv2dTranspose(8, 3, { outputPadding: 1 })).toThrow(
      "conv2dTranspose: outputPadding is a whole number from 0 up and smaller than the stride or the dilation; got [1, 1]",
    );
    expect(() => depthwiseConv2d(3, { depthMultiplier: 0 })).toThrow(
      "depthwiseConv2d: depthMultiplier must be a whole number above 0, got 0",
    );
  });
});
