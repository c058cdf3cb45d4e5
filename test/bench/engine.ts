// The compute core's parts against PyTorch on the CPU: matrix products, elementwise functions and reductions.
import type { Row } from "./table.ts";
import { takeTurnsWithOneThread } from "./turns.ts";

const sizes = ["64×784×512", "128×512×512", "512×512×512", "1024×1024×1024"];
const forms = { NN: "a · b", NT: "a · bᵀ", TN: "aᵀ · b" };
const operations = {
  chain: "relu(tanh(x / 2 + y) · y), 1 M floats",
  arithmetic: "x · y + x − 1, 1 M floats",
  exp: "exp, 1 M floats",
  sum: "sum of 1 M floats",
  sum0: "sum over rows, 1000×1000",
  sum1: "sum over columns, 1000×1000",
  max0: "maximum over rows, 1000×1000",
  max1: "maximum over columns, 1000×1000",
  argMax1: "argMax over columns, 1000×1000",
};

/** Two rows each: as the machine allows, and with one thread on both sides. */
export function benchEngine(python: string): Promise<Row[]> {
  const products = sizes.flatMap((size) =>
    Object.entries(forms).map(([form, name]) => ({
      model: `${form} ${size}`,
      name: `matrix product ${name}, ${size}`,
    })),
  );
  const others = Object.entries(operations).map(([model, name]) => ({ model, name }));
  const programs = { lectern: "lectern-engine.ts", pytorch: "engine.py" };
  const turns = { rounds: 12, warmUpSeconds: 0.4, roundSeconds: 0.15 };
  return takeTurnsWithOneThread(python, programs, [...products, ...others], turns);
}
