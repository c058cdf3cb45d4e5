// Linear algebra against PyTorch: results and gradients, and the gradients of gradients against differences.
//
// All in float64 on both sides. The matrices are small and have condition numbers below 100, the losses sum some dozens of
// numbers: 1e-10 of the largest number involved (at least 1) leaves four digits for rounding.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  argSort,
  autocorrelation,
  broadcastTo,
  checkGradients,
  clipByGlobalNorm,
  clipByNorm,
  concat,
  corrcoef,
  cov,
  cross,
  diag,
  diagonal,
  dot,
  eye,
  gradients,
  inner,
  kron,
  linalg,
  matmul,
  norm,
  outer,
  stack,
  type Tensor,
  takeAlongAxis,
  tensor,
  trace,
  tril,
  triu,
  variable,
} from "../../../lib/index.ts";

interface Numbers {
  shape: number[];
  data: number[];
}

interface Case {
  name: string;
  inputs: Numbers[];
  result: Numbers;
  gradients: number[][];
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL("../../fixtures/linalg/gradients.json", import.meta.url), "utf8"),
);

const transposed = linalg.matrixTranspose;
const symmetric = (x: Tensor) => x.add(transposed(x)).div(2);
const definite = (x: Tensor) => x.matmul(transposed(x)).add(eye(x.shape[x.rank - 1]!));
const matrixAxes = [-2, -1];

/** With the order of the eigenvalues, ascending by real parts and then by imaginary ones. */
function orderedEig(x: Tensor) {
  const { eigenvalues, eigenvectors } = linalg.eig(x);
  const key = eigenvalues.real.add(eigenvalues.imaginary.mul(1e-3));
  return { eigenvalues, eigenvectors, order: argSort(key.detach()) };
}

