// Ranges, scales and grids against NumPy; tensors like others.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  arange,
  fromFunction,
  fullLike,
  geomspace,
  indices,
  linspace,
  logspace,
  meshgrid,
  onesLike,
  type Tensor,
  tensor,
  tri,
  variable,
  zeros,
  zerosLike,
} from "../../../lib/index.ts";
import type { NestedArray } from "../../../lib/tensor/tensor.ts";

const makers = { arange, linspace, logspace, geomspace, tri, indices };

interface Case {
  name: keyof typeof makers;
  arguments: never[];
  options: object;
  values: NestedArray;
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL("../../fixtures/shapes/creation.json", import.meta.url), "utf8"),
);

// arange and linspace are sums and products: every bit as NumPy's. Powers may differ in the last place or two.
const exact = ["arange", "linspace", "tri", "indices"];

describe("as NumPy", () => {
  test.each(cases)("$name $arguments $options", ({ name, arguments: given, options, values }) => {
    const make = makers[name] as (...args: unknown[]) => Tensor;
    const double = make(...given, ...(name === "indices" ? [] : [{ dtype: "float64", ...options }]));
    const expected = tensor(values, { dtype: "float64" });
    expect(double.shape).toEqual(expected.shape);
    const [found, wanted] = [double.data(), expected.data()];
    for (let i = 0; i < wanted.length; i++) {
      const distance = Math.abs(found[i]! - wanted[i]!);
      expect(distance).toBeLessThanOrEqual(exact.includes(name) ? 0 : 1e-14 * Math.abs(wanted[i]!));
    }
    if (name === "indices") return;
    // float32 is rounded once, from those.
    const single = make(...given, options);
    expect(single.dtype).toBe("float32");
    expect(single.data()).toEqual(Float32Array.from(double.data()));
  });
});

describe("like others", () => {
  test.each(["float32", "float64", "int32", "uint8", "bool"] as const)("%s", (dtype) => {
    const x = zeros([2, 0, 3], { dtype });
    for (const y of [zerosLike(x), onesLike(x), fullLike(x, 1)]) {
      expect(y).toMatchObject({ shape: [2, 0, 3], dtype });
    }
    expect(onesLike(x, { dtype: "int32" }).dtype).toBe("int32");
  });
});

describe("grids", () => {
  test("for plots and for indices", () => {
    const [a, b, c] = [tensor([1, 2]), tensor([3, 4, 5]), tensor([6])];
    const [x, y, z] = meshgrid([a, b, c]);
    expect([x.shape, y.shape, z.shape]).toEqual([
      [3, 2, 1],
      [3, 2, 1],
      [3, 2, 1],
    ]);
    expect(x.at(2, 1, 0).item()).toBe(2);
    expect(y.at(2, 1, 0).item()).toBe(5);
    const [i, j] = meshgrid([a, b], { indexing: "ij" });
    expect(i.toArray()).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(j.at(1).toArray()).toEqual([3, 4, 5]);
    expect(meshgrid([])).toEqual([]);
  });

  test("carry gradients", () => {
    const x = variable([1, 2]);
    const [grid] = meshgrid([x, tensor([0, 0, 0])]);
    grid.sum().backward();
    expect(x.grad!.toArray()).toEqual([3, 3]);
  });

  test("of positions", () => {
    const [rows, columns] = indices([2, 3]);
    expect(rows!.mul(3).add(columns!).toArray()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(fromFunction([], () => 7).item()).toBe(7);
    expect(tri(2, 2, 0, { dtype: "bool" }).dtype).toBe("bool");
  });
});

describe("mistakes", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["like a list", () => zerosLike([1, 2] as never), /takes a tensor.*got an array/],
    ["a matrix", () => meshgrid([zeros([2, 2])]), /takes vectors.*got shape \[2, 2\] as number 0/],
    ["no list", () => meshgrid(zeros([2]) as never), /meshgrid\(\[x, y\]\)/],
    ["indexing", () => meshgrid([], { indexing: "yx" as never }), /"xy" or "ij", got "yx"/],
    ["an end of 0", () => geomspace(0, 1), /not 0, got 0 and 1/],
    ["a shape", () => fromFunction(3 as never, () => 0), /a shape is a list/],
    ["a count", () => linspace(0, 1, 2.5), /whole number of points/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
