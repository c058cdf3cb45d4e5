// Losses beyond their values, which are rows of the table of operations: games of two networks, reductions, errors.
import { describe, expect, test } from "vitest";
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  crossEntropyLoss,
  dense,
  gaussianNllLoss,
  gradientPenalty,
  gradients,
  huber,
  jensenShannonDivergence,
  klDivergenceLoss,
  logSoftmax,
  meanSquaredError,
  minimaxDiscriminatorLoss,
  minimaxGeneratorLoss,
  nllLoss,
  ones,
  random,
  seed,
  sequential,
  sigmoid,
  softmax,
  softmaxCrossEntropy,
  sparseCategoricalCrossentropy,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "../../../lib/index.ts";
import { resolveLoss } from "../../../lib/nn/losses.ts";

describe("the minimax game", () => {
  test("its value for known distributions is −log 4 + 2 · the Jensen–Shannon divergence", () => {
    const [data, generated] = [
      [0.5, 0.3, 0.2],
      [0.2, 0.3, 0.5],
    ] as const;
    // Ten samples of each, as often as they are probable, and the best discriminator there is.
    const best = data.map((p, i) => p / (p + generated[i]!));
    const samples = (weights: readonly number[]) =>
      tensor(weights.flatMap((w, i) => new Array<number>(Math.round(10 * w)).fill(best[i]!)));
    const value = -minimaxDiscriminatorLoss(samples(data), samples(generated)).item();
    expect(value).toBeCloseTo(-Math.log(4) + 2 * jensenShannonDivergence([...data], [...generated]), 6);
    expect(value).toBeCloseTo(-1.25347, 5);
  });

  test("the generator learns although all fakes are recognized, unless the loss saturates", () => {
    const slope = (saturating: boolean) => {
      const logits = variable([-12]);
      minimaxGeneratorLoss(logits, { fromLogits: true, saturating }).backward();
      return Math.abs(logits.grad!.item());
    };
    expect(slope(false)).toBeCloseTo(1, 4);
    expect(slope(true)).toBeLessThan(1e-5);
  });
});

describe("gradientPenalty", () => {
  test("is 0 for a critic of slope 1, whatever the points", () => {
    const direction = tensor([[0.6], [0.8]]);
    const penalty = gradientPenalty(
      (x: Tensor) => x.matmul(direction),
      random.normal([8, 2]),
      random.normal([8, 2]),
    );
    expect(penalty.item()).toBeCloseTo(0, 10);
  });

  test("lies between the real and the generated samples", () => {
    seed(1);
    const seen: number[] = [];
    gradientPenalty(
      (x) => {
        seen.push(...x.data());
        return x.square().sum(1);
      },
      ones([100, 1]),
      ones([100, 1]).mul(3),
    );
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...seen)).toBeLessThanOrEqual(3);
    expect(new Set(seen).size).toBeGreaterThan(90);
  });

  test("has gradients for the critic's weights: they go to slope 1", () => {
    seed(2);
    const critic = sequential([dense(1, { inputShape: [1], useBias: false })]);
    const [weight] = [...critic.parameters()] as [Tensor];
    weight.assign(tensor([[3]]));
    gradientPenalty((x) => critic(x), zeros([4, 1]), ones([4, 1])).backward();
    // d/dw (|w| − 1)² = 2 (w − 1)
    expect(weight.grad!.item()).toBeCloseTo(4, 5);
  });

  test("wants as many of both", () => {
    expect(() => gradientPenalty((x) => x, zeros([4, 1]), zeros([3, 1]))).toThrow(
      "real samples [4, 1] and generated ones [3, 1] differ",
    );
  });
});

test("the likelihood of a decoder with normal outputs, full and summed", () => {
  const [x, mean, one] = [tensor([1, 2, 3]), tensor([1.5, 2, 2]), tensor([1, 1, 1])];
  // ½ · (0.25 + 0 + 1) + 1.5 · log 2π
  expect(gaussianNllLoss(mean, x, one, { full: true, reduction: "sum" }).item()).toBeCloseTo(3.38182, 5);
  expect(gaussianNllLoss(mean, x, 1, { full: true, reduction: "sum" }).item()).toBeCloseTo(3.38182, 5);
  const spread = { full: true, reduction: "none" } as const;
  const [byNumber, byTensor] = [2.5, one.mul(2.5)].map((v) => gaussianNllLoss(mean, x, v, spread).toArray());
  expect(byNumber).toEqual(byTensor);
});

