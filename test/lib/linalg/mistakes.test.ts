// What linear algebra says when it cannot do what it was asked for, and what it does at the edges.
import { describe, expect, test } from "vitest";
import {
  arange,
  autocorrelation,
  clipByGlobalNorm,
  clipByNorm,
  corrcoef,
  cross,
  diag,
  diagonal,
  dot,
  eye,
  gradients,
  linalg,
  norm,
  ones,
  type Tensor,
  tensor,
  tril,
  variable,
  zeros,
} from "../../../lib/index.ts";

const a = tensor([
  [1, 2],
  [3, 4],
]);

describe("says what is wrong", () => {
  const mistakes: [string, () => unknown, RegExp][] = [
    [
      "a singular matrix",
      () =>
        linalg.solve(
          tensor([
            [1, 2, 3],
            [2, 4, 6],
            [1, 0, 1],
          ]),
          ones([3]),
        ),
      /linalg.solve: the matrix is singular \(pivot 3 is 0\), .* use linalg.lstsq or linalg.pinv/,
    ],
    [
      "a matrix that is singular up to rounding",
      () =>
        linalg.inv(
          tensor([
            [1, 2, 3],
            [4, 5, 6],
            [7, 8, 9],
          ]),
        ),
      /linalg.inv: the matrix is singular \(pivot 3 is 1\.11e-16, which is 0 up to rounding\)/,
    ],
    [
      "one singular matrix of a batch",
      () =>
        linalg.inv(
          tensor([
            [
              [1, 0],
              [0, 1],
            ],
            [
              [1, 1],
              [1, 1],
            ],
          ]),
        ),
      /linalg.inv: matrix \[1\] of the batch is singular \(pivot 2 is 0\)/,
    ],
    [
      "a triangle with a zero on its diagonal",
      () =>
        linalg.solveTriangular(
          tensor([
            [1, 2],
            [0, 0],
          ]),
          ones([2]),
        ),
      /linalg.solveTriangular: the matrix is singular, element \[1, 1\] on its diagonal is 0/,
    ],
    [
      "not square",
      () => linalg.solve(zeros([3, 2]), zeros([3])),
      /linalg.solve: the matrix must be square, got 3 rows and 2 columns \(shape \[3, 2\]\); .* linalg.lstsq/,
    ],
    ["not square", () => linalg.inv(zeros([2, 3])), /linalg.inv: .* must be square.*linalg.pinv/],
    ["not square", () => linalg.det(zeros([2, 3])), /linalg.det: the matrix must be square/],
    ["not square", () => linalg.eig(zeros([2, 3])), /linalg.eig: the matrix must be square/],
    ["not square", () => linalg.matrixPower(zeros([2, 3]), 2), /linalg.matrixPower: needs square matrices/],
    [
      "not symmetric",
      () => linalg.eigh(a),
      /linalg.eigh: the matrix is not symmetric — element \[1, 0\] is 3, \[0, 1\] is 2; the symmetric part/,
    ],
    [
      "not positive definite",
      () =>
        linalg.cholesky(
          tensor([
            [1, 2],
            [2, 1],
          ]),
        ),
      /linalg.cholesky: .* is not positive definite — its leading minor of order 2 is not positive \(the square of the pivot would be -3\)/,
    ],
    [
      "the right-hand side lies",
      () => linalg.solve(eye(2), zeros([3, 2])),
      /linalg.solve: a \[2, 2\] and b \[3, 2\] do not fit — b needs 2 rows.*did you mean b.transpose\(\)\?/,
    ],
    [
      "batches differ",
      () => linalg.solve(zeros([2, 2, 2]).add(eye(2)), zeros([3, 2, 1])),
      /do not broadcast/,
    ],
    ["a vector as matrix", () => linalg.inv(ones([3])), /linalg.inv: needs a matrix .* got a vector \[3\]/],
    ["a scalar as matrix", () => linalg.svd(tensor(3)), /linalg.svd: needs a matrix .* got a scalar/],
    ["no tensor", () => linalg.det([[1, 2]] as unknown as Tensor), /linalg.det: expected a tensor.*wrap it/],
    [
      "NaN",
      () =>
        linalg.svd(
          tensor([
            [1, 2],
            [Number.NaN, 4],
          ]),
        ),
      /linalg.svd: all numbers must be finite, found NaN at \[1, 0\]/,
    ],
    ["infinity", () => linalg.solve(eye(2), tensor([1, Infinity])), /must be finite, found Infinity/],
    [
      "samples of two quantities",
      () => corrcoef(ones([2]), ones([3])),
      /corrcoef: .*got 2 in \[2\] and 3 in \[3\]/,
    ],
    [
      "lags beyond the series",
      () => autocorrelation(ones([2]), 2),
      /lags of a series of 2 steps go from 0 to 1, got 2/,
    ],
    ["autocorrelation of a table", () => autocorrelation(a), /one series \[steps\].*got \[2, 2\]/],
    ["autocorrelation of nothing", () => autocorrelation(zeros([0])), /one step and more, got \[0\]/],
    ["no norm to clip to", () => clipByNorm(a, 0), /clipByNorm: .*above 0, got 0/],
    [
      "an unknown norm",
      () => norm(a, { ord: "max" as "fro" }),
      /norm: ord is a number, "fro" or "nuc", got "max"/,
    ],
    ["an unknown matrix norm", () => norm(a, { ord: 3 }), /norm: there is no matrix norm 3/],
    ["a matrix norm of a vector", () => norm(ones([3]), { ord: "nuc" }), /norm: ord "nuc" needs two axes/],
    ["a vector norm without axis", () => norm(zeros([2, 2, 2]), { ord: 1 }), /norm: ord 1 needs one axis/],
    ["sizes of a dot product", () => dot(ones([2]), ones([3])), /dot: \[2\] and \[3\] .* use outer/],
    ["sizes of a cross product", () => cross(ones([2]), ones([2])), /cross: axis 0 must have size 3/],
    ["diag of a batch", () => diag(zeros([2, 2, 2])), /diag: needs a vector or a matrix/],
    ["an offset", () => tril(a, 0.5), /tril: the offset is the number of a diagonal/],
    [
      "an exponent",
      () => linalg.matrixPower(a, 0.5),
      /matrixPower: the exponent must be a whole number, got 0.5/,
    ],
    [
      "a mode",
      () => linalg.qr(a, { mode: "full" as "reduced" }),
      /linalg.qr: mode is "reduced" or "complete"/,
    ],
    ["a tolerance", () => linalg.matrixRank(a, { rtol: -1 }), /linalg.matrixRank: rtol is a part/],
    ["one matrix alone", () => linalg.multiDot([a]), /linalg.multiDot: needs a list of two or more/],
    ["vectors in the middle", () => linalg.multiDot([a, ones([2]), a]), /factor 1 must be a matrix/],
  ];
  test.each(mistakes)("%s", (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });

  test("what has no gradient", () => {
    const x = variable(zeros([3, 2]).add(1));
    expect(() => linalg.qr(x, { mode: "complete" }).q.sum().backward()).toThrow(/mode "reduced" only/);
    expect(() => linalg.svd(x, { fullMatrices: true }).u.sum().backward()).toThrow(/not determined/);
    const singular = variable([
      [1, 2],
      [2, 4],
    ]);
    const once = () => gradients(linalg.det(singular), [singular], { createGraph: true });
    expect(once).toThrow(/linalg.inv: the matrix is singular/);
  });

  test("with full matrices the singular values have a gradient", () => {
    const x = variable([
      [3, 0],
      [0, 4],
      [0, 0],
    ]);
    linalg.svd(x, { fullMatrices: true }).s.sum().backward();
    expect(x.grad!.toArray()).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
  });
});

