// Which operation made the first NaN or infinity: its name, shapes, values, and the line in the user's code.
import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
import {
  customGradient,
  dense,
  gradients,
  noGrad,
  sequential,
  softmax,
  softmaxCrossEntropy,
  type Tensor,
  tensor,
  traceNaN,
  variable,
  where,
} from "../../../lib/index.ts";
import { linear } from "../../../lib/ops/matmul.ts";

/** The message that tracing a piece of work ends with. */
function messageOf(work: () => unknown): string {
  try {
    traceNaN(work);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing";
}

test("gives back the result when all is well, and leaves no trace", () => {
  const w = variable([1, 2]);
  const loss = traceNaN(() => {
    const l = w.square().sum();
    l.backward();
    return l;
  });
  expect(loss.item()).toBe(5);
  expect(w.grad!.toArray()).toEqual([2, 4]);
  expect(w.mul(Number.NaN).sum().item()).toBeNaN();
  // Tensors and variables made inside are as outside.
  const made = traceNaN(() => variable(tensor([1], { dtype: "float64" }), { dtype: "float32" }));
  made.square().sum().backward();
  expect(made.grad!.toArray()).toEqual([2]);
  expect(traceNaN(() => tensor([1]).exp()).requiresGrad).toBe(false);
});

test("forward: operation, element, shapes, values and line", () => {
  const message = messageOf(function userCode() {
    const x = variable([
      [1, 2],
      [3, -4],
    ]);
    x.log().sum().backward();
  });
  expect(message).toMatch(
    /^traceNaN: log made NaN, element \[1, 1\] of its result \[2, 2\]; its input is \[2, 2\] from -4 to 3\ncomputed\n/,
  );
  expect(message).toMatch(/at userCode .*traceNaN\.test\.ts:\d+:\d+\)$/);
});

test("of scalars, their values alone", () => {
  expect(messageOf(() => variable(-1).log())).toMatch(/^traceNaN: log made NaN; its input is -1\n/);
  const slopes = messageOf(() => variable(0).sqrt().backward());
  expect(slopes).toMatch(/^traceNaN: in the backward pass of sqrt, div made an infinity; its inputs are /);
});

test("forward without any variable, and inside noGrad", () => {
  expect(messageOf(() => tensor([0, 1]).div(0))).toMatch(
    /^traceNaN: div made NaN, element \[0\].* and the number 0/,
  );
  expect(messageOf(() => noGrad(() => variable([800]).exp()))).toMatch(/^traceNaN: exp made an infinity/);
});

test("NaN that was in the data", () => {
  const x = tensor([1, Number.NaN]);
  expect(messageOf(() => variable([1, 1]).mul(x))).toMatch(
    /mul made NaN.* but its input 1 holds NaN already: look at the data/,
  );
});

test("infinities that were given pass, unless they become NaN", () => {
  const w = variable([1, 2]);
  const mask = tensor([true, false]);
  const masked = () => softmax(where(mask, w, Number.NEGATIVE_INFINITY));
  expect(traceNaN(masked).toArray()).toEqual([1, 0]);
  const endless = tensor([Number.POSITIVE_INFINITY]);
  expect(messageOf(() => endless.sub(endless))).toMatch(/sub made NaN/);
});

test("backward: the operation whose way back it is, what it did there, and where it was computed", () => {
  const x = variable([4, 0]);
  const message = messageOf(function userCode() {
    const y = x.sqrt();
    y.sum().backward();
  });
  expect(message).toMatch(/^traceNaN: in the backward pass of sqrt, div made an infinity, element \[1\]/);
  expect(message).toMatch(/\nsqrt was computed\n +at userCode .*traceNaN\.test\.ts:\d+/);
});

test("backward of a kernel that writes gradients itself, and of gradients()", () => {
  const x = variable([[1e20]]);
  const h = () => linear(x, variable([[1e-10]])).mul(1e15);
  expect(messageOf(() => h().sum().backward(tensor(1e10)))).toMatch(
    /the backward pass of linear made an infinity, element \[0, 0\] of the gradient for its input 1/,
  );
  const f = customGradient(
    (v: Tensor) => v.clone(),
    () => tensor([Number.NaN]),
  );
  const v = variable([1]);
  expect(messageOf(() => gradients(f(v).sum(), [v]))).toMatch(/the backward pass of .* made NaN.* input 0/);
});

test("a gradient that was given as NaN", () => {
  const x = variable([1]);
  expect(messageOf(() => x.mul(2).backward(tensor([Number.NaN])))).toMatch(
    /NaN is in the gradient that arrives at mul/,
  );
});

test("a model's training step", () => {
  const model = sequential([dense(3, { activation: "relu" }), dense(2)]);
  const x = tensor([[1, 2]]);
  const loss = () => softmaxCrossEntropy(model.call(x), tensor([1]));
  expect(traceNaN(loss).item()).toBeGreaterThan(0);
  [...model.parameters()][0]!.assign(Number.NaN);
  expect(messageOf(loss)).toMatch(/linear made NaN.*input 1 holds NaN already/);
});

test("after an error and after an interrupt nothing is traced any more", async () => {
  expect(() =>
    traceNaN(() => {
      throw new Error("own");
    }),
  ).toThrow("own");
  expect(Number.isNaN(tensor(-1).log().item())).toBe(true);
  const holder = globalThis as unknown as { traced?: () => void };
  holder.traced = () =>
    traceNaN(() => {
      for (let i = 0; i >= 0; i = (i + 1) % 1000);
    });
  expect(() => runInThisContext("traced()", { timeout: 50 })).toThrow(/timed out/);
  delete holder.traced;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(Number.isNaN(tensor(-1).log().item())).toBe(true);
  expect(() => traceNaN(async () => 1)).toThrow(/must not be async/);
});

test("a NaN that is not chosen is none; a chosen one is of where's making", () => {
  const chosen = traceNaN(() => where(tensor([1, 1]).cast("bool"), tensor([2, 3]), Number.NaN));
  expect(chosen.toArray()).toEqual([2, 3]);
  const message = messageOf(() => where(tensor([1, 0]).cast("bool"), tensor([2, 3]), Number.NaN));
  expect(message).toMatch(
    /where made NaN, element \[1\] of its result \[2\] — but its input 2 holds NaN already/,
  );
});
