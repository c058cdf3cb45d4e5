// Models written as classes: a loop by hand, an optimizer made before the weights exist, names, compile and fit.
import { expect, test } from "vitest";
import { batches } from "../../../lib/data/batches.ts";
import { Dataset } from "../../../lib/data/dataset.ts";
import { dense } from "../../../lib/nn/dense.ts";
import { dropout } from "../../../lib/nn/dropout.ts";
import { nllLoss } from "../../../lib/nn/losses.ts";
import { Module } from "../../../lib/nn/module.ts";
import { relu } from "../../../lib/ops/elementwise.ts";
import { logSoftmax } from "../../../lib/ops/softmax.ts";
import { adam } from "../../../lib/optim/adam.ts";
import { random, seed } from "../../../lib/random/random.ts";
import { ones, tensor, zeros } from "../../../lib/tensor/create.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";

class Net extends Module {
  hidden = dense(16);
  out = dense(2);
  forward(x: Tensor): Tensor {
    return logSoftmax(this.out(relu(this.hidden(x))));
  }
}

test("learns in a loop by hand, with an optimizer that was made before the weights", () => {
  seed(3);
  const x = random.normal([200, 2]);
  const values = x.data();
  const y = tensor(
    Array.from({ length: 200 }, (_, i) => (values[2 * i] > values[2 * i + 1] ? 1 : 0)),
    { dtype: "int32" },
  );
  const net = new Net();
  const optimizer = adam(net.parameters(), { learningRate: 0.05 });
  const losses: number[] = [];
  for (let epoch = 0; epoch < 5; epoch++) {
    for (const [batchX, batchY] of batches(new Dataset(x, y), 50)) {
      optimizer.zeroGrad();
      const loss = nllLoss(net.forward(batchX), batchY);
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
    }
  }
  expect(optimizer.parameters).toHaveLength(4);
  expect(losses[losses.length - 1]).toBeLessThan(losses[0] / 3);
});

test("compiles and fits as any model, and names its layers after the fields", async () => {
  const net = new Net();
  net.compile({ optimizer: "adam", loss: (yTrue, yPred) => nllLoss(yPred, yTrue) });
  const history = await net.fit(random.normal([40, 3]), zeros([40]), { epochs: 3, verbose: 0 });
  expect(history.loss[2]).toBeLessThan(history.loss[0]);
  const { model, rows, totalParameters } = net.summary();
  expect([model, totalParameters]).toEqual(["Net", 3 * 16 + 16 + 16 * 2 + 2]);
  expect(rows.map(({ name, outputShape }) => [name, outputShape])).toEqual([
    ["hidden", [16]],
    ["out", [2]],
  ]);
});

test("errors say which field", () => {
  const net = new Net();
  net(zeros([1, 3]));
  expect(() => net(zeros([1, 4]))).toThrow("Net.hidden: expected [batch, 3], got [batch, 4]");
});

test("tells the layers inside whether it is a training step", () => {
  class Noisy extends Module {
    layers_ = [dense(50, { kernelInitializer: "ones" }), dropout(0.5)];
    forward(x: Tensor): Tensor {
      return this.layers_.reduce((value, layer) => layer(value), x);
    }
  }
  const net = new Noisy();
  const x = ones([20, 1]);
  expect(new Set(net(x).data())).toEqual(new Set([1]));
  expect(new Set(net(x, { training: true }).data())).toEqual(new Set([0, 2]));
  expect(new Set(net(x).data())).toEqual(new Set([1]));
});
