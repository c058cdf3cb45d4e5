// `fit` for 100 epochs, with what the process holds at the end of each, dead or not.
import { dense, dropout, random, seed, sequential } from "../../../../lib/index.ts";
import { type Held, lookNow } from "./look.ts";

seed(1);
const x = random.uniform([1000, 64]);
const y = random.integers([1000], { high: 10 });
const model = sequential([
  dense(256, { activation: "relu", inputShape: [64] }),
  dropout(0.2),
  dense(10, { activation: "softmax" }),
]);
model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
const found: Held[] = [];
const history = await model.fit(x, y, {
  epochs: 100,
  verbose: 0,
  validationSplit: 0.1,
  callbacks: [{ onEpochEnd: () => found.push(lookNow()) }],
});
console.log(JSON.stringify({ found, epochs: history.loss.length }));
