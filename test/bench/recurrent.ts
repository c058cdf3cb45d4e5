// Recurrent layers against PyTorch on the CPU, forward and backward, in turns between live processes.
import type { Row } from "./table.ts";
import { takeTurnsWithOneThread } from "./turns.ts";

const models = [
  { model: "lstm", name: "LSTM 2×256, 60 steps, batch 32, forward and backward" },
  { model: "gru", name: "GRU 2×256, 60 steps, batch 32, forward and backward" },
];

/** Two rows a model. */
export function benchRecurrent(python: string): Promise<Row[]> {
  const programs = { lectern: "lectern-recurrent.ts", pytorch: "recurrent.py" };
  return takeTurnsWithOneThread(python, programs, models, { rounds: 7, warmUpSeconds: 2, roundSeconds: 1.5 });
}
