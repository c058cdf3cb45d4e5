// Layers: shapes, numbers of parameters, what they compute, lazy weights, and errors that say where.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { activation } from "../../../lib/nn/activationLayer.ts";
import { avgPool2d } from "../../../lib/nn/avgPool.ts";
import { batchNormalization } from "../../../lib/nn/batchNormalization.ts";
import { conv2d } from "../../../lib/nn/conv.ts";
import { dense } from "../../../lib/nn/dense.ts";
import { dropout } from "../../../lib/nn/dropout.ts";
import { embedding } from "../../../lib/nn/embedding.ts";
import { flatten } from "../../../lib/nn/flatten.ts";
import { globalAvgPool2d, globalMaxPool2d } from "../../../lib/nn/globalPool.ts";
import { Layer } from "../../../lib/nn/layer.ts";
import { layerNormalization } from "../../../lib/nn/layerNormalization.ts";
import { maxPool2d } from "../../../lib/nn/maxPool.ts";
import { reshape } from "../../../lib/nn/reshape.ts";
import { sequential } from "../../../lib/nn/sequential.ts";
import * as initializers from "../../../lib/nn/startingValues.ts";
import { zeroPadding2d } from "../../../lib/nn/zeroPadding2d.ts";
import { random, seed } from "../../../lib/random/random.ts";
import { ones, tensor, zeros } from "../../../lib/tensor/create.ts";
import type { Shape } from "../../../lib/tensor/shape.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";

describe("layers are values that can be called", () => {
  test("with weights made on the first input", () => {
    const layer = dense(3);
    expect(layer.weights).toEqual([]);
    expect(layer(zeros([2, 5])).shape).toEqual([2, 3]);
    expect(layer.weights.map((weight) => weight.shape)).toEqual([[5, 3], [3]]);
    expect(layer.weights.every((weight) => weight.requiresGrad)).toBe(true);
  });

  test("or at once when inputShape is given", () => {
    expect(dense(3, { inputShape: [5] }).parameterCount).toBe(18);
    expect(dense(3, { inputShape: [5], useBias: false }).parameterCount).toBe(15);
  });

  test("are instances of Layer with a name", () => {
    const layer = dense(3, { name: "out" });
    expect(layer).toBeInstanceOf(Layer);
    expect(layer.name).toBe("out");
    expect(inspect(dense(3, { inputShape: [5] }))).toBe("dense: [5] → [3], 18 parameters");
  });
});

describe("what they compute", () => {
  test("dense: activation(x · kernel + bias)", () => {
    const layer = dense(2, { inputShape: [2], activation: "relu" }).setWeights([
      [
        [1, 2],
        [3, -4],
      ],
      [0.5, 0],
    ]);
    expect(layer(tensor([[1, 1]])).toArray()).toEqual([[4.5, 0]]);
  });

  test("dense with an activation of one's own, on more axes", () => {
    const layer = dense(1, { kernelInitializer: "ones", activation: (x) => x.mul(10) });
    expect(layer(ones([2, 3, 4])).toArray()).toEqual([
      [[40], [40], [40]],
      [[40], [40], [40]],
    ]);
  });

  test("conv2d does not flip its filters, and conv2d.apply is the operation", () => {
    const image = tensor([0, 1, 2, 3, 4, 5, 6, 7, 8], { shape: [1, 3, 3, 1] });
    const filter = tensor([1, 0, 0, -2], { shape: [2, 2, 1, 1] });
    const expected = [
      [
        [[-8], [-9]],
        [[-11], [-12]],
      ],
    ];
    expect(conv2d.apply(image.cast("float32"), filter.cast("float32")).toArray()).toEqual(expected);
    const layer = conv2d(1, 2, { inputShape: [3, 3, 1] }).setWeights([filter.cast("float32"), [0]]);
    expect(layer(image.cast("float32")).toArray()).toEqual(expected);
  });

  test("dropout acts only while training", () => {
    seed(1);
    const x = ones([100, 10]);
    const layer = dropout(0.4);
    expect(layer(x).toArray()).toEqual(x.toArray());
    const values = new Set(layer(x, { training: true }).data());
    expect([...values].sort()).toEqual([0, Math.fround(1 / 0.6)]);
  });

  test("softmax gives rows that sum to one", () => {
    const sums = dense(4, { activation: "softmax" })(random.normal([3, 5]))
      .sum(1)
      .data();
    for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
  });
});