const functions: Record<string, (...inputs: Tensor[]) => Tensor> = {
  solve: (a, b) => linalg.solve(a!, b!),
  "solveTriangular: upper": (a, b) => linalg.solveTriangular(a!, b!),
  "solveTriangular: lower": (a, b) => linalg.solveTriangular(a!, b!, { upper: false }),
  inv: (x) => linalg.inv(x!),
  det: (x) => linalg.det(x!),
  slogdet: (x) => linalg.slogdet(x!).logAbsDet,
  cholesky: (x) => linalg.cholesky(definite(x!)),
  "eigh: values": (x) => linalg.eigh(symmetric(x!)).eigenvalues,
  "eigh: vectors": (x) => linalg.eigh(symmetric(x!)).eigenvectors.square(),
  "qr: q": (x) => linalg.qr(x!).q,
  "qr: r": (x) => linalg.qr(x!).r,
  "svd: u": (x) => linalg.svd(x!).u.square(),
  "svd: s": (x) => linalg.svd(x!).s,
  "svd: vh": (x) => linalg.svd(x!).vh.square(),
  "svd: u, s and vh": (x) => {
    const { u, s, vh } = linalg.svd(x!);
    return u.mul(s.square().expandDims(-2)).matmul(vh);
  },
  "lu: l": (x) => linalg.lu(x!).l,
  "lu: u": (x) => linalg.lu(x!).u,
  "eig: values": (x) => {
    const { eigenvalues, order } = orderedEig(x!);
    return stack([eigenvalues.real, eigenvalues.imaginary].map((part) => takeAlongAxis(part, order, -1)));
  },
  "eig: vectors": (x) => {
    const { eigenvectors, order } = orderedEig(x!);
    const lengths = eigenvectors.real.square().add(eigenvectors.imaginary.square());
    return takeAlongAxis(lengths, broadcastTo(order.expandDims(-2), lengths.shape), -1);
  },
  pinv: (x) => linalg.pinv(x!),
  lstsq: (a, b) => linalg.lstsq(a!, b!).solution,
  "lstsq: residuals": (a, b) => linalg.lstsq(a!, b!).residuals,
  cond: (x) => linalg.cond(x!),
  "cond: 1": (x) => linalg.cond(x!, 1),
  trace: (x) => trace(x!),
  "diagonal: above": (x) => diagonal(x!, { offset: 1 }),
  "diagonal: below": (x) => diagonal(x!, { offset: -2 }),
  "diag: vector": (x) => diag(x!, { offset: -1 }),
  "diag: matrix": (x) => diag(x!),
  triu: (x) => triu(x!, 1),
  tril: (x) => tril(x!, 1),
  "norm: nuc": (x) => norm(x!, { ord: "nuc", axis: matrixAxes }),
  "norm: 2 of matrices": (x) => norm(x!, { ord: 2, axis: matrixAxes }),
  "norm: 1 of matrices": (x) => norm(x!, { ord: 1, axis: matrixAxes }),
  "norm: rows": (x) => norm(x!, { ord: Infinity, axis: matrixAxes }),
  "norm: fro": (x) => norm(x!, { ord: "fro", axis: matrixAxes }),
  "norm: all": (x) => norm(x!),
  "norm: kept": (x) => norm(x!, { axis: [0, 2], keepDims: true }),
  dot: (a, b) => dot(a!, b!),
  inner: (a, b) => inner(a!, b!),
  outer: (a, b) => outer(a!, b!),
  cross: (a, b) => cross(a!, b!),
  "cross: first axis": (a, b) => cross(a!, b!, { axis: 0 }),
  kron: (a, b) => kron(a!, b!),
  multiDot: (...xs) => linalg.multiDot(xs),
  "matrixPower: 5": (x) => linalg.matrixPower(x!, 5),
  "matrixPower: -2": (x) => linalg.matrixPower(x!, -2),
  cov: (x) => cov(x!),
  "cov: columns": (x) => cov(x!, { rowvar: false, correction: 0 }),
  corrcoef: (x) => corrcoef(x!),
  "cov: of two": (x, y) => cov(x!, y!),
  "corrcoef: of two": (x, y) => corrcoef(x!, y!),
  autocorrelation: (x) => autocorrelation(x!, 4),
  clipByNorm: (x) => clipByNorm(x!, 1),
  "clipByNorm: none": (x) => clipByNorm(x!, 100),
  "clipByNorm: rows": (x) => clipByNorm(x!, 1.5, { axis: 1 }),
  clipByGlobalNorm: (x, y) => concat(clipByGlobalNorm([x!, y!], 1)),
  matmul: (a, b) => matmul(a!, b!),
};

function functionFor(name: string): (...inputs: Tensor[]) => Tensor {
  const p = /^norm: p (.*)$/.exec(name)?.[1];
  if (p !== undefined) return (x) => norm(x!, { ord: Number(p.replace("inf", "Infinity")), axis: 1 });
  return functions[name] ?? functions[name.split(":")[0]!]!;
}

const TOLERANCE = 1e-10;

function expectClose(actual: Tensor, { shape, data }: Numbers): void {
  expect(actual.shape).toEqual(shape);
  expect(actual.dtype).toBe("float64");
  const scale = data.reduce((largest, v) => Math.max(largest, Math.abs(v)), 1);
  actual.data().forEach((value, i) => {
    const close = Math.abs(value - data[i]!) <= TOLERANCE * scale;
    expect(close, `element ${i}: ${value} instead of ${data[i]}`).toBe(true);
  });
}

function leaf({ shape, data }: Numbers): Tensor {
  const result = tensor(Float64Array.from(data), { shape });
  result.requiresGrad = true;
  return result;
}

function weighted(result: Tensor): Tensor {
  const weights = Float64Array.from({ length: result.size }, (_, i) => 1 + 0.5 * Math.sin(i + 1));
  return result.mul(tensor(weights, { shape: result.shape })).sum();
}

const named = cases.map((c) => ({
  ...c,
  title: `${c.name} ${c.inputs.map((x) => `[${x.shape}]`).join(" ")}`,
}));

test("the fixtures are there", () => {
  expect(cases.length).toBeGreaterThan(120);
});

