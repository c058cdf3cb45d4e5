// Sides that are measured in turns, so that what else the machine does falls on all of them alike.
import { fileURLToPath } from "node:url";
import { type Row, say } from "./table.ts";
import { Worker } from "./worker.ts";

export interface Measured {
  /** What the live processes know it by, and what people read. */
  model: string;
  name: string;
}

export interface Turns {
  rounds: number;
  warmUpSeconds: number;
  roundSeconds: number;
}

/**
 * One row each: the best round of each side; PyTorch with the better of 1 and 2 threads.
 * Both programs read {"model", "seconds"} a line and answer {"steps": [seconds of each, …]}.
 */
export async function takeTurns(
  python: string,
  programs: { lectern: string; pytorch: string },
  measured: readonly Measured[],
  turns: Turns,
): Promise<Row[]> {
  const lectern = nodeSide("Lectern", programs.lectern);
  const peers = pytorchSides(python, programs.pytorch);
  return measure([lectern, ...peers], measured, turns, ({ name }, ms) => [
    { name, unit: "ms", lectern: ms(lectern), peers: { PyTorch: Math.min(...peers.map(ms)) } },
  ]);
}

/** The same, and another row each with one thread on both sides. */
export async function takeTurnsWithOneThread(
  python: string,
  programs: { lectern: string; pytorch: string },
  measured: readonly Measured[],
  turns: Turns,
): Promise<Row[]> {
  const lectern = nodeSide("Lectern", programs.lectern);
  const alone = nodeSide("Lectern", programs.lectern, { LECTERN_THREADS: "1" });
  const peers = pytorchSides(python, programs.pytorch);
  return measure([lectern, ...peers, alone], measured, turns, ({ name }, ms) => [
    { name, unit: "ms", lectern: ms(lectern), peers: { PyTorch: Math.min(...peers.map(ms)) } },
    {
      name: `${name}, one thread each`,
      unit: "ms",
      lectern: ms(alone),
      peers: { PyTorch: ms(peers[0]!) },
    },
  ]);
}

/** Warms the sides up, lets them take turns and makes rows of each side's milliseconds; ends the sides. */
export async function measure(
  sides: readonly Worker[],
  measured: readonly Measured[],
  { rounds, warmUpSeconds, roundSeconds }: Turns,
  makeRows: (what: Measured, milliseconds: (side: Worker) => number) => Row[],
): Promise<Row[]> {
  try {
    const rows: Row[] = [];
    for (const what of measured) {
      say(`${what.name} …`);
      for (const side of sides) await ask(side, what.model, warmUpSeconds);
      const times = new Map(sides.map((side) => [side, [] as number[]]));
      for (let round = 0; round < rounds; round++) {
        for (const side of sides) times.get(side)!.push(fastest(await ask(side, what.model, roundSeconds)));
      }
      // Who else is on the machine makes a time longer, never shorter, and not the same for all: the best round has least of it.
      rows.push(...makeRows(what, (side) => Math.min(...times.get(side)!) * 1000));
    }
    return rows;
  } finally {
    for (const side of sides) side.stop();
  }
}

/** A live process of a JavaScript or TypeScript program in this folder. */
export function nodeSide(name: string, program: string, env: Record<string, string> = {}): Worker {
  return new Worker(name, process.execPath, [here(program)], env);
}

/** PyTorch's live processes with 1 and 2 threads. */
function pytorchSides(python: string, program: string): Worker[] {
  return [1, 2].map(
    (threads) => new Worker(`PyTorch (${threads} threads)`, python, [here(program), String(threads)]),
  );
}

async function ask(side: Worker, model: string, seconds: number): Promise<number[]> {
  return (await side.ask<{ steps: number[] }>({ model, seconds })).steps;
}

/** The step at the fastest tenth: what the machine can do, without trusting one lucky step. */
function fastest(steps: number[]): number {
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 10)]!;
}

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
