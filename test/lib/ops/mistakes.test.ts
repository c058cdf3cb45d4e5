// What convolution, pooling, layers and losses say about shapes that do not fit, and the stable ways of the losses.
import { describe, expect, test } from "vitest";
import {
  gradients,
  linear,
  ones,
  seed,
  softmaxCrossEntropy,
  tensor,
  variable,
  zeros,
} from "../../../lib/index.ts";
import { conv2d } from "../../../lib/ops/convolution.ts";
import { dropout } from "../../../lib/ops/dropout.ts";
import { binaryCrossEntropy, meanSquaredError } from "../../../lib/ops/loss.ts";
import { maxPool2d } from "../../../lib/ops/pooling.ts";
import { categoricalCrossEntropy } from "../../../lib/ops/softmax.ts";

describe("mistakes", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["channels", () => conv2d(zeros([1, 8, 8, 3]), zeros([3, 3, 1, 4])), /has 3 channels.*expect 1/],
    [
      "channels first",
      () => conv2d(zeros([1, 3, 8, 8]), zeros([3, 3, 3, 4])),
      /\.transpose\(\[0, 2, 3, 1\]\)/,
    ],
    [
      "a filter too large",
      () => conv2d(zeros([1, 2, 2, 1]), zeros([3, 3, 1, 1])),
      /3 × 3 does not fit.*2 × 2.*"same"/,
    ],
    [
      "the rank of images",
      () => conv2d(zeros([8]), zeros([3, 3, 1, 1])),
      /\[batch, height, width, channels\]/,
    ],
    ["strides", () => conv2d(zeros([4, 4]), zeros([2, 2]), { strides: 0 }), /strides must be a whole number/],
    [
      "padding",
      () => conv2d(zeros([4, 4]), zeros([2, 2]), { padding: "full" as never }),
      /known are "valid" and "same"/,
    ],
    [
      "the bias of a convolution",
      () => conv2d(zeros([4, 4]), zeros([2, 2]), { bias: zeros([2]) }),
      /must be \[1\]/,
    ],
    ["a window too large", () => maxPool2d(zeros([1, 1, 1, 1])), /2 × 2 does not fit/],
    [
      "the width of a layer",
      () => linear(zeros([2, 3]), zeros([4, 3])),
      /linear: \[2, 3\] · \[4, 3\] — inner sizes/,
    ],
    ["the bias of a layer", () => linear(zeros([2, 3]), zeros([3, 4]), zeros([3])), /must be \[4\]/],
    ["labels", () => softmaxCrossEntropy(zeros([2, 3]), tensor([0, 1, 2])), /\[3\] do not fit \[2, 3\]/],
    ["a label", () => softmaxCrossEntropy(zeros([2, 3]), tensor([0, 3])), /label 3 of example 1.*0 to 2/],
    ["targets", () => meanSquaredError(zeros([4]), zeros([3])), /\[3\] do not fit predictions \[4\]/],
    ["a rate", () => dropout(zeros([2]), 20, true), /did you mean 0\.2\?/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe("losses", () => {
  // By broadcasting, [2, 1] against [2] would compare every prediction with every target.
  test("of a column against a list of targets pair number with number", () => {
    expect(meanSquaredError(tensor([[1], [2]]), tensor([1, 4])).item()).toBe(2);
  });

  test("on probabilities that came out of softmax and sigmoid stay finite and exact", () => {
    const z = variable([
      [200, 0],
      [0, 0],
    ]);
    const loss = categoricalCrossEntropy(z.softmax(), tensor([1, 0]));
    expect(loss.item()).toBeCloseTo((200 + Math.LN2) / 2, 4);
    expect(gradients(loss, [z])[0]!.toArray()).toEqual([
      [0.5, -0.5],
      [-0.25, 0.25],
    ]);
    const logit = variable([-200]);
    expect(binaryCrossEntropy(logit.sigmoid(), tensor([1])).item()).toBeCloseTo(200, 4);
    expect(gradients(binaryCrossEntropy(logit.sigmoid(), tensor([1])), [logit])[0]!.toArray()).toEqual([-1]);
  });

  test("on other probabilities clip at 1e-7, as Keras does", () => {
    expect(categoricalCrossEntropy(tensor([[1, 0]]), tensor([1])).item()).toBeCloseTo(-Math.log(1e-7), 4);
    expect(binaryCrossEntropy(tensor([0]), tensor([1])).item()).toBeCloseTo(-Math.log(1e-7), 4);
  });
});

describe("dropout", () => {
  test("drops about the rate, scales the others, and uses the same mask backwards", () => {
    seed(11);
    const x = variable(ones([10_000]));
    const y = dropout(x, 0.25, true);
    const kept = y.greater(0).mean().item();
    // Standard error √(0.25·0.75/10000) ≈ 0.0043; five of them.
    expect(Math.abs(kept - 0.75)).toBeLessThan(0.022);
    expect(y.max().item()).toBeCloseTo(4 / 3, 6);
    const dx = gradients(y.sum(), [x])[0]!;
    expect(dx.data()).toEqual(y.data());
  });
});

describe("a convolution followed by relu and pooling", () => {
  test("has the same gradients in one pass as step by step", () => {
    seed(3);
    const image = variable(
      Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (_, j) => [Math.sin(i * 7 + j * 3)])),
    );
    const x = image.reshape([1, 6, 6, 1]);
    const filters = variable(
      zeros([3, 3, 1, 16]).add(tensor(Array.from({ length: 16 }, (_, i) => Math.cos(i)))),
    );
    const bias = variable(zeros([16]).sub(0.1));
    const fused = maxPool2d(conv2d(x, filters, { bias, activation: "relu" }))
      .square()
      .sum();
    const steps = maxPool2d(conv2d(x, filters, { bias }).relu())
      .square()
      .sum();
    const twice = conv2d(x, filters, { bias, activation: "relu" });
    const shared = maxPool2d(twice).sum().add(twice.sum());
    const plain = conv2d(x, filters, { bias }).relu();
    const sharedSteps = maxPool2d(plain).sum().add(plain.sum());
    const leaves = [image, filters, bias];
    for (const [a, b] of [
      [fused, steps],
      [shared, sharedSteps],
    ] as const) {
      const expected = gradients(b, leaves);
      gradients(a, leaves).forEach((g, i) => {
        const e = expected[i]!.data();
        g.data().forEach((v, k) => {
          expect(v).toBeCloseTo(e[k]!, 3);
        });
      });
    }
  });
});
