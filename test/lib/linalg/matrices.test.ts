// Decompositions of special matrices against NumPy and SciPy: Hilbert, Vandermonde, deficient, repeated, defective, zero, …
//
// Both sides compute in float64 with backward stable methods, so results differ by some ε·n times what the problem itself
// magnifies: nothing for singular values and eigenvalues of symmetric matrices (relative to the largest), the condition number
// for solutions and inverses, the square root of ε and worse for eigenvalues of defective matrices.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { linalg, norm, type Tensor, tensor } from "../../../lib/index.ts";

interface Numbers {
  shape: [number, number];
  data: number[];
}

interface Case {
  name: string;
  matrix: Numbers;
  right: number[];
  cond: number;
  rank: number;
  singularValues: number[];
  lstsq: number[];
  pinv: number[];
  r: number[];
  norms: Record<string, number[]>;
  lu: { p: number[]; l: number[]; u: number[] };
  det?: number;
  slogdet?: [number, number | null];
  eigenvalues?: [number[], number[]];
  solve?: number[];
  inv?: number[];
  eigh?: number[];
  cholesky?: number[];
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL("../../fixtures/linalg/matrices.json", import.meta.url), "utf8"),
);

const EPSILON = 2 ** -52;

const float64 = (data: readonly number[], shape: readonly number[]) =>
  tensor(Float64Array.from(data), { shape });

const size = (numbers: readonly number[]) => numbers.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

/** Each element within `tolerance` of the largest. */
function expectClose(actual: Tensor, expected: readonly number[], tolerance: number): void {
  expect(actual.size).toBe(expected.length);
  const allowed = tolerance * size(expected);
  actual.data().forEach((value, i) => {
    const close = Math.abs(value - expected[i]!) <= allowed;
    expect(close, `element ${i}: ${value} instead of ${expected[i]}, allowed ${allowed}`).toBe(true);
  });
}

test("the fixtures are there", () => {
  expect(cases.length).toBeGreaterThan(20);
});

describe.each(cases)("$name", (c) => {
  const [rows, columns] = c.matrix.shape;
  const a = float64(c.matrix.data, c.matrix.shape);
  const right = float64(c.right, [rows]);
  const exact = 32 * Math.max(rows, columns) * EPSILON;
  // What the problem magnifies; of deficient matrices only the part above the rank counts.
  const s = c.singularValues;
  const magnified = c.rank === 0 ? exact : exact * (s[0]! / s[c.rank - 1]!);

  test("singular values, rank, condition", () => {
    expectClose(linalg.svd(a).s, s, exact);
    expect(linalg.matrixRank(a).item()).toBe(c.rank);
    const cond = linalg.cond(a).item();
    if (c.cond < 1e12) expect(Math.abs(cond / c.cond - 1)).toBeLessThan(exact * c.cond);
    else expect(cond > 1e12 || Number.isNaN(cond)).toBe(true);
  });

  test("norms", () => {
    for (const [p, expected] of Object.entries(c.norms)) {
      const ord = p === "fro" || p === "nuc" ? p : Number(p.replace("inf", "Infinity"));
      expectClose(norm(a, { ord }), expected, exact);
    }
  });

  test("least squares and pseudo-inverse", () => {
    const result = linalg.lstsq(a, right);
    expect(result.rank.item()).toBe(c.rank);
    expectClose(result.singularValues, s, exact);
    expectClose(result.solution, c.lstsq, magnified);
    expectClose(linalg.pinv(a), c.pinv, magnified);
  });

  test("LU and QR", () => {
    const { p, l, u } = linalg.lu(a);
    expectClose(p.matmul(l).matmul(u), c.matrix.data, exact);
    // Of a deficient matrix the last pivots are rounding errors, and so is the order of their rows.
    if (c.rank === Math.min(rows, columns)) {
      expectClose(p, c.lu.p, 0);
      expectClose(l, c.lu.l, magnified);
      expectClose(u, c.lu.u, exact * 4);
    }
    const { q, r } = linalg.qr(a);
    expectClose(r, c.r, exact * 4);
    expectClose(q.matmul(r), c.matrix.data, exact);
  });

  if (c.det !== undefined)
    test("determinant", () => {
      const scale = Math.max(Math.abs(c.det!), size(c.matrix.data) ** rows * EPSILON);
      expect(Math.abs(linalg.det(a).item() - c.det!)).toBeLessThanOrEqual(scale * magnified);
      const { sign, logAbsDet } = linalg.slogdet(a);
      if (c.rank < rows) return;
      expect(sign.item()).toBe(c.slogdet![0]);
      expect(Math.abs(logAbsDet.item() - c.slogdet![1]!)).toBeLessThan(magnified * 10);
    });

  if (c.solve !== undefined)
    test("solution and inverse", () => {
      expectClose(linalg.solve(a, right), c.solve!, magnified);
      expectClose(linalg.inv(a), c.inv!, magnified);
    });

  if (c.eigh !== undefined)
    test("symmetric eigenvalues", () => {
      expectClose(linalg.eigh(a).eigenvalues, c.eigh!, exact);
    });

  if (c.cholesky !== undefined)
    test("Cholesky", () => {
      expectClose(linalg.cholesky(a), c.cholesky!, magnified);
    });

  if (c.eigenvalues !== undefined)
    test("general eigenvalues", () => {
      const { eigenvalues, eigenvectors } = linalg.eig(a);
      const real = eigenvalues.real.data();
      const imaginary = eigenvalues.imaginary.data();
      // A Jordan block of three turns ε into its cube root.
      const defective = ["defective", "nilpotent"].includes(c.name);
      const allowed = (defective ? 1e-4 : exact * 100) * Math.max(size(s), 1e-300);
      const left = Array.from(real, (re, i) => [re, imaginary[i]!] as const);
      c.eigenvalues![0].forEach((re, i) => {
        const im = c.eigenvalues![1][i]!;
        const at = left.findIndex(([p, q]) => Math.hypot(p - re, q - im) <= allowed);
        expect(at, `${re} + ${im}i is missing among ${left}`).toBeGreaterThanOrEqual(0);
        left.splice(at, 1);
      });
      const { real: x, imaginary: y } = eigenvectors;
      const lengths = x.square().add(y.square()).sum(0).data();
      for (const length of lengths) expect(Math.abs(length - 1)).toBeLessThan(exact);
      // A·v = λ·v, in two parts.
      const re = a.matmul(x).sub(x.mul(eigenvalues.real).sub(y.mul(eigenvalues.imaginary)));
      const im = a.matmul(y).sub(x.mul(eigenvalues.imaginary).add(y.mul(eigenvalues.real)));
      for (const rest of [re, im]) {
        expect(size(Array.from(rest.data()))).toBeLessThanOrEqual(exact * size(c.matrix.data) * 4);
      }
    });
});
