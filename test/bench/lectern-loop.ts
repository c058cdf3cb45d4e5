// A live process that trains an MLP 784-256-10 with batches of 128 in one way: LOOP is "fit" or "hand".
// Reads one JSON object a line, {"model": "layers" or "tensors", "seconds": s}: what a loop by hand is written with. Answers
// {"steps": [seconds of a step, the mean of 200 without await, …]}, so what memory costs is in it.
import { createInterface } from "node:readline";
import { engine } from "../../lib/engine/engine.ts";
import {
  dense,
  random,
  seed,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  type Tensor,
  variable,
  zeros,
} from "../../lib/index.ts";

const batch = 128;
const batches = 100;
const epochs = 2;
const learningRate = 0.05;

seed(1);
const x = random.uniform([batches * batch, 784]);
const y = random.integers([batches * batch], { high: 10 });

function network() {
  return sequential([
    dense(256, { activation: "relu", inputShape: [784] }),
    dense(10, { activation: "softmax" }),
  ]);
}

function byFit(): () => Promise<unknown> {
  const model = network();
  model.compile({ optimizer: sgd({ learningRate }), loss: "sparseCategoricalCrossentropy" });
  return () => model.fit(x, y, { epochs, batchSize: batch, verbose: 0 });
}

function layers(): (x: Tensor, y: Tensor) => void {
  const model = network();
  const optimizer = sgd(model.parameters(), { learningRate });
  return (x, y) => {
    optimizer.zeroGrad();
    sparseCategoricalCrossentropy(y, model(x, { training: true })).backward();
    optimizer.step();
  };
}

function tensors(): (x: Tensor, y: Tensor) => void {
  const weights = [
    variable(random.normal([784, 256], { std: 0.05 })),
    variable(zeros([256])),
    variable(random.normal([256, 10], { std: 0.05 })),
    variable(zeros([10])),
  ] as const;
  const [w1, b1, w2, b2] = weights;
  return (x, y) => {
    const hidden = x.matmul(w1).add(b1).relu();
    sparseCategoricalCrossentropy(y, hidden.matmul(w2).add(b2).softmax()).backward();
    for (const w of weights) {
      w.assign(w.detach().sub(w.grad!.mul(learningRate)));
      w.grad = null;
    }
  };
}

function byHand(step: (x: Tensor, y: Tensor) => void): () => void {
  return () => {
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (let start = 0; start < x.shape[0]!; start += batch) {
        step(x.slice(start, start + batch), y.slice(start, start + batch));
      }
    }
  };
}

const makers = { layers: () => byHand(layers()), tensors: () => byHand(tensors()) };
await engine.threadsReady();
const made = new Map<string, () => unknown>();
for await (const line of createInterface({ input: process.stdin })) {
  const { model, seconds } = JSON.parse(line) as { model: keyof typeof makers; seconds: number };
  const run = made.get(model) ?? (process.env.LOOP === "fit" ? byFit() : makers[model]());
  made.set(model, run);
  const steps: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let begin = performance.now(); begin < end; begin = performance.now()) {
    await run();
    steps.push((performance.now() - begin) / 1000 / (epochs * batches));
  }
  console.log(JSON.stringify({ steps }));
}
