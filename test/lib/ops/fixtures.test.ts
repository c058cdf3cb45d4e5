// Every operation against PyTorch: results and gradients of the cases in test/fixtures/tensor_operations.json.
//
// Tolerances: PyTorch computed in float64, we in float32 with 24 bits, so one rounding is 6e-8 of the value. Sums of some
// hundred products lose about one more digit, and exp and log are exact to a few units in the last place: 1e-5 of the
// largest number involved (at least 1) leaves room for that and is far below any mistake in a formula. In float64 both
// sides round at 1e-16 and the fixtures have 14 digits: 1e-12.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as lectern from "../../../lib/index.ts";
import { gradients, type Tensor, tensor } from "../../../lib/index.ts";
import { conv2d } from "../../../lib/ops/convolution.ts";
import { meanSquaredError, sigmoidCrossEntropy } from "../../../lib/ops/loss.ts";
import { maxPool2d } from "../../../lib/ops/pooling.ts";
import { broadcastTo, flatten } from "../../../lib/ops/shape.ts";

interface Numbers {
  shape: number[];
  data: number[];
}

interface Case {
  name: string;
  op: string;
  inputs: Numbers[];
  options: Record<string, never>;
  result: Numbers;
  gradients?: number[][];
}

const TOLERANCE = { float32: 1e-5, float64: 1e-12 };
type Floating = keyof typeof TOLERANCE;
const cases: Case[] = JSON.parse(
  readFileSync(new URL("../../fixtures/tensor_operations.json", import.meta.url), "utf8"),
);

type Operation = (inputs: Tensor[], options: Record<string, never>) => Tensor;

const special: Record<string, Operation> = {
  clip: ([x], o) => x!.clip(o.low, o.high),
  linear: ([x, w, b], o) => lectern.linear(x!, w!, b, o),
  transpose: ([x], o) => x!.transpose(o.axes),
  reshape: ([x], o) => x!.reshape(o.shape),
  flatten: ([x], o) => flatten(x!, o.startAxis),
  broadcastTo: ([x], o) => broadcastTo(x!, o.shape),
  at: ([x], o) => x!.at(...(o.indices as number[])),
  slice: ([x], o) => x!.slice(o.start, o.end, o),
  gather: ([x], o) => x!.gather(o.indices, o),
  concat: (xs, o) => lectern.concat(xs, o.axis),
  stack: (xs, o) => lectern.stack(xs, o.axis),
  pad: ([x], o) => lectern.pad(x!, o.amounts),
  conv2d: ([x, w, b], o) => conv2d(x!, w!, { ...(o as object), bias: b! }),
  maxPool2d: ([x], o) => maxPool2d(x!, o),
  softmax: ([x], o) => x!.softmax(o.axis),
  logSoftmax: ([x], o) => x!.logSoftmax(o.axis),
  softmaxCrossEntropy: ([x], o) =>
    lectern.softmaxCrossEntropy(
      x!,
      o.labels ? tensor(o.labels, { dtype: "int32" }) : tensor(o.targets, { dtype: x!.dtype }),
    ),
  sigmoidCrossEntropy: ([x], o) => sigmoidCrossEntropy(x!, tensor(o.targets, { dtype: x!.dtype })),
  meanSquaredError: ([x, y]) => meanSquaredError(x!, y!),
};

/** Reductions take (x, axis, options); everything else in the fixtures takes its inputs alone. */
function operation(name: string): Operation {
  const found = special[name];
  if (found) return found;
  const fn = (lectern as unknown as Record<string, (...args: unknown[]) => Tensor>)[name]!;
  const reduces = ["sum", "mean", "max", "min", "variance", "std", "argMax", "argMin"].includes(name);
  return (inputs, options) => (reduces ? fn(inputs[0], options.axis, options) : fn(...inputs));
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], dtype: Floating): void {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((largest, v) => Math.max(largest, Math.abs(v)), 1);
  for (let i = 0; i < expected.length; i++) {
    const close = Math.abs(actual[i]! - expected[i]!) <= TOLERANCE[dtype] * scale;
    expect(close, `element ${i}: ${actual[i]} instead of ${expected[i]}`).toBe(true);
  }
}

function leaf({ shape, data }: Numbers, dtype: Floating): Tensor {
  const result = tensor(Float64Array.from(data), { shape, dtype });
  result.requiresGrad = true;
  return result;
}

/** The scalar that the fixtures took gradients of: the sum of the result, weighted so that no error cancels out. */
function weighted(result: Tensor): Tensor {
  const weights = Float64Array.from({ length: result.size }, (_, i) => 1 + 0.5 * Math.sin(i + 1));
  return result.mul(tensor(weights, { shape: result.shape, dtype: result.dtype })).sum();
}

test("the fixtures are there", () => {
  expect(cases.length).toBeGreaterThan(300);
});

describe.each<Floating>(["float32", "float64"])("as in PyTorch, %s", (dtype) => {
  test.each(cases)("$name", ({ op, inputs, options, result: expected, gradients: expectedGradients }) => {
    const leaves = inputs.map((input) => leaf(input, dtype));
    const result = operation(op)(leaves, options);
    expect(result.shape).toEqual(expected.shape);
    expectClose(result.data(), expected.data, dtype);
    if (!expectedGradients) return;
    expect(result.dtype).toBe(dtype);
    weighted(result).backward();
    leaves.forEach((input, i) => {
      expect(input.grad?.shape).toEqual(input.shape);
      expect(input.grad?.dtype).toBe(dtype);
      expectClose(input.grad!.data(), expectedGradients[i]!, dtype);
    });
  });
});

describe.each<Floating>(["float32", "float64"])(
  "the backward pass written with operations gives the same as the kernels, %s",
  (dtype) => {
    const covered = cases.filter(
      ({ gradients: g, inputs }) => g && inputs.every(({ data }) => data.length > 0),
    );
    test.each(covered)("$name", ({ op, inputs, options, gradients: expectedGradients }) => {
      const leaves = inputs.map((input) => leaf(input, dtype));
      const result = weighted(operation(op)(leaves, options));
      const found = gradients(result, leaves, { createGraph: true });
      found.forEach((gradient, i) => {
        expectClose(gradient.data(), expectedGradients![i]!, dtype);
      });
    });
  },
);
