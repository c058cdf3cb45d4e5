// A live process that times TensorFlow.js's training steps, as ../lectern.ts does on Lectern's side: same model, same questions.
// Reads one JSON object a line, {"model": name, "seconds": s}; answers {"steps": [seconds of each step, …], "loss": number}.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

// Both packages by require: their ES modules import without file endings, which Node refuses.
const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
require("@tensorflow/tfjs-backend-wasm");

const batch = 128;
const batches = 16;

// What it says about other backends is not for the one line of an answer.
tf.env().set("PROD", true);
await tf.setBackend("wasm");
await tf.ready();

const layers = [
  tf.layers.dense({ units: 512, activation: "relu", inputShape: [784] }),
  tf.layers.dense({ units: 512, activation: "relu" }),
  tf.layers.dense({ units: 10, activation: "softmax" }),
];
const model = tf.sequential({ layers });
// One-hot labels: the sparse loss wants a kernel that this backend lacks.
model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
const data = Array.from({ length: batches }, () => [
  tf.randomUniform([batch, 784]),
  tf.tidy(() =>
    tf
      .oneHot(
        tf.tensor1d(
          Array.from({ length: batch }, (_, i) => i % 10),
          "int32",
        ),
        10,
      )
      .toFloat(),
  ),
]);

let turn = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { seconds } = JSON.parse(line);
  const steps = [];
  let loss = Number.NaN;
  const end = performance.now() + seconds * 1000;
  for (let begin = performance.now(); begin < end; begin = performance.now()) {
    loss = await model.trainOnBatch(...data[turn++ % batches]);
    steps.push((performance.now() - begin) / 1000);
  }
  console.log(JSON.stringify({ steps, loss }));
}
