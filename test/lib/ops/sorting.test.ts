// Sorting, quantiles, histograms and masks: NaN and infinities, dtypes, mistakes.
import { describe, expect, test } from "vitest";
import * as lectern from "../../../lib/index.ts";
import { type Tensor, tensor, variable, zeros } from "../../../lib/index.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const mixed = tensor([2, nan, -inf, 1, inf, nan, 1]);

describe("what is no number", () => {
  test("sorts behind all numbers, and before them when descending", () => {
    expect(lectern.sort(mixed).toArray()).toEqual([-inf, 1, 1, 2, inf, nan, nan]);
    expect(lectern.argSort(mixed).toArray()).toEqual([2, 3, 6, 0, 4, 1, 5]);
    expect(lectern.argSort(mixed, 0, { descending: true }).toArray()).toEqual([1, 5, 4, 0, 3, 6, 2]);
    expect(lectern.topK(mixed, 2, 0, { largest: false }).values.toArray()).toEqual([-inf, 1]);
  });

  test("goes through running results", () => {
    expect(lectern.cumSum(mixed.slice(2)).toArray()).toEqual([-inf, -inf, nan, nan, nan]);
    expect(lectern.cumMax(mixed).toArray()).toEqual([2, nan, nan, nan, nan, nan, nan]);
    expect(lectern.cumMin(mixed.slice(2)).toArray()).toEqual([-inf, -inf, -inf, nan, nan]);
  });

  test("makes a quantile NaN, infinities do not", () => {
    expect(
      lectern
        .median(
          tensor([
            [1, nan, 2],
            [3, 1, 2],
          ]),
          1,
        )
        .toArray(),
    ).toEqual([nan, 2]);
    expect(lectern.median(tensor([1, inf, inf])).item()).toBe(inf);
    expect(lectern.median(tensor([1, inf, inf, 3])).item()).toBe(inf);
    expect(lectern.quantile(tensor([-inf, 1, 2]), [0, 0.25, 0.5]).toArray()).toEqual([-inf, -inf, 1]);
  });

  test("is one of the different numbers, and the last", () => {
    const { values, counts, inverse } = lectern.unique(mixed);
    expect(values.toArray()).toEqual([-inf, 1, 2, inf, nan]);
    expect(counts.toArray()).toEqual([1, 2, 1, 1, 2]);
    expect(inverse.toArray()).toEqual([2, 4, 0, 1, 3, 4, 1]);
    expect(lectern.searchSorted(tensor([1, 2, nan]), mixed).toArray()).toEqual([1, 2, 0, 0, 2, 2, 0]);
  });

  test("is not counted in a histogram with a range", () => {
    expect(lectern.histogram(mixed, { bins: 2, range: [1, 2] }).counts.toArray()).toEqual([2, 1]);
  });
});

describe("element types", () => {
  const whole = tensor(
    [
      [3, 1, 2],
      [9, 7, 9],
    ],
    { dtype: "int32" },
  );

  test("stay where numbers only move", () => {
    for (const dtype of ["int32", "uint8", "bool", "float64"] as const) {
      const x = whole.cast(dtype);
      for (const y of [
        lectern.sort(x),
        lectern.topK(x, 2).values,
        lectern.unique(x).values,
        lectern.cumMax(x),
        lectern.takeAlongAxis(x, lectern.argSort(x)),
        lectern.without(x, 0),
        lectern.maskedFill(x, x.greater(2), 0),
        lectern.compress(x, [true, false], 0),
      ]) {
        expect(y.dtype).toBe(dtype);
      }
    }
  });

  test("whole numbers add up exactly in int32", () => {
    const big = tensor([16_777_217, 16_777_217], { dtype: "int32" });
    expect(lectern.cumSum(big)).toMatchObject({ dtype: "int32" });
    expect(lectern.cumSum(big).toArray()).toEqual([16_777_217, 33_554_434]);
    expect(lectern.cumSum(tensor([true, false, true])).toArray()).toEqual([1, 1, 2]);
    expect(lectern.cumProd(whole).toArray()).toEqual([
      [3, 3, 6],
      [9, 63, 567],
    ]);
    expect(lectern.diff(tensor([1, 4], { dtype: "uint8" })).dtype).toBe("uint8");
    expect(lectern.median(whole).dtype).toBe("float32");
  });

  test("histograms of int32 have its digits", () => {
    const large = tensor([0, 16_777_217], { dtype: "int32" });
    expect(lectern.histogram(large, { bins: 2 }).counts.toArray()).toEqual([1, 1]);
    expect(lectern.histogram(large, { bins: [0, 16_777_217, 16_777_218] }).counts.toArray()).toEqual([1, 1]);
    expect(lectern.histogram(large, { bins: 2 }).edges.dtype).toBe("float32");
  });

  test("histograms count in int32, weigh in floats", () => {
    const x = tensor([0, 1, 1, 2]);
    const weights = tensor([0.5, 1, 1, 2]);
    expect(lectern.histogram(x, { bins: 2 }).counts.dtype).toBe("int32");
    expect(lectern.histogram(x, { bins: 2, weights }).counts.toArray()).toEqual([0.5, 4]);
    expect(lectern.histogram(x, { bins: 2, density: true }).counts.toArray()).toEqual([0.25, 0.75]);
    expect(lectern.histogram(zeros([0]), { bins: 2 }).counts.toArray()).toEqual([0, 0]);
    expect(lectern.bincount(x, { weights }).toArray()).toEqual([0.5, 2, 2]);
    expect(lectern.bincount(zeros([0]), { minLength: 2 }).toArray()).toEqual([0, 0]);
  });
});

