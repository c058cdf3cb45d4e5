// Normalizations and embeddings: what they refuse, and in which words; masks of padding.
import { expect, test } from "vitest";
import { functional, ones, tensor, zeros } from "../../../lib/index.ts";

test("normalizations name the shapes that do not fit", () => {
  const x = zeros([2, 3, 4]);
  expect(() => functional.layerNorm(x, { gamma: ones([3]) })).toThrow(
    "layerNorm: gamma [3] must be [4], the last axis of x [2, 3, 4]",
  );
  expect(() => functional.layerNorm(x, { axes: 2, beta: ones([4]) })).toThrow(
    "layerNorm: beta [4] must be [3, 4], the last 2 axes of x [2, 3, 4]",
  );
  expect(() => functional.rmsNorm(x, { axes: 4 })).toThrow("rmsNorm: axes is how many of the last axes");
  expect(() => functional.batchNorm(x, { mean: ones([3]), variance: ones([4]) })).toThrow(
    "batchNorm: mean [3] must be [4]",
  );
  expect(() => functional.groupNorm(x, 3)).toThrow(
    "groupNorm: 4 channels (the last axis of [2, 3, 4]) do not divide into 3",
  );
  expect(() => functional.instanceNorm(ones([3]))).toThrow(
    "instanceNorm: x must be [batch, …, channels], got [3]",
  );
  expect(() => functional.layerNorm(x, { epsilon: -1 })).toThrow(
    "epsilon is a small number from 0 up, got -1",
  );
});

test("equal numbers become 0 and not NaN", () => {
  expect(functional.layerNorm(ones([2, 3])).toArray()).toEqual(zeros([2, 3]).toArray());
});

test("embedding names the index that is none", () => {
  const table = zeros([4, 2]);
  expect(() => functional.embedding([1, 4], table)).toThrow(
    "embedding: index 4 at position 1 of [2] is not in 0 to 3 — is the vocabulary, the first size of the table, at least 5?",
  );
  expect(() => functional.embedding(tensor([[0, -1]]), table)).toThrow("index -1 at position 1 of [1, 2]");
  expect(() => functional.embedding([0.5], table)).toThrow("embedding: 0.5 at position 0 is no whole number");
  expect(() => functional.embedding([0], zeros([4]))).toThrow(
    "the table must be [vocabulary, size], got [4]",
  );
  expect(functional.embedding([], table).shape).toEqual([0, 2]);
});

test("a mask of padding goes with a recurrent layer", () => {
  const words = tensor([
    [1, 2, 0],
    [3, 1, 2],
  ]);
  const table = tensor([[9], [1], [2], [3]]);
  const weights = { kernel: tensor([[1]]), recurrentKernel: tensor([[1]]) };
  const options = { activation: "relu", mask: functional.maskZero(words) } as const;
  expect(functional.simpleRnn(functional.embedding(words, table), weights, options).h.toArray()).toEqual([
    [3],
    [6],
  ]);
});