describe("output shapes and parameters, as Keras counts them", () => {
  const cases: [string, Layer, Shape, Shape, number][] = [
    ["conv2d 3×3", conv2d(32, 3), [28, 28, 1], [26, 26, 32], 320],
    ["conv2d 5×2", conv2d(2, [5, 2]), [7, 9, 3], [3, 8, 2], 62],
    ["conv2d same", conv2d(64, 3, { padding: "same" }), [13, 13, 32], [13, 13, 64], 18496],
    ["conv2d strides", conv2d(8, 3, { strides: 2, padding: "same" }), [9, 10, 1], [5, 5, 8], 80],
    ["maxPool2d", maxPool2d(), [11, 11, 64], [5, 5, 64], 0],
    ["maxPool2d same", maxPool2d(2, { padding: "same" }), [11, 11, 64], [6, 6, 64], 0],
    ["maxPool2d overlapping", maxPool2d(3, { strides: 2 }), [13, 13, 4], [6, 6, 4], 0],
    ["maxPool2d same, stride 1", maxPool2d(3, { strides: 1, padding: "same" }), [5, 4, 2], [5, 4, 2], 0],
    ["maxPool2d, rounded up", maxPool2d(3, { strides: 2, ceilMode: true }), [26, 26, 2], [13, 13, 2], 0],
    ["avgPool2d, rounded up", avgPool2d(2, { ceilMode: true, padding: [1, 0] }), [4, 5, 2], [3, 3, 2], 0],
    ["conv2d in groups", conv2d(256, 5, { groups: 2, padding: 2 }), [27, 27, 96], [27, 27, 256], 307456],
    ["maxPool2d padded", maxPool2d(3, { strides: 2, padding: 1 }), [112, 112, 2], [56, 56, 2], 0],
    ["avgPool2d", avgPool2d(2), [28, 28, 6], [14, 14, 6], 0],
    ["avgPool2d, strides per axis", avgPool2d([2, 3], { strides: [1, 2] }), [5, 7, 1], [4, 3, 1], 0],
    ["globalAvgPool2d", globalAvgPool2d(), [7, 5, 12], [12], 0],
    ["globalMaxPool2d", globalMaxPool2d(), [7, 5, 12], [12], 0],
    ["zeroPadding2d", zeroPadding2d([[1, 0], 2]), [4, 5, 3], [5, 9, 3], 0],
    ["reshape", reshape([7, -1, 2]), [42], [7, 3, 2], 0],
    ["activation", activation("softmax"), [5], [5], 0],
    ["batchNormalization", batchNormalization(), [6, 6, 16], [6, 6, 16], 64],
    ["layerNormalization", layerNormalization(), [6, 16], [6, 16], 32],
    ["embedding", embedding(10, 4), [7], [7, 4], 40],
    ["embedding of categories", embedding(3, 2), [], [2], 6],
    ["flatten", flatten(), [3, 3, 64], [576], 0],
    ["dense", dense(64), [576], [64], 36928],
    ["dropout", dropout(0.5), [64], [64], 0],
  ];
  test.each(cases)("%s", (_name, layer, input, output, parameters) => {
    expect(layer.outputShape(input)).toEqual(output);
    expect(layer.build(input).parameterCount).toBe(parameters);
    expect(layer(zeros([2, ...input])).shape).toEqual([2, ...output]);
  });
});

test("AlexNet in two groups, as it was trained: 60,965,224 parameters", () => {
  const same = { activation: "relu", padding: "same" } as const;
  const pool = () => maxPool2d(3, { strides: 2 });
  const model = sequential([
    ...[conv2d(96, 11, { strides: 4, activation: "relu", inputShape: [227, 227, 3] }), pool()],
    ...[conv2d(256, 5, { ...same, groups: 2 }), pool(), conv2d(384, 3, same)],
    ...[conv2d(384, 3, { ...same, groups: 2 }), conv2d(256, 3, { ...same, groups: 2 }), pool(), flatten()],
    ...[dense(4096), dense(4096), dense(1000)],
  ]);
  expect(model.parameterCount).toBe(60965224);
  expect(model.layers[7]!.inputShape).toEqual([13, 13, 256]);
});

