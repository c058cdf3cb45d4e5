// What operations that rearrange, pad and cut say about mistakes; dtypes; what they must not copy.
import { describe, expect, test } from "vitest";
import {
  arange,
  chunk,
  flip,
  moveAxis,
  pad,
  permute,
  repeat,
  roll,
  rot90,
  slidingWindow,
  split,
  swapAxes,
  tile,
  unstack,
  zeros,
} from "../../../lib/index.ts";

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
