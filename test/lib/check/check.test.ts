// Checks: what holds leaves a green line and a trace for programs; what does not says where, how far, and perhaps why.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { arange, CheckError, check, random, tensor, zeros } from "../../../lib/index.ts";
import { expectSafeHtml } from "../plot/read.ts";

const BROADCAST = Symbol.for("Jupyter.broadcast");

interface Output {
  data: Record<string, string>;
  metadata: object;
}

let shown: Output[] = [];

beforeEach(() => {
  shown = [];
  Object.assign(globalThis, { [BROADCAST]: (_type: string, content: Output) => shown.push(content) });
});

afterEach(() => {
  Reflect.deleteProperty(globalThis, BROADCAST);
});

/** The line that a check has shown. */
function line(claim: () => unknown): string {
  shown = [];
  expect(claim()).toBeUndefined();
  expect(shown).toHaveLength(1);
  return shown[0]!.data["text/plain"]!;
}

/** The message of a check that does not hold. */
function fault(claim: () => unknown): string {
  shown = [];
  try {
    claim();
  } catch (error) {
    expect(error).toBeInstanceOf(CheckError);
    expect(shown).toEqual([]);
    return (error as Error).message;
  }
  throw new Error(`it held: ${shown[0]?.data["text/plain"]}`);
}

describe("what holds", () => {
  test("is an output of its own, with a trace in its metadata", () => {
    check(1).is(1);
    check(2).is(2);
    expect(shown.map(({ data }) => data["text/plain"])).toEqual(["✓ 1, as expected", "✓ 2, as expected"]);
    for (const { data, metadata } of shown) {
      expectSafeHtml(data["text/html"]!);
      expect(metadata).toEqual({ lectern: { check: "passed" } });
    }
  });

  test("says what was compared", () => {
    expect(line(() => check(150 / 165, "accuracy").isCloseTo(0.9091))).toBe(
      "✓ accuracy: 0.909091, expected 0.9091 ± 0.00005",
    );
    expect(line(() => check(1013, "pressure").isCloseTo(1000, { relative: 0.02 }))).toBe(
      "✓ pressure: 1013, expected 1000 ± 2 %",
    );
    expect(line(() => check(tensor([[4, 5], [-2, -1]])).is([[4, 5], [-2, -1]]))).toBe("✓ [[4, 5], [-2, -1]], as expected"); // biome-ignore format: one line a claim
    expect(line(() => check(zeros([28, 28]), "borders").is(zeros([28, 28])))).toBe(
      "✓ borders: 784 numbers [28, 28], as expected",
    );
    expect(line(() => check({ tpr: 0.952381, fpr: 1 / 6 }).isCloseTo({ tpr: 0.9524, fpr: 0.1667 }))).toBe(
      "✓ { tpr: 0.9524, fpr: 0.1667 } ± 0.00005, as expected",
    );
    expect(line(() => check(0.86956522).isCloseTo(20 / 23, { tolerance: 1e-6 }))).toBe(
      "✓ 0.8695652, expected 0.8695652 ± 0.000001",
    );
    expect(line(() => check([0.005, 0.013000000000000001]).isCloseTo([0.005, 0.013]))).toBe(
      "✓ [0.005, 0.013] are as expected, ± 0.00005",
    );
    expect(line(() => check(tensor(Array(99).fill(2.00001))).isCloseTo(Array(99).fill(2)))).toBe(
      "✓ 99 numbers are as expected, ± 0.0005 (the largest difference is 0.00001)",
    );
    expect(line(() => check(3 * 4, "3 · 4 =").is(12))).toBe("✓ 3 · 4 = 12, as expected");
    expect(line(() => check(1 < 2, "one is less").isTrue())).toBe("✓ one is less");
    expect(line(() => check(() => tensor([1]).at(5)).throws(/index 5/))).toMatch(/^✓ throws “at: no index 5/);
  });

  test("in a label, markup is text", () => {
    check(1, "<b>").is(1);
    expect(shown[0]!.data["text/html"]).not.toContain("<b>");
  });

  test("the line stays short", () => {
    check("x".repeat(1e6)).is("x".repeat(1e6));
    check(arange(1e6)).isBetween(0, 1e6);
    check(Array.from({ length: 1e5 }, (_, i) => `text ${i}`)).isNot([]);
    for (const { data } of shown) expect(data["text/plain"]!.length).toBeLessThan(310);
  });
});

