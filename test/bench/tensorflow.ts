// A training step against TensorFlow.js: with its WebAssembly backend, the fastest that runs in this Node by an npm install
// alone. (It lacks the gradient of convolution; so the model is feed-forward.)
import type { Row } from "./table.ts";
import { measure, nodeSide } from "./turns.ts";

const models = [{ model: "mlp", name: "training step, MLP 784-512-512-10, batch 128" }];

/** One row a model. */
export function benchTensorflow(): Promise<Row[]> {
  const lectern = nodeSide("Lectern", "lectern.ts");
  const tensorflow = nodeSide("TensorFlow.js", "peers/tensorflow.mjs");
  const turns = { rounds: 5, warmUpSeconds: 3, roundSeconds: 2 };
  return measure([lectern, tensorflow], models, turns, ({ name }, ms) => [
    { name, unit: "ms", lectern: ms(lectern), peers: { "TensorFlow.js": ms(tensorflow) } },
  ]);
}
