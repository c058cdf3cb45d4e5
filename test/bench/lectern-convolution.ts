// A live process that times Lectern's convolutions, as convolution.py does on the other side: same sizes, same questions.
// Reads one JSON object a line, {"model": "<case> <pass>", "seconds": s}; answers {"steps": [seconds of each call, …]}.
import { createInterface } from "node:readline";
import type { Convolution, WindowAxis } from "../../lib/engine/core.ts";
import { engine } from "../../lib/engine/engine.ts";

const cases: Record<string, Convolution> = {
  "13": square(32, 13, 64, 3),
  "28": square(64, 28, 64, 3, 1),
  stride: square(64, 28, 64, 3, 1, 2),
  first: square(1, 28, 32, 3),
  "1x1": square(64, 28, 64, 1),
  picture: square(32, 28, 1, 7, 3),
  depthwise: square(64, 28, 64, 3, 1, 1, 64),
};

function square(
  channels: number,
  length: number,
  filters: number,
  window: number,
  before = 0,
  stride = 1,
  groups = 1,
): Convolution {
  const positions = Math.floor((length + 2 * before - window) / stride) + 1;
  const axis: WindowAxis = { length, window, stride, dilation: 1, before, positions };
  const single: WindowAxis = { length: 1, window: 1, stride: 1, dilation: 1, before: 0, positions: 1 };
  return { batch: 128, channels, axes: [single, axis, axis], filters, groups };
}

function random(count: number): number {
  const pointer = engine.memory.allocate(4 * count);
  engine.core.randomUniform(pointer, count, 0, 1, 1, 1);
  return pointer;
}

function make(name: string, pass: string): () => void {
  const g = cases[name]!;
  const [, height, width] = g.axes;
  const x = random(g.batch * height.length * width.length * g.channels);
  const y = random(g.batch * height.positions * width.positions * g.filters);
  const filters = random((height.window * width.window * g.channels * g.filters) / g.groups);
  const windows = engine.windows;
  if (pass === "forward") return () => windows.convolve(g, x, filters, 0, y, false);
  if (pass === "input") return () => windows.convolveInputGradient(g, y, filters, x);
  return () => windows.convolveFilterGradient(g, x, y, filters);
}

await engine.threadsReady();
const made = new Map<string, () => void>();
for await (const line of createInterface({ input: process.stdin })) {
  const { model, seconds } = JSON.parse(line) as { model: string; seconds: number };
  const [name, pass] = model.split(" ") as [string, string];
  const call = made.get(model) ?? make(name, pass);
  made.set(model, call);
  const steps: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let begin = performance.now(); begin < end; begin = performance.now()) {
    call();
    steps.push((performance.now() - begin) / 1000);
  }
  console.log(JSON.stringify({ steps }));
}
