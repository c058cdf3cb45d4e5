// What a beginner gets wrong sooner or later, from outside: each mistake is met by an error that says what was wrong and what
// would be right, and leaves the library in working order.
import { beforeAll, describe, expect, test } from "vitest";
import {
  adam,
  arange,
  batches,
  concat,
  conv2d,
  crossEntropyLoss,
  Dataset,
  dense,
  eye,
  flatten,
  full,
  gather,
  grad,
  linear,
  linspace,
  multiply,
  nllLoss,
  oneHot,
  ones,
  pad,
  random,
  rocCurve,
  scalar,
  sequential,
  sgd,
  sigmoid,
  type Tensor,
  tensor,
  trainTestSplit,
  transpose,
  variable,
  zeros,
} from "../../lib/index.ts";
import { setMemoryBudget } from "../../lib/tensor/blocks.ts";
import type { CompileOptions } from "../../lib/train/compile.ts";

/** What the types forbid and plain JavaScript allows. */
const untyped = <T>(value: unknown): T => value as T;
const quiet = { verbose: 0 } as const;
const x = random.uniform([20, 4]);
const y = tensor(
  Array.from({ length: 20 }, (_, i) => i % 3),
  { dtype: "int32" },
);

function classifier(options: Partial<CompileOptions> = {}) {
  return sequential([
    dense(8, { activation: "relu", inputShape: [4] }),
    dense(3, { activation: "softmax" }),
  ]).compile({ loss: "sparseCategoricalCrossentropy", ...options });
}

type Mistake = [what: string, make: () => unknown, message: RegExp];

describe("making tensors", () => {
  test.each<Mistake>([
    ["text among numbers", () => tensor(untyped([[1], ["2"]])), /numbers.*found "2" at \[1, 0\]/],
    ["a gap", () => tensor(untyped([1, undefined])), /found undefined at \[1\]/],
    ["nothing", () => tensor(untyped(undefined)), /found undefined$/],
    ["an object", () => tensor(untyped({ a: 1 })), /found an object/],
    ["big integers", () => tensor(untyped([1n])), /found 1n at \[0\]/],
    ["typed big integers", () => tensor(untyped(new BigInt64Array(2))), /a BigInt64Array.*Number/],
    ["bytes without a type", () => tensor(untyped(new DataView(new ArrayBuffer(8)))), /a DataView/],
    [
      "typed rows",
      () => tensor(untyped([new Float32Array(2)])),
      /a Float32Array at \[0\].*Array\.from\(row\)/,
    ],
    ["ragged rows", () => tensor([[1, 2], [3]]), /a list of 1 at \[1\].*a list of 2/],
    ["NaN as int32", () => tensor([1, Number.NaN], { dtype: "int32" }), /NaN at position 1.*int32/],
    ["too large for int32", () => tensor([2 ** 31], { dtype: "int32" }), /2147483648.*int32/],
    ["a size instead of a shape", () => zeros(untyped(3)), /^zeros: a shape is a list.*got 3/],
    ["a negative size", () => ones([-3]), /^ones: \[-3\] is no shape/],
    ["full of nothing", () => full([2], untyped(undefined)), /full: .*one number, got undefined/],
    ["an endless range", () => arange(Number.POSITIVE_INFINITY), /arange: needs finite numbers/],
    ["half a point", () => linspace(0, 1, 1.5), /linspace: .*whole number of points/],
    ["half a class", () => oneHot([1.5], 3), /label 1\.5 at position 0/],
    ["classes forgotten", () => oneHot([1], untyped(undefined)), /number of classes.*got undefined/],
    [
      "a range without an end",
      () => random.uniform([2], { high: Number.NaN }),
      /high must be a finite number/,
    ],
    ["a negative deviation", () => random.normal([2], { std: -1 }), /std must be a number from 0 up/],
    ["half a permutation", () => random.permutation(1.5), /^random\.permutation: .*got 1\.5/],
  ])("%s", (_, make, message) => expect(make).toThrow(message));

  describe("of a size that no memory holds", () => {
    test.each<Mistake>([
      [
        "zeros",
        () => zeros([50_000, 50_000]),
        /no room for a tensor \[50000, 50000\] of float32, 9\.31 GB: .* 4\.00 GB at most; .* in use in/,
      ],
      ["random", () => random.normal([50_000, 50_000]), /tensor \[50000, 50000\].*9\.31 GB/],
      ["arange", () => arange(1e10), /tensor \[10000000000\].*37\.25 GB/],
      ["eye", () => eye(60_000), /tensor \[60000, 60000\]/],
      ["broadcasting", () => zeros([60_000, 1]).add(zeros([1, 60_000])), /tensor \[60000, 60000\]/],
      ["matmul", () => zeros([60_000, 1]).matmul(zeros([1, 60_000])), /tensor \[60000, 60000\]/],
    ])("%s", (_, make, message) => {
      expect(make).toThrow(message);
      expect(ones([3]).sum().item()).toBe(3);
    });
  });
});

