// Tensors as text.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { arange, tensor, zeros } from "../../../lib/index.ts";

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
    expect(`${tensor([2e-9, 3.5e-8])}`).toBe("tensor([2.0e-9, 3.5e-8])");
    expect(`${tensor([1e9, 2.5])}`).toBe("tensor([1.0e+9, 2.5e+0])");
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
    expect(`${zeros([10, 10, 10, 10, 10])}`.length).toBeLessThan(100_000);
  });

  test("breaks long rows", () => {
    for (const line of `${arange(300)}`.split("\n")) expect(line.length).toBeLessThanOrEqual(102);
  });

  test("is what consoles show", () => {
    expect(inspect({ w: tensor([1, 2]) })).toBe("{ w: tensor([1, 2]) }");
  });
});
