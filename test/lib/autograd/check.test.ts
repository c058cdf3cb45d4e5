// The tool that checks gradients: what it lets pass, what it finds, and what it reports.
import { expect, test } from "vitest";
import {
  checkGradients,
  customGradient,
  gradients,
  type Tensor,
  tensor,
  variable,
} from "../../../lib/index.ts";
import { linear } from "../../../lib/ops/matmul.ts";

const x = tensor([0.3, -0.7, 1.2]);

test("right gradients differ by rounding only, in both derivatives", () => {
  const check = checkGradients((a, b) => a.sin().mul(b.exp()).div(b.square().add(1)), [x, x.mul(2)], {
    order: 2,
  });
  expect(check.ok).toBe(true);
  expect(check.worst).toBeLessThan(1e-8);
});

test("a single argument needs no list", () => {
  expect(checkGradients((v) => v.square(), x)).toEqual(checkGradients((v) => v.square(), [x]));
});

test("a wrong gradient: the worst element with both values", () => {
  // detach hides half of the product from the backward pass.
  const check = checkGradients((v) => v.mul(v.detach()).mul(tensor([1, 1, 5])), [x]);
  expect(check.ok).toBe(false);
  expect(check.at).toMatchObject({ order: 1, input: 0, index: 2 });
  expect(check.at.difference).toBeCloseTo(2 * check.at.gradient, 6);
});

test("a second derivative that is wrong where the first is right", () => {
  // backward uses the numbers of x, but hides from the graph that it does.
  const cube = customGradient(
    (v: Tensor) => v.pow(3),
    (gradient, _y, v) => gradient.mul(v.detach().square().mul(3)),
  );
  expect(checkGradients(cube, [x]).ok).toBe(true);
  const check = checkGradients(cube, [x], { order: 2 });
  expect(check.ok).toBe(false);
  expect(check.at).toMatchObject({ order: 2, input: 0, gradient: 0 });
});

test("a missing gradient is a difference from 0, an input without influence is right", () => {
  expect(checkGradients((a, b) => a.mul(b.detach()), [x, x]).at.input).toBe(1);
  expect(checkGradients((a, _b) => a.square(), [x, x], { order: 2 }).ok).toBe(true);
  expect(checkGradients((a) => a.detach().exp(), [x])).toMatchObject({ ok: false, at: { gradient: 0 } });
});

test("linear functions have second derivatives of 0", () => {
  expect(checkGradients((a) => a.mul(3).sum(), [x], { order: 2 })).toMatchObject({ ok: true });
});

test("functions that go through float32 get the wider tolerance", () => {
  const w = variable([[1], [2], [3]]);
  const throughFloat32 = (a: Tensor) => linear(a.cast("float32").reshape([1, 3]), w).square();
  expect(checkGradients(throughFloat32, [x])).toMatchObject({ ok: true });
});

test("functions that take gradients themselves", () => {
  const penalty = (a: Tensor) => {
    const [g] = gradients(a.tanh().sum(), [a], { createGraph: true });
    return g!.square();
  };
  expect(checkGradients(penalty, [x], { order: 2 })).toMatchObject({ ok: true });
});

test("leaves the inputs alone, also empty ones", () => {
  const input = tensor([1, 2]);
  checkGradients((v) => v.square(), [input]);
  expect([input.toArray(), input.requiresGrad, input.grad]).toEqual([[1, 2], false, null]);
  expect(checkGradients((v) => v.square(), [tensor([])], { order: 2 })).toMatchObject({ ok: true, worst: 0 });
});

test("NaN is never right", () => {
  expect(checkGradients((v) => v.log(), [tensor([-1])]).ok).toBe(false);
});
