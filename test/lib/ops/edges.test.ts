// What the table of operations does not say: whole numbers, NaN in reductions, sizes of nothing, mistakes.
import { describe, expect, test } from "vitest";
import * as lectern from "../../../lib/index.ts";
import { gradients, type Tensor, tensor, variable } from "../../../lib/index.ts";

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

describe("infinities", () => {
  test("in logSumExp", () => {
    const inf = Number.POSITIVE_INFINITY;
    expect(lectern.logSumExp(tensor([-inf, -inf])).item()).toBe(-inf);
    expect(lectern.logSumExp(tensor([inf, 0])).item()).toBe(inf);
    expect(lectern.logSumExp(tensor([]), 0).item()).toBe(-inf);
  });
});

describe("the norm at the origin", () => {
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
    ["a slope", () => lectern.leakyRelu(tensor([1]), { negativeSlope: Number.NaN }), /finite number/],
    ["text", () => lectern.mod(tensor([1]), "2" as never), /expected a tensor or a number, got "2"/],
    [
      "twice derived",
      () => {
        const v = variable([1.5]);
        const first = gradients(lectern.digamma(v).sum(), [v], { createGraph: true })[0]!;
        gradients(first.sum(), [v]);
      },
      /second derivative is not implemented/,
    ],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrow(message);
  });
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
