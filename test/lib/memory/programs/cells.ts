// A training cell that is run again and again: the same names get new models, data and histories.
// Usage: cells.ts fit|synchronous [runs]
import { setTimeout as wait } from "node:timers/promises";
import {
  dense,
  random,
  seed,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  type Tensor,
} from "../../../../lib/index.ts";
import type { Sequential } from "../../../../lib/nn/sequential.ts";
import { type Held, look } from "./look.ts";

const [kind, runs = "200"] = process.argv.slice(2);

// The slots of a notebook.
let x: Tensor;
let y: Tensor;
let model: Sequential;
let history: unknown;
let scores: unknown;
let predicted: Tensor;

async function fitting(): Promise<void> {
  x = random.uniform([512, 100]);
  y = random.integers([512], { high: 4 });
  model = sequential([
    dense(128, { activation: "relu", inputShape: [100] }),
    dense(4, { activation: "softmax" }),
  ]);
  model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  history = await model.fit(x, y, { epochs: 3, verbose: 0, validationSplit: 0.2 });
  scores = await model.evaluate(x, y);
  predicted = model.predict(x).argMax(1);
}

function synchronous(): void {
  x = random.uniform([512, 100]);
  y = random.integers([512], { high: 4 });
  model = sequential([dense(128, { activation: "relu", inputShape: [100] }), dense(4)]);
  model(x);
  const optimizer = sgd(model.parameters(), { momentum: 0.9 });
  const losses: number[] = [];
  for (let i = 0; i < 20; i++) {
    optimizer.zeroGrad();
    const loss = sparseCategoricalCrossentropy(y, model(x), { fromLogits: true });
    loss.backward();
    optimizer.step();
    losses.push(loss.item());
  }
  history = losses;
  predicted = model.predict(x).argMax(1);
}

seed(1);
const found: Held[] = [];
for (let run = 1; run <= Number(runs); run++) {
  if (kind === "fit") await fitting();
  else synchronous();
  // As at the end of a cell: the event loop turns.
  await wait(1);
  if (run === 20 || run === Number(runs)) found.push(await look());
}
console.log(JSON.stringify({ found, held: [history, scores, predicted!.shape].length }));
