// Gradients in the middle of a computation, over several passes, and of tensors that were overwritten in between.
import { describe, expect, test } from "vitest";
import { gradients, noGrad, sgd, stopGradient, type Tensor, tensor, variable } from "../../../lib/index.ts";
import { conv2d } from "../../../lib/ops/convolution.ts";
import { linear } from "../../../lib/ops/matmul.ts";
import { maxPool2d } from "../../../lib/ops/pooling.ts";

describe("retainGrad", () => {
  test("leaves the gradients of a logistic regression's da and dz (S2-16)", () => {
    const double = { dtype: "float64" } as const;
    const [w, b] = [variable([0.4, -0.3], double), variable(0.1, double)];
    const x = tensor([1.5, 2], double);
    const y = 1;
    const z = w.mul(x).sum().add(b).retainGrad();
    const a = z.sigmoid().retainGrad();
    const loss = a.log().mul(y).neg();
    loss.backward();
    const p = a.item();
    expect(a.grad!.item()).toBeCloseTo(-(y - p) / (p * (1 - p)), 14);
    expect(z.grad!.item()).toBeCloseTo(p - y, 14);
    expect(b.grad!.item()).toBeCloseTo(p - y, 14);
    expect(w.grad!.toArray()).toEqual([1.5, 2].map((v) => expect.closeTo((p - y) * v, 14)));
  });

  test("adds up over passes, like that of a variable", () => {
    const x = variable([1, 2]);
    const h = x.mul(3).retainGrad();
    const loss = h.square().sum();
    loss.backward(undefined, { retainGraph: true });
    expect(h.grad!.toArray()).toEqual([6, 12]);
    loss.backward();
    expect(h.grad!.toArray()).toEqual([12, 24]);
    expect(x.grad!.toArray()).toEqual([36, 72]);
  });

  test("can be differentiated again with createGraph", () => {
    const x = variable(2);
    const h = x.square().retainGrad();
    h.pow(3).backward(undefined, { createGraph: true });
    // dL/dh = 3h² = 3x⁴, its derivative 12x³
    expect(gradients(h.grad!, [x])[0]!.item()).toBe(96);
  });

  test("is harmless on a variable, and refuses constants", () => {
    const x = variable(2);
    x.retainGrad().square().backward();
    expect(x.grad!.item()).toBe(4);
    expect(() => tensor(1).retainGrad()).toThrow(/no gradient flows/);
    expect(() => noGrad(() => x.mul(2)).retainGrad()).toThrow(/no gradient flows/);
  });

  test("gradients() leaves it alone", () => {
    const x = variable(2);
    const h = x.square().retainGrad();
    expect(gradients(h.mul(2), [x])[0]!.item()).toBe(8);
    expect(h.grad).toBeNull();
  });

  test("of a layer whose relu is taken back in place, or by the pooling behind it", () => {
    const image = tensor([
      [
        [[1], [2]],
        [[-3], [4]],
      ],
    ]);
    const kernel = variable([[[[1]]]]);
    const run = (): Tensor => conv2d(image, kernel, { activation: "relu" });
    const h = run().retainGrad();
    // The windows hold a negative number only: relu gives 0, and its share of the gradient is that of the pooling.
    const pooled = maxPool2d(h, { poolSize: 1 }).sum();
    pooled.backward();
    expect(h.grad!.flatten().toArray()).toEqual([1, 1, 1, 1]);
    expect(kernel.grad!.item()).toBe(7);
    const middle = run();
    const [dh] = gradients(maxPool2d(middle, { poolSize: 1 }).sum(), [middle]);
    expect(dh!.flatten().toArray()).toEqual([1, 1, 1, 1]);
    const layer = linear(tensor([[-1], [2]]), variable([[1]]), null, { activation: "relu" });
    expect(gradients(layer.sum(), [layer])[0]!.flatten().toArray()).toEqual([1, 1]);
  });
});

test("stopGradient holds a value fixed", () => {
  const x = variable(3);
  x.mul(stopGradient(x)).backward();
  expect(x.grad!.item()).toBe(3);
  expect(() => stopGradient(3 as unknown as Tensor)).toThrow(/expected a tensor/);
});

test("gradients accumulated over parts of a batch are those of the batch", () => {
  const w = variable([[1], [2]]);
  const x = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ]);
  const optimizer = sgd([w], { learningRate: 0.1 });
  for (const start of [0, 2])
    linear(x.slice(start, start + 2), w)
      .square()
      .sum()
      .backward();
  const accumulated = w.grad!.toArray();
  optimizer.zeroGrad();
  expect(w.grad).toBeNull();
  linear(x, w).square().sum().backward();
  expect(w.grad!.toArray()).toEqual(accumulated);
});

test("a hundred thousand operations in a row", () => {
  const x = variable(0, { dtype: "float64" });
  let y: Tensor = x;
  for (let i = 0; i < 100_000; i++) y = y.add(1);
  y.backward();
  expect(y.item()).toBe(100_000);
  expect(x.grad!.item()).toBe(1);
});

describe("a tensor overwritten after it was used", () => {
  test("by assign", () => {
    const w = variable([1, 2]);
    const loss = w.square().sum();
    w.assign(5);
    expect(() => loss.backward()).toThrow(/square needs for its gradient was overwritten in place/);
  });

  test("through a view", () => {
    const w = variable([1, 2]);
    const h = w.mul(1);
    const loss = h.square().sum();
    h.at(0).assign(0);
    expect(() => loss.backward()).toThrow(/square needs for its gradient/);
  });

  test("by set", () => {
    const [w, x] = [variable([1, 2]), tensor([3, 4])];
    const loss = w.mul(x).sum();
    x.set(0, 5);
    expect(() => loss.backward()).toThrow(/mul needs for its gradient/);
  });

  test("by an optimizer's step between two passes", () => {
    const w = variable([1, 2]);
    const optimizer = sgd([w], { learningRate: 0.1 });
    const loss = w.square().sum();
    loss.backward(undefined, { retainGraph: true });
    optimizer.step();
    expect(() => loss.backward()).toThrow(/an optimizer's step/);
    // The next computation is as usual.
    optimizer.zeroGrad();
    w.square().sum().backward();
    expect(w.grad!.data()[0]).toBeCloseTo(1.6, 6);
  });

  test("does not matter where the gradient does not depend on its numbers", () => {
    const w = variable([1, 2]);
    const loss = w.add(1).mul(3).sum();
    w.assign(5);
    loss.backward();
    expect(w.grad!.toArray()).toEqual([3, 3]);
  });

  test("does not matter for gradients themselves", () => {
    const w = variable([1, 2]);
    w.mul(2).sum().backward();
    const loss = w.mul(3).sum();
    w.grad!.assign(0);
    loss.backward();
    expect(w.grad!.toArray()).toEqual([3, 3]);
  });
});
