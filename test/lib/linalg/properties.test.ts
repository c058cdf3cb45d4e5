// What must hold for every matrix: decompositions give it back, factors have their form. Random matrices of many shapes, scales
// and ranks from a seeded generator, batches and both floating types.
//
// Residuals are measured as is usual for backward stable methods: relative to ε·n·‖A‖ (Frobenius). They came to 1.9 at most
// (3.5 for a determinant from its logarithm); bounds are two to three times that. float32 results are rounded once from
// float64, so the same bounds hold with their ε.
import { describe, expect, test } from "vitest";
import {
  concat,
  corrcoef,
  eye,
  linalg,
  norm,
  random,
  seed,
  type Tensor,
  trace,
  tril,
  triu,
  zeros,
} from "../../../lib/index.ts";

const transposed = linalg.matrixTranspose;

/** How far two tensors are apart, in units of ε·n·‖expected‖. */
function distance(actual: Tensor, expected: Tensor, n: number): number {
  expect(actual.shape).toEqual(expected.shape);
  const epsilon = actual.dtype === "float64" ? 2 ** -52 : 2 ** -23;
  const scale = norm(expected).item();
  return (
    norm(actual.cast("float64").sub(expected.cast("float64"))).item() /
    (epsilon * Math.max(n, 1) * (scale || 1))
  );
}

const identityFor = (x: Tensor) =>
  eye(x.shape[x.rank - 1]!)
    .cast(x.dtype)
    .broadcastTo(x.shape);

function expectOrthonormalColumns(q: Tensor): void {
  const product = transposed(q).matmul(q);
  expect(distance(product, identityFor(product), q.shape[q.rank - 2]!)).toBeLessThan(5);
}

const shapes = [
  [0, 0],
  [0, 3],
  [3, 0],
  [1, 1],
  [1, 4],
  [4, 1],
  [2, 2],
  [3, 3],
  [5, 2],
  [2, 5],
  [8, 8],
  [13, 7],
  [7, 13],
  [30, 30],
  [60, 20],
  [3, 4, 4],
  [2, 3, 5, 3],
  [2, 1, 3, 5],
  [0, 3, 3],
  [2, 0, 3],
];
const kinds = ["normal", "deficient", "graded", "large", "small", "whole numbers", "zero"] as const;

function make(shape: readonly number[], kind: (typeof kinds)[number]): Tensor {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const x = random.normal(shape).cast("float64");
  switch (kind) {
    case "deficient": {
      const rank = Math.floor(Math.min(rows, columns) / 2);
      const batch = shape.slice(0, -2);
      const left = random.normal([...batch, rows, rank]).cast("float64");
      return left.matmul(random.normal([...batch, rank, columns]).cast("float64"));
    }
    case "graded":
      return x.mul(random.normal([columns]).mul(8).exp().cast("float64"));
    case "large":
      return x.mul(1e120);
    case "small":
      return x.mul(1e-120);
    case "whole numbers":
      return x.mul(3).round();
    case "zero":
      return zeros(shape, { dtype: "float64" });
    default:
      return x;
  }
}

const all = shapes.flatMap((shape) => kinds.map((kind) => ({ shape, kind })));

describe.each(all)("$shape, $kind", ({ shape, kind }) => {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const n = Math.max(rows, columns);
  const types =
    kind === "large" || kind === "small" ? (["float64"] as const) : (["float64", "float32"] as const);

  test.each(types)("%s", (dtype) => {
    seed(rows * 100 + columns);
    const a = make(shape, kind).cast(dtype);

    const { p, l, u: upper } = linalg.lu(a);
    expect(distance(p.matmul(l).matmul(upper), a, n)).toBeLessThan(5);
    expect(distance(tril(l), l, n)).toBe(0);

    for (const mode of ["reduced", "complete"] as const) {
      const { q, r } = linalg.qr(a, { mode });
      expect(q.dtype).toBe(dtype);
      expect(distance(q.matmul(r), a, n)).toBeLessThan(5);
      expectOrthonormalColumns(q);
      expect(distance(triu(r), r, n)).toBe(0);
    }

    const { u, s, vh } = linalg.svd(a);
    expect(distance(u.mul(s.expandDims(-2)).matmul(vh), a, n)).toBeLessThan(5);
    expectOrthonormalColumns(u);
    expectOrthonormalColumns(transposed(vh));
    const k = Math.min(rows, columns);
    s.data().forEach((value, i, values) => {
      expect(value).toBeGreaterThanOrEqual(0);
      if (i % k > 0) expect(value).toBeLessThanOrEqual(values[i - 1]!);
    });
    const full = linalg.svd(a, { fullMatrices: true });
    expect(full.u.shape.slice(-2)).toEqual([rows, rows]);
    expect(full.vh.shape.slice(-2)).toEqual([columns, columns]);
    expectOrthonormalColumns(full.u);
    expectOrthonormalColumns(full.vh);

    if (rows !== columns) return;
    const symmetric = a.add(transposed(a));
    const { eigenvalues, eigenvectors: v } = linalg.eigh(symmetric);
    expect(distance(v.mul(eigenvalues.expandDims(-2)).matmul(transposed(v)), symmetric, n)).toBeLessThan(5);
    expectOrthonormalColumns(v);

    const eig = linalg.eig(a);
    const { real, imaginary } = eig.eigenvectors;
    const [re, im] = [eig.eigenvalues.real.expandDims(-2), eig.eigenvalues.imaginary.expandDims(-2)];
    const scale = norm(a).item() || 1;
    const epsilon = dtype === "float64" ? 2 ** -52 : 2 ** -23;
    const sum = eig.eigenvalues.real.sum(-1).sub(trace(a));
    expect(norm(sum).item() / (epsilon * n * scale || 1)).toBeLessThan(5);
    // Eigenvalues of badly scaled matrices are exact to their own size thanks to balancing, which costs this residual: LAPACK's
    // is hundreds or thousands of ε·n·‖A‖ there as well.
    if (kind === "graded") return;
    const rest = [
      a.matmul(real).sub(real.mul(re).sub(imaginary.mul(im))),
      a.matmul(imaginary).sub(real.mul(im).add(imaginary.mul(re))),
    ];
    for (const part of rest) expect(norm(part).item() / (epsilon * n * scale || 1)).toBeLessThan(5);
  });
});

