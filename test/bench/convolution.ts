// Convolutions against PyTorch on the CPU (channels last), each pass by itself, in turns between live processes.
import type { Row } from "./table.ts";
import { takeTurns } from "./turns.ts";

const cases = {
  "13": "conv2d 3×3, 32 → 64 on 13×13",
  "28": "conv2d 3×3 same, 64 → 64 on 28×28",
  stride: "conv2d 3×3 same, stride 2, 64 → 64 on 28×28",
  first: "conv2d 3×3, 1 → 32 on 28×28",
  "1x1": "conv2d 1×1, 64 → 64 on 28×28",
  picture: "conv2d 7×7 same, 32 → 1 on 28×28",
  depthwise: "depthwise 3×3 same, 64 on 28×28",
};
const passes = { forward: "forward", input: "input gradient", filters: "filter gradient" };

/** One row a case and pass, batch 128. */
export function benchConvolution(python: string): Promise<Row[]> {
  const measured = Object.entries(cases).flatMap(([key, name]) =>
    Object.entries(passes).map(([pass, label]) => ({ model: `${key} ${pass}`, name: `${name}, ${label}` })),
  );
  const programs = { lectern: "lectern-convolution.ts", pytorch: "convolution.py" };
  return takeTurns(python, programs, measured, { rounds: 5, warmUpSeconds: 0.7, roundSeconds: 0.4 });
}