describe("what counts as the same", () => {
  test.each<[string, unknown, unknown]>([
    ["a float32 tensor and the numbers it was made from", tensor([0.1, 0.2]), [0.1, 0.2]],
    ["float64", tensor([0.1], { dtype: "float64" }), [0.1]],
    ["whole numbers", tensor([[1, 2]], { dtype: "int32" }), [[1, 2]]],
    ["bytes", tensor([0, 255], { dtype: "uint8" }), new Uint8Array([0, 255])],
    ["truth values of a tensor", tensor([1, 3]).greater(2), [false, true]],
    ["truth values of a tensor, as numbers", tensor([1, 3]).greater(2), [0, 1]],
    ["a typed array and a list", new Float64Array([0.1, 2]), [0.1, 2]],
    ["a tensor without axes and a number", tensor(2.5), 2.5],
    ["NaN and NaN", [Number.NaN, 1], [Number.NaN, 1]],
    ["−0 and 0", -0, 0],
    ["−0 and 0 in a list", [[-0, 1]], [[0, 1]]],
    ["infinities", [Infinity, -Infinity], [Infinity, -Infinity]],
    ["nothing in nothing", zeros([0, 3]), zeros([0, 3])],
    ["ragged lists", [[1], [1, 2]], [[1], [1, 2]]],
    ["objects of objects", { a: { b: [1, "x", null] } }, { a: { b: [1, "x", null] } }],
    ["properties in another order", { a: 1, b: 2 }, { b: 2, a: 1 }],
    ["maps", new Map([["a", [1]]]), new Map([["a", [1]]])],
    ["sets", new Set([1, 2]), new Set([1, 2])],
  ])("%s", (_name, actual, expected) => {
    expect(() => check(actual).is(expected)).not.toThrow();
    expect(() => check(actual).isCloseTo(expected)).not.toThrow();
    expect(() => check(actual).isNot(expected)).toThrow(CheckError);
  });

  test.each<[string, unknown, unknown]>([
    ["a number and a text", "5", 5],
    ["a truth value and a number", true, 1],
    ["truth values and numbers", [true], [1]],
    ["NaN and a number", Number.NaN, 0],
    ["infinities of both signs", Infinity, -Infinity],
    ["a shape and another", [[1, 2]], [1, 2]],
    ["nothing and a number", undefined, 0],
    ["null and an object", null, {}],
    ["a property too many", { a: 1, b: undefined }, { a: 1 }],
    ["a property too few", { a: 1 }, { a: 1, b: undefined }],
    ["a hole in a list", [1, ...Array(1), 3], [1, 2, 3]],
    ["lists of two lengths", [["a"], ["b"]], [["a"]]],
    ["maps", new Map([["a", 1]]), new Map([["a", 2]])],
    ["sets of two sizes", new Set([1, 2]), new Set([1])],
    ["a map and an object", new Map([["a", 1]]), { a: 1 }],
    ["numbers a digit apart", tensor([1, 2]), [1, 2.0000005]],
  ])("not %s", (_name, actual, expected) => {
    expect(() => check(actual).is(expected)).toThrow(CheckError);
  });

  test("objects that contain themselves end", () => {
    const make = (last: number) => {
      const loop: Record<string, unknown> = { list: [1, 2] };
      loop.self = loop;
      loop.last = last;
      return loop;
    };
    check(make(1)).is(make(1));
    expect(fault(() => check(make(1)).is(make(2)))).toContain(".last");
  });
});

describe("tolerance", () => {
  test.each<[string, number, number[], number[]]>([
    ["as many decimals as are written", 0.9091, [0.90905, 0.90915], [0.90904, 0.90916]],
    ["0.0909 has four", 0.0909, [0.09085, 0.09095], [0.0908, 0.091]],
    ["four digits at least", 0.5, [0.49995, 0.50005], [0.4999, 0.5001]],
    ["six at the most", 3.60551275, [3.605508, 3.605517], [3.6055, 3.60552]],
    ["of a large number too", 63802, [63801.6, 63802.4], [63801, 63803]],
    ["and of a small one", 2.5e-7, [2.5e-7, 2.504e-7], [2.6e-7]],
    ["nothing", 0, [0.0004, -0.0004], [0.001]],
  ])("%s", (_name, expected, near, far) => {
    for (const value of near) expect(() => check(value).isCloseTo(expected)).not.toThrow();
    for (const value of far) expect(() => check(value).isCloseTo(expected)).toThrow(CheckError);
  });

  test("numbers of one list share one: the most decimals and the largest number say which", () => {
    expect(line(() => check([0.50004, 0.76025]).isCloseTo([0.5, 0.7602], {}))).toContain("± 0.00005");
    expect(fault(() => check([0.5001, 0.7602]).isCloseTo([0.5, 0.7602]))).toContain("[0]");
    expect(line(() => check([1000.03, 0.1]).isCloseTo([1000, 0.1]))).toContain("± 0.05");
  });

  test("a stated one is kept to, its end included", () => {
    check(0.55).isCloseTo(0.5, { tolerance: 0.05 });
    expect(fault(() => check(0.5501).isCloseTo(0.5, { tolerance: 0.05 }))).toContain("± 0.05");
    check([99, -99]).isCloseTo([100, -100], { relative: 0.01 });
    expect(fault(() => check([99, 1e-9]).isCloseTo([100, 0], { relative: 0.01 }))).toContain("[1]");
    expect(() => check(1).isCloseTo(1, { tolerance: -1 })).toThrow(RangeError);
    expect(() => check(1).isCloseTo(1, { relative: Number.NaN })).toThrow(RangeError);
  });
});

