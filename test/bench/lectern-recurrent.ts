// A live process that times Lectern's recurrent layers, as recurrent.py does on the other side: same sizes, same questions.
// Reads one JSON object a line, {"model": name, "seconds": s}; answers {"steps": [seconds of each forward and backward, …]}.
import { createInterface } from "node:readline";
import { engine } from "../../lib/engine/engine.ts";
import { gru, lstm, random, seed, sequential } from "../../lib/index.ts";
import { scope } from "../../lib/tensor/storage.ts";

seed(1);
const layers = { lstm, gru };

function make(name: keyof typeof layers): () => void {
  const layer = layers[name];
  const model = sequential([layer(256, { returnSequences: true, inputShape: [60, 1] }), layer(256)]);
  const x = random.uniform([32, 60, 1]);
  const slope = random.uniform([32, 256]);
  return () => {
    for (const weight of model.weights) weight.grad = null;
    scope(() => model(x).mul(slope).sum().backward());
  };
}

await engine.threadsReady();
const made = new Map<string, () => void>();
for await (const line of createInterface({ input: process.stdin })) {
  const { model, seconds } = JSON.parse(line) as { model: keyof typeof layers; seconds: number };
  const step = made.get(model) ?? make(model);
  made.set(model, step);
  const steps: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let begin = performance.now(); begin < end; begin = performance.now()) {
    step();
    steps.push((performance.now() - begin) / 1000);
  }
  console.log(JSON.stringify({ steps }));
}