describe("as in PyTorch", () => {
  test.each(named)("$title", ({ name, inputs, result: expected, gradients: expectedGradients }) => {
    const leaves = inputs.map(leaf);
    const result = functionFor(name)(...leaves);
    expectClose(result, expected);
    weighted(result).backward();
    leaves.forEach((input, i) => {
      expectClose(input.grad!, { shape: inputs[i]!.shape, data: expectedGradients[i]! });
    });
  });
});

describe("float32 gives float32", () => {
  test.each(named)("$title", ({ name, inputs, result: expected }) => {
    const leaves = inputs.map((x) => tensor(Float32Array.from(x.data), { shape: x.shape }));
    const result = functionFor(name)(...leaves);
    expect(result.dtype).toBe("float32");
    expect(result.shape).toEqual(expected.shape);
  });
});

/** A sum over the gradients of a function: what second derivatives are taken of. */
function slope(fn: (...inputs: Tensor[]) => Tensor, leaves: Tensor[], createGraph: boolean): Tensor {
  return gradients(weighted(fn(...leaves).square()), leaves, { createGraph })
    .map((g) => weighted(g))
    .reduce((a, b) => a.add(b));
}

const STEP = 1e-5;

describe("gradients of gradients, against differences", () => {
  test.each(named)("$title", ({ name, inputs }) => {
    const fn = functionFor(name);
    const leaves = inputs.map(leaf);
    const found = gradients(slope(fn, leaves, true), leaves);
    const scale = Math.max(1, ...found.flatMap((g) => Array.from(g.data(), Math.abs)));
    inputs.forEach((input, k) => {
      input.data.forEach((value, i) => {
        const [high, low] = [value + STEP, value - STEP].map((changed) => {
          const data = input.data.with(i, changed);
          return slope(
            fn,
            inputs.map((x, j) => leaf(j === k ? { ...x, data } : x)),
            false,
          ).item();
        }) as [number, number];
        // Differences over 1e-5 are exact to about the square of that, times third derivatives.
        const distance = Math.abs((high - low) / (2 * STEP) - found[k]!.data()[i]!);
        expect(distance / scale, `input ${k}, element ${i}`).toBeLessThan(1e-6);
      });
    });
  });
});

test("the determinant of a singular matrix has its cofactors as gradient", () => {
  const x = leaf({ shape: [3, 3], data: [1, 2, 3, 4, 5, 6, 5, 7, 9] });
  linalg.det(x).backward();
  // Worked out by hand: 5·9 − 6·7 = 3 and so on.
  expectClose(x.grad!, { shape: [3, 3], data: [3, -6, 3, 3, -6, 3, -3, 6, -3] });
});

test("where a norm has a kink, its gradient is 0", () => {
  const x = leaf({ shape: [2, 2], data: [0, 0, 3, 4] });
  norm(x, { axis: 1 }).sum().backward();
  expect(x.grad!.toArray()).toEqual([
    [0, 0],
    [0.6, 0.8],
  ]);
});

describe("complex eigenvectors, whose largest number is real", () => {
  const pairs = tensor([
    [1, -2, 3, 1],
    [2, 1, 0, 1],
    [0, 0.3, 4, -1],
    [0.2, 0, 1, 4.5],
  ]);
  test.each(["real", "imaginary"] as const)("%s parts have gradients of their own", (part) => {
    const vectors = (x: Tensor) => linalg.eig(x).eigenvectors[part];
    expect(checkGradients(vectors, pairs, { order: 2 })).toMatchObject({ ok: true });
  });
});

test("eigenvalues that are the same still have a sum with a gradient, that of the trace", () => {
  const x = variable([[2, 0], [0, 2]]); // biome-ignore format: a matrix
  linalg.eig(x).eigenvalues.real.sum().backward();
  expect(x.grad?.toArray()).toEqual([[1, 0], [0, 1]]); // biome-ignore format: a matrix
});

test("a singular matrix has an LU decomposition, but no way back", () => {
  const x = variable([[1, 2], [2, 4]]); // biome-ignore format: a matrix
  const { u } = linalg.lu(x);
  expect(() => u.sum().backward()).toThrow(/singular/);
});
