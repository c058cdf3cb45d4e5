// What operations that rearrange, pad and cut say about mistakes; dtypes; what they must not copy.
import { describe, expect, test } from "vitest";
import {
  arange,
  chunk,
  concat,
  flip,
  fromFunction,
  moveAxis,
  pad,
  permute,
  repeat,
  roll,
  rot90,
  slidingWindow,
  split,
  stack,
  swapAxes,
  type Tensor,
  tile,
  unstack,
  zeros,
} from "../../../lib/index.ts";
import { generator } from "./row.ts";

describe("mistakes", () => {
  const x = zeros([2, 3]);
  test.each<[string, () => unknown, RegExp]>([
    ["permute", () => permute(x, [0]), /\[0\] must name each of the 2 axes of \[2, 3\]/],
    ["swapAxes", () => swapAxes(x, 0, 2), /swapAxes: no axis 2/],
    ["moveAxis", () => moveAxis(x, [0, 1], 0), /2 axes cannot go to 1 places/],
    ["moveAxis twice", () => moveAxis(x, [0, 0], [0, 1]), /axis 0 is named twice/],
    ["flip", () => flip(x, 5), /flip: no axis 5/],
    ["roll", () => roll(x, 0.5, 0), /whole number of places, got 0\.5/],
    ["roll of axes", () => roll(x, [1, 2], 0), /2 shifts for 1 axes/],
    ["rot90", () => rot90(x, 1, [0, 0]), /two different axes/],
    ["tile", () => tile(x, -1), /tile: a number of times.*got -1/],
    ["repeat", () => repeat(x, [1, 2], 1), /2 numbers of times for 3 elements along axis 1 of \[2, 3\]/],
    ["slidingWindow", () => slidingWindow(x, 4), /window of 4 does not fit axis 1 of \[2, 3\], which has 3/],
    ["pad", () => pad(x, [[1, 1]]), /2 pairs \[before, after\] are needed, got 1/],
    ["pad mode", () => pad(x, 1, { mode: "replicate" as never }), /did you mean "edge"\?/],
    [
      "pad of nothing",
      () => pad(zeros([0]), 1, { mode: "wrap" }),
      /is empty, mode "wrap" has nothing to continue/,
    ],
    ["split", () => split(x, 2, 1), /axis 1 of \[2, 3\] \(3\) does not divide into 2.*chunk/],
    ["split sizes", () => split(x, [1, 1], 1), /sizes \[1, 1\] do not make up axis 1/],
    ["chunk", () => chunk(x, 0), /from 1 up, got 0/],
    ["unstack", () => unstack(zeros([])), /a scalar has no axis 0/],
    ["an array", () => flip([1, 2] as never), /wrap it: tensor/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe("element types stay", () => {
  test.each(["float32", "float64", "int32", "uint8", "bool"] as const)("%s", (dtype) => {
    const x = arange(6).reshape([2, 3]).cast(dtype);
    const results = [
      permute(x, [1, 0]),
      flip(x),
      roll(x, 1),
      rot90(x),
      tile(x, [2, 2]),
      repeat(x, 2, 0),
      slidingWindow(x, 2),
      pad(x, 1),
      pad(x, 1, { mode: "reflect" }),
      ...split(x, 3, 1),
      x.at([1, 0]),
      x.at(":", "::-1"),
      x.with(0, 1),
    ];
    for (const result of results) expect(result.dtype).toBe(dtype);
    expect([...flip(x).data()]).toEqual([...x.data()].reverse());
  });
});

describe("random shapes of up to six axes: each element comes from where the definition says", () => {
  const random = generator(31);
  const below = (n: number): number => Math.floor(random() * n);
  const modulo = (i: number, n: number): number => ((i % n) + n) % n;
  const shapeOf = (): number[] => Array.from({ length: 1 + below(6) }, () => [0, 1, 2, 3, 2, 3][below(6)]!);

  /** Compares with the tensor whose element at a position is x at `source(position)`, or −1 where that is null. */
  function check(x: Tensor, found: Tensor, shape: number[], source: (p: number[]) => number[] | null): void {
    const data = x.data();
    const expected = fromFunction(shape, (...p) => {
      const from = source(p);
      return from === null ? -1 : data[from.reduce((index, i, axis) => index * x.shape[axis]! + i, 0)]!;
    });
    expect(found.shape).toEqual(shape);
    expect(found.data()).toEqual(expected.data());
  }

  test.each(Array.from({ length: 40 }, (_, i) => i))("round %i", () => {
    const shape = shapeOf();
    const x = arange(shape.reduce((a, b) => a * b, 1)).reshape(shape);
    const axis = below(shape.length);
    const length = shape[axis]!;
    const at = (p: number[], value: number): number[] => p.map((v, i) => (i === axis ? value : v));
    const resized = (size: number): number[] => shape.map((v, i) => (i === axis ? size : v));
    const order = shape.map((_, i) => i).sort(() => random() - 0.5);

    check(
      x,
      permute(x, order),
      order.map((i) => shape[i]!),
      (p) => shape.map((_, i) => p[order.indexOf(i)]!),
    );
    check(x, flip(x, axis), shape, (p) => at(p, length - 1 - p[axis]!));
    const shift = below(9) - 4;
    check(x, roll(x, shift, axis), shape, (p) => at(p, modulo(p[axis]! - shift, length)));
    const times = below(4);
    check(x, repeat(x, times, axis), resized(length * times), (p) => at(p, Math.floor(p[axis]! / times)));
    const tiled = shape.map((_, i) => (i === axis ? times : 1));
    check(x, tile(x, tiled), resized(length * times), (p) => at(p, p[axis]! % length));
    const before = below(3);
    const amounts = shape.map((_, i): [number, number] => (i === axis ? [before, 1] : [0, 0]));
    check(x, pad(x, amounts, { value: -1 }), resized(length + before + 1), (p) => {
      const i = p[axis]! - before;
      return i >= 0 && i < length ? at(p, i) : null;
    });
    if (length > 0) {
      check(x, pad(x, amounts, { mode: "wrap" }), resized(length + before + 1), (p) =>
        at(p, modulo(p[axis]! - before, length)),
      );
      const size = 1 + below(length);
      check(x, slidingWindow(x, size, { axis }), [...resized(length - size + 1), size], (p) =>
        at(p.slice(0, -1), p[axis]! + p[p.length - 1]!),
      );
    }
    const cut = below(length + 1);
    const [left, right] = split(x, [cut, -1], axis) as [Tensor, Tensor];
    check(x, left, resized(cut), (p) => p);
    check(x, right, resized(length - cut), (p) => at(p, p[axis]! + cut));
    expect(concat([left, right], axis).data()).toEqual(x.data());
    if (length > 0) expect(stack(unstack(x, axis), axis).data()).toEqual(x.data());
  });
});

describe("cutting", () => {
  test("rows are views", () => {
    const x = zeros([4, 3]);
    for (const part of [...split(x, 2), ...chunk(x, 3), ...unstack(x)]) expect(part.storage).toBe(x.storage);
  });

  test("of empty axes", () => {
    expect(chunk(zeros([0, 2]), 3).map((part) => part.shape)).toEqual([[0, 2]]);
    expect(unstack(zeros([0, 2]))).toEqual([]);
    expect(split(zeros([0, 2]), 2).map((part) => part.shape)).toEqual([
      [0, 2],
      [0, 2],
    ]);
  });
});