describe("what does not hold says where and how far", () => {
  test("one number", () => {
    expect(fault(() => check(0.9, "accuracy").isCloseTo(0.9091))).toBe(
      "accuracy: 0.9, expected 0.9091 ± 0.00005 (0.0091 too small)",
    );
  });

  test("the first places of many, and how many there are", () => {
    const computed = tensor([[4, 5, 0], [-2, -1, 1], [-1, 2, 10]]); // biome-ignore format: a matrix
    const message = fault(() => check(computed, "feature map").is([[-4, 5, 0], [-2, -1, 1], [0, 2, 10]])); // biome-ignore format: a matrix
    expect(message).toBe(
      "feature map: 2 of 9 numbers differ from what is expected\n  [0, 0]  4, expected -4\n  [2, 0]  -1, expected 0",
    );
    const noise = fault(() => check(random.normal([1000, 1000])).isCloseTo(zeros([1000, 1000])));
    expect(noise).toMatch(/^999,\d+ of 1,000,000 numbers differ/);
    expect(noise).toContain("… and 999,");
    expect(noise.length).toBeLessThan(1000);
  });

  test("in objects by name", () => {
    const message = fault(() => check({ layers: [{ units: 3, name: "a" }] }).is({ layers: [{ units: 4, name: "a" }] })); // biome-ignore format: one line
    expect(message).toContain(".layers[0].units");
    expect(fault(() => check<unknown>({ a: 1 }).is({ a: 1, b: 2 }))).toContain("nothing, expected 2");
  });

  test("never at length", () => {
    expect(fault(() => check("x".repeat(1e6)).is("y")).length).toBeLessThan(400);
    const labels = Array.from({ length: 1e5 }, (_, i) => `text ${i}`);
    expect(fault(() => check(labels).is(labels.toReversed())).length).toBeLessThan(1000);
    expect(fault(() => check("long\n".repeat(100)).isTrue()).split("\n").length).toBeLessThan(5);
  });

  test("the stack begins where the claim is made", () => {
    try {
      check(1).is(2);
    } catch (error) {
      const [, first] = (error as Error).stack!.split("\n    at ");
      expect(first).toContain("check.test.ts");
    }
    expect.assertions(1);
  });
});

describe("claims", () => {
  test("limits, for a number and for all numbers", () => {
    check(0.03, "error").isBelow(0.05);
    check([0.03, 0.04]).isBelow(0.05);
    check(tensor([1, 2])).isAbove(0);
    check(5).isAtLeast(5);
    check(5).isAtMost(5);
    check([0, 1]).isBetween(0, 1);
    for (const claim of [
      () => check(0.05).isBelow(0.05),
      () => check(0.05).isAbove(0.05),
      () => check(4.9).isAtLeast(5),
      () => check(5.1).isAtMost(5),
      () => check([0.5, 1.1]).isBetween(0, 1),
      () => check(Number.NaN).isBelow(1),
      () => check(Number.NaN).isAbove(1),
      () => check([]).isBelow(1),
    ])
      expect(claim).toThrow(CheckError);
    expect(fault(() => check([0.1, 0.2, 0.01], "errors").isBelow(0.05))).toBe(
      "errors: 2 of 3 numbers are not below 0.05, the first is 0.1",
    );
  });

  test("order", () => {
    expect(line(() => check([3, 2, 1], "loss").isDecreasing())).toBe("✓ loss: [3, 2, 1] is decreasing");
    check(tensor([1, 2, 3])).isIncreasing();
    expect(fault(() => check([3, 2, 2], "loss").isDecreasing())).toBe(
      "loss: not decreasing: 2 at [1] is followed by 2",
    );
    expect(() => check([1, Number.NaN, 2]).isIncreasing()).toThrow(CheckError);
    expect(() => check([1]).isIncreasing()).toThrow(CheckError);
  });

  test("truth", () => {
    check(true).isTrue();
    check(false).isFalse();
    check(tensor([1]).greater(0)).isTrue();
    expect(fault(() => check(false, "the loss has fallen").isTrue())).toBe(
      "the loss has fallen: expected true, got false",
    );
    expect(fault(() => check(tensor([1, 2]).greater(1)).isTrue())).toContain("all(…) or any(…)");
    expect(() => check(1).isTrue()).toThrow(CheckError);
  });

  test("errors that are thrown, at once and later", async () => {
    const late = async () => {
      throw new Error("too late");
    };
    await check(late).throws("too late");
    await expect(check(late).throws(/early/)).rejects.toThrow(
      /expected an error with \/early\/, got “too late”/,
    );
    await expect(check(async () => 5).throws()).rejects.toThrow(/it returned 5/);
    expect(fault(() => check(() => 5).throws(/x/))).toBe("expected an error with /x/, but it returned 5");
    expect(fault(() => check(5).throws())).toContain("check(() => …)");
  });

  test("a check that claims nothing says so", () => {
    const { [Symbol.for("Jupyter.display")]: display } = check(5) as unknown as Record<
      symbol,
      () => Record<string, string>
    >;
    expect(display!()["text/plain"]).toContain("nothing is claimed yet");
  });
});