describe("operations", () => {
  test.each<Mistake>([
    ["undefined as operand", () => x.add(untyped(undefined)), /add: .*got undefined$/],
    ["a list as operand", () => x.add(untyped([1, 2])), /wrap it: tensor/],
    [
      "an operator",
      () => untyped<number>(x) * 2,
      /^a tensor \[20, 4\] is no number.*x\.mul\(2\).*x\.item\(\)$/,
    ],
    [
      "weights of whole numbers",
      () => variable([1], { dtype: untyped("int32") }),
      /variable: .*float32 or float64, not in int32/,
    ],
    [
      "a loss without slope",
      () => variable([1, 2]).greater(1).sum().backward(),
      /no gradient leads .*through comparisons, argMax or whole numbers$/,
    ],
    [
      "a function without slope",
      () => grad((v: Tensor) => v.argMax().mul(2))(x),
      /does not depend .*argMax or whole numbers$/,
    ],
    ["a comparison", () => untyped<number>(x) > 1, /is no number/],
    ["a function of numbers", () => Math.sqrt(untyped(x)), /is no number/],
    [
      "an operator on a scalar",
      () => untyped<number>(scalar(2)) * 2,
      /by its methods.*x\.mul\(2\).*x\.value$/,
    ],
    ["a tensor as axis", () => x.sum(untyped(x)), /sum: an axis is a number such as 0 or −1, got a Tensor/],
    ["a tensor as options", () => x.sum(0, untyped(x)), /sum: options are written like .*got a Tensor/],
    ["a layer for an operation", () => flatten(untyped(x)), /flatten: makes a layer.*: flatten\(…\)\(x\)/],
    [
      "two tensors for a list",
      () => multiply(untyped(x), untyped(x)),
      /multiply: takes a list: multiply\(\[a, b\]\)/,
    ],
    ["an axis as option", () => x.sum(untyped({ axis: 0 })), /sum: an axis is a number.*before the options/],
    ["an axis as text", () => x.sum(untyped("0")), /sum: an axis is a number.*got "0"/],
    [
      "half a position",
      () => tensor([1, 2, 3]).slice(0.5, 2),
      /slice: positions are whole numbers, got 0\.5/,
    ],
    ["half an index", () => gather(tensor([1, 2, 3]), [0, 0.5]), /gather: 0\.5 at position 1/],
    ["too many indices", () => tensor([1]).at(0, 0), /2 indices are too many for \[1\]/],
    ["two open sizes", () => x.reshape([-1, -1]), /only one size may be −1/],
    ["axes without a list", () => transpose(x, untyped(1)), /\.transpose\(\[1, 0\]\)/],
    ["tensors without a list", () => concat(untyped(x)), /concat\(\[a, b\]\)/],
    [
      "a number",
      () => sigmoid(untyped(0)),
      /^sigmoid: expected a tensor, got the number 0 — wrap it: tensor\(0\)$/,
    ],
    [
      "a list",
      () => sigmoid(untyped([0])),
      /^sigmoid: expected a tensor, got an array — wrap it: tensor\(\[…\]\)$/,
    ],
    ["a list of lists", () => concat(untyped([[1], [2]])), /concat: expected a tensor/],
    ["negative padding", () => pad(tensor([1]), [[-1, 0]]), /\[-1, 0\]/],
    [
      "an activation that cannot be fused",
      () => conv2d.apply(zeros([4, 4]), zeros([2, 2]), untyped({ activation: "sigmoid" })),
      /"linear" or "relu", got "sigmoid"/,
    ],
    ["the same of linear", () => linear(x, zeros([4, 2]), null, untyped({ activation: "tanh" })), /"tanh"/],
    ["the gradient at a number", () => grad((v) => v.square())(untyped(3)), /must be a tensor, got 3/],
    [
      "the gradient of a number",
      () => grad(() => untyped<Tensor>(3))(x),
      /grad: the function must return a tensor, got 3/,
    ],
    ["a label of 1.5", () => nllLoss(zeros([2, 3]), tensor([0, 1.5])), /nllLoss: 1\.5 at position 1/],
    ["the same with logits", () => crossEntropyLoss(zeros([1, 3]), tensor([1.5])), /crossEntropyLoss: 1\.5/],
    [
      "NaN among scores",
      () => rocCurve([0, 1], tensor([0.5, Number.NaN])),
      /scores: value 1 is not a number/,
    ],
  ])("%s", (_, make, message) => expect(make).toThrow(message));
});

