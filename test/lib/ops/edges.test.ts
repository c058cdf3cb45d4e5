// What the table of operations does not say: whole numbers, NaN in reductions, sizes of nothing, mistakes.
import { describe, expect, test } from "vitest";
import * as lectern from "../../../lib/index.ts";
import { checkGradients, grad, gradients, type Tensor, tensor, variable } from "../../../lib/index.ts";

const whole = (values: number[]) => tensor(values, { dtype: "int32" });

describe("whole numbers stay whole", () => {
  test.each<[string, (x: Tensor) => Tensor, number[]]>([
    ["neg", lectern.neg, [7, -8, 0]],
    ["abs", lectern.abs, [7, 8, 0]],
    ["square", lectern.square, [49, 64, 0]],
    ["sign", lectern.sign, [-1, 1, 0]],
    ["relu", lectern.relu, [0, 8, 0]],
    ["floor", lectern.floor, [-7, 8, 0]],
    ["round", lectern.round, [-7, 8, 0]],
    ["trunc", lectern.trunc, [-7, 8, 0]],
    ["clip", (x) => x.clip(-5, 5), [-5, 5, 0]],
    ["mod", (x) => x.mod(3), [2, 2, 0]],
    ["fmod", (x) => lectern.fmod(x, 3), [-1, 2, 0]],
    ["floorDivide", (x) => lectern.floorDivide(x, 3), [-3, 2, 0]],
    ["mod by 0", (x) => x.mod(0), [0, 0, 0]],
    ["fmax", (x) => lectern.fmax(x, 1), [1, 8, 1]],
    ["prod", (x) => x.slice(0, 2).prod().reshape([1]), [-56]],
    ["countNonzero", (x) => lectern.countNonzero(x).reshape([1]), [2]],
    ["nanSum", (x) => lectern.nanSum(x).reshape([1]), [1]],
  ])("%s", (_, call, expected) => {
    const result = call(whole([-7, 8, 0]));
    expect(result.dtype).toBe("int32");
    // −0 is 0 among whole numbers.
    expect(Array.from(result.data())).toEqual(expected);
  });

  test("in powers too, where an exponent must not be negative", () => {
    const x = whole([3, -2, 65537, 0]);
    expect(x.pow(3)).toMatchObject({ dtype: "int32" });
    expect(x.pow(3).toArray()).toEqual([27, -8, 196609, 0]);
    expect(lectern.pow(2, whole([0, 5, 31, 32])).toArray()).toEqual([1, 32, -2147483648, 0]);
    expect(x.pow(whole([0, 1, 2, 0])).toArray()).toEqual([1, -2, 131073, 1]);
    expect(lectern.pow(tensor(new Uint8Array([3, 16])), 2).data()).toEqual(new Uint8Array([9, 0]));
    expect(() => x.pow(-1)).toThrow(/3 to the power -1 is no whole number.*cast\("float32"\)/);
    expect(x.pow(0.5).dtype).toBe("float32");
  });

  test("in running products, to the last digit", () => {
    // 46341⁴ is beyond the digits of float64.
    const factors = whole([46341, 46341, 46341, 46341]);
    const running = lectern.cumProd(factors);
    for (let n = 1; n <= 4; n++) expect(running.at(n - 1).item()).toBe(factors.slice(0, n).prod().item());
  });

  test("and wrap around in their own type", () => {
    expect(lectern.neg(tensor(new Uint8Array([1, 0]))).data()).toEqual(new Uint8Array([255, 0]));
    expect(whole([65536]).square().item()).toBe(0);
    expect(whole([7]).clip(0, 2.5)).toMatchObject({ dtype: "float32" });
    expect(lectern.neg(tensor([true]))).toMatchObject({ dtype: "int32" });
  });
});