test("a class that is ruled out by a logit of −∞ does not touch the loss of the others", () => {
  const logits = variable([[0, Number.NEGATIVE_INFINITY, 0]]);
  const label = tensor([2]);
  const losses = [
    () => nllLoss(logSoftmax(logits), label),
    () => crossEntropyLoss(logits, label),
    ...(["mean", "sum", "none"] as const).map(
      (reduction) => () =>
        sparseCategoricalCrossentropy(label, logits, { fromLogits: true, reduction }).sum(),
    ),
  ];
  for (const loss of losses) {
    expect(loss().item()).toBeCloseTo(Math.LN2, 6);
    const [slopes] = gradients(loss(), [logits]) as [Tensor];
    expect(slopes.flatten().toArray()).toEqual([expect.closeTo(0.5, 6), 0, expect.closeTo(-0.5, 6)]);
  }
});

describe("cross-entropy with weights for the classes that do not sum to 1", () => {
  // The second row does not count at all.
  const targets = [
    [0.2, 0.3, 0.1],
    [0, 0, 0],
  ];
  test.each(["float32", "float64"] as const)("has the gradients of its formula in %s", (dtype) => {
    const logits = variable(
      tensor([
        [1, 2, 3],
        [0, 1, 0],
      ]),
      { dtype },
    );
    const labels = variable(tensor(targets, { dtype }), { dtype });
    const formula = logSoftmax(logits).mul(labels).sum(1).neg().mean();
    const expected = gradients(formula, [logits, labels]);
    for (const createGraph of [false, true]) {
      const loss = softmaxCrossEntropy(logits, labels);
      expect(loss.item()).toBeCloseTo(formula.item(), 6);
      const found = gradients(loss, [logits, labels], { createGraph });
      found.forEach((slopes, i) => {
        expect(slopes.sub(expected[i]!).abs().max().item()).toBeLessThan(1e-6);
      });
    }
    // The labels alone may be what learns.
    const [alone] = gradients(softmaxCrossEntropy(logits.detach(), labels), [labels]) as [Tensor];
    expect(alone.sub(expected[1]!).abs().max().item()).toBeLessThan(1e-6);
  });
});

test("probabilities that were changed in place are taken as they are, not through the logits behind them", () => {
  const certain = softmax(tensor([[0, 0]]));
  certain.set(0, tensor([1, 0]));
  expect(categoricalCrossentropy(tensor([[1, 0]]), certain).item()).toBeCloseTo(0, 6);
  const half = sigmoid(tensor([0, 0]));
  half.at("1:").set(0, 1);
  expect(binaryCrossentropy(tensor([1, 1]), half).item()).toBeCloseTo(Math.LN2 / 2, 6);
  const logits = tensor([[0, 0]]);
  const before = softmax(logits);
  logits.assign(tensor([[50, 0]]));
  expect(categoricalCrossentropy(tensor([[1, 0]]), before).item()).toBeCloseTo(Math.LN2, 6);
});

describe("reductions", () => {
  test("none gives one number a sample, images too", () => {
    expect(
      meanSquaredError(zeros([2, 3, 3, 1]), ones([2, 3, 3, 1]), { reduction: "none" }).toArray(),
    ).toEqual([1, 1]);
    expect(meanSquaredError(zeros([2]), ones([2, 1]), { reduction: "none" }).shape).toEqual([2]);
  });

  test("the mean of the samples is the loss", () => {
    seed(4);
    const [target, logits] = [random.bernoulli([6, 2], { p: 0.5 }), random.normal([6, 2])];
    const samples = binaryCrossentropy(target, logits, { fromLogits: true, reduction: "none" });
    const mean = binaryCrossentropy(target, logits, { fromLogits: true });
    expect(samples.mean().item()).toBeCloseTo(mean.item(), 6);
  });

  test("weights and masks are products", () => {
    const losses = meanSquaredError(tensor([1, 2, 3]), tensor([2, 4, 9]), { reduction: "none" });
    const mask = tensor([1, 1, 0]);
    expect(losses.mul(mask).sum().div(mask.sum()).item()).toBe(2.5);
  });
});

test("errors say what is wrong", () => {
  expect(() => huber(zeros([2]), zeros([2]), { delta: 0 })).toThrow("huber: delta must be above 0, got 0");
  expect(() => huber(zeros([2]), zeros([3]))).toThrow(
    "huber: targets [2] and predictions [3] differ in size",
  );
  expect(() => klDivergenceLoss(zeros([2, 3]), zeros([2]))).toThrow(
    "targets [2, 3] and predictions [2] differ",
  );
  expect(() => meanSquaredError(zeros([2]), zeros([2]), { reduction: "avg" as never })).toThrow(
    'unknown reduction "avg"',
  );
  expect(resolveLoss("huber")(zeros([2]), ones([2])).item()).toBe(0.5);
  expect(() => resolveLoss("hubert" as never)).toThrow('did you mean "huber"?');
});
