// A live process that times parts of Lectern's core, as engine.py does on the other side: same operations, same questions.
// Reads one JSON object a line, {"model": name, "seconds": s}; answers {"steps": [seconds of each call, …]}.
import { createInterface } from "node:readline";
import type { Flag } from "../../lib/engine/core.ts";
import { engine } from "../../lib/engine/engine.ts";
import { argMax, exp, max, random, seed, sum, type Tensor } from "../../lib/index.ts";
import { scope } from "../../lib/tensor/storage.ts";

seed(1);
const x = random.uniform([1000, 1000]);
const y = random.uniform([1000, 1000]);

const operations: Record<string, () => Tensor> = {
  chain: () => x.mul(0.5).add(y).tanh().mul(y).relu(),
  arithmetic: () => x.mul(y).add(x).sub(1),
  exp: () => exp(x),
  sum: () => sum(x),
  sum0: () => sum(x, 0),
  sum1: () => sum(x, 1),
  max0: () => max(x, 0),
  max1: () => max(x, 1),
  argMax1: () => argMax(x, 1),
};

/** c = op(a) · op(b) for "NT 64×784×512": b is stored transposed. */
function product(name: string): () => void {
  const [form, sizes] = name.split(" ") as [string, string];
  const [m, k, n] = sizes.split("×").map(Number) as [number, number, number];
  const [transA, transB] = [...form].map((letter) => (letter === "T" ? 1 : 0)) as [Flag, Flag];
  const [a, b, c] = [m * k, k * n, m * n].map((count, i) => {
    const pointer = engine.memory.allocate(4 * count);
    engine.core.randomUniform(pointer, count, 0, 1, 1, i);
    return pointer;
  }) as [number, number, number];
  const [lda, ldb] = [transA ? m : k, transB ? k : n];
  return () => engine.core.gemm(transA, transB, a, lda, b, ldb, c, n, m, n, k, 0, 0, 0);
}

function make(name: string): () => void {
  const operation = operations[name];
  return operation ? () => scope(() => void operation()) : product(name);
}

await engine.threadsReady();
const made = new Map<string, () => void>();
for await (const line of createInterface({ input: process.stdin })) {
  const { model, seconds } = JSON.parse(line) as { model: string; seconds: number };
  const call = made.get(model) ?? make(model);
  made.set(model, call);
  const steps: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let begin = performance.now(); begin < end; begin = performance.now()) {
    call();
    steps.push((performance.now() - begin) / 1000);
  }
  console.log(JSON.stringify({ steps }));
}