describe("NaN", () => {
  const x = tensor([
    [1, Number.NaN, 3],
    [4, 5, 6],
  ]);

  test("wins in sums, extremes, their positions and medians, in both floating types", () => {
    for (const v of [x, x.cast("float64")]) {
      expect(v.sum(1).toArray()).toEqual([Number.NaN, 15]);
      expect(v.mean(0).toArray()).toEqual([2.5, Number.NaN, 4.5]);
      expect(v.max(1).toArray()).toEqual([Number.NaN, 6]);
      expect(v.min(0).toArray()).toEqual([1, Number.NaN, 3]);
      expect(v.argMax(1).toArray()).toEqual([1, 2]);
      expect(v.argMin(1).toArray()).toEqual([1, 0]);
      expect(lectern.median(v, 1).toArray()).toEqual([Number.NaN, 5]);
      expect(v.prod(1).toArray()).toEqual([Number.NaN, 120]);
      expect(lectern.nanSum(v, 1).toArray()).toEqual([4, 15]);
      expect(lectern.nanMean(v, 1).toArray()).toEqual([2, 5]);
      expect(v.clip(2, 4).toArray()).toEqual([
        [2, Number.NaN, 3],
        [4, 4, 4],
      ]);
    }
    expect(lectern.nanMean(tensor([Number.NaN])).item()).toBe(Number.NaN);
    expect(lectern.any(tensor([Number.NaN])).item()).toBe(1);
  });

  test("does not reach what where did not take, however steep what follows is", () => {
    const v = variable([4, 9]);
    // The derivative of √ is infinite at the 0 that stands in for the second number.
    const root = lectern.where(tensor([true, false]), v, 0).sqrt();
    expect(gradients(root.sum(), [v])[0]!.toArray()).toEqual([0.25, 0]);
  });
});

test("what does not vary becomes the low end of a range", () => {
  expect(lectern.minMaxScale(tensor([5, 5]), { range: [1, 2] }).toArray()).toEqual([1, 1]);
  // A filter's answer as an image.
  const edge = tensor(new Int32Array([0, -1020, -1020, 0]));
  expect(lectern.minMaxScale(edge, { range: [0, 255] }).toArray()).toEqual([255, 0, 0, 255]);
});

describe("infinities", () => {
  test("in logSumExp", () => {
    const inf = Number.POSITIVE_INFINITY;
    expect(lectern.logSumExp(tensor([-inf, -inf])).item()).toBe(-inf);
    expect(lectern.logSumExp(tensor([inf, 0])).item()).toBe(inf);
    expect(lectern.logSumExp(tensor([]), 0).item()).toBe(-inf);
  });
});

describe("a number among float32", () => {
  test("has the digits of float32 where there is no kernel, too", () => {
    const x = tensor([89.5]);
    expect(lectern.fmod(x, 0.1).item()).toBe(Math.fround(89.5 % Math.fround(0.1)));
    expect(x.mod(0.1).item()).toBe(x.mod(tensor(0.1)).item());
    expect(x.cast("float64").mod(0.1).item()).toBe(89.5 % 0.1);
  });
});

describe("powers", () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

  test("with exponent 0 are 1, with gradient 0", () => {
    const x = variable([nan, inf, -inf, 0, 2]);
    for (const zero of [0, tensor(0), lectern.zeros([5])]) {
      expect(x.pow(zero).toArray()).toEqual([1, 1, 1, 1, 1]);
      // −0 is 0 too.
      expect(gradients(x.pow(zero).sum(), [x])[0]!.add(0).toArray()).toEqual([0, 0, 0, 0, 0]);
    }
  });

  test("have mixed second derivatives at exponent 0", () => {
    const double = (values: number[]) => variable(values, { dtype: "float64" });
    const [a, b] = [double([2, -4, 3]), double([0, 0, 2])];
    const [slopes] = gradients(a.pow(b).sum(), [a], { createGraph: true }) as [Tensor];
    const [mixed] = gradients(slopes.sum(), [b]) as [Tensor];
    // ∂²aᵇ/∂a∂b = aᵇ⁻¹ (1 + b ln a)
    expect(mixed.toArray<number[]>().map((v) => v.toFixed(9))).toEqual(
      [1 / 2, -1 / 4, 3 * (1 + 2 * Math.log(3))].map((v) => v.toFixed(9)),
    );
    const likelihood = (p: Tensor) => p.pow(tensor([1, 0, 0])).prod();
    expect(
      lectern
        .grad(likelihood)(tensor([0.5, 0.5, 0]))
        .toArray(),
    ).toEqual([1, 0, 0]);
  });

  test("have the logarithm of the smallest numbers in their gradient", () => {
    const b = variable([0], { dtype: "float64" });
    const [slope] = gradients(lectern.pow(tensor([1e-200], { dtype: "float64" }), b).sum(), [b]) as [Tensor];
    expect(slope.item()).toBeCloseTo(Math.log(1e-200), 10);
  });
});

