// Layers for sequences beside the recurrent ones, noise, and the rectifier that learns.
import { describe, expect, test } from "vitest";
import { conv2d } from "../../../lib/nn/conv.ts";
import { dense } from "../../../lib/nn/dense.ts";
import { dropout } from "../../../lib/nn/dropout.ts";
import { flatten } from "../../../lib/nn/flatten.ts";
import { gaussianNoise } from "../../../lib/nn/gaussianNoise.ts";
import { lstm } from "../../../lib/nn/lstm.ts";
import { prelu } from "../../../lib/nn/prelu.ts";
import { repeatVector } from "../../../lib/nn/repeatVector.ts";
import { sequential } from "../../../lib/nn/sequential.ts";
import { timeDistributed } from "../../../lib/nn/timeDistributed.ts";
import { adam } from "../../../lib/optim/adam.ts";
import { random, seed } from "../../../lib/random/random.ts";
import { ones, tensor, variable, zeros } from "../../../lib/tensor/create.ts";

describe("timeDistributed", () => {
  test("gives every step to the layer, with the same weights", () => {
    seed(3);
    const layer = timeDistributed(conv2d(4, 3, { activation: "relu" }), { inputShape: [5, 8, 7, 2] });
    const x = random.normal([3, 5, 8, 7, 2]);
    const y = layer(x);
    expect(y.shape).toEqual([3, 5, 6, 5, 4]);
    for (let step = 0; step < 5; step++) {
      expect(y.at(":", step).toArray()).toEqual(layer.layer(x.at(":", step)).toArray());
    }
    expect(layer.parameterCount).toBe(76);
    expect(layer.weights).toEqual(layer.layer.weights);
    expect(timeDistributed(dense(3)).countParams([7, 4])).toBe(15);
  });

  test("takes a whole model, which trains inside another and acts as while training only there", async () => {
    seed(3);
    const frame = sequential([conv2d(4, 3, { activation: "relu" }), dropout(0.1), flatten(), dense(6)]);
    const model = sequential([timeDistributed(frame), lstm(8), dense(1)], { inputShape: [4, 5, 5, 1] });
    expect(model.parameterCount).toBe(40 + 222 + 480 + 9);
    const before = frame.weights.map((weight) => weight.toArray());
    // Whether the bright frame comes in the first half.
    const places = random.integers([96], { high: 4 });
    const frames = zeros([96, 4, 5, 5, 1]);
    places.toArray<number[]>().forEach((place, i) => {
      frames.set(i, place, 1);
    });
    const y = places.less(2).cast("float32").reshape([-1, 1]);
    model.compile({ optimizer: adam({ learningRate: 0.02 }), loss: "meanSquaredError" });
    const { loss } = await model.fit(frames, y, { epochs: 15, batchSize: 16, verbose: 0 });
    expect(loss.at(-1)!).toBeLessThan(0.05);
    frame.weights.forEach((weight, i) => {
      expect(weight.toArray()).not.toEqual(before[i]);
    });
    expect(model(frames).toArray()).toEqual(model(frames).toArray());
  });

  test("is left alone by training when it is not trainable", () => {
    const layer = timeDistributed(dense(2), { inputShape: [3, 4], trainable: false });
    expect([layer.parameterCount, layer.trainableCount]).toEqual([10, 0]);
  });

  test("errors", () => {
    expect(() => timeDistributed(3 as never)).toThrow(
      "timeDistributed: takes a layer or a model such as dense(8), got 3",
    );
    expect(() => timeDistributed(dense(2))(zeros([2, 3]))).toThrow(
      "timeDistributed: expected sequences [batch, time, …], got [batch, 3]",
    );
    expect(() => sequential([timeDistributed(conv2d(2, 3))], { inputShape: [4, 5] })).toThrow(
      "layer 1 of 1, timeDistributed_1: conv2d: expected input [batch, height, width, channels], got [batch, 5]",
    );
  });
});

