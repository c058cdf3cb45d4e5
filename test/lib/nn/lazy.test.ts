// Weights are made when they are first used: models of any size can be counted, and when they are made changes nothing.
import { expect, test } from "vitest";
import { conv2d } from "../../../lib/nn/conv.ts";
import { dense } from "../../../lib/nn/dense.ts";
import { flatten } from "../../../lib/nn/flatten.ts";
import { model } from "../../../lib/nn/functionalModel.ts";
import { input } from "../../../lib/nn/input.ts";
import { Layer } from "../../../lib/nn/layer.ts";
import { lstm } from "../../../lib/nn/lstm.ts";
import { maxPool2d } from "../../../lib/nn/maxPool.ts";
import { sequential } from "../../../lib/nn/sequential.ts";
import * as initializers from "../../../lib/nn/startingValues.ts";
import type { WeightPlan } from "../../../lib/nn/weights.ts";
import { random, seed } from "../../../lib/random/random.ts";
import { bytesResident } from "../../../lib/tensor/blocks.ts";
import { ones, zeros } from "../../../lib/tensor/create.ts";
import type { Shape } from "../../../lib/tensor/shape.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";

/** How many bytes of tensors a piece of work leaves behind. */
function bytesOf(work: () => unknown): number {
  const before = bytesResident();
  work();
  return bytesResident() - before;
}

function vgg16() {
  const block = (filters: number, convolutions: number) => [
    ...Array.from({ length: convolutions }, () =>
      conv2d(filters, 3, { padding: "same", activation: "relu" }),
    ),
    maxPool2d(2),
  ];
  return sequential(
    [
      ...[block(64, 2), block(128, 2), block(256, 3), block(512, 3), block(512, 3)].flat(),
      flatten(),
      dense(4096, { activation: "relu" }),
      dense(4096, { activation: "relu" }),
      dense(1000, { activation: "softmax" }),
    ],
    { inputShape: [224, 224, 3] },
  );
}

test("192 million weights are a number, not memory", () => {
  let count = 0;
  let text = "";
  const bytes = bytesOf(() => {
    const layer = dense(1, { inputShape: [64e6 * 3], useBias: false });
    count = layer.parameterCount;
    text = sequential([layer]).summary().toString();
  });
  expect([count, bytes]).toEqual([192_000_000, 0]);
  expect(text).toContain("Total params: 192,000,000");
});

test("VGG-16 is counted without a single weight", () => {
  const bytes = bytesOf(() => {
    const model = vgg16();
    model.compile({ loss: "sparseCategoricalCrossentropy" });
    model.layers[0].trainable = false;
    const summary = model.summary();
    expect(summary.totalParameters).toBe(138_357_544);
    expect(summary.nonTrainableParameters).toBe(1792);
    expect(summary.rows[17].outputShape).toEqual([7, 7, 512]);
  });
  expect(bytes).toBe(0);
});

test("countParams and outputShape ask without making or fixing anything", () => {
  const layer = conv2d(4, 3);
  expect(layer.countParams([7, 7, 3])).toBe(112);
  expect(layer.isBuilt).toBe(false);
  expect(layer.countParams([9, 9, 1])).toBe(40);
  expect(layer.build([9, 9, 1]).countParams([20, 20, 1])).toBe(40);
  expect(() => layer.countParams([7, 7, 3])).toThrow("expected input [batch, height, width, 1]");
  const shared = dense(5);
  expect(sequential([shared, shared, dense(2)]).countParams([5])).toBe(30 + 12);
});

test("starting weights do not depend on when they are looked at", () => {
  const run = (look: boolean) => {
    seed(11);
    const options = { kernelInitializer: initializers.randomNormal(), biasInitializer: "ones" } as const;
    const model = sequential([lstm(3), dense(4, options), dense(4, options), dense(2)], {
      inputShape: [5, 2],
    });
    if (look) void model.weights;
    const between = random.normal([4]).toArray();
    return { between, weights: model.weights.map((weight) => weight.toArray()) };
  };
  const late = run(false);
  expect(late).toEqual(run(true));
  // Different layers start differently, also where a function draws the numbers.
  expect(late.weights[3]).not.toEqual(late.weights[5]);
});

test("weights keep their numbers from the first look on", () => {
  const layer = dense(2, { inputShape: [3] });
  const first = layer.weights[0].toArray();
  layer(zeros([1, 3]));
  expect(layer.weights[0].toArray()).toEqual(first);
  expect(
    layer
      .setWeights([ones([3, 2]), zeros([2])])(ones([1, 3]))
      .toArray(),
  ).toEqual([[3, 3]]);
});

test("layers may be made frozen", () => {
  const layer = dense(2, { inputShape: [3], trainable: false });
  expect([layer.parameterCount, layer.trainableCount, layer.parameters().length]).toEqual([8, 0, 0]);
});

test("an initializer that goes wrong is named with its layer", () => {
  const layer = dense(2, { inputShape: [3], kernelInitializer: () => zeros([2, 2]), name: "last" });
  expect(() => layer.weights).toThrow("last: initializer: asked for shape [3, 2], it gave [2, 2]");
});

class Scale extends Layer {
  constructor() {
    super("scale");
  }
  override outputShape(inputShape: Shape): Shape {
    return inputShape;
  }
  protected override weightPlans(inputShape: Shape): WeightPlan[] {
    const shape = inputShape.slice(-1);
    return [
      { shape, initializer: "ones" },
      { shape, initializer: "zeros", trainable: false },
    ];
  }
  protected override forward(x: Tensor): Tensor {
    return x.mul(this.weights[0]).add(this.weights[1]);
  }
}

test("a layer of one's own says what weights it has", () => {
  const layer = new Scale();
  expect(layer.countParams([4, 3])).toBe(6);
  const x = input([3]);
  const net = model(x, layer(x));
  expect([net.parameterCount, net.trainableCount]).toEqual([6, 3]);
  expect(net.nodes.map(({ name }) => name)).toEqual(["input_1", "scale_1"]);
  layer.setWeights([
    [1, 2, 3],
    [0, 0, 1],
  ]);
  expect(net(ones([1, 3])).toArray()).toEqual([[1, 2, 4]]);
});

test("a sequential model says where the shape of its samples goes", () => {
  expect(() => sequential([input([3]), dense(2)] as never)).toThrow(
    "element 1 of 2 is no layer but a SymbolicTensor — the shape of the samples is an option here",
  );
});