describe("masks", () => {
  const x = tensor([
    [0, 5],
    [7, 0],
  ]);

  test("say where", () => {
    expect(x.at(...lectern.nonZero(x)).toArray()).toEqual([5, 7]);
    expect(lectern.argWhere(zeros([2, 2])).shape).toEqual([0, 2]);
    expect(lectern.argWhere(x.greater(6)).toArray()).toEqual([[1, 0]]);
  });

  test("the complement of a set of indices", () => {
    expect(lectern.without(x, tensor([true, false])).toArray()).toEqual([[7, 0]]);
    expect(lectern.without(x, [], 1).toArray()).toEqual(x.toArray());
    expect(lectern.without(x, [0, 1], 1).shape).toEqual([2, 0]);
  });

  test("infinities that were left out do not spoil gradients", () => {
    const v = variable([1, inf, 2]);
    lectern
      .maskedFill(v, tensor([false, true, false]), 0)
      .square()
      .sum()
      .backward();
    expect(v.grad!.toArray()).toEqual([2, 0, 4]);
  });
});

describe("mistakes", () => {
  const x = zeros([2, 3]);
  test.each<[string, () => Tensor | object, RegExp]>([
    ["sort", () => lectern.sort(x, 2), /sort: no axis 2/],
    ["sort of a scalar", () => lectern.argSort(tensor(1)), /a scalar has no axis/],
    [
      "topK",
      () => lectern.topK(x, 4),
      /k is a whole number from 0 to 3, the size of axis 1 of \[2, 3\], got 4/,
    ],
    ["quantile", () => lectern.quantile(x, 50), /between 0 and 1, got 50; for percent use percentile/],
    ["percentile", () => lectern.percentile(x, 101), /from 0 to 100 percent, got 101/],
    ["a method", () => lectern.quantile(x, 0.5, 0, { method: "best" as never }), /unknown method "best"/],
    ["median of nothing", () => lectern.median(zeros([0])), /an axis of \[0\] is empty, it has no median/],
    ["takeAlongAxis", () => lectern.takeAlongAxis(x, tensor([0])), /need as many axes.*gather/],
    ["takeAlongAxis outside", () => lectern.takeAlongAxis(x, tensor([[3]])), /no index 3 along axis 1/],
    ["scatter", () => lectern.scatter(x, tensor([[0], [1]]), zeros([3, 1])), /\[3, 1\]/],
    ["histogram", () => lectern.histogram(mixed), /finite range.*leaves out what lies outside/],
    ["bins", () => lectern.histogram(x, { bins: 0 }), /bins is a whole number from 1 up/],
    ["edges", () => lectern.histogram(x, { bins: [2, 1] }), /must ascend, but 1 at position 1 follows 2/],
    ["weights", () => lectern.histogram(x, { weights: zeros([2]) }), /weights \[2\] do not fit \[2, 3\]/],
    ["searchSorted", () => lectern.searchSorted(tensor([2, 1]), 1), /sort\(…\) it first/],
    ["a side", () => lectern.searchSorted(tensor([1]), 1, { side: "up" as never }), /"left" or "right"/],
    ["bincount", () => lectern.bincount(tensor([-1])), /from 0 up, got -1 at position 0/],
    ["bincount of fractions", () => lectern.bincount(tensor([0.5])), /0\.5 at position 0 is no whole number/],
    ["compress", () => lectern.compress(x, [true], 1), /condition \[1\] for axis 1 of \[2, 3\]/],
    ["without", () => lectern.without(x, 2), /no index 2 along axis 0/],
    ["maskedFill", () => lectern.maskedFill(zeros([3]), zeros([2, 3]), 0), /mask \[2, 3\] is larger/],
    ["nonZero", () => lectern.nonZero(tensor(1)), /item\(\)/],
    ["diff", () => lectern.diff(x, 0, -1), /whole number of times/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
