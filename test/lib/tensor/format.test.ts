// Tensors as text.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { arange, type DType, tensor, zeros } from "../../../lib/index.ts";

interface Case {
  dtype: DType;
  shape: number[];
  data: (number | string)[] | { start: number; step: number };
  text: string;
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL("../../fixtures/shapes/printing.json", import.meta.url), "utf8"),
);

function numbersOf({ shape, data }: Case): number[] {
  if (Array.isArray(data))
    return data.map((v) => (v === "inf" ? Infinity : v === "-inf" ? -Infinity : Number(v)));
  const size = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: size }, (_, i) => data.start + i * data.step);
}

describe("as NumPy prints", () => {
  test.each(cases)("$dtype $shape $text", (found) => {
    const { dtype, shape, text } = found;
    expect(`${tensor(Float64Array.from(numbersOf(found)), { shape, dtype })}`).toBe(text);
  });
});

describe("text of a tensor", () => {
  test("aligns columns with one count of decimals", () => {
    expect(
      `${tensor([
        [1, -2.5],
        [10.25, 3],
      ])}`,
    ).toBe("tensor([[ 1.00, -2.50],\n        [10.25,  3.00]])");
  });

  test("of scalars and empty tensors", () => {
    expect(`${tensor(2)} ${tensor(0.1)} ${tensor([])} ${zeros([0, 3])}`).toBe(
      "tensor(2) tensor(0.1) tensor([]) tensor([], shape [0, 3])",
    );
  });

  test("names other dtypes than float32", () => {
    expect(`${tensor([1, 2], { dtype: "int32" })}`).toBe("tensor([1, 2], int32)");
    expect(`${tensor([true, false])}`).toBe("tensor([ true, false], bool)");
  });

  test("hides noise, but not small numbers among their like", () => {
    expect(`${tensor([1, 1e-9, -1e-9])}`).toBe("tensor([1, 0, 0])");
    expect(`${tensor([2e-9, 3.5e-8])}`).toBe("tensor([2.0e-09, 3.5e-08])");
    expect(`${tensor([1e9, 2.5])}`).toBe("tensor([1.0e+09, 2.5e+00])");
  });

  test("writes numbers without a point only when they are whole, up to rounding", () => {
    expect(`${tensor(0.99999)} ${tensor(1 - 1e-7)} ${tensor(1)}`).toBe("tensor(1.0000) tensor(1) tensor(1)");
    // Nearly all of the probability, and not all of it.
    expect(`${tensor([0, 12]).softmax()}`).toBe("tensor([0.0000, 1.0000])");
    expect(`${tensor([1 + 1e-9, Infinity], { dtype: "float64" })}`).toBe("tensor([1.0000,    inf], float64)");
    expect(`${tensor([0.1 * 3 * 10, 2], { dtype: "float64" })}`).toBe("tensor([3, 2], float64)");
    expect(`${tensor([1e5, 1, 1e-5])}`).toBe("tensor([100000,      1,      0])");
  });

  test("of what is no number", () => {
    expect(`${tensor([Number.NaN, Infinity, -Infinity, 1.5])}`).toBe("tensor([ nan,  inf, -inf,  1.5])");
  });

  test("separates the matrices of a stack by empty lines", () => {
    expect(`${zeros([2, 1, 2])}`).toBe("tensor([[[0, 0]],\n\n        [[0, 0]]])");
  });

  test("abbreviates above 1000 elements", () => {
    expect(`${arange(1001)}`).toBe("tensor([   0,    1,    2, …,  998,  999, 1000])");
    const lines = `${zeros([500, 500])}`.split("\n");
    expect(lines).toHaveLength(7);
    expect(lines[3]!.trim()).toBe("…,");
  });

  test("stays readable with many axes", () => {
    for (const size of [3, 4, 5, 10]) {
      const shape = new Array<number>(6).fill(size);
      expect(`${zeros(shape)}`.length).toBeLessThan(10_000);
    }
    expect(`${zeros([1, 1, 1, 1, 1, 2])}`).toBe("tensor([[[[[[0, 0]]]]]])");
    expect(`${zeros([2, 300_000])}`.length).toBeLessThan(200);
  });

  test("breaks long rows", () => {
    for (const line of `${arange(300)}`.split("\n")) expect(line.length).toBeLessThanOrEqual(75);
  });

  test("is what a tensor adds to a text", () => {
    expect(`loss ${tensor(0.5)}`).toBe("loss tensor(0.5)");
    expect("loss ".concat(String(tensor(0.5)))).toBe("loss tensor(0.5)");
    expect(["loss", tensor(0.5)].join(" ")).toBe("loss tensor(0.5)");
  });

  test("is what consoles show", () => {
    expect(inspect({ w: tensor([1, 2]) })).toBe("{ w: tensor([1, 2]) }");
  });

  test("stays aligned in objects and lists, whatever stands before it", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(inspect({ values: x, n: [x.cast("int32")] }).split("\n")).toEqual([
      "{",
      "  values: tensor(",
      "    [[1, 2],",
      "     [3, 4]]),",
      "  n: [",
      "    tensor(",
      "      [[1, 2],",
      "       [3, 4]], int32)",
      "  ]",
      "}",
    ]);
    expect(inspect(x)).toBe(String(x));
    const stack = inspect([zeros([2, 1, 2])]).split("\n");
    expect(stack.map((line) => line.trimEnd())).toEqual([
      ...["[", "  tensor(", "    [[[0, 0]],", "", "     [[0, 0]]])", "]"],
    ]);
  });
});