describe("building models", () => {
  test.each<Mistake>([
    ["layers without a list", () => sequential(untyped(dense(3)), untyped(dense(4))), /sequential\(\[dense/],
    ["no layers", () => sequential([]), /at least one layer/],
    ["a name for a layer", () => sequential(untyped([dense(3), "relu"])), /element 2 of 2.*"relu"/],
    ["a layer that was not called", () => sequential(untyped([flatten])), /function flatten.*flatten\(\)/],
    ["a number for a shape", () => dense(3, { inputShape: untyped(4) }), /inputShape.*\[4\].*got 4/],
    ["a negative shape", () => dense(3, { inputShape: [-4] }), /inputShape.*got \[-4\]/],
    ["units as text", () => dense(untyped("3")), /units.*got "3"/],
    ["no loss", () => classifier({ loss: untyped(undefined) }), /loss is chosen by name, got undefined/],
    [
      "metrics without a list",
      () => classifier({ metrics: untyped("accuracy") }),
      /metrics are a list.*"accuracy"/,
    ],
    ["a learning rate as text", () => adam({ learningRate: untyped("0.1") }), /learningRate.*got "0\.1"/],
    ["a negative learning rate", () => sgd({ learningRate: -1 }), /learningRate.*got -1/],
  ])("%s", (_, make, message) => expect(make).toThrow(message));
});

describe("training", () => {
  test.each<[what: string, make: () => Promise<unknown>, message: RegExp]>([
    [
      "a whole data set as x",
      () => classifier().fit(untyped(new Dataset(x, y)), y, quiet),
      /fit\(data\.x, data\.y\)/,
    ],
    ["no targets", () => classifier().fit(x, untyped(undefined), quiet), /y is missing/],
    [
      "no pair to validate on",
      () => classifier().fit(x, y, { validationData: untyped(x) }),
      /pair \[x, y\].*a Tensor/,
    ],
    [
      "one callback without a list",
      () => classifier().fit(x, y, { callbacks: untyped({}) }),
      /callbacks are a list/,
    ],
    ["batches of nothing", () => classifier().fit(x, y, { batchSize: 0 }), /fit: batchSize.*got 0/],
    [
      "evaluation in batches of nothing",
      () => classifier().evaluate(x, y, { batchSize: 0 }),
      /batchSize.*got 0/,
    ],
    [
      "a loss for each sample",
      () => classifier({ loss: (_, p) => p }).fit(x, y, quiet),
      /shape \[20, 3\].*\.mean\(\)/,
    ],
    [
      "a loss that is no tensor",
      () => classifier({ loss: untyped(() => 3) }).fit(x, y, quiet),
      /one number.*got 3/,
    ],
  ])("%s", async (_, make, message) => {
    await expect(make()).rejects.toThrow(message);
  });

  test.each<Mistake>([
    [
      "prediction in batches of nothing",
      () => classifier().predict(x, { batchSize: 0 }),
      /predict: batchSize/,
    ],
    ["batches of a tensor", () => [...batches(untyped(x), 4)], /batches: .*a Tensor.*new Dataset/],
    [
      "a division of lists",
      () => trainTestSplit(untyped([[1]]), untyped([1])),
      /x must be a tensor, got an array/,
    ],
    [
      "minimize with other variables",
      () => {
        const [v, w] = [variable(1), variable(2)];
        adam().minimize(() => v.square(), [w]);
      },
      /depends on none/,
    ],
    [
      "minimize a number",
      () =>
        adam().minimize(
          untyped(() => 3),
          [variable(1)],
        ),
      /must be a tensor, got 3/,
    ],
  ])("%s", (_, make, message) => expect(make).toThrow(message));

  test("a loss that is not finite leaves the weights as they were, and names the sample", async () => {
    const model = classifier();
    const before = model.weights.map((weight) => weight.toArray());
    const spoiled = x.clone();
    spoiled.at(7, 2).assign(Number.NaN);
    await expect(model.fit(spoiled, y, { ...quiet, shuffle: false })).rejects.toThrow(
      /not a number \(NaN\) in epoch 1, batch 1: x holds NaN, first in sample 7/,
    );
    expect(model.weights.map((weight) => weight.toArray())).toEqual(before);
    expect((await model.fit(x, y, quiet)).loss).toHaveLength(1);
  });
});

describe("with little memory", () => {
  beforeAll(() => {
    const former = setMemoryBudget(1 << 20);
    return () => setMemoryBudget(former);
  });

  test("a request that cannot be met loses nothing", () => {
    const kept = arange(1000);
    expect(() => zeros([50_000, 50_000])).toThrow(/no room/);
    expect(kept.sum().item()).toBe(499_500);
  });
});