describe("gradients of quotients and angles", () => {
  test("do not overflow before their time", () => {
    const b = variable([1e25, 1e-25]);
    const [slopes] = gradients(lectern.div(tensor([1e25, 1e-25]), b).sum(), [b]) as [Tensor];
    expect(slopes.at(0).item()).toBeCloseTo(-1e-25, 30);
    expect(slopes.at(1).item() / -1e25).toBeCloseTo(1, 6);
    const y = variable([1e25, 1e-25]);
    const [turns] = gradients(lectern.atan2(y, tensor([1e25, 1e-25])).sum(), [y]) as [Tensor];
    expect(turns.at(0).item() / 5e-26).toBeCloseTo(1, 6);
    expect(turns.at(1).item() / 5e24).toBeCloseTo(1, 6);
  });

  test("are 0 at the origin", () => {
    const [y, x] = [variable([0]), variable([0])];
    for (const f of [lectern.atan2, lectern.hypot]) {
      expect(gradients(f(y, x).sum(), [y, x]).map((g) => Math.abs(g.item()))).toEqual([0, 0]);
    }
  });
});

describe("the spread of equal numbers", () => {
  test("has gradient 0, not NaN, and leaves that of others alone", () => {
    for (const spread of [lectern.std, lectern.nanStd]) {
      const x = variable([
        [3, 3],
        [1, 5],
      ]);
      const [slopes] = gradients(spread(x, 1).sum(), [x], { createGraph: true }) as [Tensor];
      expect(slopes.toArray()).toEqual([
        [0, 0],
        [-0.5, 0.5],
      ]);
      expect(
        lectern
          .isFinite(gradients(spread(x, 1).square().sum(), [x])[0]!)
          .all()
          .item(),
      ).toBe(1);
      expect(spread(tensor([2, Number.NaN, 2]), 0).item()).toBe(spread === lectern.std ? Number.NaN : 0);
    }
  });
});

describe("the norm at the origin", () => {
  test.each([0.5, 1.5, 3])("of order %f has finite derivatives beside zeros, too", (ord) => {
    const v = variable([3, 0, -1], { dtype: "float64" });
    const [slopes] = gradients(lectern.norm(v, { ord }), [v], { createGraph: true }) as [Tensor];
    const norm = lectern.norm(v, { ord }).item();
    expect(slopes.at(0).item()).toBeCloseTo((3 / norm) ** (ord - 1), 12);
    expect(slopes.at(1).item()).toBe(0);
    const [second] = gradients(slopes.sum(), [v]) as [Tensor];
    expect(lectern.isFinite(second).all().item()).toBe(1);
  });

  test("has gradient 0, not NaN", () => {
    const v = variable([0, 0]);
    expect(gradients(lectern.norm(v), [v])[0]!.toArray()).toEqual([0, 0]);
    expect(lectern.norm(v).item()).toBe(0);
  });
});

