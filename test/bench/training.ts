// A training step of feed-forward models against PyTorch on the CPU, in turns between live processes.
import type { Row } from "./table.ts";
import { takeTurns } from "./turns.ts";

const models = [
  { model: "mlp", name: "training step, MLP 784-512-512-10, batch 128" },
  { model: "cnn", name: "training step, CNN 32-64-64 on 28×28, batch 128" },
  { model: "small", name: "training step, MLP 20-64-64-1, batch 128" },
];

/** One row a model. */
export function benchTraining(python: string): Promise<Row[]> {
  const programs = { lectern: "lectern.ts", pytorch: "pytorch.py" };
  return takeTurns(python, programs, models, { rounds: 9, warmUpSeconds: 1.5, roundSeconds: 0.6 });
}
