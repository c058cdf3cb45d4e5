// A live process that times Lectern's training steps, as pytorch.py does on the other side: same models, same questions.
// Reads one JSON object a line, {"model": name, "seconds": s}; answers {"steps": [seconds of each step, …], "loss": number}.
import { createInterface } from "node:readline";
import {
  conv2d,
  dense,
  flatten,
  maxPool2d,
  random,
  seed,
  sequential,
  type Tensor,
  tensor,
} from "../../lib/index.ts";

const batch = 128;
const batches = 16;

seed(1);

function mlp() {
  const layers = [
    dense(512, { activation: "relu", inputShape: [784] }),
    dense(512, { activation: "relu" }),
    dense(10, { activation: "softmax" }),
  ];
  return training(layers, "sparseCategoricalCrossentropy", () => [random.uniform([batch, 784]), labels()]);
}

function cnn() {
  const layers = [
    conv2d(32, 3, { activation: "relu", inputShape: [28, 28, 1] }),
    maxPool2d(2),
    conv2d(64, 3, { activation: "relu" }),
    maxPool2d(2),
    conv2d(64, 3, { activation: "relu" }),
    flatten(),
    dense(64, { activation: "relu" }),
    dense(10, { activation: "softmax" }),
  ];
  return training(layers, "sparseCategoricalCrossentropy", () => [
    random.uniform([batch, 28, 28, 1]),
    labels(),
  ]);
}

function small() {
  const layers = [
    dense(64, { activation: "relu", inputShape: [20] }),
    dense(64, { activation: "relu" }),
    dense(1),
  ];
  return training(layers, "mse", () => [random.uniform([batch, 20]), random.uniform([batch, 1])]);
}

function labels(): Tensor {
  return tensor(
    Array.from({ length: batch }, (_, i) => i % 10),
    { dtype: "int32" },
  );
}

/** A model and its data; what it returns makes one step and gives the loss. */
function training(
  layers: Parameters<typeof sequential>[0],
  loss: "sparseCategoricalCrossentropy" | "mse",
  makeBatch: () => [Tensor, Tensor],
): () => number {
  const model = sequential(layers);
  model.compile({ optimizer: "adam", loss });
  const data = Array.from({ length: batches }, makeBatch);
  let turn = 0;
  return () => model.trainOnBatch(...data[turn++ % batches]!);
}

const makers: Record<string, () => () => number> = { mlp, cnn, small };
const trainings = new Map<string, () => number>();

for await (const line of createInterface({ input: process.stdin })) {
  const { model, seconds } = JSON.parse(line) as { model: string; seconds: number };
  const step = trainings.get(model) ?? makers[model]!();
  trainings.set(model, step);
  const steps: number[] = [];
  let loss = Number.NaN;
  const end = performance.now() + seconds * 1000;
  for (let begin = performance.now(); begin < end; begin = performance.now()) {
    loss = step();
    steps.push((performance.now() - begin) / 1000);
  }
  console.log(JSON.stringify({ steps, loss }));
}