describe("repeatVector", () => {
  test("stands between encoder and decoder", () => {
    seed(1);
    const model = sequential([
      lstm(5, { inputShape: [7, 2] }),
      repeatVector(7),
      lstm(5, { returnSequences: true }),
      timeDistributed(dense(2)),
    ]);
    expect(model.outputShape([7, 2])).toEqual([7, 2]);
    const x = random.normal([3, 7, 2]);
    model(x).square().sum().backward();
    for (const weight of model.weights) expect(weight.grad!.abs().sum().item()).toBeGreaterThan(0);
  });

  test("adds the gradients of all copies up", () => {
    const x = variable([[1, 2]]);
    repeatVector(3)(x).sum().backward();
    expect(x.grad!.toArray()).toEqual([[3, 3]]);
  });

  test("errors", () => {
    expect(() => repeatVector(2)(zeros([2, 3, 4]))).toThrow(
      "repeatVector: expected vectors [batch, features], got [batch, 3, 4]",
    );
    expect(() => repeatVector(0)).toThrow("repeatVector: times must be a whole number above 0, got 0");
  });
});

describe("gaussianNoise", () => {
  test("acts only while training, with the deviation that is asked for", () => {
    seed(1);
    const x = ones([200, 50]);
    const layer = gaussianNoise(0.5);
    expect(layer(x)).toBe(x);
    const noise = layer(x, { training: true }).sub(1);
    // 10,000 numbers: the mean has a deviation of 0.005, the deviation one of 0.0035.
    expect(Math.abs(noise.mean().item())).toBeLessThan(0.02);
    expect(Math.abs(noise.std().item() - 0.5)).toBeLessThan(0.014);
    expect(layer(x, { training: true }).toArray()).not.toEqual(layer(x, { training: true }).toArray());
  });

  test("errors", () => {
    expect(() => gaussianNoise(-1)).toThrow(
      "gaussianNoise: std is the noise's standard deviation, 0 or more, got -1",
    );
  });
});

describe("prelu", () => {
  test("has one slope a place, starting at 0.25, or shares them", () => {
    const x = tensor([[-4, 2, -8]]);
    expect(prelu()(x).toArray()).toEqual([[-1, 2, -2]]);
    expect(prelu({ alphaInitializer: "zeros" })(x).toArray()).toEqual([[-0, 2, -0]]);
    expect(prelu({ inputShape: [4, 5, 3] }).parameterCount).toBe(60);
    expect(prelu({ inputShape: [4, 5, 3], sharedAxes: [1, 2] }).alpha!.shape).toEqual([1, 1, 3]);
  });

  test("its slopes learn: each gets the sum of the inputs below 0 that it stands for", () => {
    const layer = prelu({ inputShape: [2, 2], sharedAxes: [1] });
    const x = variable([
      [
        [-1, 2],
        [-3, -4],
      ],
      [
        [5, -6],
        [7, 8],
      ],
    ]);
    layer(x).sum().backward();
    expect(layer.alpha!.grad!.toArray()).toEqual([[-4, -10]]);
    expect(x.grad!.flatten().toArray()).toEqual([0.25, 1, 0.25, 0.25, 1, 0.25, 1, 1]);
  });

  test("of a tensor at once, with slopes of one's own", () => {
    expect(prelu(tensor([-4, 2]), tensor(0.5)).toArray()).toEqual([-2, 2]);
  });

  test("errors", () => {
    expect(() => prelu({ sharedAxes: [3] })(zeros([1, 4, 5]))).toThrow(
      "prelu: sharedAxes are axes from 1 to 2, such as [1, 2]; got [3]",
    );
    const layer = prelu({ inputShape: [4, 5], sharedAxes: [1] });
    expect(layer(zeros([2, 9, 5])).shape).toEqual([2, 9, 5]);
    expect(() => layer(zeros([2, 4, 6]))).toThrow("prelu: expected [batch, 1, 5], got [batch, 4, 6]");
  });
});
