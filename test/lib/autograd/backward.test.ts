// The backward pass: accumulation, reuse, higher derivatives, and what it says when it is asked for the impossible.
import { describe, expect, test } from "vitest";
import {
  checkGradients,
  grad,
  gradients,
  noGrad,
  random,
  seed,
  softmaxCrossEntropy,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "../../../lib/index.ts";
import { conv2d } from "../../../lib/ops/convolution.ts";
import { dropout } from "../../../lib/ops/dropout.ts";
import { meanSquaredError, sigmoidCrossEntropy } from "../../../lib/ops/loss.ts";
import { linear } from "../../../lib/ops/matmul.ts";
import { maxPool2d } from "../../../lib/ops/pooling.ts";

describe("backward", () => {
  test("adds to the gradients that are there", () => {
    const w = variable([1, 2]);
    w.square().sum().backward();
    w.mul(3).sum().backward();
    expect(w.grad!.toArray()).toEqual([5, 7]);
  });

  test("a tensor used several times gets the sum", () => {
    const x = variable(3);
    const y = x.mul(x);
    y.add(y).add(x).backward();
    expect(x.grad!.item()).toBe(13);
  });

  test("only leaves get a gradient, and nothing flows through detach, noGrad and whole numbers", () => {
    const w = variable([1, 2]);
    const h = w.mul(2);
    h.mul(h.detach()).sum().backward();
    expect(h.grad).toBeNull();
    expect(w.grad!.toArray()).toEqual([4, 8]);
    expect(noGrad(() => w.mul(2)).requiresGrad).toBe(false);
    expect(w.cast("int32").requiresGrad).toBe(false);
  });

  test("takes the gradient of a result that is no scalar", () => {
    const w = variable([1, 2]);
    const given = tensor([10, 100]);
    w.mul(2).backward(given);
    expect(w.grad!.toArray()).toEqual([20, 200]);
    expect(given.toArray()).toEqual([10, 100]);
  });

  test("writes into a preset gradient buffer, also when several layers share a weight", () => {
    const w = variable([
      [1, 2],
      [3, 4],
    ]);
    const arena = zeros([8]);
    w.gradientBuffer = arena.slice(4, 8).reshape([2, 2]);
    const x = tensor([[1, -1]]);
    linear(linear(x, w), w).sum().backward();
    const expected = gradients(linear(linear(x, w), w).sum(), [w])[0]!;
    expect(w.grad).toBe(w.gradientBuffer);
    expect(arena.slice(4, 8).toArray()).toEqual(expected.flatten().toArray());
    linear(linear(x, w), w).sum().backward();
    expect(w.grad!.toArray()).toEqual(expected.mul(2).toArray());
    w.grad = null;
    linear(linear(x, w), w).sum().backward();
    expect(w.grad!.toArray()).toEqual(expected.toArray());
  });

  test("goes through a graph again with retainGraph", () => {
    const z = variable([[1, 2, 3]]);
    const loss = softmaxCrossEntropy(z, tensor([0]));
    loss.backward(undefined, { retainGraph: true });
    const once = z.grad!.clone().detach();
    loss.backward();
    expect(z.grad!.toArray()).toEqual(once.mul(2).toArray());
  });

  test("survives ten thousand operations in a row", () => {
    const x = variable(1);
    let y: Tensor = x;
    for (let i = 0; i < 10_000; i++) y = y.add(1e-4);
    y.backward();
    expect(x.grad!.item()).toBe(1);
  });
});

describe("what it says", () => {
  test("of a result that is no scalar", () => {
    expect(() => variable([1, 2]).mul(2).backward()).toThrow(/needs a scalar, got \[2\].*\.mean\(\)/);
  });

  test("when the graph is used up", () => {
    const y = variable(2).square();
    y.backward();
    expect(() => y.backward()).toThrow(/already used this graph up.*retainGraph/);
  });

  test("when no variable led there", () => {
    expect(() => tensor(2).square().backward()).toThrow(/variable\(…\)/);
  });

  test("when the gradient has the wrong shape", () => {
    expect(() =>
      variable([1, 2])
        .mul(2)
        .backward(tensor([1])),
    ).toThrow(/\[1\] must have the shape.*\[2\]/);
  });

  test("when the result does not depend on an input", () => {
    const [x, y] = [variable(1), variable(2)];
    expect(() => gradients(x.square(), [x, y])).toThrow(/input 1.*not computed from it/);
    expect(() => gradients(x.square(), [tensor(3)])).toThrow(/input 0.*no variable/);
  });
});

describe("gradients", () => {
  test("with respect to a tensor in the middle, leaving .grad alone", () => {
    const x = variable(2);
    const h = x.square();
    const y = h.mul(h).add(x);
    const [dh, dx] = gradients(y, [h, x]);
    expect(dh!.item()).toBe(8);
    expect(dx!.item()).toBe(33);
    expect(x.grad).toBeNull();
  });
});

describe("gradients of gradients", () => {
  test("derivatives of x⁴ at 2, one after the other", () => {
    let f: (x: Tensor) => Tensor = (x) => x.pow(4);
    for (const expected of [32, 48, 48, 24]) {
      f = grad(f);
      expect(f(tensor(2)).item()).toBeCloseTo(expected, 3);
    }
  });

  test("of a gradient penalty: backward through backward with createGraph", () => {
    const w = variable([
      [0.5, -1],
      [2, 1],
    ]);
    const x = tensor([[1, 2]]);
    x.requiresGrad = true;
    const [dx] = gradients(x.matmul(w).tanh().sum(), [x], { createGraph: true });
    dx!.square().sum().backward();
    const penalty = (v: Tensor) => {
      const y = x.detach().matmul(v).tanh();
      return y.square().neg().add(1).matmul(v.transpose()).square().sum();
    };
    const expected = gradients(penalty(w), [w])[0]!.data();
    w.grad!.data().forEach((g, i) => {
      expect(g).toBeCloseTo(expected[i]!, 5);
    });
  });

  // First and second derivatives against differences.
  const smooth: [string, (...x: Tensor[]) => Tensor, number[][]][] = [
    ["exp", (x) => x.exp(), [[3]]],
    ["sigmoid", (x) => x.sigmoid(), [[3]]],
    ["tanh", (x) => x.tanh(), [[3]]],
    ["division", (a, b) => a.div(b.square().add(1)), [[2, 3], [3]]],
    ["softmax", (x) => x.softmax(), [[2, 3]]],
    ["logSoftmax", (x) => x.logSoftmax(), [[2, 3]]],
    [
      "matmul",
      (a, b) => a.matmul(b).square(),
      [
        [2, 3],
        [3, 2],
      ],
    ],
    ["linear", (x, w, b) => linear(x, w, b).square(), [[2, 3], [3, 2], [2]]],
    [
      "conv2d",
      (x, w) => conv2d(x, w, { padding: "same", strides: 2 }).square(),
      [
        [1, 4, 3, 2],
        [2, 3, 2, 2],
      ],
    ],
    ["maxPool2d", (x) => maxPool2d(x).square(), [[1, 4, 4, 1]]],
    ["mean and variance", (x) => x.variance(0).add(x.mean(0).square()), [[4, 2]]],
    ["gather", (x) => x.gather([1, 1, 0]).pow(3), [[2, 2]]],
    ["slice, concat", (x) => x.slice(1, 3, { axis: 1 }).square().sum(1).mul(x.at(0, 0)), [[2, 4]]],
    ["softmaxCrossEntropy", (x) => softmaxCrossEntropy(x, tensor([1, 0], { dtype: "int32" })), [[2, 3]]],
    ["sigmoidCrossEntropy", (x) => sigmoidCrossEntropy(x, tensor([1, 0])), [[2]]],
    ["meanSquaredError", (x, y) => meanSquaredError(x.square(), y), [[3], [3]]],
  ];
  test.each(smooth)("%s", (_, fn, shapes) => {
    seed(5);
    const inputs = shapes.map((shape) => random.uniform(shape, { low: -1, high: 1 }));
    const check = checkGradients(fn, inputs, { order: 2 });
    expect(check, JSON.stringify(check)).toMatchObject({ ok: true });
  });
});

describe("checkGradients", () => {
  test("finds a wrong gradient", () => {
    // detach hides half of the product from the backward pass.
    const check = checkGradients((x) => x.mul(x.detach()), [tensor([1, 2])]);
    expect(check.ok).toBe(false);
    expect(check.at.difference).toBeCloseTo(2 * check.at.gradient, 1);
  });

  test("of dropout, whose mask follows from the seed", () => {
    const fn = (x: Tensor) => {
      seed(3);
      return dropout(x, 0.5, true);
    };
    expect(checkGradients(fn, [random.normal([20])]).ok).toBe(true);
  });
});