describe("embedding and layer normalization", () => {
  test("numbers become rows of the table, which learns where it was looked up", () => {
    const layer = embedding(4, 2, { inputShape: [3] }).setWeights([
      [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ],
    ]);
    const words = tensor([[3, 0, 3]], { dtype: "int32" });
    const vectors = layer(words);
    expect(vectors.toArray()).toEqual([
      [
        [7, 8],
        [1, 2],
        [7, 8],
      ],
    ]);
    vectors.sum().backward();
    expect(layer.table!.grad!.sum(1).toArray()).toEqual([2, 0, 0, 4]);
    expect(embedding.apply([[0, 1]], layer.table!).shape).toEqual([1, 2, 2]);
    expect(() => layer(tensor([[1, 2, 4]]))).toThrow("index 4 at position 2 of [1, 3] is not in 0 to 3");
    expect(embedding(2, 1, { inputShape: [1], embeddingsInitializer: "ones" }).table!.toArray()).toEqual([
      [1],
      [1],
    ]);
    expect(() => embedding(0, 2)).toThrow("embedding: vocabulary must be a whole number above 0, got 0");
  });

  test("starts as in Keras: between −0.05 and 0.05", () => {
    seed(1);
    const table = embedding(500, 8, { inputShape: [1] }).table!;
    expect(table.max().item()).toBeCloseTo(0.05, 3);
    expect(table.min().item()).toBeCloseTo(-0.05, 3);
  });

  // (x − 2.5) / √(1.25 + 0.001) · γ + β
  test("the last axis has mean β and deviation γ, with Keras's epsilon", () => {
    const layer = layerNormalization({ inputShape: [4] }).setWeights([
      [1, 2, 3, 4],
      [0, 0, 0, 10],
    ]);
    const values = layer(tensor([[1, 2, 3, 4]])).toArray<number[][]>()[0]!;
    const wanted = [-1.341104, -0.894069, 1.341104, 15.364417];
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 5);
    });
    expect(() => layer(zeros([2, 5]))).toThrow("layerNormalization: expected [batch, …, 4], got [batch, 5]");
  });
});

describe("what the layers without weights compute", () => {
  const image = tensor([
    [
      [[1], [2]],
      [[3], [6]],
    ],
  ]);

  test("pooling over all of an image", () => {
    expect(globalAvgPool2d()(image).toArray()).toEqual([[3]]);
    expect(globalMaxPool2d()(image).toArray()).toEqual([[6]]);
  });
  test("averages do not count the padding", () => {
    const layer = avgPool2d(2, { strides: 1, padding: "same" });
    expect(layer(image).flatten().toArray()).toEqual([3, 4, 4.5, 6]);
  });
  test("zeros around", () => {
    expect(
      zeroPadding2d([
        [1, 0],
        [0, 1],
      ])(image)
        .reshape([3, 3])
        .toArray(),
    ).toEqual([
      [0, 0, 0],
      [1, 2, 0],
      [3, 6, 0],
    ]);
  });
  test("another shape, of samples or of a tensor at once", () => {
    expect(reshape([4])(image).toArray()).toEqual([[1, 2, 3, 6]]);
    expect(reshape(image, [2, 2]).toArray()).toEqual([
      [1, 2],
      [3, 6],
    ]);
    expect(() => reshape([3])(image)).toThrow(
      "reshape: expected samples that fill [3], got [batch, 2, 2, 1] — these have 4 numbers",
    );
  });
  test("activations by name or function", () => {
    expect(activation("relu")(tensor([[-1, 2]])).toArray()).toEqual([[0, 2]]);
    expect(activation((x) => x.square())(tensor([[-1, 2]])).toArray()).toEqual([[1, 4]]);
    expect(() => activation("rellu" as never)).toThrow('did you mean "relu"?');
  });
});

