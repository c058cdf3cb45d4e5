// A training step of feed-forward models against PyTorch on the CPU, in turns between live processes.
import { fileURLToPath } from "node:url";
import { median, type Row, say } from "./table.ts";
import { Worker } from "./worker.ts";

const models = [
  { model: "mlp", name: "training step, MLP 784-512-512-10, batch 128" },
  { model: "cnn", name: "training step, CNN 32-64-64 on 28×28, batch 128" },
  { model: "small", name: "training step, MLP 20-64-64-1, batch 128" },
];
const rounds = 9;
const warmUpSeconds = 1.5;
const roundSeconds = 0.6;

/** One row a model: the median over the rounds of each round's fastest steps; PyTorch with the better of 1 and 2 threads. */
export async function benchTraining(python: string): Promise<Row[]> {
  const pytorch = (threads: number) =>
    new Worker(`PyTorch (${threads} threads)`, python, [here("pytorch.py"), String(threads)]);
  const lectern = new Worker("Lectern", process.execPath, [here("lectern.ts")]);
  const peers = [pytorch(1), pytorch(2)];
  const sides = [lectern, ...peers];
  try {
    const rows: Row[] = [];
    for (const { model, name } of models) {
      say(`${name} …`);
      for (const side of sides) await side.ask({ model, seconds: warmUpSeconds });
      const times = new Map(sides.map((side) => [side, [] as number[]]));
      for (let round = 0; round < rounds; round++) {
        for (const side of sides) times.get(side)!.push(fastest(await ask(side, model)));
      }
      const peer = Math.min(...peers.map((side) => median(times.get(side)!)));
      rows.push({
        name,
        unit: "ms",
        lectern: median(times.get(lectern)!) * 1000,
        peers: { PyTorch: peer * 1000 },
      });
    }
    return rows;
  } finally {
    for (const side of sides) side.stop();
  }
}

async function ask(side: Worker, model: string): Promise<number[]> {
  return (await side.ask<{ steps: number[] }>({ model, seconds: roundSeconds })).steps;
}

/** The step at the fastest tenth: what the machine can do, without trusting one lucky step. */
function fastest(steps: number[]): number {
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 10)]!;
}

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