describe("at the edges", () => {
  test("0 × 0 matrices", () => {
    const none = zeros([0, 0]);
    expect(linalg.det(none).item()).toBe(1);
    expect(linalg.slogdet(none).logAbsDet.item()).toBe(0);
    expect(linalg.inv(none).shape).toEqual([0, 0]);
    expect(linalg.solve(none, zeros([0, 2])).shape).toEqual([0, 2]);
    expect(linalg.cholesky(none).shape).toEqual([0, 0]);
    expect(linalg.eigh(none).eigenvalues.shape).toEqual([0]);
    expect(linalg.eig(none).eigenvectors.real.shape).toEqual([0, 0]);
    expect(linalg.matrixRank(none).item()).toBe(0);
    expect(norm(none).item()).toBe(0);
    expect(diag(zeros([0])).shape).toEqual([0, 0]);
  });

  test("no matrices", () => {
    expect(linalg.inv(zeros([0, 3, 3])).shape).toEqual([0, 3, 3]);
    expect(linalg.svd(zeros([0, 3, 2])).vh.shape).toEqual([0, 2, 2]);
  });

  test("least squares without equations, or without unknowns", () => {
    expect(linalg.lstsq(zeros([0, 2]), zeros([0])).solution.toArray()).toEqual([0, 0]);
    const { solution, residuals } = linalg.lstsq(zeros([2, 0]), tensor([3, 4]));
    expect(solution.shape).toEqual([0]);
    expect(residuals.item()).toBe(25);
  });

  test("whole numbers and booleans become float32", () => {
    const whole = tensor(
      [
        [2, 1],
        [1, 1],
      ],
      { dtype: "int32" },
    );
    expect(linalg.inv(whole).dtype).toBe("float32");
    expect(linalg.inv(whole).toArray()).toEqual([
      [1, -1],
      [-1, 2],
    ]);
    expect(norm(tensor([3, 4], { dtype: "uint8" })).item()).toBe(5);
  });

  test("float32 with float64 is float64", () => {
    const b = tensor([2, 4], { dtype: "float64" });
    expect(linalg.solve(eye(2), b).dtype).toBe("float64");
    expect(linalg.lstsq(eye(2), b).solution.dtype).toBe("float64");
  });

  test("structure keeps the dtype", () => {
    const whole = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { dtype: "int32" },
    );
    expect(tril(whole)).toMatchObject({ dtype: "int32" });
    expect(diagonal(whole).dtype).toBe("int32");
    expect(diag(tensor([1, 2], { dtype: "uint8" })).toArray()).toEqual([
      [1, 0],
      [0, 2],
    ]);
  });

  test("a matrix that is badly scaled is not singular", () => {
    const x = linalg.solve(
      tensor([
        [1, 0],
        [0, 1e-30],
      ]),
      tensor([1, 1e-30]),
    );
    expect(x.toArray()).toEqual([1, 1]);
    const rows = tensor(Float64Array.of(1, 1, 1e-20, 2e-20), { shape: [2, 2] });
    const one = linalg.solve(rows, rows.sum(1)).data();
    for (const value of one) expect(value).toBeCloseTo(1, 14);
  });

  test("norms neither overflow nor vanish", () => {
    expect(norm(tensor([3e30, 4e30])).item()).toBeCloseTo(5e30, -24);
    const tiny = norm(tensor([3e-30, 4e-30])).item();
    expect(tiny / 5e-30).toBeCloseTo(1, 6);
  });

  test("matrix norms take the axes in the order they are named", () => {
    const x = tensor([
      [1, -2],
      [3, 4],
    ]);
    expect(norm(x, { ord: 1, axis: [0, 1] }).item()).toBe(6);
    expect(norm(x, { ord: 1, axis: [1, 0] }).item()).toBe(7);
    expect(() => norm(x, { axis: [0, -2] })).toThrow(/norm: axis 0 is named twice/);
  });

  test("norms of NaN and infinity are as in NumPy", () => {
    for (const ord of [1, 2, 3, Infinity]) {
      expect(norm(tensor([1, Number.NaN]), { ord }).item()).toBeNaN();
      expect(norm(tensor([1, -Infinity]), { ord }).item()).toBe(Infinity);
    }
    expect(norm(tensor([0, -3, 4]), { ord: 0 }).item()).toBe(2);
    expect(norm(tensor([0, -3, 4]), { ord: -Infinity }).item()).toBe(0);
    expect(norm(tensor([0, -3, 4]), { ord: -1 }).item()).toBe(0);
  });

  test("a rounding error of asymmetry does no harm", () => {
    const x = tensor([
      [2, 1],
      [1 + 1e-6, 2],
    ]);
    expect(linalg.eigh(x).eigenvalues.data()[1]).toBeCloseTo(3, 5);
  });
});

describe("shortening", () => {
  test("leaves short tensors and zeros as they are, and lets gradients through", () => {
    expect(clipByNorm(tensor([0.3, 0.4]), 1).toArray()).toEqual(tensor([0.3, 0.4]).toArray());
    const zero = variable([0, 0]);
    const [slope] = gradients(clipByNorm(zero, 1).sum(), [zero]) as [Tensor];
    expect(slope.toArray()).toEqual([1, 1]);
    expect(clipByGlobalNorm([], 1)).toEqual([]);
    expect(clipByNorm(tensor([3, 4], { dtype: "int32" }), 1).dtype).toBe("float32");
  });
});

describe("autocorrelation", () => {
  test("goes to 10 log₁₀(steps), or as far as there are steps; a constant has none", () => {
    expect(autocorrelation(arange(1000)).shape).toEqual([31]);
    expect(autocorrelation(arange(5)).shape).toEqual([5]);
    expect(autocorrelation(arange(1)).toArray()).toEqual([Number.NaN]);
    expect(autocorrelation(ones([4]), 1).toArray()).toEqual([Number.NaN, Number.NaN]);
  });
});
