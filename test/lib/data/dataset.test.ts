// Splits and batches: nothing lost, nothing twice, inputs beside their targets, the same again from the same seed.
import { describe, expect, test } from "vitest";
import { batches } from "../../../lib/data/batches.ts";
import { Dataset, trainTestSplit } from "../../../lib/data/dataset.ts";
import { seed } from "../../../lib/random/random.ts";
import { tensor, zeros } from "../../../lib/tensor/create.ts";
import { arange } from "../../../lib/tensor/ranges.ts";

const samples = (count: number) => {
  const numbers = Array.from({ length: count }, (_, i) => i);
  return new Dataset(tensor(numbers.map((n) => [n, n * 2])), tensor(numbers, { dtype: "int32" }));
};

describe("split", () => {
  test("loses no sample and keeps inputs beside their targets", () => {
    const { train, test: held } = samples(50).split({ test: 0.3, seed: 1 });
    expect([train.size, held.size]).toEqual([35, 15]);
    const all = [...train.y.data(), ...held.y.data()];
    expect([...all].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(all.slice(0, 35)).not.toEqual([...all.slice(0, 35)].sort((a, b) => a - b));
    for (const part of [train, held]) {
      expect(part.x.toArray()).toEqual(Array.from(part.y.data(), (n) => [n, n * 2]));
    }
  });

  test("with a seed is the same again, whatever was drawn before", () => {
    const labels = (options: { seed?: number }) => samples(40).split(options).test.y.toArray();
    expect(labels({ seed: 3 })).toEqual(labels({ seed: 3 }));
    expect(labels({ seed: 3 })).not.toEqual(labels({ seed: 4 }));
    expect(labels({})).not.toEqual(labels({}));
    seed(9);
    const first = labels({});
    seed(9);
    expect(labels({})).toEqual(first);
  });

  test("takes a number of samples, too", () => {
    expect(samples(10).split({ test: 4 }).test.size).toBe(4);
    expect(trainTestSplit(zeros([8, 2]), zeros([8]), { test: 0.25 }).train.size).toBe(6);
  });

  test("stratified keeps the shares of the classes", () => {
    const labels = Array.from({ length: 100 }, (_, i) => (i < 70 ? 0 : i < 90 ? 1 : 2));
    const data = new Dataset(zeros([100, 1]), tensor(labels, { dtype: "int32" }));
    const { test: held } = data.split({ test: 0.25, seed: 5, stratify: true });
    const counts = [0, 1, 2].map(
      (label) => Array.from(held.y.data()).filter((value) => value === label).length,
    );
    expect(held.size).toBe(25);
    expect([17, 18]).toContain(counts[0]);
    expect(counts[1]).toBe(5);
    expect([2, 3]).toContain(counts[2]);
  });

  test.each([0, 1.5, 10, -1])("refuses test: %d of 10 samples", (share) => {
    expect(() => samples(10).split({ test: share })).toThrow(
      "both parts of the 10 samples need at least one",
    );
  });

  test("inputs and targets must agree", () => {
    expect(() => new Dataset(zeros([3, 2]), zeros([4]))).toThrow("x [3, 2] and y [4]");
  });
});

describe("batches", () => {
  test("go through every sample once, the last batch being shorter", () => {
    const parts = [...batches(samples(10), 4, { seed: 2 })];
    expect(parts.map(([x]) => x.shape[0])).toEqual([4, 4, 2]);
    const seen = parts.flatMap(([, y]) => Array.from(y.data()));
    expect(seen).not.toEqual(Array.from(arange(10).data()));
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from(arange(10).data()));
  });

  test("in their order without shuffle", () => {
    const [[x, y]] = [...batches(samples(5), 2, { shuffle: false })];
    expect([x.toArray(), y.toArray()]).toEqual([
      [
        [0, 0],
        [1, 2],
      ],
      [0, 1],
    ]);
  });

  test("need a whole size", () => {
    expect(() => [...batches(samples(5), 0)]).toThrow("batches: size must be a whole number above 0, got 0");
  });
});