describe("regular matrices", () => {
  test.each([1, 2, 5, 20, 50])("of size %i", (n) => {
    seed(n);
    const a = random
      .normal([3, n, n])
      .cast("float64")
      .add(eye(n).mul(2 * Math.sqrt(n) + 1));
    expect(distance(a.matmul(linalg.inv(a)), identityFor(a), n)).toBeLessThan(5);
    const x = random.normal([3, n, 2]).cast("float64");
    expect(distance(linalg.solve(a, a.matmul(x)), x, n)).toBeLessThan(5);
    expect(distance(linalg.lstsq(a, a.matmul(x)).solution, x, n)).toBeLessThan(5);
    const definite = a.matmul(transposed(a));
    const l = linalg.cholesky(definite);
    expect(distance(l.matmul(transposed(l)), definite, n)).toBeLessThan(5);
    expect(distance(tril(l), l, n)).toBe(0);
    const { sign, logAbsDet } = linalg.slogdet(a);
    expect(distance(sign.mul(logAbsDet.exp()), linalg.det(a), n)).toBeLessThan(10);
    expect(distance(linalg.solveTriangular(triu(a), triu(a).matmul(x)), x, n)).toBeLessThan(5);
    expect(distance(linalg.solveTriangular(tril(a), tril(a).matmul(x), { upper: false }), x, n)).toBeLessThan(
      10,
    );
  });
});

test("the null space is mapped to zero", () => {
  seed(3);
  const a = make([8, 6], "deficient");
  const basis = linalg.nullSpace(a);
  expect(basis.shape).toEqual([6, 3]);
  expectOrthonormalColumns(basis);
  expect(norm(a.matmul(basis)).item()).toBeLessThan(1e-14 * norm(a).item() * 8);
});

test("batches: each matrix as if it were alone", () => {
  seed(4);
  const a = random.normal([2, 3, 4, 4]).cast("float64");
  const b = random.normal([3, 4, 2]).cast("float64");
  const x = linalg.solve(a, b);
  expect(x.shape).toEqual([2, 3, 4, 2]);
  expect(x.at(1, 2).toArray()).toEqual(linalg.solve(a.at(1, 2), b.at(2)).toArray());
  expect(linalg.solve(a.at(0, 0), b).at(1).toArray()).toEqual(linalg.solve(a.at(0, 0), b.at(1)).toArray());
  expect(linalg.solve(a, b.at(0)).at(1, 1).toArray()).toEqual(linalg.solve(a.at(1, 1), b.at(0)).toArray());
  expect(linalg.det(a).at(1, 0).item()).toBe(linalg.det(a.at(1, 0)).item());
  expect(linalg.eigh(a.matmul(transposed(a))).eigenvalues.shape).toEqual([2, 3, 4]);
  expect(linalg.svd(a).s.at(1, 2).toArray()).toEqual(linalg.svd(a.at(1, 2)).s.toArray());
  const triangle = linalg.solveTriangular(a, b);
  expect(triangle.at(0, 1).toArray()).toEqual(linalg.solveTriangular(a.at(0, 1), b.at(1)).toArray());
});

test("the inputs are left alone", () => {
  seed(5);
  const a = random.normal([4, 4]).cast("float64");
  const symmetric = a.add(transposed(a)).add(eye(4).mul(10));
  const b = random.normal([4]).cast("float64");
  const before = [symmetric, b].map((x) => x.toArray());
  linalg.solve(symmetric, b);
  linalg.lstsq(symmetric, b);
  linalg.solveTriangular(symmetric, b);
  for (const fn of [
    linalg.inv,
    linalg.cholesky,
    linalg.qr,
    linalg.svd,
    linalg.eigh,
    linalg.eig,
    linalg.det,
  ]) {
    fn(symmetric);
  }
  expect([symmetric, b].map((x) => x.toArray())).toEqual(before);
});

test("correlations of quantities that go together are 1, not a rounding error more", () => {
  for (let i = 0; i < 50; i++) {
    const x = random.normal([1, 3 + i], { dtype: i % 2 ? "float64" : "float32" });
    const all = corrcoef(concat([x, x.mul(-3), x.mul(0.1), x.add(2)])).abs();
    expect(all.max().item()).toBeLessThanOrEqual(1);
    expect(all.min().item()).toBeGreaterThan(0.9999);
  }
});