test("Harley's network has 63,802 parameters, layer by layer", () => {
  const relu = { activation: "relu" } as const;
  const net = sequential(
    [
      ...[conv2d(6, 5, relu), maxPool2d(2), conv2d(16, 5, relu), maxPool2d(2), flatten()],
      ...[dense(120, relu), dense(100, relu), dense(10, { activation: "softmax" })],
    ],
    { inputShape: [32, 32, 1] },
  );
  expect(net.summary().rows.map(({ outputShape, parameters }) => [outputShape, parameters])).toEqual([
    [[28, 28, 6], 156],
    [[14, 14, 6], 0],
    [[10, 10, 16], 2416],
    [[5, 5, 16], 0],
    [[400], 0],
    [[120], 48120],
    [[100], 12100],
    [[10], 1010],
  ]);
  expect(net.parameterCount).toBe(63_802);
  const shapes = Object.values(net.activations(zeros([32, 32, 1]))).map((y) => y.shape);
  expect(shapes).toEqual(net.nodes.map((node) => node.outputShape));
});

describe("initializers", () => {
  const spread = (layer: Layer) => {
    const values = Array.from(layer.weights[0].data());
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(
      values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length,
    );
    return { largest: Math.max(...values.map(Math.abs)), deviation };
  };

  test("glorotUniform fills its range and nothing beyond it", () => {
    seed(3);
    const limit = Math.sqrt(6 / (300 + 200));
    const { largest, deviation } = spread(dense(200, { inputShape: [300] }));
    expect(largest).toBeLessThanOrEqual(limit);
    expect(deviation).toBeCloseTo(limit / Math.sqrt(3), 3);
  });

  test("convolutions count every position of the window", () => {
    seed(3);
    const { largest } = spread(conv2d(64, 3, { inputShape: [8, 8, 32] }));
    const limit = Math.sqrt(6 / (9 * 32 + 9 * 64));
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(limit * 0.99);
  });

  // The deviation of 60,000 numbers has itself a deviation of 0.3 %.
  test.each([
    ["glorotNormal", 2 / (300 + 200)],
    ["heNormal", 2 / 300],
    ["lecunNormal", 1 / 300],
  ] as const)("%s is normal, cut at two deviations, and of the deviation that is left", (name, variance) => {
    seed(3);
    const { largest, deviation } = spread(dense(200, { inputShape: [300], kernelInitializer: name }));
    expect(deviation / Math.sqrt(variance)).toBeCloseTo(1, 2);
    // √(1 − 4 φ(2) / (2 Φ(2) − 1)), the deviation after the cut.
    const cut = (2 * Math.sqrt(variance)) / 0.8796256610342398;
    expect(largest).toBeLessThanOrEqual(cut * (1 + 1e-6));
    expect(largest).toBeGreaterThan(cut * 0.98);
  });

  test.each([
    ["heUniform", 6 / 300],
    ["lecunUniform", 3 / 300],
    ["randomUniform", 0.05 ** 2],
  ] as const)("%s fills its range and nothing beyond it", (name, square) => {
    seed(3);
    const { largest } = spread(dense(200, { inputShape: [300], kernelInitializer: name }));
    expect(largest).toBeLessThanOrEqual(Math.fround(Math.sqrt(square)));
    expect(largest).toBeGreaterThan(Math.sqrt(square) * 0.999);
  });

  test("varianceScaling counts the connections that are asked for", () => {
    seed(3);
    const deviationOf = (options: Parameters<typeof initializers.varianceScaling>[0]) => {
      const kernelInitializer = initializers.varianceScaling(options);
      return spread(dense(200, { inputShape: [300], kernelInitializer })).deviation;
    };
    expect(deviationOf({ mode: "fanOut" })).toBeCloseTo(Math.sqrt(1 / 200), 3);
    expect(deviationOf({ mode: "fanAverage", scale: 4 })).toBeCloseTo(Math.sqrt(4 / 250), 3);
    expect(deviationOf({ distribution: "normal" })).toBeCloseTo(Math.sqrt(1 / 300), 3);
    expect(deviationOf({ distribution: "uniform" })).toBeCloseTo(Math.sqrt(1 / 300), 3);
    expect(() => initializers.varianceScaling({ scale: 0 })).toThrow("scale must be above 0, got 0");
    expect(() => initializers.varianceScaling({ mode: "fanin" as never })).toThrow('did you mean "fanIn"?');
  });

  test("biases start at zero", () => {
    expect(dense(3, { inputShape: [2] }).bias?.toArray()).toEqual([0, 0, 0]);
  });
});

