// Steps that end in the middle, again and again: what they made must not stay. Prints what is held after 5 and after 55 of each kind.
import { setTimeout as wait } from "node:timers/promises";
import { runInThisContext } from "node:vm";
import { dense, random, scope, seed, sequential, type Tensor, variable } from "../../../../lib/index.ts";
import { type Held, look } from "./look.ts";

seed(1);
const x = random.uniform([256, 100]);
const y = random.integers([256], { high: 4 });
const model = sequential([
  dense(64, { activation: "relu", inputShape: [100] }),
  dense(4, { activation: "softmax" }),
]);
model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
model.trainOnBatch(x, y);
const w = variable(random.normal([100, 50]));
const other = variable(random.normal([60, 10]));

class Stop extends Error {}

function stop(): never {
  throw new Stop();
}

/** The user's own function in a cell that is interrupted, long after it has begun to wait for that. */
function interrupt(work: () => void): void {
  const holder = globalThis as unknown as { interrupted?: () => void };
  holder.interrupted = work;
  try {
    runInThisContext("interrupted()", { timeout: 50 });
  } finally {
    delete holder.interrupted;
  }
}

const forever = (): never => {
  for (;;);
};

/** A step in which the shapes do not fit once some of it is computed. */
const wrongShapes = (): Tensor => x.matmul(w).relu().square().matmul(other);

const kinds: Record<string, () => unknown> = {
  "thrown in a scope": () =>
    scope(() => {
      x.matmul(w).square().sum().backward();
      stop();
    }),
  "thrown in a callback of fit, after a batch": () =>
    model.fit(x, y, { epochs: 2, verbose: 0, callbacks: [{ onBatchEnd: stop }] }),
  "thrown in a callback of fit, after an epoch": () =>
    model.fit(x, y, { epochs: 2, verbose: 0, validationSplit: 0.5, callbacks: [{ onEpochEnd: stop }] }),
  "wrong shapes in a scope": () => scope(wrongShapes),
  "wrong shapes by hand": wrongShapes,
  "wrong labels": () => model.fit(x, y.add(3), { verbose: 0 }),
  "a loss that throws while the graph is there": () => {
    const loss = x.matmul(w).square().sum();
    loss.backward();
    loss.backward();
  },
  "interrupted by hand": () =>
    interrupt(() => {
      const product = x.matmul(w).square();
      forever();
      product.sum().backward();
    }),
  "interrupted in a scope": () => interrupt(() => scope(() => [x.matmul(w).square(), forever()])),
};

const found: Record<string, [Held, Held]> = {};
for (const [name, work] of Object.entries(kinds)) {
  let before: Held | null = null;
  for (let round = 1; round <= 55; round++) {
    let failed = false;
    try {
      await work();
    } catch {
      failed = true;
    }
    if (!failed) throw new Error(`${name}: did not fail`);
    w.grad = null;
    await wait(0);
    if (round === 5) before = await look();
  }
  found[name] = [before!, await look()];
}
console.log(JSON.stringify(found));
