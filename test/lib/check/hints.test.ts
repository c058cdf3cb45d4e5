// The hint of a check that does not hold: what students do wrong, and what it should make them think of.
import { describe, expect, test } from "vitest";
import { check, tensor, zeros } from "../../../lib/index.ts";

function hint(claim: () => unknown): string {
  try {
    claim();
  } catch (error) {
    return /Hint: (.*)$/.exec((error as Error).message)?.[1] ?? "";
  }
  throw new Error("it held");
}

describe("shapes", () => {
  test.each<[number[], number[], RegExp]>([
    [[4, 3], [3, 4], /^did you transpose\?$/],
    [[28, 28, 3], [3, 28, 28], /channels first or last/],
    [[2, 4, 3], [4, 2, 3], /another order: permute/],
    [[12], [3, 4], /reshape\(\[3, 4\]\)/],
    [[3, 1, 4], [3, 4], /squeeze\(1\)/],
    [[3, 4], [3, 1, 4], /expandDims\(1\)/],
    [[1, 3, 2], [3, 1, 2], /another place/],
    [[1], [], /item\(\)/],
    [[8, 3, 4], [3, 4], /one axis too many in front: a whole batch/],
    [[3, 4], [8, 3, 4], /one axis missing in front: one example/],
    [[3, 4], [3], /too many: is a sum, mean or argMax/],
    [[3], [3, 4], /was it reduced away\? keepDims/],
    [[7, 7], [5, 5], /each 2 longer: padding "same" in place of "valid"/],
    [[1, 24, 24, 6], [1, 28, 28, 6], /axes 1 and 2 are each 4 shorter: padding "valid"/],
    [[28, 28, 6], [14, 14, 6], /another stride, or a pooling layer/],
    [[3, 3], [7, 7], /another stride, or a pooling layer/],
    [[9], [10], /one too short/],
    [[3, 9], [3, 5], /only axis 1 differs: 9 for 5/],
    [[2, 3], [5, 7], /^$/],
  ])("%j for %j", (actual, expected, said) => {
    expect(hint(() => check(zeros(actual)).hasShape(expected))).toMatch(said);
    expect(hint(() => check(zeros(actual)).is(zeros(expected)))).toMatch(said);
  });
});

describe("numbers", () => {
  test.each<[string, number[] | number, number[] | number, RegExp]>([
    ["percent", [90.9, 9.1], [0.909, 0.091], /100 times as much: percent/],
    ["a single percentage", 90.91, 0.9091, /it is 100 times/],
    ["a share", 0.9091, 90.91, /a hundredth: a share/],
    ["sign", [1, -2, 3], [-1, 2, -3], /opposite sign/],
    ["pixels", [0, 51, 255], [0, 0.2, 1], /pixels from 0 to 255/],
    ["nats", 0.5623351, 0.8112781, /nats/],
    ["degrees", 57.29578, 1, /degrees/],
    ["the other rate", [0.0476, 0.1667], [0.9524, 0.8333], /1 − what is expected/],
    ["upside down", [4, 8], [0.25, 0.125], /1\/expected/],
    ["no root", [4, 9], [2, 3], /a square root missing/],
    ["sum for mean", [3, 6, 9], [1, 2, 3], /3 times what is expected: the sum in place of the mean/],
    ["any factor", [2.5, 5, 7.5, 10], [1, 2, 3, 4], /2\.5 times what is expected$/],
    ["counted from 1", [1, 2, 3], [0, 1, 2], /1 too large: counted from 1 or from 0/],
    ["off by one", 8, 9, /it is 1 too small: counted/],
    ["an offset", [1.5, 2.5, 4.5], [1, 2, 4], /0\.5 too large$/],
    ["reversed", [3, 1, 2], [2, 1, 3], /reversed/],
    ["another order", [3, 1, 2], [1, 2, 3], /another order/],
    ["shifted", [0, 5, 1, 7], [5, 1, 7, 2], /stands second/],
    ["nothing to say", [5, 1, 7, 2.2], [5, 1, 7, 2], /^$/],
    ["not a number", [Number.NaN, 1], [0.5, 1], /0\/0/],
  ])("%s", (_name, actual, expected, said) => {
    expect(hint(() => check<unknown>(actual).isCloseTo(expected))).toMatch(said);
  });

  test("rounding, of whole numbers and of fractions", () => {
    expect(hint(() => check([1.4, 2.6]).is([1, 3]))).toMatch(/Math\.round/);
    expect(hint(() => check([1.4, 2.6]).is([1, 2]))).toMatch(/Math\.floor/);
    expect(hint(() => check(0.1 + 0.2).is(0.3))).toMatch(/isCloseTo/);
  });

  test("a transposed square", () => {
    expect(hint(() => check(tensor([[1, 2], [3, 4]])).is([[1, 3], [2, 4]]))).toMatch(/transpose/); // biome-ignore format: matrices
  });

  test("truth values turned round", () => {
    expect(hint(() => check([true, false]).is([false, true]))).toMatch(/turned round/);
  });
});

describe("values of another kind", () => {
  test.each<[string, unknown, unknown, RegExp]>([
    ["await", Promise.resolve(1), 1, /await is missing/],
    ["call", () => 1, 1, /are the \(\) missing/],
    ["return", undefined, 1, /return its result/],
    ["a text", "1", 1, /Number\(…\)/],
    ["a number", 1, "1", /String\(…\)/],
  ])("%s", (_name, actual, expected, said) => {
    expect(hint(() => check(actual).is(expected))).toMatch(said);
  });
});