describe("errors name the layer and say what is right", () => {
  test("flat rows for a convolution", () => {
    expect(() => conv2d(8, 3)(zeros([128, 784]))).toThrow(
      "conv2d: expected input [batch, height, width, channels], got [batch, 784] — did you mean .reshape([-1, 28, 28, 1])?",
    );
  });
  test("images without channels", () => {
    expect(() => conv2d(8, 3)(zeros([128, 28, 28]))).toThrow("did you mean .reshape([-1, 28, 28, 1])?");
  });
  test("channels in front", () => {
    const layer = conv2d(8, 3, { inputShape: [28, 28, 3] });
    expect(() => layer(zeros([5, 3, 28, 28]))).toThrow("did you mean .transpose([0, 2, 3, 1])?");
  });
  test("another width than before, with the place in the model", () => {
    const model = sequential([flatten(), dense(4, { activation: "relu" }), dense(2)]);
    model(zeros([1, 3]));
    expect(() => model(zeros([1, 5]))).toThrow("layer 2 of 3, dense_1: expected [batch, 3], got [batch, 5]");
  });
  test("one sample in place of a batch", () => {
    expect(() => maxPool2d(2, { inputShape: [4, 4, 1] })(zeros([4, 4, 1]))).toThrow(".expandDims(0)");
  });
  test("an image smaller than the window, when the model is put together", () => {
    const layers = [conv2d(4, 3, { inputShape: [4, 4, 1] }), maxPool2d(2), conv2d(4, 3)];
    expect(() => sequential(layers)).toThrow("layer 3 of 3, conv2d_2: expected an image of at least 3×3");
  });
  test("an array in place of a tensor", () => {
    expect(() => dense(2)([[1, 2]] as unknown as Tensor)).toThrow(
      "expected a tensor, got an array: wrap it in tensor(…)",
    );
  });
  test("misspelt names are type errors, and say what was meant", () => {
    // @ts-expect-error: no such activation
    expect(() => dense(2, { activation: "relo" })).toThrow(
      'unknown activation "relo" — did you mean "relu"? known: linear, relu',
    );
    // @ts-expect-error: no such padding
    expect(() => conv2d(2, 3, { padding: "sam" })).toThrow('did you mean "same"?');
    // @ts-expect-error: no such initializer
    const layer = dense(2, { kernelInitializer: "glorot_uniform" });
    expect(() => layer.build([3])).toThrow(
      'dense: unknown initializer "glorot_uniform" — did you mean "glorotUniform"?',
    );
  });
  test.each([
    [() => dense(0), "dense: units must be a whole number above 0, got 0"],
    [() => conv2d(1.5, 3), "conv2d: filters must be a whole number above 0, got 1.5"],
    [() => conv2d(5, 3, { groups: 2 }), "conv2d: 5 filters do not divide into 2 groups"],
    [() => conv2d(4, 3, { groups: 2, inputShape: [5, 5, 3] }), "divides into 2 groups, got [batch, 5, 5, 3]"],
    [() => dropout(1), "dropout: rate is the share that is dropped"],
  ])("a size that cannot be", (make, message) => {
    expect(make).toThrow(message);
  });
  test("weights of another shape", () => {
    expect(() => dense(2, { inputShape: [3] }).setWeights([zeros([2, 3]), zeros([2])])).toThrow(
      "dense: weight 0 has shape [3, 2], got [2, 3]",
    );
    expect(() => dense(2).setWeights([zeros([2, 3])])).toThrow("it has not seen an input yet");
  });
});
