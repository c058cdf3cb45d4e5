// Parts of tensors against NumPy, views and copies, writing in place, and what mistakes say.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  arange,
  flip,
  functional,
  type Index,
  pad,
  repeat,
  roll,
  rot90,
  type Tensor,
  tensor,
  tile,
  variable,
  zeros,
} from "../../../lib/index.ts";

type Written =
  | number
  | string
  | null
  | { list: number[]; shape: number[] }
  | { mask: number[]; shape: number[] };

interface Case {
  shape: number[];
  index: Written[];
  found: { shape: number[]; data: number[] };
  zeroed: number[];
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL("../../fixtures/shapes/indexing.json", import.meta.url), "utf8"),
);

function read(part: Written): Index {
  if (part === null || typeof part !== "object") return part as Index;
  if ("mask" in part) return tensor(part.mask, { shape: part.shape, dtype: "bool" });
  return part.shape.length === 1 ? part.list : tensor(part.list, { shape: part.shape, dtype: "int32" });
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

describe("random indices select as in NumPy", () => {
  test.each(["float32", "float64", "int32", "uint8"] as const)("%s", (dtype) => {
    expect(cases.length).toBeGreaterThan(300);
    for (const { shape, index, found, zeroed } of cases) {
      if (dtype === "uint8" && size(shape) > 255) continue;
      const label = `x${JSON.stringify(shape)} at ${JSON.stringify(index)}`;
      const x = arange(size(shape), { dtype }).reshape(shape);
      const parts = index.map(read);
      const result = x.at(...parts);
      expect(result.dtype).toBe(dtype);
      expect(result.shape, label).toEqual(found.shape);
      expect([...result.data()], label).toEqual(found.data);
      const marks = x.add(1);
      const copy = marks.with(...parts, 0);
      expect([...marks.data()]).not.toContain(0);
      marks.set(...parts, 0);
      const places = [...marks.data()].flatMap((v, i) => (v === 0 ? [i] : []));
      expect(places, label).toEqual(zeroed);
      expect(copy.data()).toEqual(marks.data());
      // Writing back what was taken changes nothing.
      x.set(...parts, result.clone());
      expect([...x.data()]).toEqual(Array.from({ length: x.size }, (_, i) => i));
    }
  });

  test("gradients go back to the places they were taken from", () => {
    for (const { shape, index } of cases) {
      const parts = index.map(read);
      const x = variable(arange(size(shape)).reshape(shape));
      const part = x.at(...parts);
      if (part.size === 0) continue;
      part.mul(part.detach().add(1)).sum().backward();
      const expected = new Array<number>(x.size).fill(0);
      for (const v of x
        .detach()
        .at(...parts)
        .data())
        expected[v]! += v + 1;
      expect([...x.grad!.data()]).toEqual(expected);
    }
  });
});

describe("views and copies", () => {
  const shares = (x: Tensor, y: Tensor): boolean => x.storage === y.storage;

  test("what lies together is a view", () => {
    const x = zeros([4, 3, 2]);
    expect(shares(x, x.at(1))).toBe(true);
    expect(shares(x, x.at("1:3"))).toBe(true);
    expect(shares(x, x.at(0, "1:"))).toBe(true);
    expect(shares(x, x.at(null, "..."))).toBe(true);
    expect(shares(x, x.at(":", 0))).toBe(false);
    expect(shares(x, x.at("::2"))).toBe(false);
    expect(shares(x, x.at([0, 1]))).toBe(false);
  });

  test("set writes through views, at any offset", () => {
    const x = zeros([3, 4]);
    x.at(1).set("1:3", tensor([5, 6]));
    x.at("2:").set(":", -1, 7);
    expect(x.toArray()).toEqual([
      [0, 0, 0, 0],
      [0, 5, 6, 0],
      [0, 0, 0, 7],
    ]);
  });

  test("what moves, repeats or pads elements copies them, also where there is nothing to do", () => {
    const x = arange(6).reshape([2, 3]);
    for (const same of [
      roll(x, 6),
      roll(x, 3, 1),
      rot90(x, 4),
      flip(x, []),
      tile(x, 1),
      repeat(x, 1, 0),
      pad(x, 0, { mode: "edge" }),
      functional.upsample(x, 1),
      x.prod([]),
      x.reshape([6, 1]).prod(1),
    ]) {
      expect(same.flatten().toArray()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(shares(x, same)).toBe(false);
    }
  });

  test("values broadcast and take the dtype of the tensor", () => {
    const x = zeros([2, 3], { dtype: "int32" });
    expect(x.set(":", tensor([1.9, 2, 3])).toArray()).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(x.with(0, tensor([[7, 8, 9]])).toArray()).toEqual([
      [7, 8, 9],
      [1, 2, 3],
    ]);
    const flags = zeros([3], { dtype: "bool" }).set(1, 5);
    expect([...flags.data()]).toEqual([0, 1, 0]);
  });

  test("set reads all of a part of the tensor itself before it writes", () => {
    for (const dtype of ["float32", "float64", "int32", "uint8", "bool"] as const) {
      const x = () => tensor([1, 0, 0, 1, 1, 0], { dtype });
      const turned = x();
      expect(turned.set("::-1", turned).toArray()).toEqual([0, 1, 1, 0, 0, 1]);
      const later = x();
      expect(later.set("1:", later.at(":-1")).toArray()).toEqual([1, 1, 0, 0, 1, 1]);
      const listed = x();
      expect(listed.set([5, 4, 3, 2, 1, 0], listed).toArray()).toEqual([0, 1, 1, 0, 0, 1]);
    }
    const square = arange(9).reshape([3, 3]);
    expect(square.set(":", 1, square.at(1)).toArray()).toEqual([
      [0, 3, 2],
      [3, 4, 5],
      [6, 5, 8],
    ]);
  });

  test("dots between lists part them, also where they stand for no axis, as in NumPy", () => {
    const x = zeros([3, 5, 4]);
    expect(x.at(null, 1, 2, "...", [0, 3]).shape).toEqual([2, 1]);
    expect(x.at(null, 1, 2, [0, 3]).shape).toEqual([1, 2]);
    expect(x.at("...", 1, [0, 3]).shape).toEqual([3, 2]);
  });

  test("a learned tensor may be set, without gradient; a computed one may not", () => {
    const w = variable([1, 2, 3]);
    w.set(0, 5);
    expect(w.toArray()).toEqual([5, 2, 3]);
    const refusal = /^set: this tensor was computed from variables.*x\.with\(…, value\)/;
    const double = w.mul(2);
    expect(() => double.set(0, 1)).toThrow(refusal);
    double.sum().backward();
    expect(() => double.set(0, 1)).toThrow(refusal);
  });
});

test("ranges are checked by the compiler, also those put together from numbers", () => {
  const x = arange(6);
  const start: number = 2;
  expect(x.at(`${start}:${start + 2}`).toArray()).toEqual([2, 3]);
  expect(x.at(`${start}:`, null).shape).toEqual([4, 1]);
  // @ts-expect-error: no range
  expect(() => x.at("2,3")).toThrow(/no range/);
  // @ts-expect-error: positions are numbers
  expect(() => x.at("2")).toThrow(/no range/);
});

describe("iteration", () => {
  test("goes over the first axis", () => {
    const rows = [
      ...tensor([
        [1, 2],
        [3, 4],
      ]),
    ];
    expect(rows.map((row) => row.toArray())).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const [first, second] = tensor([7, 8]);
    expect([first!.item(), second!.item()]).toEqual([7, 8]);
    expect([...zeros([0, 3])]).toHaveLength(0);
  });

  test("carries gradients", () => {
    const x = variable([1, 2, 3]);
    let product = tensor(1);
    for (const v of x) product = product.mul(v);
    product.backward();
    expect(x.grad!.toArray()).toEqual([6, 3, 2]);
  });

  test("of a scalar says what to do", () => {
    expect(() => [...tensor(3)]).toThrow(/scalar has no rows.*item\(\)/);
  });
});

describe("mistakes", () => {
  const x = zeros([2, 3]);
  test.each<[string, () => unknown, RegExp]>([
    ["too many", () => x.at(0, 0, 0), /at: 3 indices are too many for \[2, 3\]/],
    ["outside", () => x.at(":", 3), /at: no index 3 along axis 1 of \[2, 3\] \(0 to 2/],
    ["a fraction", () => x.at(0.5), /no index 0\.5/],
    ["outside, in a list", () => x.at([0, -3]), /no index -3 along axis 0/],
    ["a fraction in a list", () => x.at([0.5]), /0\.5 at position 0 is no whole number/],
    ["a range", () => x.at("1;2" as never), /"1;2" is no range — write "start:end"/],
    ["all axes in one text", () => x.at(":, 0" as never), /is no range — each axis has an index.*: ":", 0$/],
    ["a position as text", () => x.set("1" as never, 0), /set: "1" is no range — a position is a number: 1$/],
    ["a table", () => x.at([[0, 1]] as never), /a table of positions.*tensor\(\[\[…\]\]\)/],
    ["a step", () => x.at("::0"), /step of "::0" must not be 0/],
    ["two ellipses", () => x.at("...", "..."), /once only/],
    ["a mask", () => x.at([true, false, true]), /mask \[3\] does not fit \[2\]/],
    [
      "a mask of two axes",
      () => x.at(zeros([3, 2], { dtype: "bool" })),
      /mask \[3, 2\] does not fit \[2, 3\]/,
    ],
    ["lists", () => x.at([0, 1], [0, 1, 2]), /\[2\] and \[3\] are paired.*\.reshape\(\[-1, 1\]\)/],
    ["an object", () => x.at({ start: 1 } as never), /range such as "1:3".*got an object/],
    [
      "a value",
      () => x.set(0, tensor([1, 2])),
      /set: the index selects \[3\] of \[2, 3\].*\[2\] do not broadcast/,
    ],
    ["a larger value", () => x.with(0, 0, tensor([1, 2])), /with: the index selects \[\]/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