describe("nothing", () => {
  const nothing = lectern.zeros([0, 2]);

  test("has a sum, a product, and is all true but nothing of it", () => {
    expect(nothing.sum(0).toArray()).toEqual([0, 0]);
    expect(nothing.prod(0).toArray()).toEqual([1, 1]);
    expect(nothing.mean(0).toArray()).toEqual([Number.NaN, Number.NaN]);
    expect(nothing.all(0).toArray()).toEqual([1, 1]);
    expect(nothing.any(0).toArray()).toEqual([0, 0]);
    expect(lectern.countNonzero(nothing).item()).toBe(0);
  });

  test.each<[string, () => unknown, RegExp]>([
    ["max", () => nothing.max(0), /\[0, 2\] is empty/],
    ["argMin", () => nothing.argMin(0), /\[0, 2\] is empty/],
    ["median", () => lectern.median(nothing), /\[0, 2\] is empty, it has no median/],
    ["bounds the wrong way round", () => tensor([1]).clip(2, 1), /low \(2\) is above high \(1\)/],
    ["a bound that is no number", () => tensor([1]).clip(Number.NaN, 1), /the bounds are numbers/],
    ["a bound for each", () => tensor([1]).clip(0, tensor([1]) as never), /got 0 and a Tensor.*x\.minimum/],
    ["a range", () => lectern.minMaxScale(tensor([1]), { range: [255] as never }), /such as \[0, 255\]/],
    [
      "a bare range",
      () => lectern.minMaxScale(tensor([1]), [0, 255] as never),
      /written like \{ range: \[0, 255\] \}/,
    ],
    ["a bare axis", () => lectern.clipByNorm(tensor([1]), 1, 0 as never), /written like \{ axis: 1 \}/],
    ["to stretch nothing", () => lectern.minMaxScale(nothing), /\[0, 2\] has no elements/],
    ["a slope", () => lectern.leakyRelu(tensor([1]), { negativeSlope: Number.NaN }), /finite number/],
    ["text", () => lectern.mod(tensor([1]), "2" as never), /expected a tensor or a number, got "2"/],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test("digamma can be derived as often as one likes", () => {
  const x = tensor([0.3, 1.5, 12, -0.7]);
  expect(checkGradients((v) => lectern.digamma(v), x, { order: 2 })).toMatchObject({ ok: true });
  const second = (v: Tensor) =>
    grad((u: Tensor) => grad((w: Tensor) => lectern.digamma(w).sum())(u).sum())(v);
  expect(checkGradients(second, x, { order: 2, tolerance: 1e-5 })).toMatchObject({ ok: true });
});

describe("numbers with gaps, as in NumPy", () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  const x = tensor([
    [nan, nan],
    [1, nan],
    [inf, 2],
  ]);
  test("extremes and spread leave NaN out, and are NaN where nothing is left", () => {
    expect(lectern.nanMax(x, 1).toArray()).toEqual([nan, 1, inf]);
    expect(lectern.nanMin(x, 1).toArray()).toEqual([nan, 1, 2]);
    expect(lectern.nanVariance(x, 1).toArray()).toEqual([nan, 0, nan]);
    expect(lectern.nanMax(tensor([-inf, nan])).item()).toBe(-inf);
    expect(lectern.nanStd(tensor([4, 8], { dtype: "int32" })).item()).toBe(2);
    expect(() => lectern.nanMax(tensor([]))).toThrow(/empty/);
  });

  test("spread of fewer numbers than the correction is none", () => {
    const sample = { correction: 1 };
    expect(
      lectern
        .nanVariance(
          tensor([
            [nan, nan],
            [1, nan],
            [1, 3],
          ]),
          1,
          sample,
        )
        .toArray(),
    ).toEqual([nan, nan, 2]);
    expect(lectern.nanStd(tensor([1, 2, nan]), 0, { correction: 3 }).item()).toBe(nan);
    expect(lectern.variance(tensor([1]), 0, sample).item()).toBe(nan);
    expect(lectern.variance(tensor([1, 2]), 0, { correction: 3 }).item()).toBe(inf);
    expect(lectern.cov(tensor([1, 2]), { correction: 3 }).item()).toBe(inf);
  });

  test("gradients go to what is there, as without the gaps", () => {
    for (const reduce of [
      lectern.nanMax,
      lectern.nanMin,
      lectern.nanVariance,
      lectern.nanStd,
      lectern.nanMean,
    ]) {
      const [gaps, none] = [variable([1, nan, 4, nan, 2.5]), variable([1, 4, 2.5])];
      const [found] = gradients(reduce(gaps), [gaps]) as [Tensor];
      const [expected] = gradients(reduce(none), [none]) as [Tensor];
      expect(found.at([1, 3]).toArray()).toEqual([0, 0]);
      expect(found.at([0, 2, 4]).toArray()).toEqual(expected.toArray());
    }
  });

  test.each([
    [[inf], [inf], {}, true],
    [[1], [inf], {}, false],
    [[inf], [1], {}, false],
    [[inf], [-inf], {}, false],
    [[nan], [nan], {}, false],
    [[nan], [nan], { equalNan: true }, true],
    [[nan], [1], { equalNan: true }, false],
    [[], [], {}, true],
    [[1e-9], [0], {}, true],
    [[1e-7], [0], {}, false],
    [[1e-7], [0], { atol: 1e-6 }, true],
    [[100], [101], { rtol: 0.01 }, true],
    [[101.02], [100], { rtol: 0.01 }, false],
  ] as const)("allClose(%j, %j, %j)", (a, b, options, expected) => {
    const of = (list: readonly number[]) => tensor([...list], { shape: [list.length], dtype: "float64" });
    expect(lectern.allClose(of(a), of(b), options)).toBe(expected);
  });
});
